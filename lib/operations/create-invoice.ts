import { holdCustomer } from '@/lib/data/customers.ts';
import type { Writer } from '@/lib/data/db.ts';
import { takeDraftNumber, takeInvoiceNumber } from '@/lib/data/number-sequences.ts';
import { recordPaymentElsewhere } from '@/lib/data/record-payment.ts';
import { findSubscription } from '@/lib/data/subscriptions.ts';
import { causeOfMerchant, tellOfChange } from '@/lib/data/tell-of-change.ts';
import type { MerchantInvoice } from '@/lib/data/workspace-invoices.ts';
import { insertInvoice } from '@/lib/data/workspace-invoices.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import { billedToOf } from '@/lib/domain/billed-to.ts';
import type { Metadata } from '@/lib/domain/customer.ts';
import { billingNow } from '@/lib/domain/customer.ts';
import type { SubscriptionId } from '@/lib/domain/ids.ts';
import { newId } from '@/lib/domain/ids.ts';
import type { Invoice, InvoiceLine } from '@/lib/domain/invoice.ts';
import type { OrderedLine } from '@/lib/domain/invoice-totals.ts';
import { invoiceTotals } from '@/lib/domain/invoice-totals.ts';
import { yearIn } from '@/lib/domain/issue-receipt.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Currency } from '@/lib/domain/money.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import { wireInvoice } from '@/lib/domain/wire-invoice.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** What a merchant wants billed; amounts in minor units. */
export type InvoiceOrder = {
  readonly status: 'draft' | 'open';
  readonly currency: Currency;
  readonly lines: readonly OrderedLine[];
  readonly discount: number;
  readonly tax: number;
  /** Null: due when it is issued. */
  readonly dueAt: Instant | null;
  readonly memo: string | null;
  readonly templateId: string | null;
  readonly subscriptionId: SubscriptionId | null;
  readonly metadata: Metadata | null;
};

/**
 * Writes an invoice: a draft, which the buyer never sees, or issued at once with the next number. One with nothing to
 * pay is paid when it is issued. Fails with `not_found` for the customer or the subscription, and with
 * `validation_error` for sums that cannot be.
 */
export async function createInvoice(
  on: Runtime,
  scope: CustomerScope,
  by: MerchantAct,
  order: InvoiceOrder,
): Promise<Result<MerchantInvoice>> {
  return on.write((tx) => create(on, tx, scope, by, order));
}

async function create(
  on: Runtime,
  tx: Writer,
  scope: CustomerScope,
  by: MerchantAct,
  order: InvoiceOrder,
): Promise<Result<MerchantInvoice>> {
  const totals = invoiceTotals(order.lines, order.discount, order.tax);
  if (!totals.ok) return totals;
  const now = on.now();
  const customer = await holdCustomer(tx, scope);
  const workspace = await findWorkspace(tx, scope);
  if (customer === null || workspace === null) {
    return fail('not_found', 'There is no such customer.', { field: 'customerId' });
  }
  const { subscriptionId } = order;
  if (subscriptionId !== null && (await findSubscription(tx, customer, subscriptionId)) === null) {
    return fail('not_found', 'This customer has no such subscription.', { field: 'subscriptionId' });
  }
  const billing = billingNow(customer, now);
  const isIssued = order.status === 'open';
  const { timeZone } = workspace.configuration;
  const { lines: ordered, status, currency, discount, tax, dueAt, memo, templateId, metadata } = order;
  const { amounts, subtotal, total } = totals.value;
  const invoice: Invoice = {
    id: newId('invoice', now, on.random),
    workspaceId: scope.workspaceId,
    mode: scope.mode,
    customerId: customer.id,
    subscriptionId,
    status,
    number: isIssued ? await takeInvoiceNumber(tx, scope, yearIn(timeZone, billing)) : await takeDraftNumber(tx, scope),
    currency,
    subtotal,
    discount,
    tax,
    total,
    amountPaid: 0,
    dueAt: dueAt ?? (isIssued ? billing : null),
    issuedAt: isIssued ? billing : null,
    paidAt: null,
    voidedAt: null,
    chargeId: null,
    collectionAttempts: 0,
    nextAttemptAt: null,
    collectionStoppedAt: null,
    periodStart: null,
    periodEnd: null,
    billedTo: billedToOf(customer),
    memo,
    templateId,
    metadata,
    createdAt: now,
    updatedAt: now,
  };
  const lines: InvoiceLine[] = ordered.map((line, at) => ({
    ...line,
    id: newId('invoiceLine', now, on.random),
    invoiceId: invoice.id,
    amount: amounts[at] ?? 0,
    priceId: null,
  }));
  await insertInvoice(tx, invoice, lines);
  const cause = causeOfMerchant(by);
  for (const what of isIssued ? ['invoice.created', 'invoice.finalized'] : ['invoice.created']) {
    const event = { what, of: 'invoice', object: wireInvoice(invoice, lines, billing) };
    const change = { act: what, object: invoice.id, detail: { number: invoice.number, total }, event };
    await tellOfChange(tx, scope, cause, change, now, on.random);
  }
  const at = { billing, now, random: on.random };
  const paid =
    isIssued && total === 0 ? await recordPaymentElsewhere(tx, workspace, customer, invoice.id, null, cause, at) : null;
  return succeed({ invoice: paid ?? invoice, lines, billing });
}
