import type { Writer } from '@/lib/data/db.ts';
import { isForeignKeyViolation } from '@/lib/data/db.ts';
import { deletePrice as deleteRow, findPrice, holdPlan, updatePlan } from '@/lib/data/plans.ts';
import { causeOfMerchant } from '@/lib/data/tell-of-change.ts';
import { tellOfPlan } from '@/lib/data/tell-of-plan.ts';
import type { PriceId } from '@/lib/domain/ids.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Deletes a price that nothing was ever billed by. Fails with `not_found`, and with `conflict` while a subscription,
 * running or ended, or a line of an invoice names it.
 */
export async function deletePrice(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  priceId: PriceId,
): Promise<Result<null>> {
  try {
    return await on.write((tx) => remove(on, tx, scope, by, priceId));
  } catch (thrown) {
    if (!isForeignKeyViolation(thrown)) throw thrown;
    return inUse;
  }
}

const inUse = fail('conflict', 'Subscriptions or invoices use this price; set it inactive instead.');

async function remove(
  on: Runtime,
  tx: Writer,
  scope: WorkspaceScope,
  by: MerchantAct,
  priceId: PriceId,
): Promise<Result<null>> {
  const now = on.now();
  const price = await findPrice(tx, scope, priceId);
  const before = price === null ? null : await holdPlan(tx, scope, price.planId);
  if (before === null || !before.prices.some(({ id }) => id === priceId)) {
    return fail('not_found', 'There is no such price.');
  }
  if (!(await deleteRow(tx, scope, priceId))) return inUse;
  await updatePlan(tx, scope, before.plan.id, {}, now);
  const change = { act: 'price.deleted', changed: ['prices'], priceId } as const;
  await tellOfPlan(tx, before, causeOfMerchant(by), change, now, on.random);
  return succeed(null);
}
