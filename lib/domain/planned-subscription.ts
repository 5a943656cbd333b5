import type { Plan, Price } from './plan.ts';
import type { Subscription } from './subscription.ts';

/** A subscription with the plan and price it is of. */
export type PlannedSubscription = {
  readonly subscription: Subscription;
  readonly plan: Plan;
  /** Null where the subscription names no price: what it costs is then not known here. */
  readonly price: Price | null;
};
