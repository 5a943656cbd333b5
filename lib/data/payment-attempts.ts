import type { Selectable } from 'kysely';
import type { InvoiceId, PaymentAttemptId, PaymentMethodId } from '@/lib/domain/ids.ts';
import type { PaymentAttempt, RefusalReason } from '@/lib/domain/invoice.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope, WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';
import type { Tables } from './tables.ts';

/** Every attempt to pay these invoices of a customer, oldest first. */
export async function listPaymentAttempts(
  read: Reader,
  scope: CustomerScope,
  invoiceIds: readonly InvoiceId[],
): Promise<PaymentAttempt[]> {
  if (invoiceIds.length === 0) return [];
  const rows = await read
    .selectFrom('paymentAttempts')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('invoiceId', 'in', [...invoiceIds])
    .orderBy('createdAt')
    .orderBy('id')
    .limit(2_000)
    .execute();
  return rows.map(toPaymentAttempt);
}

/** The attempt that was sent to a provider under this key, or null. */
export async function findAttemptByKey(
  read: Reader,
  scope: CustomerScope,
  idempotencyKey: string,
): Promise<PaymentAttempt | null> {
  const row = await read
    .selectFrom('paymentAttempts')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('idempotencyKey', '=', idempotencyKey)
    .executeTakeFirst();
  return row === undefined ? null : toPaymentAttempt(row);
}

/** The payment of this invoice that is on its way, or null: there is one at most. */
export async function findWaitingAttempt(
  read: Reader,
  scope: CustomerScope,
  invoiceId: InvoiceId,
): Promise<(PaymentAttempt & { readonly idempotencyKey: string }) | null> {
  const row = await waitingAttempts(read, scope).where('invoiceId', '=', invoiceId).executeTakeFirst();
  return row === undefined ? null : { ...toPaymentAttempt(row), idempotencyKey: row.idempotencyKey };
}

/** Is a payment of this invoice on its way, whoever began it? */
export async function hasWaitingAttempt(read: Reader, scope: WorkspaceScope, invoiceId: InvoiceId): Promise<boolean> {
  const row = await read
    .selectFrom('paymentAttempts')
    .select('id')
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('invoiceId', '=', invoiceId)
    .where('status', 'in', ['pending', 'needs_confirmation'])
    .executeTakeFirst();
  return row !== undefined;
}

/** Payments with this method that are on their way. */
export async function listWaitingAttemptsWith(
  read: Reader,
  scope: CustomerScope,
  methodId: PaymentMethodId,
): Promise<PaymentAttempt[]> {
  const rows = await waitingAttempts(read, scope).where('paymentMethodId', '=', methodId).limit(100).execute();
  return rows.map(toPaymentAttempt);
}

/** Notes an attempt before anything is sent; false when another payment of the invoice is on its way. */
export async function insertAttempt(
  tx: Writer,
  scope: CustomerScope,
  attempt: PaymentAttempt & { readonly adapter: string; readonly idempotencyKey: string },
): Promise<boolean> {
  const { workspaceId, mode, customerId } = scope;
  const row = await tx
    .insertInto('paymentAttempts')
    .values({ ...attempt, workspaceId, mode, customerId, methodName: JSON.stringify(attempt.methodName) })
    .onConflict((on) => on.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Writes what became of an attempt; null when it was written before. Money that arrived after all always counts: an
 * attempt that was taken for refused or run out becomes a success.
 */
export async function settleAttempt(
  tx: Writer,
  scope: CustomerScope,
  id: PaymentAttemptId,
  end: {
    status: PaymentAttempt['status'];
    reason: RefusalReason | null;
    providerReference: string | null;
    payBefore: Instant | null;
    finishedAt: Instant | null;
  },
): Promise<PaymentAttempt | null> {
  const before: PaymentAttempt['status'][] =
    end.status === 'succeeded'
      ? ['pending', 'needs_confirmation', 'refused', 'expired']
      : ['pending', 'needs_confirmation'];
  const row = await tx
    .updateTable('paymentAttempts')
    .set(end)
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('id', '=', id)
    .where('status', 'in', before)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toPaymentAttempt(row);
}

function waitingAttempts(read: Reader, scope: CustomerScope) {
  return read
    .selectFrom('paymentAttempts')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('status', 'in', ['pending', 'needs_confirmation']);
}

export function toPaymentAttempt(row: Selectable<Tables['paymentAttempts']>): PaymentAttempt {
  return {
    id: row.id as PaymentAttemptId,
    invoiceId: row.invoiceId as InvoiceId,
    paymentMethodId: row.paymentMethodId as PaymentMethodId | null,
    methodName: JSON.parse(row.methodName),
    amount: row.amount,
    status: row.status,
    reason: row.reason as RefusalReason | null,
    providerReference: row.providerReference,
    payBefore: row.payBefore,
    createdAt: row.createdAt,
    finishedAt: row.finishedAt,
  };
}
