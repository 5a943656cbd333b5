import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PriceTier } from './plan.ts';
import { checkPriceAmounts } from './price-amounts.ts';

const amount = fc.integer({ min: 0, max: 1_000_000 });
const single = fc.constantFrom('flat' as const, 'usage' as const);
const tiered = fc.constantFrom('tiered' as const, 'volume' as const);

/** Tiers that hold: any ascending ends, then one without an end. */
const goodTiers = fc.uniqueArray(fc.integer({ min: 1, max: 1_000_000 }), { maxLength: 49 }).chain((ends) =>
  fc.array(fc.tuple(amount, amount), { minLength: ends.length + 1, maxLength: ends.length + 1 }).map((amounts) => {
    const sorted: (number | 'inf')[] = [...ends.sort((one, other) => one - other), 'inf'];
    return amounts.map(
      ([unitAmount, flatAmount], at): PriceTier => ({ upTo: sorted[at] ?? 'inf', unitAmount, flatAmount }),
    );
  }),
);

it('a flat or usage price with one amount and no tiers holds', () => {
  fc.assert(
    fc.property(single, amount, (model, unitAmount) => {
      expect(checkPriceAmounts({ model, unitAmount, tiers: null })).toBeNull();
      expect(checkPriceAmounts({ model, unitAmount: null, tiers: null })?.field).toBe('unitAmount');
    }),
  );
});

it('a tiered or volume price whose tiers ascend to one without an end holds, and takes no amount of its own', () => {
  fc.assert(
    fc.property(tiered, goodTiers, amount, (model, tiers, unitAmount) => {
      expect(checkPriceAmounts({ model, unitAmount: null, tiers })).toBeNull();
      expect(checkPriceAmounts({ model, unitAmount, tiers })?.field).toBe('unitAmount');
    }),
  );
});

it('tiers are refused on a flat or usage price', () => {
  fc.assert(
    fc.property(single, goodTiers, amount, (model, tiers, unitAmount) => {
      expect(checkPriceAmounts({ model, unitAmount, tiers })?.field).toBe('tiers');
    }),
  );
});

it('whatever holds covers every quantity exactly once: ends ascend strictly, and only the last has none', () => {
  const anyEnd = fc.oneof(fc.integer({ min: -2, max: 6 }), fc.constant('inf' as const));
  const anyTier = fc.record({ upTo: anyEnd, unitAmount: amount, flatAmount: amount });
  fc.assert(
    fc.property(tiered, fc.array(anyTier, { maxLength: 5 }), (model, tiers) => {
      const ends = tiers.map(({ upTo }) => (upTo === 'inf' ? Number.POSITIVE_INFINITY : upTo));
      const covers =
        ends.at(-1) === Number.POSITIVE_INFINITY && ends.every((end, at) => end > (ends[at - 1] ?? 0) && end >= 1);
      expect(checkPriceAmounts({ model, unitAmount: null, tiers }) === null).toBe(covers);
    }),
    { numRuns: 2_000 },
  );
});

it('names the tier that is wrong', () => {
  const tier = (upTo: number | 'inf'): PriceTier => ({ upTo, unitAmount: 1, flatAmount: 0 });
  const fieldOf = (...ends: (number | 'inf')[]) =>
    checkPriceAmounts({ model: 'volume', unitAmount: null, tiers: ends.map(tier) })?.field;
  expect(fieldOf()).toBe('tiers');
  expect(fieldOf(10, 10, 'inf')).toBe('tiers.1.upTo');
  expect(fieldOf(10, 'inf', 'inf')).toBe('tiers.1.upTo');
  expect(fieldOf(10, 20)).toBe('tiers.1.upTo');
  expect(fieldOf(...Array.from({ length: 50 }, (_, at) => at + 1), 'inf')).toBe('tiers');
});
