import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import type { SubscriptionCost } from '@/lib/domain/subscription-cost.ts';
import type { Brand } from '@/lib/domain/workspace.ts';
import type { Words } from '@/lib/i18n/words.ts';
import { rateText } from './rate-text.ts';

type Props = {
  words: Words;
  brand: Brand;
  planned: PlannedSubscription;
  cost: SubscriptionCost;
  money: 'sign' | 'mixed';
};

/** What a payment is made of: plan by quantity, discount, credit, subtotal, tax, total. */
export function CostBreakdown({ words, brand, planned, cost, money }: Props) {
  const { t } = words;
  const say = (amount: number) => words.money({ amount, currency: cost.currency }, money);
  const rows = [{ term: planText(words, planned, cost, say), value: say(cost.planAmount) }];
  if (cost.discount !== null) {
    const { until, amount } = cost.discount;
    const term =
      until === null ? t('overview.next.discount') : t('overview.next.discountUntil', { date: words.date(until) });
    rows.push({ term, value: say(-amount) });
  }
  if (cost.credit > 0) rows.push({ term: t('overview.next.credit'), value: say(-cost.credit) });
  if (rows.length > 1) rows.push({ term: t('overview.next.subtotal'), value: say(cost.subtotal) });
  const tax = { label: brand.receipt.taxLabel, rate: rateText(words, cost.taxRateBasisPoints) };
  if (cost.taxRateBasisPoints > 0 && cost.taxMode === 'exclusive') {
    rows.push({ term: t('overview.next.tax', tax), value: say(cost.tax) });
  }
  rows.push({ term: t('overview.next.total'), value: say(cost.total) });
  if (cost.taxRateBasisPoints > 0 && cost.taxMode === 'inclusive') {
    rows.push({ term: t('overview.next.taxWithin', tax), value: say(cost.tax) });
  }
  return (
    <dl className="divide-y divide-line border-t border-line">
      {rows.map(({ term, value }) => (
        <div key={term} className="flex justify-between gap-4 py-2">
          <dt className="min-w-0">{term}</dt>
          <dd className="num shrink-0 whitespace-nowrap">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function planText(
  words: Words,
  { plan }: PlannedSubscription,
  cost: SubscriptionCost,
  say: (amount: number) => string,
): string {
  if (cost.quantity === 1) return plan.name;
  if (cost.unitAmount === null) return words.t('overview.next.planQuantity', { plan: plan.name, n: cost.quantity });
  return words.t('overview.next.planTimes', { plan: plan.name, n: cost.quantity, unit: say(cost.unitAmount) });
}
