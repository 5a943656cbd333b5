import type { Page } from '@/app/(portal)/_page/draw.tsx';
import type { SubscriptionView } from '@/app/(portal)/subscriptions/_page/subscription-page.ts';
import { priceText } from '@/components/portal/price-text.ts';
import { rateText } from '@/components/portal/rate-text.ts';
import type { Fact } from '@/components/ui/facts.tsx';
import { costOfPeriod, type SubscriptionCost, taxRateOf } from '@/lib/domain/subscription-cost.ts';
import { isEnded } from '@/lib/domain/subscription-standing.ts';

/** What a subscription is, in terms and values. */
export function subscriptionFacts(page: Page, view: SubscriptionView): Fact[] {
  const { words, viewer, workspace } = page;
  const { t } = words;
  const { planned, next } = view;
  const { subscription, plan } = planned;
  const per = words.per(plan.interval, plan.intervalCount);
  const price =
    priceText(words, planned, { money: 'sign', quantity: false }) ??
    (planned.price?.model === 'usage' ? t('subscription.priceUsage', { per }) : null);
  const cost = next?.cost ?? costOfPeriod(planned, taxRateOf(workspace.brand), viewer.now);
  const runs = !isEnded(subscription, viewer.now);
  const since = viewer.now < subscription.startedAt ? 'starts' : 'since';
  const facts: (Fact | null)[] = [
    price === null ? null : { term: t('subscription.price'), value: <span className="num">{price}</span> },
    runs ? { term: t('subscription.next'), value: <span className="num">{nextText(page, view)}</span> } : null,
    runs ? { term: t('subscription.paidFrom'), value: payerText(page, view) } : null,
    { term: t(`subscription.${since}`), value: words.date(subscription.startedAt) },
    subscription.quantity === 1
      ? null
      : { term: t('subscription.quantity'), value: <span className="num">{subscription.quantity}</span> },
    discountFact(page, cost),
    taxFact(page, cost),
  ];
  return facts.filter((fact) => fact !== null);
}

function nextText({ words }: Page, { next }: SubscriptionView): string {
  if (next === null) return words.t('subscription.noNext');
  const date = words.date(next.at);
  if (next.cost === null) {
    return next.selfPaid
      ? words.t('subscription.nextSelfUnknown', { date })
      : words.t('subscription.nextDateOnly', { date });
  }
  const amount = words.money({ amount: next.cost.total, currency: next.cost.currency });
  return words.t(next.selfPaid ? 'subscription.nextSelf' : 'subscription.nextOn', { amount, date });
}

function payerText({ words }: Page, { planned, payer, methodsKnown }: SubscriptionView): string {
  if (planned.subscription.collectionMethod === 'send_invoice') return words.t('subscription.selfPaid');
  if (!methodsKnown) return words.t('cancel.unavailable');
  if (payer === null) return words.t('subscription.noMethod');
  const method = words.method(payer);
  if (payer.expMonth === null || payer.expYear === null) return method;
  return words.t('subscription.methodExpires', { method, expiry: words.expiry(payer.expMonth, payer.expYear) });
}

function discountFact({ words }: Page, cost: SubscriptionCost | null): Fact | null {
  if (cost === null || cost.discount === null) return null;
  const { until, amount: minor } = cost.discount;
  const amount = words.money({ amount: minor, currency: cost.currency });
  const value =
    until === null
      ? words.t('subscription.discountForGood', { amount })
      : words.t('subscription.discountUntil', { amount, date: words.date(until) });
  return { term: words.t('subscription.discount'), value: <span className="num">{value}</span> };
}

function taxFact({ words, workspace }: Page, cost: SubscriptionCost | null): Fact | null {
  if (cost === null || cost.taxRateBasisPoints === 0) return null;
  const values = {
    label: workspace.brand.receipt.taxLabel,
    rate: rateText(words, cost.taxRateBasisPoints),
    amount: words.money({ amount: cost.tax, currency: cost.currency }),
  };
  const key = cost.taxMode === 'exclusive' ? 'subscription.taxOnTop' : 'subscription.taxWithin';
  return { term: words.t('subscription.tax'), value: <span className="num">{words.t(key, values)}</span> };
}
