import { addIntervalIn, type Period } from './billing-calendar.ts';
import type { CustomerId, PaymentMethodId, SubscriptionId } from './ids.ts';
import type { Plan, Price } from './plan.ts';
import type { PlannedSubscription } from './planned-subscription.ts';
import type { Subscription } from './subscription.ts';
import { costOfPeriod } from './subscription-cost.ts';
import type { Instant } from './time.ts';

/** What a merchant says of a new subscription; null where it says nothing. */
export type SubscriptionTerms = {
  readonly trialDays: number | null;
  readonly startAt: Instant | null;
  readonly paymentMethodId: PaymentMethodId | null;
  readonly collectionMethod: Subscription['collectionMethod'];
  readonly couponId: string | null;
  readonly initialDiscount: number | null;
  readonly metadata: Subscription['metadata'];
};

export type Begun = {
  readonly planned: PlannedSubscription;
  /** The period to invoice at once; null with a trial, and for a subscription that begins later. */
  readonly firstPeriod: Period | null;
};

/**
 * A subscription as it begins. With a trial, its first period is the trial. One that begins later has an empty period
 * until then, so that the billing clock moves it into its first one. Without either its first invoice is due now, and
 * until that is paid it waits: a subscription that is charged by itself is incomplete, one whose buyer pays runs.
 */
export function beginSubscription(
  of: { readonly id: SubscriptionId; readonly customerId: CustomerId; readonly plan: Plan; readonly price: Price },
  terms: SubscriptionTerms,
  timeZone: string,
  billing: Instant,
  now: Instant,
): Begun {
  const { plan, price } = of;
  const startedAt = Math.max(terms.startAt ?? billing, billing);
  const trialDays = terms.trialDays ?? plan.trialDays;
  const trialEnd = trialDays === 0 ? null : addIntervalIn(timeZone, startedAt, 'day', trialDays);
  const isLater = startedAt > billing;
  const end = isLater ? startedAt : addIntervalIn(timeZone, startedAt, plan.interval, plan.intervalCount);
  const subscription: Subscription = {
    id: of.id,
    workspaceId: plan.workspaceId,
    mode: plan.mode,
    customerId: of.customerId,
    planId: plan.id,
    priceId: price.id,
    status: trialEnd === null ? 'active' : 'trialing',
    quantity: 1,
    startedAt,
    currentPeriodStart: startedAt,
    currentPeriodEnd: trialEnd ?? end,
    trialEnd,
    cancelAt: null,
    canceledAt: null,
    canceledReason: null,
    endedAt: null,
    pausedAt: null,
    resumeAt: null,
    defaultPaymentMethodId: terms.paymentMethodId,
    collectionMethod: terms.collectionMethod,
    discount: null,
    discountCouponId: terms.couponId,
    billingAnchor: trialEnd ?? startedAt,
    initialDiscount: terms.initialDiscount,
    metadata: terms.metadata,
    createdAt: now,
    updatedAt: now,
  };
  const planned = { subscription, plan, price };
  if (trialEnd !== null || isLater) return { planned, firstPeriod: null };
  const owes = (costOfPeriod(planned, 0, startedAt)?.total ?? 0) > 0;
  const waits = owes && terms.collectionMethod === 'charge_automatically';
  return {
    planned: waits ? { ...planned, subscription: { ...subscription, status: 'incomplete' } } : planned,
    firstPeriod: { start: startedAt, end },
  };
}
