import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInvoiceSearch } from './invoice-search.ts';
import { decimalText } from './money.ts';

const amounts = (text: string) =>
  Object.fromEntries((readInvoiceSearch(text)?.amounts ?? []).map(({ currency, amount }) => [currency, amount]));

describe('what a buyer types to find an invoice', () => {
  it('a whole document number is looked for as it is, in either case', () => {
    expect(readInvoiceSearch('INV-2027-0041')).toEqual({ number: 'inv-2027-0041', serial: null, amounts: [] });
  });

  it('digits alone are the end of a number without its zeros, or an amount', () => {
    expect(readInvoiceSearch('41')).toEqual({
      number: null,
      serial: '41',
      amounts: [
        { currency: 'IDR', amount: 41 },
        { currency: 'USD', amount: 4100 },
      ],
    });
    expect(readInvoiceSearch('0041')?.serial).toBe('41');
  });

  it('an amount reads the same without marks, with points and with commas', () => {
    for (const text of ['99000', '99.000', '99,000', ' 99.000 ']) {
      expect(amounts(text)).toEqual({ IDR: 99_000, USD: 9_900_000 });
    }
  });

  it('a sign or code says which currency is meant', () => {
    for (const text of ['Rp 99.000', 'Rp\u00A099,000', 'rp99000', 'Rp. 99.000', 'IDR 99000']) {
      expect(amounts(text)).toEqual({ IDR: 99_000 });
    }
    for (const text of ['$49', '$49.00', 'US$49,00', 'usd 49.0']) expect(amounts(text)).toEqual({ USD: 4_900 });
  });

  it('one or two digits behind a mark are decimals, three are thousands', () => {
    expect(amounts('49.5')).toEqual({ USD: 4_950 });
    expect(amounts('49.00')).toEqual({ IDR: 49, USD: 4_900 });
    expect(amounts('1.250.000,50')).toEqual({ USD: 125_000_050 });
    expect(amounts('1,250,000.00')).toEqual({ IDR: 1_250_000, USD: 125_000_000 });
  });

  it('what is no amount is none', () => {
    for (const text of ['1.2.3', '1.250.50', '12.34.567', '.', ',5', '1,', '9'.repeat(30)]) {
      expect(amounts(text), text).toEqual({});
    }
  });

  it('nothing but blanks and controls looks for nothing', () => {
    for (const text of [null, undefined, '', '  ', '\u202E\u0000\t']) expect(readInvoiceSearch(text)).toBeNull();
  });

  it('every amount is found by its own plain text', () => {
    fc.assert(
      fc.property(fc.constantFrom('IDR' as const, 'USD' as const), fc.nat(1_000_000_000_000), (currency, amount) => {
        expect(amounts(decimalText({ currency, amount }))[currency]).toBe(amount);
      }),
    );
  });

  it('no text makes it throw, and what it looks for stays short', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const search = readInvoiceSearch(text);
        expect(search?.number?.length ?? 0).toBeLessThanOrEqual(200);
        for (const one of search?.amounts ?? []) expect(Number.isSafeInteger(one.amount)).toBe(true);
      }),
    );
  });
});
