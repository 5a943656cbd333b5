import type { Selectable } from 'kysely';
import type { InvoiceId, PaymentAttemptId, PaymentMethodId } from '@/lib/domain/ids.ts';
import type { PaymentAttempt, RefusalReason } from '@/lib/domain/invoice.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import type { Reader } from './db.ts';
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
