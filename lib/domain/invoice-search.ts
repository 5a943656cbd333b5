import type { Currency } from './money.ts';
import { currencyDigits } from './money.ts';

/** What a buyer's "Number or amount" asks for. An invoice matches when any part of it does. */
export type InvoiceSearch = {
  /** Part of a document number, lower case; null for digits alone, which are a serial or an amount. */
  readonly number: string | null;
  /** The last run of digits of a number without leading zeros ("41" of INV-2027-0041), or null. */
  readonly serial: string | null;
  /** The amount in each currency it can be read in, in minor units. */
  readonly amounts: readonly { readonly currency: Currency; readonly amount: number }[];
};

/**
 * Reads "INV-2027-0041", "41", "99000", "99.000", "99,000", "Rp 99.000", "$49.00". Null when there is nothing to look
 * for. Longer text than 64 characters is cut: no number is that long.
 */
export function readInvoiceSearch(text: string | null | undefined): InvoiceSearch | null {
  const plain = (text ?? '')
    .normalize('NFKC')
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 64);
  if (plain === '') return null;
  const serial = /^\d{1,18}$/.test(plain) ? plain.replace(/^0+(?=\d)/, '') : null;
  return { number: serial === null ? plain.toLowerCase() : null, serial, amounts: readAmounts(plain) };
}

const signs: Readonly<Record<string, readonly Currency[]>> = {
  rp: ['IDR'],
  idr: ['IDR'],
  $: ['USD'],
  us$: ['USD'],
  usd: ['USD'],
};

/** The amounts a text can mean; point and comma may each part thousands or decimals. */
function readAmounts(text: string): InvoiceSearch['amounts'] {
  const match = /^(rp\.?|idr|us\$|usd|\$)? ?([\d.,]+)$/i.exec(text);
  if (match === null) return [];
  const sign = match[1]?.toLowerCase().replace('.', '');
  const currencies = sign === undefined ? (Object.keys(currencyDigits) as Currency[]) : (signs[sign] ?? []);
  const digits = match[2] ?? '';
  return currencies.flatMap((currency) => {
    const amount = readMinor(digits, currencyDigits[currency]);
    return amount === null ? [] : [{ currency, amount }];
  });
}

function readMinor(text: string, digits: number): number | null {
  const grouped = /^(\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d+)(?:[.,](\d{1,2}))?$/.exec(text);
  if (grouped === null) return null;
  const [, whole = '', rest = ''] = grouped;
  // "1.250.50" has one mark for both: neither reading of it is an amount.
  const mark = /[.,]/.exec(whole)?.[0];
  if (rest !== '' && mark !== undefined && text[whole.length] === mark) return null;
  const decimals = rest.padEnd(digits, '0');
  // A currency without decimals takes "99000.00", never "99000.50".
  if (/[1-9]/.test(decimals.slice(digits))) return null;
  const amount = Number(whole.replace(/[.,]/g, '') + decimals.slice(0, digits));
  return Number.isSafeInteger(amount) ? amount : null;
}
