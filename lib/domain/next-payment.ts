import { timeLeftOf } from './pause.ts';
import type { PlannedSubscription } from './planned-subscription.ts';
import { costOfPeriod, type SubscriptionCost } from './subscription-cost.ts';
import { isEnded } from './subscription-standing.ts';
import { addInterval, hourMs, type Instant } from './time.ts';

/** The next payment of a subscription as things stand. */
export type NextPayment = {
  /** `trial`: the first after a trial. `final`: none comes after it. `restart`: when a pause ends. */
  readonly kind: 'regular' | 'first' | 'trial' | 'final' | 'restart';
  readonly at: Instant;
  /** Null while the amount is not known: usage until `at` is still being counted, or no price is named. */
  readonly cost: SubscriptionCost | null;
  /** The buyer pays an invoice; nothing is charged by itself. */
  readonly selfPaid: boolean;
};

/**
 * When a subscription is paid next and how much that is, or null when no payment is planned: it has ended or ends
 * before, is paused without a date, or waits for its first payment (that is an invoice already).
 */
export function nextPaymentOf(
  planned: PlannedSubscription,
  taxRateBasisPoints: number,
  now: Instant,
): NextPayment | null {
  const { subscription, price } = planned;
  const { status, cancelAt } = subscription;
  if (isEnded(subscription, now) || status === 'incomplete') return null;
  const at = nextPaymentAt(planned, now);
  if (at === null) return null;
  const selfPaid = subscription.collectionMethod === 'send_invoice';
  const cost = costOfPeriod(planned, taxRateBasisPoints, at);
  if (cancelAt !== null && cancelAt <= at) {
    // What was used until the end is counted and charged once more; a fixed price is paid ahead and is not.
    const isCounted = price?.model === 'usage' && status !== 'trialing' && status !== 'paused';
    return isCounted ? { kind: 'final', at: cancelAt, cost: null, selfPaid } : null;
  }
  return { kind: kindOf(planned, at, now), at, cost, selfPaid };
}

function nextPaymentAt({ subscription }: PlannedSubscription, now: Instant): Instant | null {
  const { status, startedAt, trialEnd, resumeAt, currentPeriodEnd } = subscription;
  // Paid time that was left when the pause began runs on when it ends; the next payment comes after it.
  if (status === 'paused') return resumeAt === null ? null : resumeAt + timeLeftOf(subscription);
  if (status === 'trialing') return Math.max(trialEnd ?? currentPeriodEnd, now);
  if (now < startedAt) return startedAt;
  // A period that is over and not renewed yet is paid at any moment.
  return Math.max(currentPeriodEnd, now);
}

function kindOf({ subscription, plan }: PlannedSubscription, at: Instant, now: Instant): NextPayment['kind'] {
  const { status, cancelAt } = subscription;
  if (status === 'paused') return timeLeftOf(subscription) > 0 ? 'regular' : 'restart';
  // The period after ends by the calendar of the billing zone, which is an hour off this one at most.
  const after = addInterval(at, plan.interval, plan.intervalCount, subscription.billingAnchor ?? at) + 2 * hourMs;
  if (cancelAt !== null && cancelAt <= after) return 'final';
  if (status === 'trialing') return 'trial';
  return now < subscription.startedAt ? 'first' : 'regular';
}
