import { endSubscription } from '@/lib/data/end-subscription.ts';
import { listDueEnds, listDueEndsByTestClock } from '@/lib/data/subscription-ends.ts';
import type { Cause } from '@/lib/data/tell-of-change.ts';
import type { Subscription } from '@/lib/domain/subscription.ts';
import { errorFields } from '@/lib/log.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Ends every subscription whose planned end has come, in test mode by its customer's own clock, and tells of each with
 * one event. Several instances may run it at once: the conditional update lets one of them win each subscription.
 * Answers how many this call ended. Each has a transaction of its own, so that one that fails stops no other.
 */
export async function endDueSubscriptions(on: Runtime, batch = 200): Promise<number> {
  let ended = 0;
  for (const list of [listDueEnds, listDueEndsByTestClock]) {
    const due = await list(on.read, on.now(), batch);
    for (const one of due) {
      try {
        if (await endOne(on, one)) ended += 1;
      } catch (thrown) {
        on.log('error', 'subscription.end_failed', { subscriptionId: one.id, ...errorFields(thrown) });
      }
    }
  }
  return ended;
}

async function endOne(on: Runtime, due: Subscription): Promise<boolean> {
  const { cancelAt } = due;
  if (cancelAt === null) return false;
  const now = on.now();
  return on.write((tx) => endSubscription(tx, { ...due, cancelAt }, cause, now, on.random));
}

const cause: Cause = { actor: 'job:end-subscriptions', source: 'job', extras: {} };
