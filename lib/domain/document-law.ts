import type { Invoice } from './invoice.ts';
import type { Money } from './money.ts';
import { taxOnTop, taxWithin } from './money.ts';
import type { Brand } from './workspace.ts';

/** Rates and duties a document names by law of the merchant's country. */

/** The stamp duty that Indonesian law puts on this amount: Rp 10,000 above Rp 5,000,000 (UU 10/2020), not at it; or null. */
export function stampDutyOf(country: string | null, { amount, currency }: Money): Money | null {
  return country === 'ID' && currency === 'IDR' && amount > 5_000_000 ? { amount: 10_000, currency } : null;
}

/** Does a document of this country say its total in words? */
export function saysAmountInWords(country: string | null): boolean {
  return country === 'ID';
}

/** A rate in basis points as text: 1100 is "11%", 1150 is "11.5%" or with the comma of Indonesian "11,5%". */
export function rateText(basisPoints: number, locale: 'en' | 'id'): string {
  const digits = String(basisPoints).padStart(3, '0');
  const part = digits.slice(-2).replace(/0+$/, '');
  return `${digits.slice(0, -2)}${part === '' ? '' : `${locale === 'id' ? ',' : '.'}${part}`}%`;
}

/** A tax by its label and rate: "PPN 11%". */
export function taxName(label: string, basisPoints: number, locale: 'en' | 'id'): string {
  return `${label} ${rateText(basisPoints, locale)}`;
}

/**
 * The name of an invoice's tax. An invoice keeps the figure and not the rate, so the rate is named only where the
 * invoice's own figures are of it, on top of the net or within the total.
 */
export function invoiceTaxName(
  invoice: Pick<Invoice, 'subtotal' | 'discount' | 'tax' | 'total'>,
  { taxLabel, taxRateBasisPoints: rate }: Brand['receipt'],
  locale: 'en' | 'id',
): string {
  const isOfRate =
    taxOnTop(invoice.subtotal - invoice.discount, rate) === invoice.tax ||
    taxWithin(invoice.total, rate) === invoice.tax;
  return isOfRate ? taxName(taxLabel, rate, locale) : taxLabel;
}
