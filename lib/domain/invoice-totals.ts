import type { Result } from './result.ts';
import { fail, succeed } from './result.ts';

/** A line as it is ordered: so many at so much, in minor units. */
export type OrderedLine = { readonly description: string; readonly quantity: number; readonly unitAmount: number };

/** The figures of an invoice; total = subtotal - discount + tax, all in minor units. */
export type InvoiceTotals = {
  /** The amount of each line, in the order of the lines. */
  readonly amounts: readonly number[];
  readonly subtotal: number;
  readonly total: number;
};

/** The largest sum an invoice may come to, in minor units: sums of many invoices stay exact. */
export const mostInvoiceMinor = 999_999_999_999_999;

/**
 * Adds an invoice up in whole minor units. Fails with `validation_error` where a line or a sum is more than an invoice
 * may come to (`lines.<n>.unitAmount`, `lines`, `tax`), or where the discount is more than what it is taken from.
 */
export function invoiceTotals(
  lines: readonly Pick<OrderedLine, 'quantity' | 'unitAmount'>[],
  discount: number,
  tax: number,
): Result<InvoiceTotals, 'validation_error'> {
  const amounts: number[] = [];
  let subtotal = 0;
  for (const [at, { quantity, unitAmount }] of lines.entries()) {
    if (unitAmount !== 0 && quantity > Math.floor(mostInvoiceMinor / unitAmount)) {
      return tooMuch(`lines.${at}.unitAmount`);
    }
    const amount = quantity * unitAmount;
    if (amount > mostInvoiceMinor - subtotal) return tooMuch('lines');
    amounts.push(amount);
    subtotal += amount;
  }
  if (discount > subtotal) {
    return fail('validation_error', 'discount: must not be more than the lines come to.', { field: 'discount' });
  }
  if (tax > mostInvoiceMinor - (subtotal - discount)) return tooMuch('tax');
  return succeed({ amounts, subtotal, total: subtotal - discount + tax });
}

function tooMuch(field: string) {
  return fail('validation_error', `${field}: comes to more than ${mostInvoiceMinor}.`, { field });
}
