import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { CustomerId, PaymentMethodId, WorkspaceId } from '@/lib/domain/ids.ts';
import type { PaymentMethod } from '@/lib/domain/payment-method.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope, WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';
import type { Page, PageWish } from './page.ts';
import { cutPage, isAfter } from './page.ts';
import type { Tables } from './tables.ts';

/** What a provider tells anew of a method that is here already. A null fingerprint leaves the one that is known. */
type FreshFacts = Pick<PaymentMethod, 'brand' | 'last4' | 'expMonth' | 'expYear' | 'label'> & {
  readonly fingerprintHash: string | null;
};

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

/** The provider's reference of a method as it is stored, or null. */
export async function findSealedReference(
  read: Reader,
  scope: CustomerScope,
  id: PaymentMethodId,
): Promise<string | null> {
  const row = await read
    .selectFrom('paymentMethods')
    .select('providerRefSealed')
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.providerRefSealed ?? null;
}

/**
 * Renews what is known of a method that is already here, found by a hash of its reference; null when it is not. A removal
 * that was planned for it is off: the buyer has just brought it.
 */
export async function renewPaymentMethod(
  tx: Writer,
  scope: CustomerScope,
  adapter: string,
  hashes: readonly string[],
  fresh: FreshFacts,
  now: Instant,
): Promise<PaymentMethod | null> {
  const row = await tx
    .updateTable('paymentMethods')
    .set({ ...factsOf(fresh), status: 'active', detachAt: null, updatedAt: now })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('adapter', '=', adapter)
    .where('providerRefHash', 'in', [...hashes])
    .where('status', '<>', 'detached')
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toPaymentMethod(row);
}

/** The oldest method of this customer with that fingerprint that is still here, and its sealed reference; or null. */
export async function findByFingerprint(
  read: Reader,
  scope: CustomerScope,
  adapter: string,
  fingerprintHash: string,
): Promise<{ method: PaymentMethod; sealed: string } | null> {
  const row = await read
    .selectFrom('paymentMethods')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('adapter', '=', adapter)
    .where('fingerprintHash', '=', fingerprintHash)
    .where('status', '<>', 'detached')
    .orderBy('createdAt')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : { method: toPaymentMethod(row), sealed: row.providerRefSealed };
}

/**
 * Renews a method that came back under another reference: from now on that one is charged. Null when the method has gone,
 * or the new reference is held by another one.
 */
export async function replaceReference(
  tx: Writer,
  scope: CustomerScope,
  id: PaymentMethodId,
  fresh: FreshFacts,
  reference: { sealed: string; hash: string },
  now: Instant,
): Promise<PaymentMethod | null> {
  const row = await tx
    .updateTable('paymentMethods')
    .set({
      ...factsOf(fresh),
      providerRefSealed: reference.sealed,
      providerRefHash: reference.hash,
      status: 'active',
      detachAt: null,
      updatedAt: now,
    })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('id', '=', id)
    .where('status', '<>', 'detached')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('paymentMethods as other')
            .select('other.id')
            .whereRef('other.workspaceId', '=', 'paymentMethods.workspaceId')
            .whereRef('other.mode', '=', 'paymentMethods.mode')
            .whereRef('other.adapter', '=', 'paymentMethods.adapter')
            .where('other.providerRefHash', '=', reference.hash)
            .where('other.status', '<>', 'detached'),
        ),
      ),
    )
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toPaymentMethod(row);
}

/** Saves a method; null when its reference is saved already, which another customer may have done. */
export async function insertPaymentMethod(
  tx: Writer,
  method: PaymentMethod,
  reference: { sealed: string; hash: string },
  fingerprintHash: string | null,
): Promise<PaymentMethod | null> {
  const { sealed, hash } = reference;
  const row = await tx
    .insertInto('paymentMethods')
    .values({
      ...method,
      metadata: method.metadata === null ? null : JSON.stringify(method.metadata),
      providerRefSealed: sealed,
      providerRefHash: hash,
      fingerprintHash,
    })
    .onConflict((on) => on.doNothing())
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toPaymentMethod(row);
}

/** Removes a method that is still here; null when it had gone before. `at` is billing time. */
export async function detachPaymentMethod(
  tx: Writer,
  scope: CustomerScope,
  id: PaymentMethodId,
  at: Instant,
  now: Instant,
): Promise<PaymentMethod | null> {
  const row = await tx
    .updateTable('paymentMethods')
    .set({ status: 'detached', detachedAt: at, detachAt: null, updatedAt: now })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('id', '=', id)
    .where('status', '<>', 'detached')
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toPaymentMethod(row);
}

/** Plans a method's removal, or with null takes the plan back; null when nothing changed. */
export async function planDetachment(
  tx: Writer,
  scope: CustomerScope,
  id: PaymentMethodId,
  detachAt: Instant | null,
  now: Instant,
): Promise<PaymentMethod | null> {
  const row = await tx
    .updateTable('paymentMethods')
    .set({ detachAt, updatedAt: now })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('id', '=', id)
    .where('status', '<>', 'detached')
    .where('detachAt', detachAt === null ? 'is not' : 'is', null)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toPaymentMethod(row);
}

