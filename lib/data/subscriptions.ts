import type { Selectable } from 'kysely';
import type { CustomerId, PaymentMethodId, PlanId, PriceId, SubscriptionId, WorkspaceId } from '@/lib/domain/ids.ts';
import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import type { Subscription } from '@/lib/domain/subscription.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';
import { toPlan, toPrice } from './plans.ts';
import type { Tables } from './tables.ts';

/** All of a customer's subscriptions with their plans and prices, newest first; ended ones too. */
export async function listSubscriptions(read: Reader, scope: CustomerScope): Promise<PlannedSubscription[]> {
  const rows = await read
    .selectFrom('subscriptions')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(200)
    .execute();
  return withPlans(read, rows);
}

/** One subscription of this customer with its plan and price, or null: foreign and unknown look alike. */
export async function findSubscription(
  read: Reader,
  scope: CustomerScope,
  id: SubscriptionId,
): Promise<PlannedSubscription | null> {
  const rows = await read
    .selectFrom('subscriptions')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('id', '=', id)
    .execute();
  return (await withPlans(read, rows))[0] ?? null;
}

async function withPlans(read: Reader, rows: Selectable<Tables['subscriptions']>[]): Promise<PlannedSubscription[]> {
  if (rows.length === 0) return [];
  const planIds = [...new Set(rows.map((row) => row.planId))];
  const priceIds = [...new Set(rows.map((row) => row.priceId).filter((id) => id !== null))];
  const plans = await read.selectFrom('plans').selectAll().where('id', 'in', planIds).execute();
  const prices =
    priceIds.length === 0 ? [] : await read.selectFrom('prices').selectAll().where('id', 'in', priceIds).execute();
  return rows.flatMap((row) => {
    const plan = plans.find((one) => one.id === row.planId);
    const price = prices.find((one) => one.id === row.priceId);
    return plan === undefined
      ? []
      : [{ subscription: toSubscription(row), plan: toPlan(plan), price: price === undefined ? null : toPrice(price) }];
  });
}

/** Gives a subscription a method of its own; null when it has ended or is not this customer's. */
export async function setSubscriptionPayer(
  tx: Writer,
  scope: CustomerScope,
  id: SubscriptionId,
  methodId: PaymentMethodId,
  now: Instant,
): Promise<Subscription | null> {
  const row = await tx
    .updateTable('subscriptions')
    .set({ defaultPaymentMethodId: methodId, updatedAt: now })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('id', '=', id)
    .where('endedAt', 'is', null)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toSubscription(row);
}

/** A subscription whose payment had failed, or that waited for its first one, runs again; null when it did neither. */
export async function activateSubscription(
  tx: Writer,
  scope: CustomerScope,
  id: SubscriptionId,
  from: readonly ('past_due' | 'incomplete')[],
  now: Instant,
): Promise<Subscription | null> {
  const row = await tx
    .updateTable('subscriptions')
    .set({ status: 'active', updatedAt: now })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('id', '=', id)
    .where('status', 'in', from)
    .where('endedAt', 'is', null)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toSubscription(row);
}

export function toSubscription(row: Selectable<Tables['subscriptions']>): Subscription {
  return {
    id: row.id as SubscriptionId,
    workspaceId: row.workspaceId as WorkspaceId,
    mode: row.mode,
    customerId: row.customerId as CustomerId,
    planId: row.planId as PlanId,
    priceId: row.priceId as PriceId | null,
    status: row.status,
    quantity: row.quantity,
    startedAt: row.startedAt,
    currentPeriodStart: row.currentPeriodStart,
    currentPeriodEnd: row.currentPeriodEnd,
    trialEnd: row.trialEnd,
    cancelAt: row.cancelAt,
    canceledAt: row.canceledAt,
    canceledReason: row.canceledReason,
    endedAt: row.endedAt,
    pausedAt: row.pausedAt,
    resumeAt: row.resumeAt,
    defaultPaymentMethodId: row.defaultPaymentMethodId as PaymentMethodId | null,
    collectionMethod: row.collectionMethod,
    discount: row.discount === null ? null : JSON.parse(row.discount),
    discountCouponId: row.discountCouponId,
    metadata: row.metadata === null ? null : JSON.parse(row.metadata),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
