import type { Selectable } from 'kysely';
import type { CustomerId, InvoiceId, PaymentAttemptId, RefundId, WorkspaceId } from '@/lib/domain/ids.ts';
import type { Currency } from '@/lib/domain/money.ts';
import { readCurrency } from '@/lib/domain/money.ts';
import type { MerchantRefund } from '@/lib/domain/refund.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';
import type { Page, PageWish } from './page.ts';
import { cutPage, isAfter } from './page.ts';
import { toRefund } from './refunds.ts';
import type { Tables } from './tables.ts';

/** A charge that succeeded at a provider, and what it captured. */
export type CapturedCharge = {
  readonly attemptId: PaymentAttemptId;
  readonly invoiceId: InvoiceId;
  readonly customerId: CustomerId;
  /** The provider's own name of the charge. */
  readonly reference: string;
  readonly adapter: string;
  readonly amount: number;
  readonly currency: Currency;
};

/** The newest charge of an invoice that succeeded, or the one of this name; null where no provider took money. */
export async function findCharge(
  read: Reader,
  scope: WorkspaceScope,
  by: { readonly invoiceId: InvoiceId } | { readonly chargeId: string },
): Promise<CapturedCharge | null> {
  const all = read
    .selectFrom('paymentAttempts')
    .innerJoin('invoices', 'invoices.id', 'paymentAttempts.invoiceId')
    .selectAll('paymentAttempts')
    .select(['invoices.currency', 'invoices.chargeId'])
    .where('paymentAttempts.workspaceId', '=', scope.workspaceId)
    .where('paymentAttempts.mode', '=', scope.mode)
    .where('paymentAttempts.status', '=', 'succeeded')
    .orderBy('paymentAttempts.createdAt', 'desc')
    .limit(1);
  const row =
    'invoiceId' in by
      ? await all.where('paymentAttempts.invoiceId', '=', by.invoiceId).executeTakeFirst()
      : ((await all.where('paymentAttempts.providerReference', '=', by.chargeId).executeTakeFirst()) ??
        (await all
          .where('invoices.workspaceId', '=', scope.workspaceId)
          .where('invoices.mode', '=', scope.mode)
          .where('invoices.chargeId', '=', by.chargeId)
          .executeTakeFirst()));
  const reference = row === undefined ? null : (row.providerReference ?? row.chargeId);
  if (row === undefined || reference === null) return null;
  return {
    attemptId: row.id as PaymentAttemptId,
    invoiceId: row.invoiceId as InvoiceId,
    customerId: row.customerId as CustomerId,
    reference,
    adapter: row.adapter,
    amount: row.amount,
    currency: readCurrency(row.currency) ?? 'IDR',
  };
}

/** Holds a charge for the rest of the transaction, so that refunds of it are noted one after the other. */
export async function holdCharge(tx: Writer, { attemptId }: Pick<CapturedCharge, 'attemptId'>): Promise<void> {
  await tx
    .updateTable('paymentAttempts')
    .set((eb) => ({ amount: eb.ref('amount') }))
    .where('id', '=', attemptId)
    .execute();
}

/** What of a charge was given back, or is on its way; failed refunds do not count. Asked while the charge is held. */
export async function sumRefundsOfCharge(
  tx: Writer,
  scope: WorkspaceScope,
  { reference }: Pick<CapturedCharge, 'reference'>,
): Promise<number> {
  const rows = await tx
    .selectFrom('refunds')
    .select('amount')
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('chargeId', '=', reference)
    .where('status', '<>', 'failed')
    .execute();
  return rows.reduce((sum, row) => sum + row.amount, 0);
}

export async function insertRefund(tx: Writer, { metadata, ...columns }: MerchantRefund): Promise<void> {
  await tx
    .insertInto('refunds')
    .values({ ...columns, metadata: metadata === null ? null : JSON.stringify(metadata) })
    .execute();
}

/** The refund that a request with this idempotency key began, noted after `since` by the wall clock; or null. */
export async function findRefundOfRequest(
  read: Reader,
  scope: WorkspaceScope,
  requestKey: string,
  since: Instant,
): Promise<MerchantRefund | null> {
  const row = await refundsOf(read, scope)
    .where('requestKey', '=', requestKey)
    .where('askedAt', '>', since)
    .orderBy('askedAt', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : toMerchantRefund(row);
}

/** Changes a refund whose end is still to come; null when it has ended meanwhile. */
export async function changeWaitingRefund(
  tx: Writer,
  id: RefundId,
  change: Partial<
    Pick<MerchantRefund, 'status' | 'failureCode' | 'failureMessage' | 'providerReference' | 'askedAt' | 'updatedAt'>
  >,
): Promise<MerchantRefund | null> {
  const row = await tx
    .updateTable('refunds')
    .set(change)
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toMerchantRefund(row);
}

/** Refunds of all workspaces whose end is still to come and that were asked for last before `until`. */
export async function listWaitingRefunds(read: Reader, until: Instant, limit: number): Promise<MerchantRefund[]> {
  const rows = await read
    .selectFrom('refunds')
    .selectAll()
    .where('status', '=', 'pending')
    .where('askedAt', '<=', until)
    .orderBy('askedAt')
    .limit(limit)
    .execute();
  return rows.map(toMerchantRefund);
}

/** One refund of a workspace and mode; null: foreign and unknown look alike. */
export async function findMerchantRefund(
  read: Reader,
  scope: WorkspaceScope,
  id: RefundId,
): Promise<MerchantRefund | null> {
  const row = await refundsOf(read, scope).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : toMerchantRefund(row);
}

/** What a list of refunds is narrowed to. Bounds are exclusive. */
export type RefundFilter = {
  readonly status?: MerchantRefund['status'] | undefined;
  readonly chargeId?: string | undefined;
  readonly createdAfter?: Instant | undefined;
  readonly createdBefore?: Instant | undefined;
};

/** A page of the refunds of a workspace and mode. */
export async function listMerchantRefunds(
  read: Reader,
  scope: WorkspaceScope,
  { status, chargeId, createdAfter, createdBefore }: RefundFilter,
  wish: PageWish,
): Promise<Page<MerchantRefund>> {
  let query = refundsOf(read, scope).where(isAfter(wish, 'createdAt'));
  if (status !== undefined) query = query.where('status', '=', status);
  if (chargeId !== undefined) query = query.where('chargeId', '=', chargeId);
  if (createdAfter !== undefined) query = query.where('createdAt', '>', createdAfter);
  if (createdBefore !== undefined) query = query.where('createdAt', '<', createdBefore);
  const rows = await query
    .orderBy('createdAt', wish.order)
    .orderBy('id', wish.order)
    .limit(wish.limit + 1)
    .execute();
  return cutPage(wish, rows, toMerchantRefund);
}

function refundsOf(read: Reader, { workspaceId, mode }: WorkspaceScope) {
  return read.selectFrom('refunds').selectAll().where('workspaceId', '=', workspaceId).where('mode', '=', mode);
}

function toMerchantRefund(row: Selectable<Tables['refunds']>): MerchantRefund {
  return {
    ...toRefund(row),
    workspaceId: row.workspaceId as WorkspaceId,
    mode: row.mode,
    customerId: row.customerId as CustomerId,
    failureCode: row.failureCode,
    failureMessage: row.failureMessage,
    metadata: row.metadata === null ? null : JSON.parse(row.metadata),
    paymentAttemptId: row.paymentAttemptId as PaymentAttemptId | null,
    adapter: row.adapter,
    providerReference: row.providerReference,
    requestKey: row.requestKey,
    askedAt: row.askedAt,
  };
}
