import { sampleScope } from '@/app/(test-mode)/test/_sample/sample-workspace.ts';
import { byTestTools, formsOnly, testAct } from '@/app/(test-mode)/test/_tools/test-tools.ts';
import { causeOfMerchant } from '@/lib/data/tell-of-change.ts';
import { readId } from '@/lib/domain/ids.ts';
import { answerSeeOther } from '@/lib/html/answer.ts';
import { retryDelivery } from '@/lib/operations/retry-delivery.ts';

/** Queues one more attempt of a delivery of the sample shop. */
export const POST = testAct(async (on, form) => {
  const id = readId<'webhookDelivery'>(form.get('delivery'));
  const queued = id === null ? null : await retryDelivery(on, sampleScope, causeOfMerchant(byTestTools), id);
  const done = queued === null ? 'not_found' : queued.ok ? 'queued' : queued.failure.code;
  return answerSeeOther(`/test/webhooks?done=${done}#result`);
});

export { formsOnly as GET };
