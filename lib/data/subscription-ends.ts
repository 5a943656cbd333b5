import type { Subscription } from '@/lib/domain/subscription.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';
import { toSubscription } from './subscriptions.ts';

/** An end to write: `cancelAt` planned or `endedAt` at once, and when and by whom it was asked for. */
export type SubscriptionEnd = {
  readonly cancelAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly canceledAt: Instant;
  readonly canceledReason: NonNullable<Subscription['canceledReason']>;
};

/**
 * Ends a subscription, planned or at once, if it still is as it was seen: same status, same period, no end of its own.
 * Null when somebody was quicker; nothing is changed then. `now` is the moment of the row, not of billing.
 */
export async function writeEnd(
  tx: Writer,
  seen: Subscription,
  end: SubscriptionEnd,
  now: Instant,
): Promise<Subscription | null> {
  const row = await tx
    .updateTable('subscriptions')
    .set({
      ...end,
      ...(end.endedAt === null ? {} : { status: 'canceled', pausedAt: null, resumeAt: null }),
      updatedAt: now,
    })
    .where('workspaceId', '=', seen.workspaceId)
    .where('mode', '=', seen.mode)
    .where('customerId', '=', seen.customerId)
    .where('id', '=', seen.id)
    .where('status', '=', seen.status)
    .where('currentPeriodEnd', '=', seen.currentPeriodEnd)
    .where('cancelAt', 'is', null)
    .where('endedAt', 'is', null)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toSubscription(row);
}

/** Takes a planned end back while `billingNow` is before it; null when it is reached, gone or another one. */
export async function takeBackEnd(
  tx: Writer,
  seen: Subscription & { readonly cancelAt: Instant },
  billingNow: Instant,
  now: Instant,
): Promise<Subscription | null> {
  const row = await tx
    .updateTable('subscriptions')
    .set({ cancelAt: null, canceledAt: null, canceledReason: null, updatedAt: now })
    .where('workspaceId', '=', seen.workspaceId)
    .where('mode', '=', seen.mode)
    .where('customerId', '=', seen.customerId)
    .where('id', '=', seen.id)
    .where('cancelAt', '=', seen.cancelAt)
    .where('cancelAt', '>', billingNow)
    .where('endedAt', 'is', null)
    .where('status', '<>', 'canceled')
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toSubscription(row);
}

/** Subscriptions whose planned end the wall clock has reached, earliest first. */
export async function listDueEnds(read: Reader, now: Instant, limit: number): Promise<Subscription[]> {
  const rows = await dueEnds(read, now, limit).execute();
  return rows.map(toSubscription);
}

/** The question for due ends, as it is asked. */
export function dueEnds(read: Reader, now: Instant, limit: number) {
  return read
    .selectFrom('subscriptions')
    .selectAll()
    .where('endedAt', 'is', null)
    .where('cancelAt', 'is not', null)
    .where('cancelAt', '<=', now)
    .orderBy('cancelAt')
    .limit(limit);
}

/** Test mode: subscriptions whose planned end their customer's own clock has reached, though the wall clock has not. */
export async function listDueEndsByTestClock(read: Reader, now: Instant, limit: number): Promise<Subscription[]> {
  const rows = await read
    .selectFrom('subscriptions')
    .innerJoin('customers', 'customers.id', 'subscriptions.customerId')
    .selectAll('subscriptions')
    .where('subscriptions.endedAt', 'is', null)
    .where('subscriptions.cancelAt', 'is not', null)
    .where('subscriptions.cancelAt', '>', now)
    .where('subscriptions.mode', '=', 'test')
    .where('customers.clockAheadMs', '>', 0)
    .where((eb) => eb(eb('subscriptions.cancelAt', '-', eb.ref('customers.clockAheadMs')), '<=', now))
    .orderBy('subscriptions.cancelAt')
    .limit(limit)
    .execute();
  return rows.map(toSubscription);
}

/**
 * Carries a planned end out, once: null when another instance did, or when it was taken back or moved meanwhile. The end
 * is the planned moment, however late this runs.
 */
export async function carryOutEnd(
  tx: Writer,
  scope: CustomerScope,
  due: Subscription & { readonly cancelAt: Instant },
  now: Instant,
): Promise<Subscription | null> {
  const row = await tx
    .updateTable('subscriptions')
    .set({
      status: 'canceled',
      endedAt: due.cancelAt,
      canceledAt: due.canceledAt ?? due.cancelAt,
      canceledReason: due.canceledReason ?? 'merchant',
      pausedAt: null,
      resumeAt: null,
      updatedAt: now,
    })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('id', '=', due.id)
    .where('cancelAt', '=', due.cancelAt)
    .where('endedAt', 'is', null)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toSubscription(row);
}
