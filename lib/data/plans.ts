import type { Selectable } from 'kysely';
import { canonicalJson } from '@/lib/domain/canonical-json.ts';
import type { PlanId, PriceId, WorkspaceId } from '@/lib/domain/ids.ts';
import { readCurrency } from '@/lib/domain/money.ts';
import type { Plan, Price, PricedPlan } from '@/lib/domain/plan.ts';
import { defaultPortalFeatures } from '@/lib/domain/plan.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';
import type { Page, PageWish } from './page.ts';
import { cutPage, isAfter } from './page.ts';
import type { Tables } from './tables.ts';

/** A plan with all its prices, or null: unknown and foreign look alike. */
export async function findPlan(read: Reader, scope: WorkspaceScope, id: PlanId): Promise<PricedPlan | null> {
  const row = await read
    .selectFrom('plans')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return null;
  const [priced] = await withPrices(read, [toPlan(row)]);
  return priced ?? null;
}

/** A page of the plans of a workspace and mode with their prices. Archived ones are not active. */
export async function listPlanPage(
  read: Reader,
  scope: WorkspaceScope,
  filter: { readonly active?: boolean | undefined },
  wish: PageWish,
): Promise<Page<PricedPlan>> {
  let query = read
    .selectFrom('plans')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where(isAfter(wish, 'createdAt'));
  if (filter.active !== undefined) query = query.where('active', '=', filter.active ? 1 : 0);
  const rows = await query
    .orderBy('createdAt', wish.order)
    .orderBy('id', wish.order)
    .limit(wish.limit + 1)
    .execute();
  const { rows: plans, hasMore } = cutPage(wish, rows, toPlan);
  return { rows: await withPrices(read, plans), hasMore };
}

export async function insertPlan(tx: Writer, plan: Plan): Promise<void> {
  const { portalFeatures, active, metadata, ...columns } = plan;
  await tx
    .insertInto('plans')
    .values({
      ...columns,
      portalFeatures: canonicalJson(portalFeatures),
      active: active ? 1 : 0,
      metadata: metadata === null ? null : canonicalJson(metadata),
    })
    .execute();
}

/**
 * Holds a plan's row for the rest of the transaction, so that changes of one plan and its prices are taken one after the
 * other.
 */
export async function holdPlan(tx: Writer, scope: WorkspaceScope, id: PlanId): Promise<PricedPlan | null> {
  const row = await tx
    .updateTable('plans')
    .set((eb) => ({ updatedAt: eb.ref('updatedAt') }))
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) return null;
  const [priced] = await withPrices(tx, [toPlan(row)]);
  return priced ?? null;
}

/** The fields of a plan that change; absent ones stay. */
export type PlanChanges = {
  [Name in
    | 'name'
    | 'description'
    | 'trialDays'
    | 'portalFeatures'
    | 'dunningPolicyId'
    | 'active'
    | 'archivedAt'
    | 'metadata']?: Plan[Name] | undefined;
};

/** Changes a plan that was held before; without changes it is only stamped. */
export async function updatePlan(
  tx: Writer,
  scope: WorkspaceScope,
  id: PlanId,
  { portalFeatures, active, metadata, ...changes }: PlanChanges,
  now: Instant,
): Promise<void> {
  await tx
    .updateTable('plans')
    .set({
      ...changes,
      ...(portalFeatures === undefined ? {} : { portalFeatures: canonicalJson(portalFeatures) }),
      ...(active === undefined ? {} : { active: active ? 1 : 0 }),
      ...(metadata === undefined ? {} : { metadata: metadata === null ? null : canonicalJson(metadata) }),
      updatedAt: now,
    })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', id)
    .execute();
}

/** A price of the workspace and mode, or null: unknown and foreign look alike. */
export async function findPrice(read: Reader, scope: WorkspaceScope, id: PriceId): Promise<Price | null> {
  const row = await read
    .selectFrom('prices')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? null : toPrice(row);
}

export async function insertPrices(tx: Writer, prices: readonly Price[]): Promise<void> {
  if (prices.length === 0) return;
  const rows = prices.map(({ tiers, active, ...columns }) => ({
    ...columns,
    tiers: tiers === null ? null : canonicalJson(tiers),
    active: active ? 1 : 0,
  }));
  await tx.insertInto('prices').values(rows).execute();
}

/** Offers a price to new subscriptions, or no longer. Null when it is unknown. */
export async function setPriceActive(
  tx: Writer,
  scope: WorkspaceScope,
  id: PriceId,
  active: boolean,
): Promise<Price | null> {
  const row = await tx
    .updateTable('prices')
    .set({ active: active ? 1 : 0 })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toPrice(row);
}

/**
 * Deletes a price that no subscription, running or ended, and no line of an invoice names; false when one does, or when
 * it is unknown. On PostgreSQL a subscription that takes the price in the same moment makes this throw a violation of
 * its foreign key.
 */
export async function deletePrice(tx: Writer, scope: WorkspaceScope, id: PriceId): Promise<boolean> {
  const row = await tx
    .deleteFrom('prices')
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', id)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('subscriptions').select('subscriptions.id').where('subscriptions.priceId', '=', id))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('invoiceLines').select('invoiceLines.id').where('invoiceLines.priceId', '=', id))),
    )
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

async function withPrices(read: Reader, plans: readonly Plan[]): Promise<PricedPlan[]> {
  if (plans.length === 0) return [];
  const rows = await read
    .selectFrom('prices')
    .selectAll()
    .where(
      'planId',
      'in',
      plans.map(({ id }) => id),
    )
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  const prices = rows.map(toPrice);
  return plans.map((plan) => ({ plan, prices: prices.filter((price) => price.planId === plan.id) }));
}

export function toPlan(row: Selectable<Tables['plans']>): Plan {
  return {
    id: row.id as PlanId,
    workspaceId: row.workspaceId as WorkspaceId,
    mode: row.mode,
    name: row.name,
    description: row.description,
    interval: row.interval,
    intervalCount: row.intervalCount,
    trialDays: row.trialDays,
    portalFeatures: { ...defaultPortalFeatures, ...JSON.parse(row.portalFeatures) },
    usageAggregate: row.usageAggregate,
    meteredUnit: row.meteredUnit,
    dunningPolicyId: row.dunningPolicyId,
    active: row.active === 1,
    archivedAt: row.archivedAt,
    metadata: row.metadata === null ? null : JSON.parse(row.metadata),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

export function toPrice(row: Selectable<Tables['prices']>): Price {
  return {
    id: row.id as PriceId,
    planId: row.planId as PlanId,
    workspaceId: row.workspaceId as WorkspaceId,
    mode: row.mode,
    currency: readCurrency(row.currency) ?? 'IDR',
    model: row.model,
    unitAmount: row.unitAmount,
    tiers: row.tiers === null ? null : JSON.parse(row.tiers),
    taxMode: row.taxMode,
    active: row.active === 1,
    createdAt: row.createdAt,
  };
}
