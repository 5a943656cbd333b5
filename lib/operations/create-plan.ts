import { insertPlan, insertPrices } from '@/lib/data/plans.ts';
import { causeOfMerchant } from '@/lib/data/tell-of-change.ts';
import { tellOfPlan } from '@/lib/data/tell-of-plan.ts';
import { newId } from '@/lib/domain/ids.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { PriceFields } from '@/lib/domain/new-price.ts';
import { makePrices } from '@/lib/domain/new-price.ts';
import type { Plan, PricedPlan } from '@/lib/domain/plan.ts';
import { checkPriceAmounts } from '@/lib/domain/price-amounts.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** What a merchant says of a new plan, whole; null where it says nothing. */
export type PlanFields = Omit<Plan, 'id' | 'workspaceId' | 'mode' | 'archivedAt' | 'createdAt' | 'updatedAt'>;

/** Creates a plan with its prices. Fails with `validation_error` and the field of a price that does not hold. */
export async function createPlan(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  { plan: fields, prices: given }: { readonly plan: PlanFields; readonly prices: readonly PriceFields[] },
): Promise<Result<PricedPlan>> {
  const now = on.now();
  const { workspaceId, mode } = scope;
  const id = newId('plan', now, on.random);
  const plan: Plan = { ...fields, id, workspaceId, mode, archivedAt: null, createdAt: now, updatedAt: now };
  const prices = makePrices(scope, id, given, now, on.random);
  const wrong = firstWrong(given);
  if (wrong !== null) return wrong;
  return on.write(async (tx) => {
    await insertPlan(tx, plan);
    await insertPrices(tx, prices);
    const change = { act: 'plan.created', changed: [] } as const;
    return succeed(await tellOfPlan(tx, { plan, prices }, causeOfMerchant(by), change, now, on.random));
  });
}

function firstWrong(prices: readonly PriceFields[]): ReturnType<typeof fail<'validation_error'>> | null {
  for (const [at, price] of prices.entries()) {
    const problem = checkPriceAmounts(price);
    if (problem === null) continue;
    const field = `prices.${at}.${problem.field}`;
    return fail('validation_error', `${field}: ${problem.reason}.`, { field });
  }
  return null;
}
