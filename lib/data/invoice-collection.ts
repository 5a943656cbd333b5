import type { OwedInvoice } from '@/lib/domain/cancellation.ts';
import type { SubscriptionId } from '@/lib/domain/ids.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import type { Writer } from './db.ts';

/**
 * Holds the unpaid invoices of a subscription for the rest of the transaction, and with `stopAt` stops collecting them:
 * no try is planned any more. False when one of them is not owed as it was seen; the transaction must not commit then.
 */
export async function settleOwedInvoices(
  tx: Writer,
  scope: CustomerScope,
  owed: readonly OwedInvoice[],
  stopAt: Instant | null,
  now: Instant,
): Promise<boolean> {
  for (const { id, money } of owed) {
    const row = await tx
      .updateTable('invoices')
      .set((eb) => ({
        updatedAt: now,
        ...(stopAt === null
          ? {}
          : { collectionStoppedAt: stopAt, stoppedAttemptAt: eb.ref('nextAttemptAt'), nextAttemptAt: null }),
      }))
      .where('workspaceId', '=', scope.workspaceId)
      .where('mode', '=', scope.mode)
      .where('customerId', '=', scope.customerId)
      .where('id', '=', id)
      .where('status', 'in', ['open', 'past_due'])
      .where((eb) => eb(eb('total', '-', eb.ref('amountPaid')), '=', money.amount))
      .where('collectionStoppedAt', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (row === undefined) return false;
  }
  return true;
}

/**
 * Goes on collecting what a cancellation of `stoppedAt` had stopped. A try that was planned for later stays where it was;
 * one that is over by now comes at `notBefore`.
 */
export async function resumeCollection(
  tx: Writer,
  scope: CustomerScope,
  subscriptionId: SubscriptionId,
  stoppedAt: Instant,
  notBefore: Instant,
  now: Instant,
): Promise<void> {
  await tx
    .updateTable('invoices')
    .set((eb) => ({
      collectionStoppedAt: null,
      stoppedAttemptAt: null,
      nextAttemptAt: eb
        .case()
        .when('stoppedAttemptAt', '<', notBefore)
        .then(notBefore)
        .else(eb.ref('stoppedAttemptAt'))
        .end(),
      updatedAt: now,
    }))
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('subscriptionId', '=', subscriptionId)
    .where('collectionStoppedAt', '=', stoppedAt)
    .execute();
}
