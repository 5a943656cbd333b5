import type { Subscription } from './subscription.ts';
import type { Instant } from './time.ts';

/** How a subscription stands now: one code a chip has a word for, and the day that word names. */
export type SubscriptionStanding = {
  readonly is:
    | 'incomplete'
    | 'starts'
    | 'trialing'
    | 'trialEnds'
    | 'active'
    | 'ends'
    | 'past_due'
    | 'pastDueEnds'
    | 'paused'
    | 'ended';
  /** The start, the end of the trial, the planned or past end, the end of a pause; null where none belongs. */
  readonly date: Instant | null;
};

type Facts = Pick<
  Subscription,
  'status' | 'startedAt' | 'trialEnd' | 'cancelAt' | 'endedAt' | 'canceledAt' | 'currentPeriodEnd' | 'resumeAt'
>;

/** The clock decides: once a planned end is reached the subscription has ended, whether or not the job came by. */
export function standingOf(subscription: Facts, now: Instant): SubscriptionStanding {
  const { status, startedAt, cancelAt } = subscription;
  if (isEnded(subscription, now)) {
    return { is: 'ended', date: subscription.endedAt ?? cancelAt ?? subscription.canceledAt };
  }
  if (status === 'incomplete') return { is: 'incomplete', date: null };
  if (status === 'past_due') return { is: cancelAt === null ? 'past_due' : 'pastDueEnds', date: cancelAt };
  if (status === 'trialing') {
    if (cancelAt !== null) return { is: 'trialEnds', date: cancelAt };
    return { is: 'trialing', date: subscription.trialEnd ?? subscription.currentPeriodEnd };
  }
  if (cancelAt !== null) return { is: 'ends', date: cancelAt };
  if (status === 'paused') return { is: 'paused', date: subscription.resumeAt };
  return now < startedAt ? { is: 'starts', date: startedAt } : { is: 'active', date: subscription.currentPeriodEnd };
}

/** Is it over? A boundary belongs to the end: at `cancelAt` it has ended. */
export function isEnded(subscription: Pick<Subscription, 'status' | 'endedAt' | 'cancelAt'>, now: Instant): boolean {
  if (subscription.status === 'canceled' || subscription.endedAt !== null) return true;
  return subscription.cancelAt !== null && subscription.cancelAt <= now;
}
