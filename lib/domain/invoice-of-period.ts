import type { Period } from './billing-calendar.ts';
import type { PriceId } from './ids.ts';
import type { Currency } from './money.ts';
import type { PlannedSubscription } from './planned-subscription.ts';
import { costOfPeriod } from './subscription-cost.ts';
import { lastDayOf } from './time.ts';

/** The figures of an invoice: total = subtotal - discount + tax, subtotal = the sum of the lines, in whole minor units. */
export type InvoiceFigures = {
  readonly currency: Currency;
  readonly lines: readonly FigureLine[];
  readonly subtotal: number;
  readonly discount: number;
  /** Tax on top. Tax within a price is part of the lines and is 0 here; a receipt takes it out of the total. */
  readonly tax: number;
  readonly total: number;
};

export type FigureLine = {
  readonly description: string;
  readonly quantity: number;
  readonly unitAmount: number;
  readonly amount: number;
  readonly priceId: PriceId | null;
};

export type Naming = { readonly locale: 'en' | 'id'; readonly timeZone: string };

/**
 * What a period is invoiced for, by the rule that says what it costs; null where that is not known. `usage`: the units
 * counted in the period before, for a price by usage.
 */
export function invoiceOfPeriod(
  planned: Pick<PlannedSubscription, 'plan' | 'price' | 'subscription'>,
  taxRateBasisPoints: number,
  period: Period,
  naming: Naming,
  usage: number | null = null,
): InvoiceFigures | null {
  const cost = costOfPeriod(planned, taxRateBasisPoints, period.start, usage);
  if (cost === null) return null;
  const name = `${planned.plan.name}, ${nameOfPeriod(planned.plan, period, naming)}`;
  const isOnTop = cost.taxMode === 'exclusive';
  return {
    currency: cost.currency,
    lines: cost.parts.map(({ quantity, unitAmount, units }) => ({
      description: units === null ? name : `${name} (${units.from}–${units.to})`,
      quantity,
      unitAmount,
      amount: quantity * unitAmount,
      priceId: planned.price?.id ?? null,
    })),
    subtotal: cost.planAmount,
    discount: cost.planAmount - cost.subtotal,
    tax: isOnTop ? cost.tax : 0,
    total: cost.total,
  };
}

/** "March 2026" for a month, "3 March 2026 – 2 March 2027" for any other period, in the billing zone. */
function nameOfPeriod(
  plan: Pick<PlannedSubscription['plan'], 'interval' | 'intervalCount'>,
  { start, end }: Period,
  { locale, timeZone }: Naming,
): string {
  const shape = { timeZone, calendar: 'gregory', month: 'long', year: 'numeric' } as const;
  const language = locale === 'id' ? 'id' : 'en-GB';
  if (plan.interval === 'month' && plan.intervalCount === 1) {
    return new Intl.DateTimeFormat(language, shape).format(start);
  }
  const day = new Intl.DateTimeFormat(language, { ...shape, day: 'numeric' });
  const last = lastDayOf(timeZone, start, end);
  const [from, to] = [day.format(start), day.format(last)];
  return from === to ? from : `${from} – ${to}`;
}
