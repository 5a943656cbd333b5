import { expect, it } from 'vitest';
import { chooseLocale, readAcceptLanguage, readLocale } from './locale.ts';
import { makeWords } from './words.ts';

const english = makeWords('en', 'Asia/Jakarta');
const indonesian = makeWords('id', 'Asia/Jakarta');

it('says money by currency and language; IDR has no decimals, and sign and digits never break apart', () => {
  expect(english.money({ amount: 99_000, currency: 'IDR' })).toBe('Rp\u00A099,000');
  expect(indonesian.money({ amount: 99_000, currency: 'IDR' })).toBe('Rp\u00A099.000');
  expect(english.money({ amount: 4_900, currency: 'USD' })).toBe('$49.00');
  expect(indonesian.money({ amount: 4_900, currency: 'USD' })).toBe('US$\u00A049,00');
  expect(english.money({ amount: -9_999_999_999, currency: 'IDR' })).toBe('−Rp\u00A09,999,999,999');
  expect(english.money({ amount: 99_000, currency: 'IDR' }, 'mixed')).toBe('IDR\u00A099,000');
});

it('says a midnight as the end of the day before, in the billing zone and not the machine’s', () => {
  expect(english.when(Date.UTC(2027, 5, 11, 17))).toBe('at the end of 11 June 2027');
  expect(english.when(Date.UTC(2027, 5, 12, 7, 5))).toBe('on 12 June 2027 at 14:05');
  expect(indonesian.when(Date.UTC(2027, 5, 11, 17))).toBe('pada akhir 11 Juni 2027');
});

it('names Indonesian zones by WIB, WITA and WIT in every language', () => {
  expect(english.zoneName(0)).toBe('Jakarta time (WIB)');
  expect(makeWords('en', 'Asia/Makassar').zoneName(0)).toBe('Makassar time (WITA)');
  expect(makeWords('id', 'Asia/Jayapura').zoneName(0)).toBe('WIT (Jayapura)');
});

it('names methods and says why a payment failed, never "declined"', () => {
  const visa = { type: 'card', brand: 'visa', last4: '4242', label: null } as const;
  expect(english.method(visa)).toBe('Visa ending 4242');
  expect(english.method({ type: 'ewallet', brand: 'gopay', last4: null, label: '0812•••89' })).toBe('GoPay 0812•••89');
  expect(english.reason('not_enough_money', visa)).toBe("There wasn't enough money on Visa ending 4242.");
  expect(english.reason(null, visa)).toBe("The bank didn't say why. Ask your bank or use another method.");
});

it('strips direction controls from names and isolates what runs right to left', () => {
  const spoofed = english.t('frame.contact', { merchant: 'Acme\u202Egnp.exe' });
  expect(spoofed).toBe('Contact Acmegnp.exe');
  expect(english.t('frame.contact', { merchant: 'متجر' })).toBe('Contact \u2068متجر\u2069');
});

it('chooses the language: the switch, then the customer, then the browser, then English; bad tags fall on', () => {
  const from = {
    switched: null,
    customer: null,
    workspaceDefault: 'auto',
    acceptLanguage: 'id-ID,id;q=0.9,en;q=0.8',
  } as const;
  expect(chooseLocale(from)).toBe('id');
  expect(chooseLocale({ ...from, customer: 'en-US' })).toBe('en');
  expect(chooseLocale({ ...from, customer: 'en', switched: 'id' })).toBe('id');
  expect(chooseLocale({ ...from, workspaceDefault: 'en' })).toBe('en');
  expect(chooseLocale({ ...from, switched: 'xx', customer: '💥', acceptLanguage: 'fr' })).toBe('en');
  expect(readAcceptLanguage('en;q=0.1, in;q=0.9')).toBe('id');
  expect(readAcceptLanguage(',;q=,,=;')).toBeNull();
  expect(readLocale('ID_id')).toBe('id');
});

it('names a brand it does not know as it is written, whatever it is called', () => {
  for (const brand of ['__proto__', 'constructor', 'toString', 'Kartu Kita']) {
    expect(english.method({ type: 'card', brand, last4: '4242', label: null })).toBe(`${brand} ending 4242`);
  }
});
