import type { Tone } from '@/components/ui/tone.ts';
import type { Money } from '@/lib/domain/money.ts';
import type { NextPayment } from '@/lib/domain/next-payment.ts';
import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import type { SubscriptionStanding } from '@/lib/domain/subscription-standing.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { Words } from '@/lib/i18n/words.ts';

const tones: Readonly<Record<SubscriptionStanding['is'], Tone>> = {
  incomplete: 'amber',
  starts: 'neutral',
  trialing: 'blue',
  trialEnds: 'amber',
  active: 'green',
  ends: 'amber',
  past_due: 'red',
  pastDueEnds: 'red',
  paused: 'neutral',
  ended: 'neutral',
};

const named: readonly SubscriptionStanding['is'][] = ['starts', 'trialEnds', 'ends', 'pastDueEnds'];

/** The chip of a subscription: one word and its colour, with the day it names where it names one. */
export function subscriptionChip(words: Words, standing: SubscriptionStanding): { tone: Tone; word: string } {
  const { is, date } = standing;
  const values = named.includes(is) && date !== null ? { date: words.date(date) } : {};
  return { tone: tones[is], word: words.t(`status.subscription.${is}`, values) };
}

export type LineFacts = {
  readonly planned: PlannedSubscription;
  readonly standing: SubscriptionStanding;
  readonly next: NextPayment | null;
  /** What is unpaid on it, and since when it is due. */
  readonly owed: { readonly money: Money; readonly since: Instant } | null;
  readonly merchant: string;
  /** `mixed` on pages with more than one currency. */
  readonly money: 'sign' | 'mixed';
};

/** The sentence beside the chip, with the one date that matters; null where there is nothing to say. */
export function subscriptionLine(words: Words, facts: LineFacts): string | null {
  const { planned, standing, next, owed, merchant, money } = facts;
  const { t } = words;
  const { subscription, plan } = planned;
  const amount = next?.cost == null ? null : words.money(moneyOf(next.cost), money);
  const per = words.per(plan.interval, plan.intervalCount);
  const day = standing.date === null ? '' : words.date(standing.date);
  switch (standing.is) {
    case 'incomplete':
      if (owed === null) return t('status.subscriptionLine.incompleteUnknown');
      return t('status.subscriptionLine.incomplete', { amount: words.money(owed.money, money) });
    case 'starts':
      if (amount === null) return t('status.subscriptionLine.startsUnknown', { date: day });
      return t('status.subscriptionLine.starts', { amount, date: day });
    case 'trialing':
      if (amount === null) return t('status.subscriptionLine.trialingUnknown', { date: day });
      return t('status.subscriptionLine.trialing', { date: day, amount, per });
    case 'trialEnds':
      return t('status.subscriptionLine.trialEnds');
    case 'active':
      return next === null ? null : t('status.subscriptionLine.active', { date: words.date(next.at) });
    case 'ends':
      if (next !== null) return t('status.subscriptionLine.active', { date: words.date(next.at) });
      return t('status.subscriptionLine.ends');
    case 'past_due':
    case 'pastDueEnds':
      if (owed === null) return standing.is === 'pastDueEnds' ? t('status.subscriptionLine.ends') : null;
      return t('status.subscriptionLine.past_due', {
        amount: words.money(owed.money, money),
        date: words.date(owed.since),
      });
    case 'paused':
      return standing.date === null
        ? t('status.subscriptionLine.pausedOpen')
        : t('status.subscriptionLine.pausedUntil', { date: day });
    case 'ended':
      return endedLine(words, subscription, standing, merchant);
  }
}

function endedLine(
  words: Words,
  subscription: PlannedSubscription['subscription'],
  standing: SubscriptionStanding,
  merchant: string,
): string | null {
  const { canceledReason, canceledAt } = subscription;
  const ended = standing.date;
  if (ended === null) return null;
  const date = words.date(ended);
  if (canceledReason === 'failed_payment') return words.t('status.subscriptionLine.endedByFailure', { date });
  if (canceledReason === 'customer_portal' || canceledReason === 'user_request') {
    return words.t('status.subscriptionLine.endedByBuyer', { date: words.date(canceledAt ?? ended) });
  }
  return words.t('status.subscriptionLine.endedByMerchant', { merchant, date });
}

function moneyOf(cost: NonNullable<NextPayment['cost']>): Money {
  return { amount: cost.total, currency: cost.currency };
}
