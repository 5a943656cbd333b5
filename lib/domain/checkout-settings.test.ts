import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readTaxRate, supportOf, wireCheckoutSettings } from './checkout-settings.ts';

it('every tax rate in steps of a basis point goes to the wire and comes back the same', () => {
  for (let basisPoints = 0; basisPoints <= 10_000; basisPoints += 1) {
    expect(readTaxRate(basisPoints / 10_000)).toBe(basisPoints);
    expect(readTaxRate(JSON.parse(String(basisPoints / 10_000)))).toBe(basisPoints);
  }
});

it('a tax rate outside 0 to 1, or with more than four digits, is none', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9_999 }), fc.integer({ min: 1, max: 99_999 }), (whole, rest) => {
      expect(readTaxRate(Number(`0.${String(whole).padStart(4, '0')}${String(rest).padStart(5, '0')}`))).toBeNull();
    }),
  );
  for (const rate of [-0.0001, 1.0001, 11, Number.NaN, Number.POSITIVE_INFINITY]) expect(readTaxRate(rate)).toBeNull();
});

it('methods are available where a provider takes them, in the order of the wire', () => {
  const provider = {
    adapter: 'simulated',
    capabilities: { savedKinds: ['card', 'ewallet'], paymentKinds: ['va', 'card', 'manual'] },
  };
  const shows = wireCheckoutSettings({ brand: {}, logoPath: null, methods: {}, support: supportOf(provider) });
  expect(shows).toMatchObject({
    availableMethods: ['va', 'ewallet', 'card'],
    enabledMethods: ['va', 'ewallet', 'card'],
    methodOrder: ['va', 'ewallet', 'card'],
    methodSupport: { va: ['simulated'], ewallet: ['simulated'], card: ['simulated'] },
  });
  const without = wireCheckoutSettings({ brand: {}, logoPath: null, methods: {}, support: supportOf(null) });
  expect(without).toMatchObject({ availableMethods: [], enabledMethods: [], methodSupport: {} });
});
