import type { Selectable } from 'kysely';
import { canonicalJson } from '@/lib/domain/canonical-json.ts';
import type { CustomerId, PaymentMethodId, PlanId, PriceId, SubscriptionId, WorkspaceId } from '@/lib/domain/ids.ts';
import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import type { Subscription, SubscriptionStatus } from '@/lib/domain/subscription.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope, WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';
import type { Page, PageWish } from './page.ts';
import { cutPage, isAfter } from './page.ts';
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

/** One subscription of a workspace and mode with its plan and price, or null: foreign and unknown look alike. */
export async function findSubscriptionOf(
  read: Reader,
  scope: WorkspaceScope,
  id: SubscriptionId,
): Promise<PlannedSubscription | null> {
  const rows = await read
    .selectFrom('subscriptions')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', id)
    .execute();
  return (await withPlans(read, rows))[0] ?? null;
}

/** What a list of subscriptions is narrowed to. */
export type SubscriptionFilter = {
  readonly status?: SubscriptionStatus | undefined;
  readonly customerId?: string | undefined;
  readonly planId?: string | undefined;
};

/** A page of the subscriptions of a workspace and mode; ended ones too. */
export async function listSubscriptionPage(
  read: Reader,
  scope: WorkspaceScope,
  filter: SubscriptionFilter,
  wish: PageWish,
): Promise<Page<Subscription>> {
  let query = read
    .selectFrom('subscriptions')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where(isAfter(wish, 'createdAt'));
  if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  if (filter.customerId !== undefined) query = query.where('customerId', '=', filter.customerId);
  if (filter.planId !== undefined) query = query.where('planId', '=', filter.planId);
  const rows = await query
    .orderBy('createdAt', wish.order)
    .orderBy('id', wish.order)
    .limit(wish.limit + 1)
    .execute();
  return cutPage(wish, rows, toSubscription);
}

export async function insertSubscription(tx: Writer, subscription: Subscription): Promise<void> {
  const { discount, metadata, ...columns } = subscription;
  await tx
    .insertInto('subscriptions')
    .values({
      ...columns,
      discount: discount === null ? null : canonicalJson(discount),
      metadata: metadata === null ? null : canonicalJson(metadata),
    })
    .execute();
}

/** The fields of a subscription a merchant may change; absent ones stay. */
export type SubscriptionFields = {
  [Name in 'planId' | 'priceId' | 'defaultPaymentMethodId' | 'metadata']?: Subscription[Name] | undefined;
};

/** Changes a subscription that has not ended and still is of the plan it was seen with; null when it is not. */
export async function updateSubscription(
  tx: Writer,
  seen: Subscription,
  { metadata, ...changes }: SubscriptionFields,
  now: Instant,
): Promise<Subscription | null> {
  const row = await tx
    .updateTable('subscriptions')
    .set({
      ...changes,
      ...(metadata === undefined ? {} : { metadata: metadata === null ? null : canonicalJson(metadata) }),
      updatedAt: now,
    })
    .where('workspaceId', '=', seen.workspaceId)
    .where('mode', '=', seen.mode)
    .where('customerId', '=', seen.customerId)
    .where('id', '=', seen.id)
    .where('status', '=', seen.status)
    .where('planId', '=', seen.planId)
    .where('endedAt', 'is', null)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toSubscription(row);
}

/** A customer's subscriptions that have not ended, by the status alone. */
export async function listRunningSubscriptions(read: Reader, scope: CustomerScope): Promise<Subscription[]> {
  const rows = await read
    .selectFrom('subscriptions')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('endedAt', 'is', null)
    .where('status', '<>', 'canceled')
    .orderBy('createdAt')
    .orderBy('id')
    .limit(1_000)
    .execute();
  return rows.map(toSubscription);
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
    billingAnchor: row.billingAnchor,
    initialDiscount: row.initialDiscount,
    metadata: row.metadata === null ? null : JSON.parse(row.metadata),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
