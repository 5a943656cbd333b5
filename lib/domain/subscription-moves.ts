import { addIntervalIn, isSameDayIn } from './billing-calendar.ts';
import { runsUntil } from './cancellation.ts';
import { timeLeftOf } from './pause.ts';
import type { PlannedSubscription } from './planned-subscription.ts';
import type { CanceledReason, Subscription, SubscriptionStatus } from './subscription.ts';
import { isEnded } from './subscription-standing.ts';
import type { Instant } from './time.ts';

/**
 * What happens to a subscription. A merchant or a buyer asks for `change`, `plan_end`, `take_back_end`, `end`, `pause`
 * and `resume`; the billing clock does `renew`, `fail` and `pay`.
 */
export type SubscriptionAct =
  | 'change'
  | 'plan_end'
  | 'take_back_end'
  | 'end'
  | 'pause'
  | 'resume'
  | 'renew'
  | 'fail'
  | 'pay';

/** Where each act leads. What is not named is not possible: canceled is final, incomplete only waits for its payment. */
const moves: Readonly<Record<SubscriptionStatus, Partial<Readonly<Record<SubscriptionAct, SubscriptionStatus>>>>> = {
  trialing: {
    change: 'trialing',
    plan_end: 'trialing',
    take_back_end: 'trialing',
    end: 'canceled',
    renew: 'active',
    fail: 'past_due',
  },
  active: {
    change: 'active',
    plan_end: 'active',
    take_back_end: 'active',
    end: 'canceled',
    pause: 'paused',
    renew: 'active',
    fail: 'past_due',
    pay: 'active',
  },
  past_due: {
    change: 'past_due',
    plan_end: 'past_due',
    take_back_end: 'past_due',
    end: 'canceled',
    renew: 'past_due',
    fail: 'past_due',
    pay: 'active',
  },
  paused: {
    change: 'paused',
    take_back_end: 'paused',
    end: 'canceled',
    resume: 'active',
    fail: 'paused',
    pay: 'paused',
  },
  incomplete: { fail: 'incomplete', pay: 'active' },
  canceled: {},
};

/** The status after an act, or null where the act is not possible. */
export function statusAfter(status: SubscriptionStatus, act: SubscriptionAct): SubscriptionStatus | null {
  return moves[status][act] ?? null;
}

/** What a move writes; the rest of the subscription stays. */
export type SubscriptionChanges = Partial<
  Pick<
    Subscription,
    | 'status'
    | 'startedAt'
    | 'currentPeriodStart'
    | 'currentPeriodEnd'
    | 'billingAnchor'
    | 'initialDiscount'
    | 'cancelAt'
    | 'canceledAt'
    | 'canceledReason'
    | 'endedAt'
    | 'pausedAt'
    | 'resumeAt'
  >
>;

/** A move and what it writes, or in one sentence why it is not possible. */
export type Move =
  | { readonly can: true; readonly changes: SubscriptionChanges }
  | { readonly can: false; readonly why: string };

/** Pauses at once: nothing is invoiced or charged, and the time that was paid stands still. */
export function pauseMove(subscription: Subscription, resumeAt: Instant | null, now: Instant): Move {
  const refused = refuse(subscription, 'pause', now);
  if (refused !== null) return refused;
  if (subscription.cancelAt !== null) return no('A subscription that is about to end is not paused.');
  if (now < subscription.startedAt) return no('A subscription that has not begun is not paused.');
  return { can: true, changes: { status: 'paused', pausedAt: now, resumeAt } };
}

/**
 * Ends a pause. Paid time that was left runs on from now; without any a new period begins now, and is billed: the period
 * is then empty until the billing clock moves it on, in the same moment.
 */
export function resumeMove(subscription: Subscription, now: Instant): Move {
  const refused = refuse(subscription, 'resume', now);
  if (refused !== null) return refused;
  const left = timeLeftOf(subscription);
  const runsOn = { status: 'active', pausedAt: null, resumeAt: null, billingAnchor: now + left } as const;
  return left > 0
    ? { can: true, changes: { ...runsOn, currentPeriodEnd: now + left } }
    : { can: true, changes: { ...runsOn, currentPeriodStart: now, currentPeriodEnd: now } };
}

/** Takes a planned end back. */
export function takeBackMove(subscription: Subscription, now: Instant): Move {
  const refused = refuse(subscription, 'take_back_end', now);
  if (refused !== null) return refused;
  if (subscription.cancelAt === null) return no('Nothing is planned that could be taken back.');
  return { can: true, changes: { cancelAt: null, canceledAt: null, canceledReason: null } };
}

/**
 * Ends it now, or plans the end for when the running period is over. Where none runs (paused, not begun, over) there is
 * nothing to wait for: it ends now. An end planned earlier is replaced.
 */
export function cancelMove(
  subscription: Subscription,
  at: 'now' | 'period_end',
  canceledReason: CanceledReason,
  now: Instant,
): Move {
  const refused = refuse(subscription, 'end', now);
  if (refused !== null) return refused;
  const until = at === 'now' ? null : runsUntil(subscription, now);
  const asked = { canceledAt: now, canceledReason };
  if (until !== null) return { can: true, changes: { ...asked, cancelAt: until } };
  return {
    can: true,
    changes: { ...asked, status: 'canceled', cancelAt: now, endedAt: now, pausedAt: null, resumeAt: null },
  };
}

/**
 * What was owed is paid: it runs. One that waited for its first payment begins with it: paid on the day its period began
 * the period stays, paid later it begins then.
 */
export function payMove(
  { subscription, plan }: Pick<PlannedSubscription, 'subscription' | 'plan'>,
  timeZone: string,
  now: Instant,
): Move {
  const { status, currentPeriodStart } = subscription;
  const next = statusAfter(status, 'pay');
  if (next === null || next === status || isEnded(subscription, now)) return no('It does not wait for a payment.');
  if (status !== 'incomplete' || now < currentPeriodStart || isSameDayIn(timeZone, currentPeriodStart, now)) {
    return { can: true, changes: { status: next } };
  }
  const currentPeriodEnd = addIntervalIn(timeZone, now, plan.interval, plan.intervalCount);
  const begins = { startedAt: now, currentPeriodStart: now, currentPeriodEnd, billingAnchor: now };
  return { can: true, changes: { ...begins, status: next } };
}

/** May price, method or metadata change? */
export function changeMove(subscription: Subscription, now: Instant): Move {
  return refuse(subscription, 'change', now) ?? { can: true, changes: {} };
}

function refuse(subscription: Subscription, act: SubscriptionAct, now: Instant): Extract<Move, { can: false }> | null {
  if (isEnded(subscription, now)) return no('It has ended, and that is final.');
  if (statusAfter(subscription.status, act) !== null) return null;
  if (subscription.status === 'incomplete') return no('It waits for its first payment; nothing else changes it.');
  return no(`This is not possible while it is ${subscription.status}.`);
}

function no(why: string): Extract<Move, { can: false }> {
  return { can: false, why };
}
