import type { Writer } from '@/lib/data/db.ts';
import { holdPlan, updatePlan as updateRow } from '@/lib/data/plans.ts';
import { causeOfMerchant } from '@/lib/data/tell-of-change.ts';
import { tellOfPlan } from '@/lib/data/tell-of-plan.ts';
import type { PlanId } from '@/lib/domain/ids.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Plan, PortalFeatures, PricedPlan } from '@/lib/domain/plan.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import { changedFields } from '@/lib/domain/row-changes.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** What of a plan changes; absent fields stay, and so do the switches that are not named. */
export type PlanChange = {
  [Name in 'name' | 'description' | 'trialDays' | 'dunningPolicyId' | 'active' | 'metadata']?: Plan[Name] | undefined;
} & { portalFeatures?: { [Name in keyof PortalFeatures]?: boolean | undefined } | undefined };

/**
 * Changes what is named of a plan; null clears. What runs on it shows the change at once; trials that began keep their
 * length. Without a difference nothing is told. Fails with `not_found`, and with `conflict` when an archived plan is to
 * be active.
 */
export async function updatePlan(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  order: { readonly planId: PlanId; readonly change: PlanChange },
): Promise<Result<PricedPlan>> {
  return on.write((tx) => update(on, tx, scope, by, order));
}

async function update(
  on: Runtime,
  tx: Writer,
  scope: WorkspaceScope,
  by: MerchantAct,
  { planId, change }: { readonly planId: PlanId; readonly change: PlanChange },
): Promise<Result<PricedPlan>> {
  const now = on.now();
  const before = await holdPlan(tx, scope, planId);
  if (before === null) return fail('not_found', 'There is no such plan.');
  const { plan } = before;
  if (change.active === true && plan.archivedAt !== null) {
    return fail('conflict', 'An archived plan does not become active again.', { field: 'active' });
  }
  const { portalFeatures: switches, ...rest } = change;
  const portalFeatures = switches === undefined ? undefined : turn(plan.portalFeatures, switches);
  const whole = { ...rest, portalFeatures };
  const changed = changedFields(plan, whole);
  if (changed.length === 0) return succeed(before);
  await updateRow(tx, scope, planId, whole, now);
  return succeed(await tellOfPlan(tx, before, causeOfMerchant(by), { act: 'plan.updated', changed }, now, on.random));
}

function turn(stands: PortalFeatures, given: NonNullable<PlanChange['portalFeatures']>): PortalFeatures {
  const named = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...stands, ...Object.fromEntries(named) };
}
