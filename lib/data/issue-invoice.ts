import { billedToOf } from '@/lib/domain/billed-to.ts';
import type { Period } from '@/lib/domain/billing-calendar.ts';
import type { Customer } from '@/lib/domain/customer.ts';
import { newId, type SubscriptionId } from '@/lib/domain/ids.ts';
import type { Invoice, InvoiceLine } from '@/lib/domain/invoice.ts';
import type { InvoiceFigures } from '@/lib/domain/invoice-of-period.ts';
import { yearIn } from '@/lib/domain/issue-receipt.ts';
import { dayMs, type Instant } from '@/lib/domain/time.ts';
import { wireInvoice } from '@/lib/domain/wire-invoice.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import type { Writer } from './db.ts';
import { takeInvoiceNumber } from './number-sequences.ts';
import { recordPaymentElsewhere } from './record-payment.ts';
import { type Cause, tellOfChange } from './tell-of-change.ts';
import { insertInvoice } from './workspace-invoices.ts';

/** How long a buyer has who pays invoices themselves. */
const netMs = 14 * dayMs;

export type Issue = {
  readonly workspace: Workspace;
  readonly customer: Customer;
  readonly subscriptionId: SubscriptionId;
  readonly collectionMethod: 'charge_automatically' | 'send_invoice';
  readonly period: Period;
  readonly figures: InvoiceFigures;
  readonly cause: Cause;
  /** Billing time. */
  readonly billing: Instant;
  /** Time of rows and audit. */
  readonly now: Instant;
  random(bytes: number): Uint8Array;
};

/**
 * Writes the open invoice of a period with its number, lines, audit and events. Charged by itself it is due now and the
 * first try is now; sent it is due in 14 days. One over nothing is paid at once, with its receipt.
 */
export async function issueInvoice(tx: Writer, issue: Issue): Promise<Invoice> {
  const { workspace, customer, figures, period, cause, billing, now, random } = issue;
  const isCharged = issue.collectionMethod === 'charge_automatically';
  const { timeZone } = workspace.configuration;
  const invoice: Invoice = {
    id: newId('invoice', now, random),
    workspaceId: workspace.workspaceId,
    mode: workspace.mode,
    customerId: customer.id,
    subscriptionId: issue.subscriptionId,
    status: 'open',
    number: await takeInvoiceNumber(tx, workspace, yearIn(timeZone, billing)),
    currency: figures.currency,
    subtotal: figures.subtotal,
    discount: figures.discount,
    tax: figures.tax,
    total: figures.total,
    amountPaid: 0,
    dueAt: isCharged ? billing : billing + netMs,
    issuedAt: billing,
    paidAt: null,
    voidedAt: null,
    chargeId: null,
    collectionAttempts: 0,
    nextAttemptAt: isCharged ? billing : null,
    collectionStoppedAt: null,
    periodStart: period.start,
    periodEnd: period.end,
    billedTo: billedToOf(customer),
    memo: null,
    templateId: null,
    metadata: null,
    createdAt: now,
    updatedAt: now,
  };
  const lines: InvoiceLine[] = figures.lines.map((line) => ({
    ...line,
    id: newId('invoiceLine', now, random),
    invoiceId: invoice.id,
  }));
  await insertInvoice(tx, invoice, lines);
  const detail = { number: invoice.number, total: figures.total, subscription: issue.subscriptionId };
  for (const what of ['invoice.created', 'invoice.finalized']) {
    const event = { what, of: 'invoice', object: wireInvoice(invoice, lines, billing) };
    await tellOfChange(tx, workspace, cause, { act: what, object: invoice.id, detail, event }, now, random);
  }
  if (figures.total > 0) return invoice;
  const at = { billing, now, random };
  return (await recordPaymentElsewhere(tx, workspace, customer, invoice.id, null, cause, at)) ?? invoice;
}
