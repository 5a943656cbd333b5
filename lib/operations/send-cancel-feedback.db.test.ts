import { afterAll, beforeAll, expect, it } from 'vitest';
import { findBrokenAuditLine, listActsOf } from '@/lib/data/audit-lines.ts';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { openTestRuntime, testNow } from '@/lib/data/testing/test-runtime.ts';
import { dayMs } from '@/lib/domain/time.ts';
import { cancelSubscription } from './cancel-subscription.ts';
import { sendCancelFeedback } from './send-cancel-feedback.ts';
import { aBuyer } from './testing/a-buyer.ts';

let test: TestRuntime;
beforeAll(async () => {
  test = await openTestRuntime();
});
afterAll(() => test.close());

async function aBuyerWhoCancelled() {
  const buyer = await aBuyer(test, testNow);
  const id = await buyer.addSubscription();
  const promised = `period_end.${testNow + 20 * dayMs}.none.nothing.stop_collection`;
  const asked = { formId: 'form-0000000000000001', subscriptionId: id, promised, locale: 'en' } as const;
  const done = await cancelSubscription(test.runtime, buyer.viewer, { ...asked, timing: 'period_end' });
  expect(done).toEqual({ ok: true, value: 'cancelled' });
  return { buyer, id };
}

const said = { reason: 'quality', comment: 'The beans were stale.' };
const formId = 'form-0000000000000002';
const type = 'plugipay.subscription.cancel_feedback.v1';

it('what a buyer says reaches the merchant once, and the audit log without their words', async () => {
  const { buyer, id } = await aBuyerWhoCancelled();
  const input = { formId, subscriptionId: id, ...said };
  expect(await sendCancelFeedback(test.runtime, buyer.viewer, input)).toEqual({ ok: true, value: 'sent' });
  expect(await sendCancelFeedback(test.runtime, buyer.viewer, input)).toEqual({ ok: true, value: 'sent' });
  const events = await test.runtime.read.selectFrom('outbox').select('data').where('type', '=', type).execute();
  expect(events.map((one) => JSON.parse(one.data))).toMatchObject([{ ...said, origin: 'portal', aggregateId: id }]);
  const acts = await listActsOf(test.runtime.read, buyer.viewer, [`viewer:${buyer.viewer.browserSessionId}`]);
  expect(acts.at(-1)).toMatchObject({ act: 'subscription.cancel_feedback', detail: { reason: 'quality' } });
  expect(JSON.stringify(acts)).not.toContain('stale');
  expect(await findBrokenAuditLine(test.runtime.read, buyer.viewer)).toBeNull();
});

it('nothing said is nothing sent', async () => {
  const { buyer, id } = await aBuyerWhoCancelled();
  const empty = { formId, subscriptionId: id, reason: null, comment: '  ' };
  expect(await sendCancelFeedback(test.runtime, buyer.viewer, empty)).toEqual({ ok: true, value: 'sent' });
  expect(await buyer.eventTypes()).not.toContain(type);
});

it('nobody is asked before a cancellation, of another’s, or where the workspace does not ask', async () => {
  const { buyer, id } = await aBuyerWhoCancelled();
  const stranger = await aBuyer(test, testNow);
  const input = { formId, subscriptionId: id, ...said };
  expect(await sendCancelFeedback(test.runtime, stranger.viewer, input)).toMatchObject({
    failure: { code: 'not_found' },
  });
  expect(
    await sendCancelFeedback(test.runtime, buyer.viewer, { ...input, subscriptionId: buyer.subscriptionId }),
  ).toMatchObject({ failure: { code: 'not_offered' } });
  await buyer.configure({ cancel: { reasons: 'off' } });
  expect(await sendCancelFeedback(test.runtime, buyer.viewer, input)).toMatchObject({
    failure: { code: 'not_offered' },
  });
  expect(await buyer.eventTypes()).not.toContain(type);
});
