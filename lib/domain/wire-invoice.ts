import { type Invoice, type InvoiceLine, invoiceStatus } from './invoice.ts';
import { type Instant, isoText } from './time.ts';
import { wireArn } from './wire.ts';

/** An invoice as it stands on the wire; `past_due` is what the clock says of an open one. */
export function wireInvoice(
  invoice: Invoice,
  lines: readonly InvoiceLine[],
  now: Instant,
): Readonly<Record<string, unknown>> {
  const { id, customerId, subscriptionId, number, currency, subtotal, discount, tax, total, amountPaid } = invoice;
  return {
    id,
    arn: wireArn(invoice, 'invoice', id),
    accountId: invoice.workspaceId,
    customerId,
    subscriptionId,
    status: invoiceStatus(invoice, now),
    number,
    currency,
    subtotal,
    discount,
    tax,
    total,
    amountPaid,
    amountDue: total - amountPaid,
    dueAt: textOf(invoice.dueAt),
    issuedAt: textOf(invoice.issuedAt),
    paidAt: textOf(invoice.paidAt),
    voidedAt: textOf(invoice.voidedAt),
    hostedInvoiceUrl: null,
    chargeId: invoice.chargeId,
    collectionAttempts: invoice.collectionAttempts,
    lines: lines.map((line) => ({
      id: line.id,
      description: line.description,
      quantity: line.quantity,
      unitAmount: line.unitAmount,
      amount: line.amount,
      priceId: line.priceId,
      metadata: null,
    })),
    metadata: invoice.metadata,
    createdAt: isoText(invoice.createdAt),
    updatedAt: isoText(invoice.updatedAt),
  };
}

function textOf(instant: Instant | null): string | null {
  return instant === null ? null : isoText(instant);
}
