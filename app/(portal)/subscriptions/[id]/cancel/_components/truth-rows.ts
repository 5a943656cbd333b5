import type { Page } from '@/app/(portal)/_page/draw.tsx';
import type { SubscriptionView } from '@/app/(portal)/subscriptions/_page/subscription-page.ts';
import type { CancellationOption, CancellationPlan, OwedInvoice } from '@/lib/domain/cancellation.ts';
import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import { isEnded } from '@/lib/domain/subscription-standing.ts';
import type { Words } from '@/lib/i18n/words.ts';

/** One row of the truth panel: a term and what is so, a line each. */
export type TruthRow = { readonly name: string; readonly term: string; readonly lines: readonly string[] };

type Possible = Extract<CancellationPlan, { can: true }>;

/** What an option does, in the words of the panel. Every fact comes from the rule that the write asks as well. */
export function truthRows(
  page: Page,
  view: SubscriptionView,
  plan: Possible,
  option: CancellationOption,
  others: readonly PlannedSubscription[] | null,
): TruthRow[] {
  const { words } = page;
  const row = (name: keyof typeof rowNames, lines: readonly string[]): TruthRow => ({
    name,
    term: words.t(rowNames[name]),
    lines,
  });
  const owed = owedLines(page, view, option.owed, option.owedRule);
  return [
    row('ends', [endsText(words, option)]),
    row('next', [nextText(words, option)]),
    ...(owed.length === 0 ? [] : [row('owe', owed)]),
    row('refund', [refundText(words, option)]),
    ...(plan.loses.length === 0 ? [] : [row('lose', plan.loses)]),
    row('keep', keepLines(page, others)),
    row('change', [words.t(option.canUndo ? 'cancel.canUndo' : 'cancel.cannotUndo')]),
  ];
}

/** "It ends" where the buyer chooses when: both ends, before anything else. */
export function endsEitherRow({ words }: Page, options: readonly CancellationOption[]): TruthRow {
  const later = options.find(({ timing }) => timing !== 'now');
  const when = later === undefined ? [] : [words.t('cancel.endsEither', { when: words.whenFirst(later.endsAt) })];
  return { name: 'ends', term: words.t(rowNames.ends), lines: when };
}

const rowNames = {
  ends: 'cancel.rows.ends',
  next: 'cancel.rows.next',
  owe: 'cancel.rows.owe',
  refund: 'cancel.rows.refund',
  lose: 'cancel.rows.lose',
  keep: 'cancel.rows.keep',
  change: 'cancel.rows.change',
} as const;

function endsText(words: Words, { endsWith, endsAt }: CancellationOption): string {
  if (endsWith === 'now') return words.t('cancel.endsNow');
  if (endsWith === 'no_paid_time') return words.t('cancel.endsNoPaidTime');
  return words.t(endsWith === 'trial' ? 'cancel.endsTrial' : 'cancel.endsWhen', { when: words.whenFirst(endsAt) });
}

function nextText(words: Words, { lastPaymentAt, owed, owedRule }: CancellationOption): string {
  const isStillTried = owedRule === 'keep_due' && owed !== null && owed.length > 0;
  if (lastPaymentAt === null) return words.t(isStillTried ? 'cancel.nextNoneButOwed' : 'cancel.nextNone');
  return words.t('cancel.nextUsage', { date: words.date(lastPaymentAt) });
}

/** The portal gives nothing back by itself; days that are paid can be used to their end, or end at once. */
function refundText(words: Words, { endsWith, isPaid }: CancellationOption): string {
  if (!isPaid) return words.t('cancel.refundNothing');
  return words.t(endsWith === 'now' ? 'cancel.refundNow' : 'cancel.refundNone');
}

function keepLines({ words, viewer }: Page, others: readonly PlannedSubscription[] | null): string[] {
  const documents = words.t('cancel.keepDocuments');
  if (others === null) return [documents, words.t('cancel.unavailable')];
  const going = others
    .filter(({ subscription }) => !isEnded(subscription, viewer.now) && subscription.cancelAt === null)
    .map(({ plan }) => plan.name);
  if (going.length === 0) return [documents];
  return [documents, words.t('cancel.keepPlans', { n: going.length, plans: words.list(going) })];
}

/** One line for each unpaid invoice and what happens to it; one line saying so when they could not be read. */
export function owedLines(
  { words, workspace }: Page,
  { payer }: Pick<SubscriptionView, 'payer'>,
  owed: readonly OwedInvoice[] | null,
  rule: CancellationOption['owedRule'],
): string[] {
  if (owed === null) return [words.t('cancel.unavailable')];
  const merchant = workspace.brand.name;
  return owed.map(({ money, periodStart, nextAttemptAt }) => {
    const amount = words.money(money);
    if (rule === 'stop_collection') {
      if (periodStart === null) return words.t('cancel.oweStopNoPeriod', { amount, merchant });
      return words.t('cancel.oweStop', { amount, merchant, period: words.period(periodStart) });
    }
    const date = nextAttemptAt === null ? null : words.date(nextAttemptAt);
    const method = payer === null ? null : words.method(payer);
    if (periodStart === null) {
      if (date === null) return words.t('cancel.oweKeepNoPeriod', { amount });
      if (method === null) return words.t('cancel.oweKeepNoPeriodNoMethod', { amount, date });
      return words.t('cancel.oweKeepNoPeriodTry', { amount, date, method });
    }
    const period = words.period(periodStart);
    if (date === null) return words.t('cancel.oweKeepNoTry', { amount, period });
    if (method === null) return words.t('cancel.oweKeepNoMethod', { amount, period, date });
    return words.t('cancel.oweKeep', { amount, period, date, method });
  });
}
