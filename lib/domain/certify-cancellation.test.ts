import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { certificateNumber, yearIn } from './certify-cancellation.ts';

it('a certificate is numbered within the year of the billing zone', () => {
  const newYear = Date.UTC(2026, 11, 31, 17, 30);
  expect(yearIn(newYear, 'Asia/Jakarta')).toBe(2027);
  expect(yearIn(newYear, 'Europe/Lisbon')).toBe(2026);
  expect(certificateNumber(2027, 7)).toBe('CC-2027-0007');
  expect(certificateNumber(2027, 12_345)).toBe('CC-2027-12345');
});

it('canonical JSON says the same of the same value, however its keys were laid', () => {
  expect(canonicalJson({ b: [1, { d: null, c: 'é' }], a: true })).toBe('{"a":true,"b":[1,{"c":"é","d":null}]}');
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson(turned)).toBe(canonicalJson(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
