import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { CustomerId, InvoiceId, ReceiptId, WorkspaceId } from '@/lib/domain/ids.ts';
import { readCurrency } from '@/lib/domain/money.ts';
import type { Receipt } from '@/lib/domain/receipt.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope, WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Reader } from './db.ts';
import type { Page, PageWish } from './page.ts';
import { cutPage, isAfter } from './page.ts';
import type { Tables } from './tables.ts';

/** Receipts a page. */
export const receiptPageSize = 20;

/** One page of a customer's receipts, newest first, and how many there are; `issued` narrows them to [from, until). */
export async function listReceiptPage(
  read: Reader,
  scope: CustomerScope,
  issued: { readonly from: Instant; readonly until: Instant } | null,
  page: number,
): Promise<{ receipts: Receipt[]; count: number }> {
  let matching = receiptsOf(read, scope);
  if (issued !== null) matching = matching.where('issuedAt', '>=', issued.from).where('issuedAt', '<', issued.until);
  const rows = await matching
    .selectAll()
    .orderBy('issuedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(receiptPageSize)
    .offset((page - 1) * receiptPageSize)
    .execute();
  const counted = await matching.select(sql<number>`count(*)`.as('n')).executeTakeFirst();
  return { receipts: rows.map(toReceipt), count: Number(counted?.n ?? 0) };
}

/** When a customer's first and last receipt were issued; null when there is none. */
export async function findReceiptSpan(
  read: Reader,
  scope: CustomerScope,
): Promise<{ first: Instant; last: Instant } | null> {
  const row = await receiptsOf(read, scope)
    .select([sql<number | null>`min(issued_at)`.as('first'), sql<number | null>`max(issued_at)`.as('last')])
    .executeTakeFirst();
  return row === undefined || row.first === null || row.last === null ? null : { first: row.first, last: row.last };
}

/** One receipt of this customer, or null: foreign and unknown look alike. */
export async function findReceipt(read: Reader, scope: CustomerScope, id: ReceiptId): Promise<Receipt | null> {
  const row = await receiptsOf(read, scope).selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : toReceipt(row);
}

/** The receipts of these invoices of a customer: one each that was paid. */
export async function listReceiptsOfInvoices(
  read: Reader,
  scope: CustomerScope,
  invoiceIds: readonly InvoiceId[],
): Promise<Receipt[]> {
  if (invoiceIds.length === 0) return [];
  const rows = await receiptsOf(read, scope)
    .selectAll()
    .where('sourceType', '=', 'invoice')
    .where('sourceId', 'in', [...invoiceIds])
    .execute();
  return rows.map(toReceipt);
}

/** One receipt of a workspace and mode, by its own id, or by that of the invoice it proves; or null. */
export async function findMerchantReceipt(
  read: Reader,
  { workspaceId, mode }: WorkspaceScope,
  by: { readonly id: ReceiptId } | { readonly invoiceId: InvoiceId },
): Promise<Receipt | null> {
  const all = read.selectFrom('receipts').selectAll().where('workspaceId', '=', workspaceId).where('mode', '=', mode);
  const row =
    'id' in by
      ? await all.where('id', '=', by.id).executeTakeFirst()
      : await all.where('sourceType', '=', 'invoice').where('sourceId', '=', by.invoiceId).executeTakeFirst();
  return row === undefined ? null : toReceipt(row);
}

/** What a list of receipts is narrowed to. Bounds are exclusive. */
export type ReceiptFilter = {
  readonly sourceType?: Receipt['sourceType'] | undefined;
  readonly customerId?: string | undefined;
  readonly issuedAfter?: Instant | undefined;
  readonly issuedBefore?: Instant | undefined;
};

/** A page of the receipts of a workspace and mode, by when they were issued. */
export async function listMerchantReceipts(
  read: Reader,
  scope: WorkspaceScope,
  { sourceType, customerId, issuedAfter, issuedBefore }: ReceiptFilter,
  wish: PageWish,
): Promise<Page<Receipt>> {
  let query = read
    .selectFrom('receipts')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where(isAfter(wish, 'issuedAt'));
  if (sourceType !== undefined) query = query.where('sourceType', '=', sourceType);
  if (customerId !== undefined) query = query.where('customerId', '=', customerId);
  if (issuedAfter !== undefined) query = query.where('issuedAt', '>', issuedAfter);
  if (issuedBefore !== undefined) query = query.where('issuedAt', '<', issuedBefore);
  const rows = await query
    .orderBy('issuedAt', wish.order)
    .orderBy('id', wish.order)
    .limit(wish.limit + 1)
    .execute();
  return cutPage(wish, rows, toReceipt);
}

function receiptsOf(read: Reader, scope: CustomerScope) {
  return read
    .selectFrom('receipts')
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId);
}

export function toReceipt(row: Selectable<Tables['receipts']>): Receipt {
  return {
    id: row.id as ReceiptId,
    workspaceId: row.workspaceId as WorkspaceId,
    mode: row.mode,
    customerId: row.customerId as CustomerId,
    number: row.number,
    sourceType: row.sourceType,
    sourceId: row.sourceId,
    amount: row.amount,
    currency: readCurrency(row.currency) ?? 'IDR',
    method: row.methodName === null ? null : JSON.parse(row.methodName),
    adapter: row.adapter,
    providerReference: row.providerReference,
    issuedAt: row.issuedAt,
    emailedAt: row.emailedAt,
    emailedTo: row.emailedTo,
    body: JSON.parse(row.body),
  };
}
