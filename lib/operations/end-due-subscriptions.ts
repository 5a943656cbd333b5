import { appendAudit } from '@/lib/data/audit-lines.ts';
import { findCertificate } from '@/lib/data/cancellation-certificates.ts';
import { appendEvent } from '@/lib/data/outbox.ts';
import { carryOutEnd, listDueEnds, listDueEndsByTestClock } from '@/lib/data/subscription-ends.ts';
import type { Subscription } from '@/lib/domain/subscription.ts';
import type { Instant } from '@/lib/domain/time.ts';
import { wireSubscription } from '@/lib/domain/wire-subscription.ts';
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
  const now: Instant = on.now();
  return on.write(async (tx) => {
    const ended = await carryOutEnd(tx, due, { ...due, cancelAt }, now);
    if (ended === null) return false;
    const certificate = await findCertificate(tx, due, due.id);
    const certificateId = certificate?.takenBackAt === null ? certificate.id : null;
    await appendAudit(
      tx,
      due,
      { actor: 'job:end-subscriptions', act: 'subscription.canceled', object: due.id, detail: { endedAt: cancelAt } },
      now,
      on.random,
    );
    await appendEvent(
      tx,
      due,
      {
        what: 'subscription.canceled',
        aggregateType: 'subscription',
        aggregateId: due.id,
        object: wireSubscription(ended),
        extras: { customerId: due.customerId, certificateId },
        source: 'job',
      },
      now,
      on.random,
    );
    return true;
  });
}
