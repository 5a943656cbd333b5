import type { Metadata } from './customer.ts';
import type { PlanId, PriceId } from './ids.ts';
import type { Currency } from './money.ts';
import type { Instant, Interval } from './time.ts';
import type { WorkspaceScope } from './viewer.ts';
import type { SwitchName } from './workspace.ts';

export type PortalFeatures = Readonly<Record<SwitchName, boolean>>;

/** What holds where a plan names no features: cancelling and changing the method, nothing else. */
export const defaultPortalFeatures: PortalFeatures = {
  selfServeCancel: true,
  selfServePause: false,
  selfServeUpgrade: false,
  selfServeDowngrade: false,
  updatePaymentMethod: true,
};

export type Plan = WorkspaceScope & {
  readonly id: PlanId;
  readonly name: string;
  readonly description: string | null;
  readonly interval: Interval;
  readonly intervalCount: number;
  readonly trialDays: number;
  readonly portalFeatures: PortalFeatures;
  /** How reported usage becomes a quantity; null where nothing is metered. */
  readonly usageAggregate: 'sum' | 'max' | 'last' | null;
  readonly meteredUnit: string | null;
  readonly dunningPolicyId: string | null;
  /** May new subscriptions take it? Running ones go on either way. */
  readonly active: boolean;
  /** Since when it is archived, for good; an archived plan is never active. */
  readonly archivedAt: Instant | null;
  /** `metadata.includes`: one line each of what a buyer loses by leaving. */
  readonly metadata: Metadata | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

export type PriceTier = { readonly upTo: number | 'inf'; readonly unitAmount: number; readonly flatAmount: number };

export type Price = WorkspaceScope & {
  readonly id: PriceId;
  readonly planId: PlanId;
  readonly currency: Currency;
  readonly model: 'flat' | 'tiered' | 'volume' | 'usage';
  readonly unitAmount: number | null;
  readonly tiers: readonly PriceTier[] | null;
  readonly taxMode: 'exclusive' | 'inclusive';
  readonly active: boolean;
  readonly createdAt: Instant;
};

/** A plan with all its prices, oldest first, as the wire shows it. */
export type PricedPlan = { readonly plan: Plan; readonly prices: readonly Price[] };

/** The lines of "You lose" on the cancel page: `metadata.includes`, one a line; empty when the merchant gave none. */
export function includedLines(plan: Pick<Plan, 'metadata'>): readonly string[] {
  return (plan.metadata?.includes ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
