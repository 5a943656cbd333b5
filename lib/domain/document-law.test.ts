import { describe, expect, it } from 'vitest';
import { hasChangedSince } from './billed-to.ts';
import { invoiceTaxName, rateText, stampDutyOf } from './document-law.ts';
import { countFilters, readInvoiceFilter, readPageNumber, readYear } from './invoice-filter.ts';
import { startOfYear } from './time.ts';

describe('what documents say by law', () => {
  it('stamp duty is Rp 10,000 above Rp 5,000,000, in Indonesia and in rupiah', () => {
    expect(stampDutyOf('ID', { amount: 5_000_000, currency: 'IDR' })).toBeNull();
    expect(stampDutyOf('ID', { amount: 5_000_001, currency: 'IDR' })).toEqual({ amount: 10_000, currency: 'IDR' });
    expect(stampDutyOf('ID', { amount: 900_000_000, currency: 'USD' })).toBeNull();
    expect(stampDutyOf('SG', { amount: 9_000_000, currency: 'IDR' })).toBeNull();
    expect(stampDutyOf(null, { amount: 9_000_000, currency: 'IDR' })).toBeNull();
  });

  it('a rate is written without needless zeros, with the mark of its language', () => {
    expect(rateText(1_100, 'en')).toBe('11%');
    expect(rateText(1_150, 'en')).toBe('11.5%');
    expect(rateText(1_150, 'id')).toBe('11,5%');
    expect(rateText(1_105, 'en')).toBe('11.05%');
    expect(rateText(5, 'en')).toBe('0.05%');
    expect(rateText(0, 'en')).toBe('0%');
    expect(rateText(10_000, 'id')).toBe('100%');
  });

  it('an invoice names the rate only where its own figures are of it', () => {
    const receipt = {
      showTax: true,
      taxLabel: 'PPN',
      taxRateBasisPoints: 1_100,
      thankYouText: null,
      footerText: null,
      showMerchantAddress: true,
      merchantAddress: null,
      merchantTaxId: null,
    };
    const onTop = { subtotal: 149_000, discount: 0, tax: 16_390, total: 165_390 };
    expect(invoiceTaxName(onTop, receipt, 'en')).toBe('PPN 11%');
    expect(invoiceTaxName({ subtotal: 100_000, discount: 0, tax: 9_910, total: 100_000 }, receipt, 'en')).toBe(
      'PPN 11%',
    );
    expect(invoiceTaxName({ ...onTop, tax: 14_900 }, receipt, 'en')).toBe('PPN');
  });
});

describe('details on a document against those of now', () => {
  const details = { name: 'Dewi', legalName: null, email: 'dewi@example.com', address: 'Jl. 1', taxId: null };

  it('any changed detail counts; nothing and an empty one are the same', () => {
    expect(hasChangedSince(details, { ...details })).toBe(false);
    expect(hasChangedSince(details, { ...details, legalName: '' })).toBe(false);
    for (const change of [
      { name: 'Sari' },
      { legalName: 'PT' },
      { email: null },
      { address: 'Jl. 2' },
      { taxId: '1' },
    ]) {
      expect(hasChangedSince(details, { ...details, ...change })).toBe(true);
    }
  });
});

describe('a filter in an address', () => {
  it('what cannot be read narrows nothing', () => {
    const filter = readInvoiceFilter(new URLSearchParams('year=20277&status=draft&subscription=../x&q=%20'));
    expect(filter).toEqual({ year: null, status: null, subscriptionId: null, search: null });
    expect(countFilters(filter)).toBe(0);
  });

  it('counts the parts that are set', () => {
    expect(countFilters(readInvoiceFilter(new URLSearchParams('year=2027&status=paid&q=41')))).toBe(3);
  });

  it('years and pages out of bounds are none and the first', () => {
    for (const text of ['1969', '9999', '-2027', '2027 ', '', null]) expect(readYear(text)).toBeNull();
    for (const text of ['0', '-1', '1.5', '9999999', 'x', null]) expect(readPageNumber(text)).toBe(1);
    expect(readPageNumber('12')).toBe(12);
  });
});

describe('the start of a year', () => {
  it('is midnight of the zone, whatever its offset then', () => {
    expect(startOfYear('Asia/Jakarta', 2027)).toBe(Date.UTC(2026, 11, 31, 17));
    expect(startOfYear('America/New_York', 2027)).toBe(Date.UTC(2027, 0, 1, 5));
    expect(startOfYear('Asia/Kathmandu', 2027)).toBe(Date.UTC(2026, 11, 31, 18, 15));
    // The zone moved its clock by half an hour at this very New Year.
    expect(startOfYear('Asia/Kathmandu', 1986)).toBe(Date.UTC(1985, 11, 31, 18, 30));
    expect(startOfYear('Pacific/Kiritimati', 2027)).toBe(Date.UTC(2026, 11, 31, 10));
  });
});
