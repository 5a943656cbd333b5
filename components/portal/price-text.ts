import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import { costOfPeriod } from '@/lib/domain/subscription-cost.ts';
import type { Words } from '@/lib/i18n/words.ts';

/**
 * The price of a subscription before discount and tax: "Rp 250,000 a month", and with `quantity` how many that is for,
 * where it is not 1. Null where no price is named or usage decides.
 */
export function priceText(
  words: Words,
  planned: PlannedSubscription,
  { money, quantity }: { money: 'sign' | 'mixed'; quantity: boolean },
): string | null {
  const cost = costOfPeriod(planned, 0, planned.subscription.currentPeriodEnd);
  if (cost === null) return null;
  const amount = words.money({ amount: cost.planAmount, currency: cost.currency }, money);
  const per = words.per(planned.plan.interval, planned.plan.intervalCount);
  if (!quantity || cost.quantity === 1) return words.t('overview.subscriptions.price', { amount, per });
  return words.t('overview.subscriptions.priceQuantity', { amount, per, n: cost.quantity });
}
