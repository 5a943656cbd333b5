import type { Selectable } from 'kysely';
import type { CustomerId, InvoiceId, InvoiceLineId, PriceId, SubscriptionId, WorkspaceId } from '@/lib/domain/ids.ts';
import type { Invoice, InvoiceLine } from '@/lib/domain/invoice.ts';
import { readCurrency } from '@/lib/domain/money.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import type { Reader } from './db.ts';
import type { Tables } from './tables.ts';

/** The newest invoices of a customer, drafts never, up to `limit`. */
export async function listNewestInvoices(read: Reader, scope: CustomerScope, limit: number): Promise<Invoice[]> {
  const rows = await invoicesOf(read, scope).orderBy('issuedAt', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map(toInvoice);
}

/** Invoices a customer still owes something on, oldest first. */
export async function listUnpaidInvoices(read: Reader, scope: CustomerScope): Promise<Invoice[]> {
  const rows = await invoicesOf(read, scope)
    .where('status', 'in', ['open', 'past_due'])
    .orderBy('issuedAt')
    .limit(100)
    .execute();
  return rows.map(toInvoice);
}

/** Invoices of a customer that are to be charged at some moment, the soonest first. */
export async function listInvoicesToCollect(read: Reader, scope: CustomerScope): Promise<Invoice[]> {
  const rows = await invoicesOf(read, scope)
    .where('status', 'in', ['open', 'past_due'])
    .where('nextAttemptAt', 'is not', null)
    .where('collectionStoppedAt', 'is', null)
    .orderBy('nextAttemptAt')
    .limit(1_000)
    .execute();
  return rows.map(toInvoice);
}

/** The newest invoices of one subscription of a customer, drafts never, up to `limit`. */
export async function listInvoicesOfSubscription(
  read: Reader,
  scope: CustomerScope,
  subscriptionId: SubscriptionId,
  limit: number,
): Promise<Invoice[]> {
  const rows = await invoicesOf(read, scope)
    .where('subscriptionId', '=', subscriptionId)
    .orderBy('issuedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toInvoice);
}

/** One invoice of this customer, or null: draft, foreign and unknown look alike. */
export async function findInvoice(read: Reader, scope: CustomerScope, id: InvoiceId): Promise<Invoice | null> {
  const row = await invoicesOf(read, scope).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : toInvoice(row);
}

/** The lines of one invoice of this customer, in order; empty for a draft, foreign or unknown one. */
export async function listInvoiceLines(read: Reader, scope: CustomerScope, id: InvoiceId): Promise<InvoiceLine[]> {
  const rows = await read
    .selectFrom('invoiceLines')
    .innerJoin('invoices', 'invoices.id', 'invoiceLines.invoiceId')
    .selectAll('invoiceLines')
    .where('invoices.workspaceId', '=', scope.workspaceId)
    .where('invoices.mode', '=', scope.mode)
    .where('invoices.customerId', '=', scope.customerId)
    .where('invoices.status', '<>', 'draft')
    .where('invoices.issuedAt', 'is not', null)
    .where('invoiceLines.invoiceId', '=', id)
    .orderBy('invoiceLines.position')
    .limit(1_000)
    .execute();
  return rows.map((row) => ({
    id: row.id as InvoiceLineId,
    invoiceId: row.invoiceId as InvoiceId,
    description: row.description,
    quantity: row.quantity,
    unitAmount: row.unitAmount,
    amount: row.amount,
    priceId: row.priceId as PriceId | null,
  }));
}

/** What buyers may see of a customer's invoices: never a draft, nor one that was cancelled before it was issued. */
function invoicesOf(read: Reader, scope: CustomerScope) {
  return read
    .selectFrom('invoices')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('status', '<>', 'draft')
    .where('issuedAt', 'is not', null);
}

export function toInvoice(row: Selectable<Tables['invoices']>): Invoice {
  return {
    id: row.id as InvoiceId,
    workspaceId: row.workspaceId as WorkspaceId,
    mode: row.mode,
    customerId: row.customerId as CustomerId,
    subscriptionId: row.subscriptionId as SubscriptionId | null,
    status: row.status,
    number: row.number,
    currency: readCurrency(row.currency) ?? 'IDR',
    subtotal: row.subtotal,
    discount: row.discount,
    tax: row.tax,
    total: row.total,
    amountPaid: row.amountPaid,
    dueAt: row.dueAt,
    issuedAt: row.issuedAt,
    paidAt: row.paidAt,
    voidedAt: row.voidedAt,
    chargeId: row.chargeId,
    collectionAttempts: row.collectionAttempts,
    nextAttemptAt: row.nextAttemptAt,
    collectionStoppedAt: row.collectionStoppedAt,
    periodStart: row.periodStart,
    periodEnd: row.periodEnd,
    billedTo: JSON.parse(row.billedTo),
    memo: row.memo,
    templateId: row.templateId,
    metadata: row.metadata === null ? null : JSON.parse(row.metadata),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
