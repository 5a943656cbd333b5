import type { Writer } from '@/lib/data/db.ts';
import { holdPlan, updatePlan } from '@/lib/data/plans.ts';
import { causeOfMerchant } from '@/lib/data/tell-of-change.ts';
import { tellOfPlan } from '@/lib/data/tell-of-plan.ts';
import type { PlanId } from '@/lib/domain/ids.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { PricedPlan } from '@/lib/domain/plan.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Archives a plan for good: no new subscription takes it, running ones go on. Archived again it stays as it was, and
 * nothing is told. Fails with `not_found`.
 */
export async function archivePlan(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  planId: PlanId,
): Promise<Result<PricedPlan>> {
  return on.write((tx) => archive(on, tx, scope, by, planId));
}

async function archive(
  on: Runtime,
  tx: Writer,
  scope: WorkspaceScope,
  by: MerchantAct,
  planId: PlanId,
): Promise<Result<PricedPlan>> {
  const now = on.now();
  const before = await holdPlan(tx, scope, planId);
  if (before === null) return fail('not_found', 'There is no such plan.');
  if (before.plan.archivedAt !== null) return succeed(before);
  await updatePlan(tx, scope, planId, { active: false, archivedAt: now }, now);
  const changed = [...(before.plan.active ? ['active'] : []), 'archivedAt'];
  return succeed(await tellOfPlan(tx, before, causeOfMerchant(by), { act: 'plan.archived', changed }, now, on.random));
}
