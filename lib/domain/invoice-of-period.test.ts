import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invoiceOfPeriod } from './invoice-of-period.ts';
import type { Price, PriceTier } from './plan.ts';
import { aPlanned } from './testing/billing-nouns.ts';

const period = { start: Date.parse('2026-03-01T11:00:00+07:00'), end: Date.parse('2026-04-01T11:00:00+07:00') };
const naming = { locale: 'en', timeZone: 'Asia/Jakarta' } as const;

const amounts = fc.integer({ min: 0, max: 50_000_000 });
const rates = fc.constantFrom(0, 1, 250, 700, 1_100, 1_200, 2_500);
const quantities = fc.integer({ min: 0, max: 60 });
const tiers = fc
  .array(fc.record({ size: fc.integer({ min: 1, max: 12 }), unitAmount: amounts, flatAmount: amounts }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((sizes): PriceTier[] => {
    let upTo = 0;
    return sizes.map(({ size, ...tier }, index) => {
      upTo += size;
      return { ...tier, upTo: index === sizes.length - 1 ? 'inf' : upTo };
    });
  });
const prices = fc.oneof(
  fc.record({ model: fc.constantFrom('flat', 'usage'), unitAmount: amounts, tiers: fc.constant(null) }),
  fc.record({ model: fc.constantFrom('tiered', 'volume'), unitAmount: fc.constant(null), tiers }),
);

/** Counts one unit after the other, in big integers, the slow way. */
function oracleSubtotal(price: Pick<Price, 'model' | 'unitAmount' | 'tiers'>, quantity: number): bigint {
  if (price.tiers === null) return BigInt(price.unitAmount ?? 0) * BigInt(quantity);
  if (quantity === 0) return 0n;
  const tierOf = (unit: number) => price.tiers?.findIndex(({ upTo }) => upTo === 'inf' || unit <= upTo) ?? Number.NaN;
  const at = (index: number) => price.tiers?.[index] ?? { unitAmount: Number.NaN, flatAmount: Number.NaN };
  const entered = new Set<number>();
  let sum = 0n;
  for (let unit = 1; unit <= quantity; unit += 1) {
    const index = price.model === 'volume' ? tierOf(quantity) : tierOf(unit);
    entered.add(index);
    sum += BigInt(at(index).unitAmount);
  }
  for (const index of entered) sum += BigInt(at(index).flatAmount);
  return sum;
}

/** Rounds half up: the largest whole number that is not more than a half above the quotient. */
function oracleRound(numerator: bigint, denominator: bigint): bigint {
  let whole = numerator / denominator;
  if (2n * (numerator - whole * denominator) >= denominator) whole += 1n;
  return whole;
}

describe('the invoice of a period', () => {
  it('agrees with counting unit by unit, whatever the price, the discount, the credit and the tax', () => {
    fc.assert(
      fc.property(
        prices,
        quantities,
        rates,
        fc.option(amounts),
        fc.option(amounts),
        fc.constantFrom('exclusive', 'inclusive'),
        (price, quantity, rate, off, initialDiscount, taxMode) => {
          const discount = off === null ? null : { label: 'Welcome', amount: off, until: null };
          const planned = aPlanned({
            subscription: { quantity, discount, initialDiscount },
            price: { ...price, taxMode },
          });
          const figures = invoiceOfPeriod(planned, rate, period, naming, quantity);
          const subtotal = oracleSubtotal(price, quantity);
          const wanted = BigInt(off ?? 0) + BigInt(initialDiscount ?? 0);
          const taken = wanted > subtotal ? subtotal : wanted;
          const net = subtotal - taken;
          const tax = taxMode === 'exclusive' ? oracleRound(net * BigInt(rate), 10_000n) : 0n;
          expect(figures).toMatchObject({
            subtotal: Number(subtotal),
            discount: Number(taken),
            tax: Number(tax),
            total: Number(net + tax),
          });
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('has lines that each multiply out and sum to the subtotal, and total = subtotal - discount + tax', () => {
    fc.assert(
      fc.property(prices, quantities, rates, fc.option(amounts), (price, quantity, rate, initialDiscount) => {
        const planned = aPlanned({ subscription: { quantity, initialDiscount }, price });
        const figures = invoiceOfPeriod(planned, rate, period, naming, quantity);
        if (figures === null) throw new Error('Nothing is unknown here.');
        expect(figures.lines.length).toBeGreaterThan(0);
        for (const line of figures.lines) expect(line.amount).toBe(line.quantity * line.unitAmount);
        expect(figures.lines.reduce((sum, line) => sum + line.amount, 0)).toBe(figures.subtotal);
        expect(figures.total).toBe(figures.subtotal - figures.discount + figures.tax);
        expect(figures.total).toBeGreaterThanOrEqual(0);
        for (const value of [figures.subtotal, figures.discount, figures.tax, figures.total]) {
          expect(Number.isSafeInteger(value)).toBe(true);
        }
      }),
    );
  });

  it('is that of the wire reference: Rp149.000 and 11 % on top', () => {
    expect(invoiceOfPeriod(aPlanned(), 1_100, period, naming)).toEqual({
      currency: 'IDR',
      lines: [
        {
          description: 'Roaster Club, March 2026',
          quantity: 1,
          unitAmount: 149_000,
          amount: 149_000,
          priceId: 'prc_1',
        },
      ],
      subtotal: 149_000,
      discount: 0,
      tax: 16_390,
      total: 165_390,
    });
  });

  it('leaves tax within a price where it is: the buyer pays the price', () => {
    const planned = aPlanned({ price: { taxMode: 'inclusive', unitAmount: 165_390 } });
    expect(invoiceOfPeriod(planned, 1_100, period, naming)).toMatchObject({
      subtotal: 165_390,
      tax: 0,
      total: 165_390,
    });
  });

  it('takes a discount of the subscription for a period that begins before its last moment', () => {
    const until = period.start;
    const discount = { label: 'Welcome', amount: 25_000, until };
    const planned = aPlanned({ subscription: { discount } });
    expect(invoiceOfPeriod(planned, 0, period, naming)?.discount).toBe(0);
    expect(invoiceOfPeriod(planned, 0, { ...period, start: until - 1 }, naming)?.discount).toBe(25_000);
  });

  it('is not known without a price, or before usage was counted', () => {
    expect(invoiceOfPeriod(aPlanned({ price: null }), 0, period, naming)).toBeNull();
    expect(invoiceOfPeriod(aPlanned({ price: { model: 'usage', unitAmount: 10 } }), 0, period, naming)).toBeNull();
    const counted = invoiceOfPeriod(aPlanned({ price: { model: 'usage', unitAmount: 10 } }), 0, period, naming, 42);
    expect(counted).toMatchObject({ subtotal: 420, lines: [{ quantity: 42, unitAmount: 10 }] });
  });

  it('names the period in the language of the customer, in the billing zone', () => {
    const name = (locale: 'en' | 'id', plan: object) =>
      invoiceOfPeriod(aPlanned({ plan }), 0, period, { ...naming, locale })?.lines[0]?.description;
    expect(name('id', {})).toBe('Roaster Club, Maret 2026');
    expect(name('en', { intervalCount: 2 })).toBe('Roaster Club, 1 March 2026 – 31 March 2026');
    expect(name('id', { interval: 'week' })).toBe('Roaster Club, 1 Maret 2026 – 31 Maret 2026');
  });
});
