import type { Price, PricedPlan } from './plan.ts';
import { isoText } from './time.ts';
import { wireArn } from './wire.ts';

/** A plan as it stands on the wire, with all its prices. */
export function wirePlan({ plan, prices }: PricedPlan): Readonly<Record<string, unknown>> {
  const { id, name, description, interval, intervalCount, trialDays, portalFeatures, active, metadata } = plan;
  return {
    id,
    arn: wireArn(plan, 'plan', id),
    accountId: plan.workspaceId,
    name,
    description,
    interval,
    intervalCount,
    trialDays,
    prices: prices.map(wirePrice),
    usageAggregate: plan.usageAggregate,
    meteredUnit: plan.meteredUnit,
    portalFeatures,
    dunningPolicyId: plan.dunningPolicyId,
    active,
    archivedAt: plan.archivedAt === null ? null : isoText(plan.archivedAt),
    metadata,
    createdAt: isoText(plan.createdAt),
    updatedAt: isoText(plan.updatedAt),
  };
}

/** A price as it stands on the wire. */
export function wirePrice(price: Price): Readonly<Record<string, unknown>> {
  const { id, planId, currency, model, unitAmount, tiers, taxMode, active } = price;
  return { id, planId, currency, model, unitAmount, tiers, taxMode, active, createdAt: isoText(price.createdAt) };
}
