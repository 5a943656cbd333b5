import type { SubscriptionId } from '@/lib/domain/ids.ts';
import type { Subscription } from '@/lib/domain/subscription.ts';
import type { SubscriptionChanges } from '@/lib/domain/subscription-moves.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import type { Writer } from './db.ts';
import { toSubscription } from './subscriptions.ts';

/**
 * Carries out a move if the subscription still is as it was seen: same status, period, planned end and pause. Null when
 * somebody was quicker; nothing is changed then. `now` is the moment of the row, not of billing.
 */
export async function moveSubscription(
  tx: Writer,
  seen: Subscription,
  changes: SubscriptionChanges,
  now: Instant,
): Promise<Subscription | null> {
  const row = await tx
    .updateTable('subscriptions')
    .set({ ...changes, updatedAt: now })
    .where('workspaceId', '=', seen.workspaceId)
    .where('mode', '=', seen.mode)
    .where('customerId', '=', seen.customerId)
    .where('id', '=', seen.id)
    .where('status', '=', seen.status)
    .where('currentPeriodEnd', '=', seen.currentPeriodEnd)
    .where('cancelAt', seen.cancelAt === null ? 'is' : '=', seen.cancelAt)
    .where('pausedAt', seen.pausedAt === null ? 'is' : '=', seen.pausedAt)
    .where('endedAt', 'is', null)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toSubscription(row);
}

/** Stops collecting what a subscription still owes; an undo of the end that was asked for at `stopAt` goes on with it. */
export async function stopCollecting(
  tx: Writer,
  scope: CustomerScope,
  subscriptionId: SubscriptionId,
  stopAt: Instant,
  now: Instant,
): Promise<void> {
  await tx
    .updateTable('invoices')
    .set((eb) => ({
      collectionStoppedAt: stopAt,
      stoppedAttemptAt: eb.ref('nextAttemptAt'),
      nextAttemptAt: null,
      updatedAt: now,
    }))
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('subscriptionId', '=', subscriptionId)
    .where('status', 'in', ['open', 'past_due'])
    .where('collectionStoppedAt', 'is', null)
    .execute();
}
