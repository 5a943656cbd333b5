import type { Writer } from '@/lib/data/db.ts';
import { findPrice, holdPlan, setPriceActive, updatePlan } from '@/lib/data/plans.ts';
import { causeOfMerchant } from '@/lib/data/tell-of-change.ts';
import { tellOfPlan } from '@/lib/data/tell-of-plan.ts';
import type { PriceId } from '@/lib/domain/ids.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Price } from '@/lib/domain/plan.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

type PriceChange = { readonly priceId: PriceId; readonly active: boolean | undefined };

/**
 * Offers a price to new subscriptions, or no longer; what runs on it goes on. Nothing else of a price changes. Fails with
 * `not_found`.
 */
export async function updatePrice(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  change: PriceChange,
): Promise<Result<Price>> {
  return on.write((tx) => update(on, tx, scope, by, change));
}

async function update(
  on: Runtime,
  tx: Writer,
  scope: WorkspaceScope,
  by: MerchantAct,
  { priceId, active }: PriceChange,
): Promise<Result<Price>> {
  const now = on.now();
  const found = await findPrice(tx, scope, priceId);
  const before = found === null ? null : await holdPlan(tx, scope, found.planId);
  const price = before?.prices.find(({ id }) => id === priceId);
  if (before === null || price === undefined) return fail('not_found', 'There is no such price.');
  if (active === undefined || active === price.active) return succeed(price);
  const after = await setPriceActive(tx, scope, priceId, active);
  if (after === null) return fail('not_found', 'There is no such price.');
  await updatePlan(tx, scope, price.planId, {}, now);
  const change = { act: 'price.updated', changed: ['prices'], priceId } as const;
  await tellOfPlan(tx, before, causeOfMerchant(by), change, now, on.random);
  return succeed(after);
}
