import type { Selectable } from 'kysely';
import type { Customer } from '@/lib/domain/customer.ts';
import type { CustomerId, PaymentMethodId, WorkspaceId } from '@/lib/domain/ids.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';
import type { Tables } from './tables.ts';

/** A customer that is not deleted, or null: unknown, foreign and deleted look alike. */
export async function findCustomer(read: Reader, scope: CustomerScope): Promise<Customer | null> {
  const row = await read
    .selectFrom('customers')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', scope.customerId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  return row === undefined ? null : toCustomer(row);
}

/** Changes a customer's default method; null when it was that one already. */
export async function setDefaultMethod(
  tx: Writer,
  scope: CustomerScope,
  methodId: PaymentMethodId | null,
  now: Instant,
): Promise<Customer | null> {
  const row = await tx
    .updateTable('customers')
    .set({ defaultPaymentMethodId: methodId, updatedAt: now })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', scope.customerId)
    .where((eb) =>
      methodId === null
        ? eb('defaultPaymentMethodId', 'is not', null)
        : eb.or([eb('defaultPaymentMethodId', 'is', null), eb('defaultPaymentMethodId', '<>', methodId)]),
    )
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toCustomer(row);
}

/**
 * Holds a customer's row for the rest of the transaction, so that acts on one customer's methods are taken one after the
 * other: which method pays what depends on all of them.
 */
export async function holdCustomer(tx: Writer, scope: CustomerScope): Promise<Customer | null> {
  const row = await tx
    .updateTable('customers')
    .set((eb) => ({ updatedAt: eb.ref('updatedAt') }))
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', scope.customerId)
    .where('deletedAt', 'is', null)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toCustomer(row);
}

export function toCustomer(row: Selectable<Tables['customers']>): Customer {
  return {
    id: row.id as CustomerId,
    customerId: row.id as CustomerId,
    workspaceId: row.workspaceId as WorkspaceId,
    mode: row.mode,
    externalId: row.externalId,
    email: row.email,
    name: row.name,
    phone: row.phone,
    taxId: row.taxId,
    legalName: row.legalName,
    address: row.address,
    defaultPaymentMethodId: row.defaultPaymentMethodId as PaymentMethodId | null,
    metadata: row.metadata === null ? null : JSON.parse(row.metadata),
    clockAheadMs: row.clockAheadMs,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