/** Methods of all customers whose planned removal is due; each customer's billing clock counts. For the job. */
export async function listLeavingMethods(read: Reader, now: Instant, limit: number): Promise<PaymentMethod[]> {
  const rows = await read
    .selectFrom('paymentMethods')
    .innerJoin('customers', 'customers.id', 'paymentMethods.customerId')
    .selectAll('paymentMethods')
    .where('paymentMethods.detachAt', 'is not', null)
    .where('paymentMethods.status', '<>', 'detached')
    .where((eb) => eb(eb('paymentMethods.detachAt', '-', eb.ref('customers.clockAheadMs')), '<=', now))
    .orderBy('paymentMethods.detachAt')
    .limit(limit)
    .execute();
  return rows.map(toPaymentMethod);
}

/** Removed methods that their provider still keeps, with the sealed reference. For the job. */
export async function listUnforgottenMethods(
  read: Reader,
  limit: number,
): Promise<{ method: PaymentMethod; sealed: string }[]> {
  const rows = await read
    .selectFrom('paymentMethods')
    .selectAll()
    .where('status', '=', 'detached')
    .where('providerRefSealed', '<>', '')
    .orderBy('updatedAt')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ method: toPaymentMethod(row), sealed: row.providerRefSealed }));
}

/** The provider has forgotten a removed method: so does the row. */
export async function forgetReference(tx: Writer, scope: CustomerScope, id: PaymentMethodId): Promise<void> {
  await tx
    .updateTable('paymentMethods')
    .set({ providerRefSealed: '', providerRefHash: '' })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('id', '=', id)
    .where('status', '=', 'detached')
    .execute();
}

/** Detaches every method of a customer at once, and answers those it detached. */
export async function detachAllMethods(tx: Writer, scope: CustomerScope, now: Instant): Promise<PaymentMethod[]> {
  const rows = await tx
    .updateTable('paymentMethods')
    .set({ status: 'detached', detachAt: null, detachedAt: now, updatedAt: now })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('status', '<>', 'detached')
    .returningAll()
    .execute();
  return rows.map(toPaymentMethod);
}

/** One method of the workspace and mode, of whichever customer, or null. */
export async function findMethodOfWorkspace(
  read: Reader,
  scope: WorkspaceScope,
  id: PaymentMethodId,
): Promise<PaymentMethod | null> {
  const row = await read
    .selectFrom('paymentMethods')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? null : toPaymentMethod(row);
}

/** Who holds a provider's reference in this workspace and mode, found by its hashes; null when nobody does. */
export async function findHolder(
  read: Reader,
  scope: WorkspaceScope,
  adapter: string,
  hashes: readonly string[],
): Promise<{ id: PaymentMethodId; customerId: CustomerId } | null> {
  const row = await read
    .selectFrom('paymentMethods')
    .select(['id', 'customerId'])
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('adapter', '=', adapter)
    .where('providerRefHash', 'in', [...hashes])
    .where('status', '<>', 'detached')
    .executeTakeFirst();
  return row === undefined ? null : { id: row.id as PaymentMethodId, customerId: row.customerId as CustomerId };
}

/** What a list of methods is narrowed to. A method that is being set up, or could not be, is no method on the wire. */
export type MethodFilter = {
  readonly type?: PaymentMethod['type'] | undefined;
  readonly status?: 'active' | 'expired' | 'detached' | undefined;
};

/** A page of a customer's methods; detached ones only when asked for. `now` is billing time. */
export async function listMethodPage(
  read: Reader,
  scope: CustomerScope,
  { type, status }: MethodFilter,
  wish: PageWish,
  now: Instant,
): Promise<Page<PaymentMethod>> {
  let query = read
    .selectFrom('paymentMethods')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('status', '=', status === 'detached' ? 'detached' : 'active')
    .where(isAfter(wish, 'createdAt'));
  if (type !== undefined) query = query.where('type', '=', type);
  if (status === 'active' || status === 'expired') {
    const day = new Date(now);
    const month = day.getUTCFullYear() * 12 + day.getUTCMonth() + 1;
    const ends = sql<number>`exp_year * 12 + exp_month`;
    query = query.where((eb) =>
      status === 'expired' ? eb(ends, '<', month) : eb.or([eb('expYear', 'is', null), eb(ends, '>=', month)]),
    );
  }
  const rows = await query
    .orderBy('createdAt', wish.order)
    .orderBy('id', wish.order)
    .limit(wish.limit + 1)
    .execute();
  return cutPage(wish, rows, toPaymentMethod);
}

function factsOf({ brand, last4, expMonth, expYear, label, fingerprintHash }: FreshFacts) {
  const known = fingerprintHash === null ? {} : { fingerprintHash };
  return { brand, last4, expMonth, expYear, label, ...known };
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
    metadata: row.metadata === null ? null : JSON.parse(row.metadata),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
