import type {
  AttemptRecord,
  CustomerRecord,
  InvoiceLineRecord,
  InvoiceRecord,
  PaymentMethodRecord,
  PlanRecord,
  PriceRecord,
  RefundRecord,
  SubscriptionRecord,
} from '@/lib/domain/billing-record.ts';
import type { BilledTo, MethodName } from '@/lib/domain/invoice.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';
import type { Tables } from './tables.ts';

/** The tables a merchant's billing data fills. Each row has an id, a workspace and a mode. */
export type BillingTable =
  | 'customers'
  | 'plans'
  | 'prices'
  | 'subscriptions'
  | 'invoices'
  | 'paymentMethods'
  | 'receipts'
  | 'refunds';

/** One row of the workspace and mode by id, whatever its state, or null. */
export async function findBillingRow<T extends BillingTable>(
  read: Reader,
  scope: WorkspaceScope,
  table: T,
  id: string,
): Promise<Tables[T] | null> {
  // The tables share the columns this query names; its row is the table's own.
  const row = await read
    .selectFrom(table as 'customers')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? null : (row as unknown as Tables[T]);
}

/** Inserts a row; false when its id or another unique value of it is taken. */
export async function insertBillingRow<T extends BillingTable>(tx: Writer, table: T, row: Tables[T]): Promise<boolean> {
  const inserted = await tx
    .insertInto(table as 'customers')
    .values(row as unknown as Tables['customers'])
    .onConflict((on) => on.doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** Changes columns of a row of the workspace and mode. Throws a unique violation when a value is taken. */
export async function updateBillingRow<T extends BillingTable>(
  tx: Writer,
  scope: WorkspaceScope,
  table: T,
  id: string,
  changes: Partial<Tables[T]>,
): Promise<void> {
  await tx
    .updateTable(table as 'customers')
    .set(changes as Partial<Tables['customers']>)
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', id)
    .execute();
}

/** Lines of an invoice in their order. The invoice was found in its scope before. */
export async function listLineRows(read: Reader, invoiceId: string): Promise<Tables['invoiceLines'][]> {
  return read.selectFrom('invoiceLines').selectAll().where('invoiceId', '=', invoiceId).orderBy('position').execute();
}

/** Puts these lines in place of what the invoice had; false when the id of one is taken. */
export async function replaceLines(
  tx: Writer,
  invoiceId: string,
  lines: readonly InvoiceLineRecord[],
): Promise<boolean> {
  await tx.deleteFrom('invoiceLines').where('invoiceId', '=', invoiceId).execute();
  const rows = lines.map((line, position) => lineRow(invoiceId, line, position));
  const inserted = await tx
    .insertInto('invoiceLines')
    .values(rows)
    .onConflict((on) => on.doNothing())
    .returning('id')
    .execute();
  return inserted.length === rows.length;
}

export async function findAttemptRow(
  read: Reader,
  scope: WorkspaceScope,
  id: string,
): Promise<Tables['paymentAttempts'] | null> {
  const row = await read
    .selectFrom('paymentAttempts')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

/** Inserts an attempt; false when its id is taken. */
export async function insertAttemptRow(tx: Writer, row: Tables['paymentAttempts']): Promise<boolean> {
  const inserted = await tx
    .insertInto('paymentAttempts')
    .values(row)
    .onConflict((on) => on.doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** Changes an attempt that still waits. */
export async function settleAttemptRow(
  tx: Writer,
  scope: WorkspaceScope,
  id: string,
  changes: Partial<Tables['paymentAttempts']>,
): Promise<void> {
  await tx
    .updateTable('paymentAttempts')
    .set(changes)
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', id)
    .where('status', 'in', ['pending', 'needs_confirmation'])
    .execute();
}

/** The receipt of an invoice, or null. */
export async function findReceiptRowOf(
  read: Reader,
  scope: WorkspaceScope,
  invoiceId: string,
): Promise<Tables['receipts'] | null> {
  const row = await read
    .selectFrom('receipts')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('sourceType', '=', 'invoice')
    .where('sourceId', '=', invoiceId)
    .executeTakeFirst();
  return row ?? null;
}

/** The method that paid an invoice as it was named then, with its adapter; null when no attempt succeeded. */
export async function findPayingAttempt(
  read: Reader,
  scope: WorkspaceScope,
  invoiceId: string,
): Promise<Tables['paymentAttempts'] | null> {
  const row = await read
    .selectFrom('paymentAttempts')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('invoiceId', '=', invoiceId)
    .where('status', '=', 'succeeded')
    .orderBy('createdAt', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** What is refunded of an invoice or on its way back, in minor units; failed refunds do not count, nor does `except`. */
export async function sumRefunds(
  read: Reader,
  scope: WorkspaceScope,
  invoiceId: string,
  except: string,
): Promise<number> {
  const rows = await read
    .selectFrom('refunds')
    .select('amount')
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('invoiceId', '=', invoiceId)
    .where('status', '<>', 'failed')
    .where('id', '<>', except)
    .execute();
  return rows.reduce((sum, row) => sum + row.amount, 0);
}

export function customerRow(scope: WorkspaceScope, record: CustomerRecord): Tables['customers'] {
  const { object: _object, defaultPaymentTokenId, metadata, ...rest } = record;
  return {
    ...rest,
    ...placeOf(scope),
    defaultPaymentMethodId: defaultPaymentTokenId,
    metadata: jsonText(metadata),
    clockAheadMs: 0,
    deletedAt: null,
  };
}

export function planRow(scope: WorkspaceScope, record: PlanRecord): Tables['plans'] {
  const { object: _object, prices: _prices, portalFeatures, active, metadata, ...rest } = record;
  return {
    ...rest,
    ...placeOf(scope),
    portalFeatures: jsonText(portalFeatures) ?? '{}',
    active: active ? 1 : 0,
    metadata: jsonText(metadata),
  };
}

export function priceRow(scope: WorkspaceScope, record: PriceRecord): Tables['prices'] {
  const { object: _object, tiers, active, ...rest } = record;
  return { ...rest, ...placeOf(scope), tiers: jsonText(tiers), active: active ? 1 : 0 };
}

export function subscriptionRow(scope: WorkspaceScope, record: SubscriptionRecord): Tables['subscriptions'] {
  const { object: _object, defaultPaymentTokenId, discount, metadata, ...rest } = record;
  return {
    ...rest,
    ...placeOf(scope),
    defaultPaymentMethodId: defaultPaymentTokenId,
    discount: jsonText(discount),
    metadata: jsonText(metadata),
    billingAnchor: null,
    initialDiscount: null,
  };
}

/** `past_due` is stored as `open`: the clock says the rest. */
export function invoiceRow(scope: WorkspaceScope, record: InvoiceRecord, billedTo: BilledTo): Tables['invoices'] {
  const { object: _object, lines: _lines, attempts, amountDue: _amountDue, metadata, ...rest } = record;
  return {
    ...rest,
    ...placeOf(scope),
    status: record.status === 'past_due' ? 'open' : record.status,
    collectionAttempts: record.collectionAttempts ?? attempts.length,
    collectionStoppedAt: null,
    stoppedAttemptAt: null,
    collectionBeganAt: null,
    collectionTries: null,
    billedTo: jsonText(billedTo) ?? '{}',
    memo: null,
    templateId: null,
    metadata: jsonText(metadata),
  };
}

export function lineRow(invoiceId: string, line: InvoiceLineRecord, position: number): Tables['invoiceLines'] {
  return { ...line, invoiceId, position, metadata: jsonText(line.metadata) };
}

export function attemptRow(
  scope: WorkspaceScope,
  invoice: { id: string; customerId: string },
  record: AttemptRecord,
  method: { name: MethodName; adapter: string },
): Tables['paymentAttempts'] {
  const { paymentTokenId, method: _method, adapter: _adapter, ...rest } = record;
  return {
    ...rest,
    ...placeOf(scope),
    customerId: invoice.customerId,
    invoiceId: invoice.id,
    paymentMethodId: paymentTokenId,
    methodName: JSON.stringify(method.name),
    adapter: method.adapter,
    // Nobody sends this key to a provider: the attempt was made elsewhere.
    idempotencyKey: `import:${record.id}`,
  };
}

export function paymentMethodRow(
  scope: WorkspaceScope,
  record: PaymentMethodRecord,
  reference: { sealed: string; hash: string },
  fingerprintHash: string | null,
): Tables['paymentMethods'] {
  const {
    object: _object,
    providerToken: _token,
    fingerprint: _fingerprint,
    isDefault: _isDefault,
    status,
    metadata,
    ...rest
  } = record;
  return {
    ...rest,
    ...placeOf(scope),
    status: status === 'detached' ? 'detached' : 'active',
    providerRefSealed: reference.sealed,
    providerRefHash: reference.hash,
    fingerprintHash,
    metadata: jsonText(metadata),
    detachAt: null,
  };
}

export function refundRow(scope: WorkspaceScope, record: RefundRecord, customerId: string): Tables['refunds'] {
  const { object: _object, metadata, ...rest } = record;
  return {
    ...rest,
    ...placeOf(scope),
    customerId,
    metadata: jsonText(metadata),
    // Nobody asks a provider for it: the refund was made elsewhere.
    paymentAttemptId: null,
    adapter: null,
    providerReference: null,
    requestKey: null,
    askedAt: null,
  };
}

function placeOf({ workspaceId, mode }: WorkspaceScope): { workspaceId: string; mode: 'live' | 'test' } {
  return { workspaceId, mode };
}

/** JSON with its keys in order, so that the same value is the same text. */
function jsonText(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value, (_key, part: unknown) => inOrder(part));
}

function inOrder(part: unknown): unknown {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
  return Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)));
}
