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
  /** Quantity by price, before discount and tax: the sum of the parts. */
  readonly planAmount: number;
  /** What the plan's amount is made of; one part where every unit costs the same, one a tier with tiers. */
  readonly parts: readonly CostPart[];
  /** What is taken off, at most the plan's amount, and until when; null when nothing is. */
  readonly discount: { readonly label: string; readonly amount: number; readonly until: Instant | null } | null;
  /** One-off credit that is taken off besides, at most what is left. */
  readonly credit: number;
  /** Plan less discount and credit. */
  readonly subtotal: number;
  /** Tax on top of the subtotal (`exclusive`) or within it (`inclusive`). */
  readonly tax: number;
  readonly taxMode: 'exclusive' | 'inclusive';
  readonly taxRateBasisPoints: number;
  /** What is charged. */
  readonly total: number;
};

export type CostPart = {
  readonly quantity: number;
  readonly unitAmount: number;
  /** Which units of a tiered price these are, counted from 1; null for all of them and for flat parts. */
  readonly units: { readonly from: number; readonly to: number } | null;
};

/**
 * What the period that is paid at `at` costs, or null when that is not known: usage is only counted at the end (`usage`:
 * the units that were), and a subscription without a price has none.
 */
export function costOfPeriod(
  planned: Pick<PlannedSubscription, 'price'> & {
    readonly subscription: Pick<PlannedSubscription['subscription'], 'quantity' | 'discount' | 'initialDiscount'>;
  },
  taxRateBasisPoints: number,
  at: Instant,
  usage: number | null = null,
): SubscriptionCost | null {
  const { subscription, price } = planned;
  const quantity = price?.model === 'usage' ? usage : subscription.quantity;
  const parts = price === null || quantity === null ? null : partsOf(price, quantity);
  if (price === null || quantity === null || parts === null) return null;
  const planAmount = parts.reduce((sum, part) => sum + part.quantity * part.unitAmount, 0);
  const discount = discountAt(subscription.discount, planAmount, at);
  const credit = Math.min(subscription.initialDiscount ?? 0, planAmount - (discount?.amount ?? 0));
  const subtotal = planAmount - (discount?.amount ?? 0) - credit;
  const isOnTop = price.taxMode === 'exclusive';
  const tax = isOnTop ? taxOnTop(subtotal, taxRateBasisPoints) : taxWithin(subtotal, taxRateBasisPoints);
  return {
    currency: price.currency,
    quantity,
    unitAmount: price.model === 'flat' ? price.unitAmount : null,
    planAmount,
    parts,
    discount,
    credit,
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

/** Quantity by price before discount and tax, or null where the price says no amount. */
function partsOf(price: Price, quantity: number): CostPart[] | null {
  if (price.model === 'flat' || price.model === 'usage') {
    return price.unitAmount === null ? null : [{ quantity, unitAmount: price.unitAmount, units: null }];
  }
  const tiers = price.tiers ?? [];
  if (tiers.length === 0) return null;
  const parts = price.model === 'volume' ? volumeParts(tiers, quantity) : tieredParts(tiers, quantity);
  return parts.length === 0 ? [{ quantity: 0, unitAmount: 0, units: null }] : parts;
}

/** Volume: all units at the price of the tier the quantity falls into, and its flat amount. */
function volumeParts(tiers: readonly PriceTier[], quantity: number): CostPart[] {
  const tier = tiers.find(({ upTo }) => upTo === 'inf' || quantity <= upTo) ?? tiers.at(-1);
  if (tier === undefined || quantity === 0) return [];
  return [{ quantity, unitAmount: tier.unitAmount, units: null }, ...flatPart(tier)];
}

/** Tiered: each tier's units at that tier's price, and its flat amount once it is entered. The last tier has no end. */
function tieredParts(tiers: readonly PriceTier[], quantity: number): CostPart[] {
  const parts: CostPart[] = [];
  let counted = 0;
  for (const [index, tier] of tiers.entries()) {
    const { upTo, unitAmount } = tier;
    const end = upTo === 'inf' || index === tiers.length - 1 ? quantity : Math.min(upTo, quantity);
    if (end <= counted) continue;
    parts.push({ quantity: end - counted, unitAmount, units: { from: counted + 1, to: end } }, ...flatPart(tier));
    counted = end;
  }
  return parts;
}

function flatPart({ flatAmount }: PriceTier): CostPart[] {
  return flatAmount === 0 ? [] : [{ quantity: 1, unitAmount: flatAmount, units: null }];
}

function discountAt(discount: Discount | null, planAmount: number, at: Instant): SubscriptionCost['discount'] {
  if (discount === null || (discount.until !== null && discount.until <= at)) return null;
  const amount = Math.min(discount.amount, planAmount);
  return amount <= 0 ? null : { label: discount.label, amount, until: discount.until };
}
