import { merchantOnReceipts } from './checkout-settings.ts';
import type { BilledTo, Invoice, InvoiceLine } from './invoice.ts';
import { taxWithin } from './money.ts';
import type { ReceiptBody } from './receipt.ts';
import type { Instant } from './time.ts';
import type { Brand } from './workspace.ts';

/**
 * The sale as a receipt freezes it. Tax is the invoice's own; where the invoice names none and the workspace shows tax
 * on receipts, it is taken out of the total (`taxWithin`) and the subtotal is what stands beside it, so that
 * total = subtotal - discount + tax always holds.
 */
export function receiptBody(
  brand: Brand,
  invoice: Pick<Invoice, 'number' | 'subtotal' | 'discount' | 'tax' | 'total' | 'billedTo'>,
  lines: readonly Pick<InvoiceLine, 'description' | 'quantity' | 'unitAmount' | 'amount'>[],
  stampDutyNumber: string | null = null,
): ReceiptBody {
  const isTaxInside = brand.receipt.showTax && invoice.tax === 0;
  const tax = isTaxInside ? taxWithin(invoice.total, brand.receipt.taxRateBasisPoints) : invoice.tax;
  const customer: BilledTo = invoice.billedTo;
  return {
    invoiceNumber: invoice.number,
    merchant: {
      brandName: brand.name,
      legalName: brand.legalName,
      ...merchantOnReceipts(brand),
      country: brand.country,
    },
    customer,
    lines: lines.map(({ description, quantity, unitAmount, amount }) => ({
      description,
      quantity,
      unitAmount,
      amount,
    })),
    subtotal: isTaxInside ? invoice.total - tax + invoice.discount : invoice.subtotal,
    discount: invoice.discount,
    tax,
    total: invoice.total,
    template: {
      showTax: brand.receipt.showTax,
      taxLabel: brand.receipt.taxLabel,
      taxRateBasisPoints: brand.receipt.taxRateBasisPoints,
      thankYouText: brand.receipt.thankYouText,
      footerText: brand.receipt.footerText,
    },
    stampDutyNumber,
  };
}

/** The calendar year of an instant in the billing zone: receipts are counted `RCP-<year>-0001` by it. */
export function yearIn(timeZone: string, instant: Instant): number {
  return Number(new Intl.DateTimeFormat('en', { timeZone, year: 'numeric' }).format(instant));
}

/** `RCP-2026-0042`: at least four digits, more when a year needs them. */
export function receiptNumber(year: number, count: number): string {
  return `RCP-${year}-${String(count).padStart(4, '0')}`;
}

/** Reads a number of our own form back, or null for one of another form. */
export function readReceiptNumber(text: string): { readonly year: number; readonly count: number } | null {
  const match = /^RCP-(\d{4})-(\d{4,9})$/.exec(text);
  return match === null ? null : { year: Number(match[1]), count: Number(match[2]) };
}
