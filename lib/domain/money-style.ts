import type { Invoice } from './invoice.ts';
import type { PlannedSubscription } from './planned-subscription.ts';

/** How a page writes money: with the sign, or with the code where it shows more than one currency. */
export type MoneyStyle = 'sign' | 'mixed';

/** The style of a page about these subscriptions and invoices. */
export function moneyStyleOf(
  subscriptions: readonly Pick<PlannedSubscription, 'price'>[],
  unpaid: readonly Pick<Invoice, 'currency'>[],
): MoneyStyle {
  const prices = subscriptions.flatMap(({ price }) => price?.currency ?? []);
  return new Set([...prices, ...unpaid.map(({ currency }) => currency)]).size > 1 ? 'mixed' : 'sign';
}
