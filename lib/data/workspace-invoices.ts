import { sql } from 'kysely';
import type { InvoiceId, InvoiceLineId, PriceId } from '@/lib/domain/ids.ts';
import type { Invoice, InvoiceLine, InvoiceStatus } from '@/lib/domain/invoice.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';
import { toInvoice } from './invoices.ts';
import type { Page, PageWish } from './page.ts';
import { cutPage, isAfter } from './page.ts';

/** An invoice as its merchant sees it: drafts too, with its lines, and billing time of its customer. */
export type MerchantInvoice = {
  readonly invoice: Invoice;
  readonly lines: readonly InvoiceLine[];
  readonly billing: Instant;
};

/** One invoice of a workspace and mode, drafts too; null: foreign and unknown look alike. */
export async function findMerchantInvoice(
  read: Reader,
  scope: WorkspaceScope,
  id: InvoiceId,
  now: Instant,
): Promise<MerchantInvoice | null> {
  const row = await invoicesOf(read, scope).where('invoices.id', '=', id).executeTakeFirst();
  if (row === undefined) return null;
  const invoice = toInvoice(row);
  return { invoice, lines: await listLines(read, [invoice.id]), billing: now + row.clockAheadMs };
}

/** What a list of invoices is narrowed to; `open` and `past_due` are told apart by the clock. Bounds are exclusive. */
export type InvoiceListFilter = {
  readonly status?: InvoiceStatus | undefined;
  readonly customerId?: string | undefined;
  readonly subscriptionId?: string | undefined;
  readonly createdAfter?: Instant | undefined;
  readonly createdBefore?: Instant | undefined;
};

/** A page of the invoices of a workspace and mode, drafts too, each with its lines. */
export async function listMerchantInvoices(
  read: Reader,
  scope: WorkspaceScope,
  filter: InvoiceListFilter,
  wish: PageWish,
  now: Instant,
): Promise<Page<MerchantInvoice>> {
  let query = invoicesOf(read, scope).where(isAfter(wish, 'invoices.createdAt', 'invoices.id'));
  const { status, customerId, subscriptionId, createdAfter, createdBefore } = filter;
  const billing = sql<number>`${now} + customers.clock_ahead_ms`;
  if (status === 'open') {
    query = query.where(isOwed).where((is) => is.or([is('dueAt', 'is', null), is('dueAt', '>=', billing)]));
  } else if (status === 'past_due') {
    query = query.where(isOwed).where('dueAt', '<', billing);
  } else if (status !== undefined) query = query.where('status', '=', status);
  if (customerId !== undefined) query = query.where('customerId', '=', customerId);
  if (subscriptionId !== undefined) query = query.where('subscriptionId', '=', subscriptionId);
  if (createdAfter !== undefined) query = query.where('invoices.createdAt', '>', createdAfter);
  if (createdBefore !== undefined) query = query.where('invoices.createdAt', '<', createdBefore);
  const rows = await query
    .orderBy('invoices.createdAt', wish.order)
    .orderBy('invoices.id', wish.order)
    .limit(wish.limit + 1)
    .execute();
  const page = cutPage(wish, rows, (row) => ({ invoice: toInvoice(row), billing: now + row.clockAheadMs }));
  const lines = await listLines(
    read,
    page.rows.map(({ invoice }) => invoice.id),
  );
  return {
    hasMore: page.hasMore,
    rows: page.rows.map((one) => ({ ...one, lines: lines.filter((line) => line.invoiceId === one.invoice.id) })),
  };
}

/** Written out as the partial index has it: SQLite does not see through parameters. */
const isOwed = sql<boolean>`invoices.status in ('open', 'past_due')`;

/**
 * Holds an invoice's row for the rest of the transaction, so that moves of one invoice are taken one after the other.
 * The customer, where it is held as well, is held first.
 */
export async function holdInvoice(tx: Writer, scope: WorkspaceScope, id: InvoiceId): Promise<Invoice | null> {
  const row = await tx
    .updateTable('invoices')
    .set((eb) => ({ updatedAt: eb.ref('updatedAt') }))
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toInvoice(row);
}

/** A line of a new invoice: its amount, and the price it comes from, where there is one. */
export type NewLine = Omit<InvoiceLine, 'invoiceId'>;

/** Inserts an invoice with its lines, in their order. */
export async function insertInvoice(
  tx: Writer,
  { billedTo, metadata, ...columns }: Invoice,
  lines: readonly NewLine[],
): Promise<void> {
  await tx
    .insertInto('invoices')
    .values({
      ...columns,
      billedTo: JSON.stringify(billedTo),
      metadata: metadata === null ? null : JSON.stringify(metadata),
      stoppedAttemptAt: null,
    })
    .execute();
  if (lines.length === 0) return;
  const rows = lines.map((line, position) => ({ ...line, invoiceId: columns.id, position, metadata: null }));
  await tx.insertInto('invoiceLines').values(rows).execute();
}

/** Changes an invoice the transaction holds. */
export async function changeInvoice(
  tx: Writer,
  { workspaceId, mode, id }: Pick<Invoice, 'workspaceId' | 'mode' | 'id'>,
  changes: Partial<Pick<Invoice, 'status' | 'number' | 'issuedAt' | 'dueAt' | 'voidedAt' | 'nextAttemptAt'>> & {
    readonly billedTo?: Invoice['billedTo'];
  },
  now: Instant,
): Promise<Invoice> {
  const { billedTo, ...columns } = changes;
  const row = await tx
    .updateTable('invoices')
    .set({ ...columns, ...(billedTo === undefined ? {} : { billedTo: JSON.stringify(billedTo) }), updatedAt: now })
    .where('workspaceId', '=', workspaceId)
    .where('mode', '=', mode)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toInvoice(row);
}

/** The lines of invoices that were read in scope before, each invoice's in their order. */
export async function listLines(read: Reader, ids: readonly InvoiceId[]): Promise<InvoiceLine[]> {
  if (ids.length === 0) return [];
  const rows = await read
    .selectFrom('invoiceLines')
    .selectAll()
    .where('invoiceId', 'in', [...ids])
    .orderBy('invoiceId')
    .orderBy('position')
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

function invoicesOf(read: Reader, scope: WorkspaceScope) {
  return read
    .selectFrom('invoices')
    .innerJoin('customers', 'customers.id', 'invoices.customerId')
    .selectAll('invoices')
    .select('customers.clockAheadMs')
    .where('invoices.workspaceId', '=', scope.workspaceId)
    .where('invoices.mode', '=', scope.mode);
}
