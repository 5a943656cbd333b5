import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSubscription } from '@/lib/data/subscriptions.ts';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { openTestRuntime, testNow } from '@/lib/data/testing/test-runtime.ts';
import type { SubscriptionId } from '@/lib/domain/ids.ts';
import { dayMs } from '@/lib/domain/time.ts';
import { cancelSubscription } from './cancel-subscription.ts';
import { endDueSubscriptions } from './end-due-subscriptions.ts';
import { aBuyer, type SeededBuyer } from './testing/a-buyer.ts';
import { undoCancellation } from './undo-cancellation.ts';

let test: TestRuntime;
beforeAll(async () => {
  test = await openTestRuntime();
});
afterAll(() => test.close());

let clock = testNow;
let forms = 0;
function aForm(): string {
  forms += 1;
  return `form-${String(forms).padStart(16, '0')}`;
}

/** A buyer with a subscription they cancelled; it ends at the end of its period. */
async function aCancelled(): Promise<{ buyer: SeededBuyer; id: SubscriptionId; end: number }> {
  const buyer = await aBuyer(test, clock);
  const id = await buyer.addSubscription();
  const end = clock + 20 * dayMs;
  const asked = {
    formId: aForm(),
    subscriptionId: id,
    timing: 'period_end',
    promised: `period_end.${end}.none.nothing.stop_collection`,
    locale: 'en',
  } as const;
  expect(await cancelSubscription(test.runtime, buyer.viewer, asked)).toEqual({ ok: true, value: 'cancelled' });
  return { buyer, id, end };
}

const ends = async (buyer: SeededBuyer): Promise<number> =>
  (await buyer.eventTypes()).filter((type) => type === 'plugipay.subscription.canceled.v1').length;

const stand = async (buyer: SeededBuyer, id: SubscriptionId) =>
  (await findSubscription(test.runtime.read, buyer.viewer, id))?.subscription;

function setClock(now: number): void {
  clock = now;
  test.setTime(now);
}

describe('a planned end', () => {
  it('comes at its moment and not before, once, with its event', async () => {
    const { buyer, id, end } = await aCancelled();
    setClock(end - 1);
    expect(await endDueSubscriptions(test.runtime)).toBe(0);
    expect(await stand(buyer, id)).toMatchObject({ status: 'active', endedAt: null });
    setClock(end + 7 * dayMs);
    expect(await endDueSubscriptions(test.runtime)).toBe(1);
    expect(await endDueSubscriptions(test.runtime)).toBe(0);
    expect(await stand(buyer, id)).toMatchObject({
      status: 'canceled',
      endedAt: end,
      canceledAt: end - 20 * dayMs,
      canceledReason: 'customer_portal',
    });
    expect(await ends(buyer)).toBe(1);
  });

  it('is carried out once by several instances at the same time', async () => {
    const all = [await aCancelled(), await aCancelled(), await aCancelled()];
    const other = await test.openAnother();
    setClock(clock + 21 * dayMs);
    // On the embedded database a second writer of the same process would hold up the first.
    const counts =
      test.runtime.engine === 'postgres'
        ? await Promise.all([test.runtime, other, test.runtime, other].map((on) => endDueSubscriptions(on)))
        : [await endDueSubscriptions(test.runtime), await endDueSubscriptions(other)];
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3);
    for (const { buyer, id, end } of all) {
      expect(await stand(buyer, id)).toMatchObject({ status: 'canceled', endedAt: end });
      expect(await ends(buyer)).toBe(1);
    }
  });

  it('follows the clock of its own customer in test mode', async () => {
    const [ahead, along] = [await aCancelled(), await aCancelled()];
    const setAhead = (clockAheadMs: number) =>
      test.runtime.write((tx) =>
        tx.updateTable('customers').set({ clockAheadMs }).where('id', '=', ahead.buyer.viewer.customerId).execute(),
      );
    await setAhead(20 * dayMs - 1);
    expect(await endDueSubscriptions(test.runtime)).toBe(0);
    await setAhead(20 * dayMs);
    expect(await endDueSubscriptions(test.runtime)).toBe(1);
    expect(await stand(ahead.buyer, ahead.id)).toMatchObject({ status: 'canceled', endedAt: ahead.end });
    expect(await stand(along.buyer, along.id)).toMatchObject({ status: 'active' });
    setClock(clock + 21 * dayMs);
    await endDueSubscriptions(test.runtime);
  });

  it('and an undo at the same time have one outcome', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { buyer, id, end } = await aCancelled();
      setClock(end);
      const viewer = { ...buyer.viewer, now: end - 1 };
      const [undone] = await Promise.all([
        undoCancellation(test.runtime, viewer, { formId: aForm(), subscriptionId: id }),
        endDueSubscriptions(test.runtime),
      ]);
      const after = await stand(buyer, id);
      expect(after).toMatchObject(
        undone.ok ? { status: 'active', cancelAt: null, endedAt: null } : { status: 'canceled', endedAt: end },
      );
      expect(await ends(buyer)).toBe(undone.ok ? 0 : 1);
    }
  });

  it('and another cancellation at the same time end it once', async () => {
    const { buyer, id, end } = await aCancelled();
    setClock(end);
    const asked = { subscriptionId: id, timing: 'period_end', promised: 'whatever', locale: 'en' } as const;
    const [, ...results] = await Promise.all([
      endDueSubscriptions(test.runtime),
      ...[1, 2, 3].map(() =>
        cancelSubscription(test.runtime, { ...buyer.viewer, now: end }, { ...asked, formId: aForm() }),
      ),
    ]);
    expect(results).toEqual(Array(3).fill({ ok: true, value: 'already' }));
    expect(await ends(buyer)).toBe(1);
    expect(await stand(buyer, id)).toMatchObject({ status: 'canceled', endedAt: end });
  });

  it('of a fixed term counts as the merchant’s', async () => {
    const buyer = await aBuyer(test, clock);
    const end = clock + dayMs;
    const id = await buyer.addSubscription({ cancelAt: end });
    setClock(end);
    expect(await endDueSubscriptions(test.runtime)).toBe(1);
    expect(await stand(buyer, id)).toMatchObject({ canceledAt: end, canceledReason: 'merchant', endedAt: end });
  });

  it('that cannot be carried out is logged and holds up no other', async () => {
    const [one, other] = [await aCancelled(), await aCancelled()];
    setClock(clock + 21 * dayMs);
    let calls = 0;
    const breaking = {
      ...test.runtime,
      write: ((work) => {
        calls += 1;
        if (calls === 1) throw new Error('on purpose');
        return test.runtime.write(work);
      }) as typeof test.runtime.write,
    };
    expect(await endDueSubscriptions(breaking)).toBe(1);
    expect(test.logLines.some((line) => line.includes('subscription.end_failed'))).toBe(true);
    expect(await endDueSubscriptions(test.runtime)).toBe(1);
    expect((await ends(one.buyer)) + (await ends(other.buyer))).toBe(2);
  });
});
