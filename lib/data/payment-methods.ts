import type { Selectable } from 'kysely';
import type { CustomerId, PaymentMethodId, WorkspaceId } from '@/lib/domain/ids.ts';
import type { PaymentMethod } from '@/lib/domain/payment-method.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import type { Reader } from './db.ts';
import type { Tables } from './tables.ts';

/** A customer's saved methods that are not detached, oldest first. */
export async function listPaymentMethods(read: Reader, scope: CustomerScope): Promise<PaymentMethod[]> {
  const rows = await read
    .selectFrom('paymentMethods')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('status', '<>', 'detached')
    .orderBy('createdAt')
    .limit(100)
    .execute();
  return rows.map(toPaymentMethod);
}

/** One method of this customer, detached ones too, or null: foreign and unknown look alike. */
export async function findPaymentMethod(
  read: Reader,
  scope: CustomerScope,
  id: PaymentMethodId,
): Promise<PaymentMethod | null> {
  const row = await read
    .selectFrom('paymentMethods')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? null : toPaymentMethod(row);
}

export function toPaymentMethod(row: Selectable<Tables['paymentMethods']>): PaymentMethod {
  return {
    id: row.id as PaymentMethodId,
    workspaceId: row.workspaceId as WorkspaceId,
    mode: row.mode,
    customerId: row.customerId as CustomerId,
    type: row.type,
    adapter: row.adapter,
    brand: row.brand,
    last4: row.last4,
    expMonth: row.expMonth,
    expYear: row.expYear,
    label: row.label,
    status: row.status,
    detachAt: row.detachAt,
    detachedAt: row.detachedAt,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
