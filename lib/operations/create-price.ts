import type { Writer } from '@/lib/data/db.ts';
import { holdPlan, insertPrices, updatePlan } from '@/lib/data/plans.ts';
import { causeOfMerchant } from '@/lib/data/tell-of-change.ts';
import { tellOfPlan } from '@/lib/data/tell-of-plan.ts';
import type { PlanId } from '@/lib/domain/ids.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { PriceFields } from '@/lib/domain/new-price.ts';
import { makePrices } from '@/lib/domain/new-price.ts';
import type { Price } from '@/lib/domain/plan.ts';
import { checkPriceAmounts, mostPrices } from '@/lib/domain/price-amounts.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

type PriceOrder = { readonly planId: PlanId; readonly fields: PriceFields };

/**
 * Adds a price to a plan; its amounts never change afterwards. Fails with `validation_error` and the field, `not_found`
 * for the plan, and `conflict` when the plan is archived or has as many prices as one may have.
 */
export async function createPrice(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  order: PriceOrder,
): Promise<Result<Price>> {
  return on.write((tx) => create(on, tx, scope, by, order));
}

async function create(
  on: Runtime,
  tx: Writer,
  scope: WorkspaceScope,
  by: MerchantAct,
  { planId, fields }: PriceOrder,
): Promise<Result<Price>> {
  const now = on.now();
  const before = await holdPlan(tx, scope, planId);
  if (before === null) return fail('not_found', 'There is no such plan.');
  const problem = checkPriceAmounts(fields);
  if (problem !== null) {
    return fail('validation_error', `${problem.field}: ${problem.reason}.`, { field: problem.field });
  }
  if (before.plan.archivedAt !== null) return fail('conflict', 'An archived plan takes no new prices.');
  if (before.prices.length >= mostPrices) {
    return fail('conflict', `A plan has at most ${mostPrices} prices; delete those that nothing uses.`);
  }
  const [price] = makePrices(scope, planId, [fields], now, on.random);
  if (price === undefined) throw new Error('A price was wanted and none was made.');
  await insertPrices(tx, [price]);
  await updatePlan(tx, scope, planId, {}, now);
  const change = { act: 'price.created', changed: ['prices'], priceId: price.id } as const;
  await tellOfPlan(tx, before, causeOfMerchant(by), change, now, on.random);
  return succeed(price);
}
