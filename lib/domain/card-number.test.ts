import fc from 'fast-check';
import { expect, it } from 'vitest';
import { containsCardNumber, findCardNumber, isIndonesianTaxId } from './card-number.ts';

const cards = [
  '4242424242424242',
  '4111111111111111',
  '5555555555554444',
  '378282246310005',
  '6011111111111117',
  '30569309025904',
  '4222222222222',
];

it('full card numbers are found, whatever stands between their digits', () => {
  for (const card of cards) {
    expect(containsCardNumber(card), card).toBe(true);
    expect(containsCardNumber(`please charge ${card}.`), card).toBe(true);
    for (const separator of [' ', '-', '.', '\u00A0', '\u200B', ' - ', '\n', '/', '–']) {
      expect(containsCardNumber(card.split('').join(separator)), JSON.stringify(separator)).toBe(true);
    }
  }
  expect(containsCardNumber('4242 4242 4242 4242 exp 12/30')).toBe(true);
  expect(containsCardNumber('٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢')).toBe(true);
  expect(containsCardNumber('4242424242424242')).toBe(true);
  expect(containsCardNumber(`0000${'4242424242424242'}0000`)).toBe(true);
});

it('a found number is named by its place', () => {
  const text = 'card 4242 4242 4242 4242 thanks';
  const found = findCardNumber(text);
  expect(text.slice(found?.start, found?.end)).toBe('4242 4242 4242 4242');
});

it('what is no card number is left alone', () => {
  const texts = [
    '',
    '4242424242424243',
    '424242424242',
    'Visa ending 4242',
    '+62 812 3456 7890 1',
    '6281234567897',
    '0812-3456-7890-123',
    '2026-03-03T08:00:00.214Z',
    '0000000000000000',
    '1772524800003',
    'cus_01KE8MNV20K93YTXQPXJRTN16Z',
    '01.234.567.8-901.000',
    'Jl. Braga 12, Bandung 40111',
    'four 4242, then 4242, then 4242; never together 4242',
  ];
  for (const text of texts) expect(containsCardNumber(text), text).toBe(false);
});

it('a number with a right check digit is found wherever it is put', () => {
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 14, maxLength: 17 });
  fc.assert(
    fc.property(digits, fc.string({ unit: fc.constantFrom('a', 'Ω', '(', ':'), maxLength: 5 }), (body, around) => {
      const number = withCheckDigit([4, ...body]);
      expect(containsCardNumber(`${around} ${number} ${around}`)).toBe(true);
    }),
  );
});

it('any text is judged without a throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => typeof containsCardNumber(text) === 'boolean'),
  );
});

it('Indonesian tax ids are told from card numbers', () => {
  for (const id of ['01.234.567.8-901.000', '91.234.567.8-901.000', '3273014107900001', '5171011203850003']) {
    expect(isIndonesianTaxId(id), id).toBe(true);
  }
  for (const card of ['4242424242424242', '4111111111111111', '5555555555554444', '378282246310005', '']) {
    expect(isIndonesianTaxId(card), card).toBe(false);
  }
});

/** Appends the digit that makes the number pass. */
function withCheckDigit(digits: readonly number[]): string {
  let sum = 0;
  for (const [at, digit] of [...digits].reverse().entries()) {
    const doubled = digit * 2;
    sum += at % 2 === 0 ? (doubled > 9 ? doubled - 9 : doubled) : digit;
  }
  return `${digits.join('')}${(10 - (sum % 10)) % 10}`;
}
