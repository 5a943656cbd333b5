import type { Receipt } from './receipt.ts';
import { isoText } from './time.ts';

/** A receipt as a row of a list on the wire. */
export function wireReceiptRow(receipt: Receipt): Readonly<Record<string, unknown>> {
  const { id, number, sourceType, sourceId, customerId, amount, currency, method, adapter, emailedAt } = receipt;
  return {
    id,
    number,
    sourceType,
    sourceId,
    customerId,
    amount,
    currency,
    method: method?.type ?? null,
    adapter,
    issuedAt: isoText(receipt.issuedAt),
    emailedAt: emailedAt === null ? null : isoText(emailedAt),
    emailedTo: receipt.emailedTo,
  };
}

/** A receipt with the sale as it stood when it was issued. subtotal - discount + taxAmount = total. */
export function wireReceipt(receipt: Receipt): Readonly<Record<string, unknown>> {
  const { body } = receipt;
  const { merchant, customer, template } = body;
  return {
    ...wireReceiptRow(receipt),
    merchant: { brandName: merchant.brandName, address: merchant.address, taxId: merchant.taxId },
    customer: { id: receipt.customerId, name: customer.name, email: customer.email },
    lineItems: body.lines.map(({ description, quantity, unitAmount, amount }) => ({
      description,
      quantity,
      unitAmount,
      amount,
    })),
    subtotal: body.subtotal,
    discount: body.discount,
    taxAmount: body.tax,
    total: body.total,
    providerReference: receipt.providerReference,
    template: {
      showTax: template.showTax,
      taxLabel: template.taxLabel,
      taxRate: template.taxRateBasisPoints / 10_000,
      thankYouText: template.thankYouText,
      footerText: template.footerText,
    },
    pdfUrl: null,
  };
}
