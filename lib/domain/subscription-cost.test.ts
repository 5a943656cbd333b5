import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOfPeriod, taxRateOf } from './subscription-cost.ts';
import { aPlanned, aPrice, ruleNow } from './testing/billing-nouns.ts';
import { dayMs } from './time.ts';

const tiers = [
  { upTo: 5, unitAmount: 10_000, flatAmount: 0 },
  { upTo: 10, unitAmount: 8_000, flatAmount: 5_000 },
  { upTo: 'inf', unitAmount: 6_000, flatAmount: 0 },
] as const;

function planAmount(model: 'tiered' | 'volume', quantity: number): number | undefined {
  return costOfPeriod(aPlanned({ subscription: { quantity }, price: { model, tiers, unitAmount: null } }), 0, ruleNow)
    ?.planAmount;
}

describe('what a period costs', () => {
  it('is quantity by price, with tax on top of an exclusive price', () => {
    const planned = aPlanned({ subscription: { quantity: 3 } });
    expect(costOfPeriod(planned, 1_100, ruleNow)).toMatchObject({
      unitAmount: 149_000,
      planAmount: 447_000,
      subtotal: 447_000,
      tax: 49_170,
      total: 496_170,
    });
  });

  it('is the price itself where the tax is within it', () => {
    const planned = aPlanned({ price: { taxMode: 'inclusive', unitAmount: 165_390 } });
    expect(costOfPeriod(planned, 1_100, ruleNow)).toMatchObject({ subtotal: 165_390, tax: 16_390, total: 165_390 });
  });

  it('takes the discount off before tax, up to but excluding its last moment', () => {
    const until = ruleNow + dayMs;
    const planned = aPlanned({
      price: { unitAmount: 250_000 },
      subscription: { discount: { label: 'Early bird', amount: 25_000, until } },
    });
    expect(costOfPeriod(planned, 1_100, until - 1)).toMatchObject({ subtotal: 225_000, tax: 24_750, total: 249_750 });
    expect(costOfPeriod(planned, 1_100, until)).toMatchObject({ discount: null, total: 277_500 });
  });

  it('is never less than nothing', () => {
    const planned = aPlanned({ subscription: { discount: { label: 'Gift', amount: 900_000, until: null } } });
    expect(costOfPeriod(planned, 1_100, ruleNow)).toMatchObject({ discount: { amount: 149_000 }, total: 0 });
  });

  it('counts tiered units each at the price of their tier, with the flat part of every tier entered', () => {
    expect([0, 1, 5, 6, 10, 12].map((quantity) => planAmount('tiered', quantity))).toEqual([
      0, 10_000, 50_000, 63_000, 95_000, 107_000,
    ]);
  });

  it('counts all volume units at the price of the tier the quantity falls into', () => {
    expect([0, 1, 5, 6, 10, 12].map((quantity) => planAmount('volume', quantity))).toEqual([
      0, 10_000, 50_000, 53_000, 85_000, 72_000,
    ]);
  });

  it('goes on with the last tier where the tiers end too early', () => {
    const price = aPrice({ model: 'tiered', unitAmount: null, tiers: [{ upTo: 2, unitAmount: 100, flatAmount: 0 }] });
    expect(costOfPeriod({ ...aPlanned({ subscription: { quantity: 7 } }), price }, 0, ruleNow)?.planAmount).toBe(700);
  });

  it('is not known for usage, nor without a price', () => {
    expect(costOfPeriod(aPlanned({ price: { model: 'usage', unitAmount: 50 } }), 1_100, ruleNow)).toBeNull();
    expect(costOfPeriod(aPlanned({ price: null }), 1_100, ruleNow)).toBeNull();
  });

  it('has no tax where the workspace has none set up', () => {
    const receipt = {
      showTax: false,
      taxLabel: 'PPN',
      taxRateBasisPoints: 1_100,
      thankYouText: null,
      footerText: null,
      showMerchantAddress: true,
      merchantAddress: null,
      merchantTaxId: null,
    };
    expect(taxRateOf({ receipt })).toBe(0);
    expect(taxRateOf({ receipt: { ...receipt, showTax: true } })).toBe(1_100);
  });

  it('is made of whole units whose parts add up', () => {
    fc.assert(
      fc.property(
        fc.record({
          quantity: fc.integer({ min: 0, max: 1_000 }),
          unitAmount: fc.integer({ min: 0, max: 100_000_000 }),
          off: fc.integer({ min: 0, max: 100_000_000 }),
          rate: fc.integer({ min: 0, max: 10_000 }),
          taxMode: fc.constantFrom('exclusive', 'inclusive'),
        }),
        ({ quantity, unitAmount, off, rate, taxMode }) => {
          const discount = { label: 'x', amount: off, until: null };
          const planned = aPlanned({ subscription: { quantity, discount }, price: { unitAmount, taxMode } });
          const cost = costOfPeriod(planned, rate, ruleNow);
          if (cost === null) throw new Error('A flat price is always known.');
          const parts = [cost.planAmount, cost.subtotal, cost.tax, cost.total];
          expect(parts.every((part) => Number.isSafeInteger(part) && part >= 0)).toBe(true);
          expect(cost.subtotal).toBe(cost.planAmount - (cost.discount?.amount ?? 0));
          expect(cost.total).toBe(taxMode === 'exclusive' ? cost.subtotal + cost.tax : cost.subtotal);
          expect(cost.tax).toBeLessThanOrEqual(cost.subtotal);
        },
      ),
    );
  });
});
