import type { Selectable } from 'kysely';
import type { Customer } from '@/lib/domain/customer.ts';
import type { CustomerId, PaymentMethodId, WorkspaceId } from '@/lib/domain/ids.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope, WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';
import type { Page, PageWish } from './page.ts';
import { cutPage, isAfter } from './page.ts';
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

/** Inserts a customer; null when its external id belongs to another one. */
export async function insertCustomer(tx: Writer, customer: Customer): Promise<Customer | null> {
  const { customerId: _same, metadata, ...columns } = customer;
  const row = await tx
    .insertInto('customers')
    .values({ ...columns, metadata: metadata === null ? null : JSON.stringify(metadata), deletedAt: null })
    .onConflict((on) => on.doNothing())
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toCustomer(row);
}

/** The fields of a customer a merchant may change; absent ones stay. */
export type CustomerChanges = {
  [Name in 'externalId' | 'email' | 'name' | 'phone' | 'taxId' | 'metadata' | 'defaultPaymentMethodId']?:
    | Customer[Name]
    | undefined;
};

/** Changes a customer that is not deleted. Throws a unique violation when its external id is taken. */
export async function updateCustomer(
  tx: Writer,
  scope: CustomerScope,
  { metadata, ...changes }: CustomerChanges,
  now: Instant,
): Promise<Customer | null> {
  const row = await tx
    .updateTable('customers')
    .set({
      ...changes,
      ...(metadata === undefined ? {} : { metadata: metadata === null ? null : JSON.stringify(metadata) }),
      updatedAt: now,
    })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', scope.customerId)
    .where('deletedAt', 'is', null)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toCustomer(row);
}

/** What a list of customers is narrowed to. `createdAfter` is exclusive. */
export type CustomerFilter = {
  readonly email?: string | undefined;
  readonly externalId?: string | undefined;
  readonly createdAfter?: Instant | undefined;
  readonly createdBefore?: Instant | undefined;
};

/** A page of the customers of a workspace and mode, newest first or oldest first; deleted ones never. */
export async function listCustomerPage(
  read: Reader,
  scope: WorkspaceScope,
  filter: CustomerFilter,
  wish: PageWish,
): Promise<Page<Customer>> {
  let query = read
    .selectFrom('customers')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('deletedAt', 'is', null)
    .where(isAfter(wish, 'createdAt'));
  if (filter.email !== undefined) query = query.where('email', '=', filter.email);
  if (filter.externalId !== undefined) query = query.where('externalId', '=', filter.externalId);
  if (filter.createdAfter !== undefined) query = query.where('createdAt', '>', filter.createdAfter);
  if (filter.createdBefore !== undefined) query = query.where('createdAt', '<', filter.createdBefore);
  const rows = await query
    .orderBy('createdAt', wish.order)
    .orderBy('id', wish.order)
    .limit(wish.limit + 1)
    .execute();
  return cutPage(wish, rows, toCustomer);
}

/**
 * Marks a customer deleted unless a subscription or an invoice holds the row. Null when it is held, unknown or deleted
 * already.
 */
export async function deleteCustomer(tx: Writer, scope: CustomerScope, now: Instant): Promise<Customer | null> {
  const row = await tx
    .updateTable('customers')
    .set({ deletedAt: now, updatedAt: now })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', scope.customerId)
    .where('deletedAt', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('subscriptions')
            .select('subscriptions.id')
            .where('subscriptions.workspaceId', '=', scope.workspaceId)
            .where('subscriptions.mode', '=', scope.mode)
            .where('subscriptions.customerId', '=', scope.customerId),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('invoices')
            .select('invoices.id')
            .where('invoices.workspaceId', '=', scope.workspaceId)
            .where('invoices.mode', '=', scope.mode)
            .where('invoices.customerId', '=', scope.customerId),
        ),
      ),
    )
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
