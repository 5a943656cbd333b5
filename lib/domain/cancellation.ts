import type { InvoiceId } from './ids.ts';
import { amountDue, type Invoice } from './invoice.ts';
import { type Money, sumByCurrency } from './money.ts';
import { timeLeftOf } from './pause.ts';
import { includedLines } from './plan.ts';
import type { PlannedSubscription } from './planned-subscription.ts';
import type { Subscription } from './subscription.ts';
import { isEnded } from './subscription-standing.ts';
import type { Instant } from './time.ts';
import { isOffered, type PortalConfiguration } from './workspace.ts';

export type CancellationTiming = 'period_end' | 'now';

/** What one way of cancelling does. The page says it, the write does it; both have it from `planCancellation`. */
export type CancellationOption = {
  readonly timing: CancellationTiming;
  /** Effective end; `now` itself for an end at once. */
  readonly endsAt: Instant;
  readonly endsWith: 'period' | 'trial' | 'now' | 'no_paid_time';
  /** Is the time until the end of the period paid? Not in a trial, not while a payment for it is overdue. */
  readonly isPaid: boolean;
  /** The moment of one last payment for what was used until the end; null: nothing is charged again. */
  readonly lastPaymentAt: Instant | null;
  /** What is unpaid and what happens to it; empty when nothing is; null when the invoices could not be read. */
  readonly owed: readonly OwedInvoice[] | null;
  readonly owedRule: PortalConfiguration['cancel']['pastDue'];
  /** Can the buyer take it back here until it ends? */
  readonly canUndo: boolean;
};

export type OwedInvoice = {
  readonly id: InvoiceId;
  readonly money: Money;
  readonly periodStart: Instant | null;
  /** The next try to charge it, where one is planned and goes on. */
  readonly nextAttemptAt: Instant | null;
};

/** Why a cancellation is not possible. `already_scheduled` and `already_ended` mean that nothing more is needed. */
export type CancellationRefusal = 'already_ended' | 'already_scheduled' | 'incomplete' | 'not_offered';

export type CancellationPlan =
  | {
      readonly can: true;
      /** The ways to cancel, the default first; never empty. */
      readonly options: readonly [CancellationOption, ...CancellationOption[]];
      /** What the merchant says the buyer loses, a line each; empty when it says nothing. */
      readonly loses: readonly string[];
    }
  | { readonly can: false; readonly why: CancellationRefusal };

export type CancellationFacts = PlannedSubscription & {
  /** Invoices of this customer; those of other subscriptions are passed over. Null when they could not be read. */
  readonly invoices: readonly Invoice[] | null;
  readonly configuration: Pick<PortalConfiguration, 'features' | 'cancel'>;
};

/** What cancelling would do now, in each allowed way, or why it is not possible. */
export function planCancellation(facts: CancellationFacts, now: Instant): CancellationPlan {
  const { subscription, plan, configuration } = facts;
  const why = refusalOf(facts, now);
  if (why !== null) return { can: false, why };
  const [first, ...more] = timingsOf(subscription, configuration, now).map((timing) => optionOf(facts, timing, now));
  if (first === undefined) return { can: false, why: 'not_offered' };
  return { can: true, options: [first, ...more], loses: includedLines(plan) };
}

/** The option of one timing, or null when it is not among the allowed ones. */
export function findOption(plan: CancellationPlan, timing: string | null): CancellationOption | null {
  return plan.can ? (plan.options.find((one) => one.timing === timing) ?? null) : null;
}

/**
 * What an option promised, as text for a hidden field: the write compares it with what it would do. An end at once
 * carries no instant; invoices that could not be read promise nothing about what is owed.
 */
export function promiseOf(option: CancellationOption): string {
  const { timing, endsAt, lastPaymentAt, owed, owedRule } = option;
  const sums =
    owed === null
      ? 'unread'
      : owedSums(owed)
          .map(({ amount, currency }) => `${amount}${currency}`)
          .join('+');
  return [
    timing,
    timing === 'now' ? 'now' : endsAt,
    lastPaymentAt === null ? 'none' : 'last',
    sums === '' ? 'nothing' : sums,
    owedRule,
  ].join('.');
}

