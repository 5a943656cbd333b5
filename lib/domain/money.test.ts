import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decimalText, sumByCurrency, taxOnTop, taxWithin } from './money.ts';

it('takes PPN out of a gross amount as the wire reference does', () => {
  expect(taxWithin(165_390, 1_100)).toBe(16_390);
  expect(taxWithin(0, 1_100)).toBe(0);
  expect(taxOnTop(149_000, 1_100)).toBe(16_390);
});

it('tax is exact to half a unit for any amount and rate', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9_999_999_999_999 }), fc.integer({ min: 0, max: 10_000 }), (total, rate) => {
      const tax = BigInt(taxWithin(total, rate));
      const miss = 2n * (BigInt(total) * BigInt(rate) - tax * BigInt(10_000 + rate));
      expect(miss <= BigInt(10_000 + rate) && miss > -BigInt(10_000 + rate) - 1n).toBe(true);
      expect(taxOnTop(total, 0)).toBe(0);
    }),
  );
});

it('writes whole minor units with the digits of the currency, never by division', () => {
  expect(decimalText({ amount: 199_000, currency: 'IDR' })).toBe('199000');
  expect(decimalText({ amount: 4_900, currency: 'USD' })).toBe('49.00');
  expect(decimalText({ amount: 5, currency: 'USD' })).toBe('0.05');
  expect(decimalText({ amount: -105, currency: 'USD' })).toBe('-1.05');
});

it('never adds across currencies', () => {
  const sums = sumByCurrency([
    { amount: 1, currency: 'IDR' },
    { amount: 2, currency: 'USD' },
    { amount: 3, currency: 'IDR' },
  ]);
  expect(sums).toEqual([
    { amount: 4, currency: 'IDR' },
    { amount: 2, currency: 'USD' },
  ]);
});
