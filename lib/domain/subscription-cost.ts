import { type Currency, taxOnTop, taxWithin } from './money.ts';
import type { Price, PriceTier } from './plan.ts';
import type { PlannedSubscription } from './planned-subscription.ts';
import type { Discount } from './subscription.ts';
import type { Instant } from './time.ts';
import type { Brand } from './workspace.ts';

/** What one period costs, in whole minor units of `currency`. */
export type SubscriptionCost = {
  readonly currency: Currency;
  readonly quantity: number;
  /** What one unit costs, where every unit costs the same; null with tiers. */
  readonly unitAmount: number | null;
  /** Quantity by price, before discount and tax. */
  readonly planAmount: number;
  /** What is taken off, at most the plan's amount, and until when; null when nothing is. */
  readonly discount: { readonly label: string; readonly amount: number; readonly until: Instant | null } | null;
  /** Plan less discount. */
  readonly subtotal: number;
  /** Tax on top of the subtotal (`exclusive`) or within it (`inclusive`). */
  readonly tax: number;
  readonly taxMode: 'exclusive' | 'inclusive';
  readonly taxRateBasisPoints: number;
  /** What is charged. */
  readonly total: number;
};

/**
 * What the period that is paid at `at` costs, or null when that is not known: usage is only counted at the end, and a
 * subscription without a price has none.
 */
export function costOfPeriod(
  planned: Pick<PlannedSubscription, 'price'> & {
    readonly subscription: Pick<PlannedSubscription['subscription'], 'quantity' | 'discount'>;
  },
  taxRateBasisPoints: number,
  at: Instant,
): SubscriptionCost | null {
  const { subscription, price } = planned;
  const planAmount = price === null ? null : planAmountOf(price, subscription.quantity);
  if (price === null || planAmount === null) return null;
  const discount = discountAt(subscription.discount, planAmount, at);
  const subtotal = planAmount - (discount?.amount ?? 0);
  const isOnTop = price.taxMode === 'exclusive';
  const tax = isOnTop ? taxOnTop(subtotal, taxRateBasisPoints) : taxWithin(subtotal, taxRateBasisPoints);
  return {
    currency: price.currency,
    quantity: subscription.quantity,
    unitAmount: price.model === 'flat' ? price.unitAmount : null,
    planAmount,
    discount,
    subtotal,
    tax,
    taxMode: price.taxMode,
    taxRateBasisPoints,
    total: isOnTop ? subtotal + tax : subtotal,
  };
}

/** The tax rate of a workspace in basis points; 0 where it has no tax set up. */
export function taxRateOf(brand: Pick<Brand, 'receipt'>): number {
  return brand.receipt.showTax ? brand.receipt.taxRateBasisPoints : 0;
}

/** Quantity by price before discount and tax, or null for usage. */
function planAmountOf(price: Price, quantity: number): number | null {
  if (price.model === 'usage') return null;
  if (price.model === 'flat') return price.unitAmount === null ? null : quantity * price.unitAmount;
  const tiers = price.tiers ?? [];
  if (tiers.length === 0) return null;
  return price.model === 'volume' ? volumeAmount(tiers, quantity) : tieredAmount(tiers, quantity);
}

/** Volume: all units at the price of the tier the quantity falls into. */
function volumeAmount(tiers: readonly PriceTier[], quantity: number): number {
  const tier = tiers.find(({ upTo }) => upTo === 'inf' || quantity <= upTo) ?? tiers.at(-1);
  return tier === undefined || quantity === 0 ? 0 : quantity * tier.unitAmount + tier.flatAmount;
}

/** Tiered: each tier's units at that tier's price, and its flat amount once it is entered. The last tier has no end. */
function tieredAmount(tiers: readonly PriceTier[], quantity: number): number {
  let amount = 0;
  let counted = 0;
  for (const [index, { upTo, unitAmount, flatAmount }] of tiers.entries()) {
    const end = upTo === 'inf' || index === tiers.length - 1 ? quantity : Math.min(upTo, quantity);
    const units = end - counted;
    if (units <= 0) continue;
    amount += units * unitAmount + flatAmount;
    counted = end;
  }
  return amount;
}

function discountAt(discount: Discount | null, planAmount: number, at: Instant): SubscriptionCost['discount'] {
  if (discount === null || (discount.until !== null && discount.until <= at)) return null;
  const amount = Math.min(discount.amount, planAmount);
  return amount <= 0 ? null : { label: discount.label, amount, until: discount.until };
}
