import { sampleScope } from '@/app/(test-mode)/test/_sample/sample-workspace.ts';
import { byTestTools, formsOnly, testAct } from '@/app/(test-mode)/test/_tools/test-tools.ts';
import { readId } from '@/lib/domain/ids.ts';
import { answerSeeOther } from '@/lib/html/answer.ts';
import { deleteWebhookEndpoint } from '@/lib/operations/delete-webhook-endpoint.ts';

/** Deletes an endpoint of the sample shop; one that is gone already is what was wanted. */
export const POST = testAct(async (on, form) => {
  const id = readId<'webhookEndpoint'>(form.get('endpoint'));
  if (id !== null) await deleteWebhookEndpoint(on, sampleScope, byTestTools, id);
  return answerSeeOther('/test/webhooks?done=removed#result');
});

export { formsOnly as GET };