/** Does this option still do what a page promised? */
export function keepsPromise(option: CancellationOption, promised: string): boolean {
  return promiseOf(option) === promised || promiseOf({ ...option, owed: null }) === promised;
}

/** What is owed, summed per currency. */
export function owedSums(owed: readonly OwedInvoice[]): readonly Money[] {
  return sumByCurrency(owed.map(({ money }) => money));
}

/**
 * May the buyer take a planned end back now? Until its moment, and only an end that was asked for: not one the merchant
 * planned, and not the end of a fixed term.
 */
export function canUndoCancellation(
  subscription: Pick<Subscription, 'status' | 'endedAt' | 'cancelAt' | 'canceledReason'>,
  now: Instant,
): boolean {
  if (isEnded(subscription, now) || subscription.cancelAt === null) return false;
  return subscription.canceledReason === 'customer_portal' || subscription.canceledReason === 'user_request';
}

function refusalOf({ subscription, plan, configuration }: CancellationFacts, now: Instant): CancellationRefusal | null {
  if (isEnded(subscription, now)) return 'already_ended';
  if (subscription.cancelAt !== null) return 'already_scheduled';
  if (subscription.status === 'incomplete') return 'incomplete';
  const { features } = configuration;
  const offered = isOffered('selfServeCancel', plan.portalFeatures, { features });
  return offered ? null : 'not_offered';
}

/** The time that is left decides first: without any, the end is now whatever the configuration prefers. */
function timingsOf(
  subscription: Subscription,
  configuration: CancellationFacts['configuration'],
  now: Instant,
): CancellationTiming[] {
  if (runsUntil(subscription, now) === null) return ['now'];
  const { timing } = configuration.cancel;
  const allowed = (['period_end', 'now'] as const).filter((one) => timing.includes(one));
  return allowed.length === 0 ? ['period_end'] : [...allowed];
}

/** The end of the running period or trial, or null when none is left: paused, not begun, or over. */
export function runsUntil(subscription: Subscription, now: Instant): Instant | null {
  const { status, trialEnd, currentPeriodEnd, startedAt } = subscription;
  if (status === 'paused' || now < startedAt) return null;
  const until = status === 'trialing' ? (trialEnd ?? currentPeriodEnd) : currentPeriodEnd;
  return now < until ? until : null;
}

function optionOf(facts: CancellationFacts, timing: CancellationTiming, now: Instant): CancellationOption {
  const { subscription, price } = facts;
  const paid = runsUntil(subscription, now);
  const endsAt = timing === 'period_end' && paid !== null ? paid : now;
  // A pause keeps the paid time that was left: an end at once gives it up.
  const isKept = paid === null && subscription.status === 'paused' && timeLeftOf(subscription) > 0;
  const endsWith =
    isKept || (timing === 'now' && paid !== null)
      ? 'now'
      : paid === null
        ? 'no_paid_time'
        : subscription.status === 'trialing'
          ? 'trial'
          : 'period';
  const countsUsage = price?.model === 'usage' && subscription.status !== 'trialing' && paid !== null;
  return {
    timing,
    endsAt,
    endsWith,
    isPaid: isKept || (paid !== null && subscription.status === 'active'),
    lastPaymentAt: countsUsage ? endsAt : null,
    owed: facts.invoices === null ? null : owedOn(subscription, facts.invoices, facts.configuration.cancel.pastDue),
    owedRule: facts.configuration.cancel.pastDue,
    canUndo: now < endsAt,
  };
}

/** Unpaid invoices of the subscription that somebody still tries to collect. */
function owedOn(
  subscription: Subscription,
  invoices: readonly Invoice[],
  rule: PortalConfiguration['cancel']['pastDue'],
): OwedInvoice[] {
  return invoices
    .filter((one) => one.subscriptionId === subscription.id && one.collectionStoppedAt === null && amountDue(one) > 0)
    .map((one) => ({
      id: one.id,
      money: { amount: amountDue(one), currency: one.currency },
      periodStart: one.periodStart,
      nextAttemptAt: rule === 'keep_due' ? one.nextAttemptAt : null,
    }));
}
