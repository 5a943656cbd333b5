import type { Money } from './money.ts';

/** Rates and duties a document names by law of the merchant's country. */

/** Is this amount one that Indonesian law puts stamp duty on? Above Rp 5,000,000 (UU 10/2020), not at it. */
export function isStampDutyDue(country: string | null, { amount, currency }: Money): boolean {
  return country === 'ID' && currency === 'IDR' && amount > 5_000_000;
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
