import type { Selectable } from 'kysely';
import type {
  BrowserSessionId,
  CustomerId,
  InvoiceId,
  PaymentMethodId,
  ProviderVisitId,
  WorkspaceId,
} from '@/lib/domain/ids.ts';
import { emptyOutcome, noWishes, type ProviderVisit, type VisitOutcome } from '@/lib/domain/provider-visit.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope, WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';
import type { Tables } from './tables.ts';

export async function insertProviderVisit(tx: Writer, visit: ProviderVisit): Promise<void> {
  await tx
    .insertInto('providerVisits')
    .values({ ...visit, wishes: JSON.stringify(visit.wishes), outcome: JSON.stringify(visit.outcome) })
    .execute();
}

/** One visit of this customer, or null: foreign and unknown look alike. */
export async function findProviderVisit(
  read: Reader,
  scope: CustomerScope,
  id: ProviderVisitId,
): Promise<ProviderVisit | null> {
  const row = await visitsOf(read, scope).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : toProviderVisit(row);
}

/** The visit a one-time state belongs to, if it is this customer's. */
export async function findVisitByState(
  read: Reader,
  scope: CustomerScope,
  stateHash: string,
): Promise<ProviderVisit | null> {
  const row = await visitsOf(read, scope).where('stateHash', '=', stateHash).executeTakeFirst();
  return row === undefined ? null : toProviderVisit(row);
}

/** A visit by the provider's own name of it: for what the provider tells our server, which knows no customer of ours. */
export async function findVisitByReference(
  read: Reader,
  adapter: string,
  providerReference: string,
): Promise<ProviderVisit | null> {
  const row = await read
    .selectFrom('providerVisits')
    .selectAll()
    .where('adapter', '=', adapter)
    .where('providerReference', '=', providerReference)
    .executeTakeFirst();
  return row === undefined ? null : toProviderVisit(row);
}

/** A visit of an adapter by our id, which is what a charge was sent under: for what the provider tells our server. */
export async function findVisitOfAdapter(read: Reader, adapter: string, id: string): Promise<ProviderVisit | null> {
  const row = await read
    .selectFrom('providerVisits')
    .selectAll()
    .where('adapter', '=', adapter)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? null : toProviderVisit(row);
}

/** A customer's newest visits begun after `since`, newest first. */
export async function listProviderVisits(read: Reader, scope: CustomerScope, since: Instant): Promise<ProviderVisit[]> {
  const rows = await visitsOf(read, scope)
    .where('createdAt', '>', since)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(50)
    .execute();
  return rows.map(toProviderVisit);
}

/** Visits of one invoice that a buyer began after `since`, newest first. */
export async function listVisitsOfInvoice(
  read: Reader,
  scope: CustomerScope,
  invoiceId: InvoiceId,
  since: Instant,
): Promise<ProviderVisit[]> {
  const rows = await visitsOf(read, scope)
    .where('invoiceId', '=', invoiceId)
    .where('browserSessionId', 'is not', null)
    .where('createdAt', '>', since)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(50)
    .execute();
  return rows.map(toProviderVisit);
}

/** Payments of one invoice whose end is still to come: pages that are open, charges that wait. */
export async function listWaitingVisitsOfInvoice(
  read: Reader,
  scope: WorkspaceScope,
  invoiceId: InvoiceId,
): Promise<ProviderVisit[]> {
  const rows = await read
    .selectFrom('providerVisits')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('invoiceId', '=', invoiceId)
    .where('status', 'in', ['open', 'pending', 'unknown'])
    .orderBy('createdAt')
    .limit(50)
    .execute();
  return rows.map(toProviderVisit);
}

/** Visits of all customers whose end is still to come, begun before `until`, oldest first: for the job that asks. */
export async function listWaitingVisits(read: Reader, until: Instant, limit: number): Promise<ProviderVisit[]> {
  const rows = await read
    .selectFrom('providerVisits')
    .selectAll()
    .where('status', 'in', ['open', 'pending', 'unknown'])
    .where('createdAt', '<=', until)
    .orderBy('createdAt')
    .limit(limit)
    .execute();
  return rows.map(toProviderVisit);
}

/** Notes where the provider's page is, and its name of the visit. */
export async function noteVisitOpened(
  tx: Writer,
  visit: ProviderVisit,
  opened: { providerReference: string; redirectSealed: string },
): Promise<void> {
  await tx
    .updateTable('providerVisits')
    .set({
      providerReference: opened.providerReference,
      outcome: JSON.stringify({ ...visit.outcome, redirectSealed: opened.redirectSealed }),
    })
    .where('id', '=', visit.id)
    .where('status', '=', 'open')
    .execute();
}

/**
 * Changes a visit whose end is still to come; false when it has ended meanwhile. The row stays locked until the
 * transaction ends, so that two answers about one visit are taken one after the other.
 */
export async function changeWaitingVisit(
  tx: Writer,
  visit: Pick<ProviderVisit, 'id'>,
  change: {
    status: ProviderVisit['status'];
    outcome: VisitOutcome;
    paymentMethodId?: PaymentMethodId;
    finishedAt: Instant | null;
  },
): Promise<boolean> {
  const { status, outcome, finishedAt, paymentMethodId } = change;
  const row = await tx
    .updateTable('providerVisits')
    .set({
      status,
      outcome: JSON.stringify(outcome),
      finishedAt,
      ...(paymentMethodId === undefined ? {} : { paymentMethodId }),
    })
    .where('id', '=', visit.id)
    .where('status', 'in', ['open', 'pending', 'unknown'])
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Notes on a finished visit what it came to; for facts known only at the end of the same transaction. */
export async function noteVisitOutcome(tx: Writer, id: ProviderVisitId, outcome: VisitOutcome): Promise<void> {
  await tx
    .updateTable('providerVisits')
    .set({ outcome: JSON.stringify(outcome) })
    .where('id', '=', id)
    .execute();
}

/** Takes a notification: false when it came before, and then nothing more is to be done. */
export async function takeNotification(
  tx: Writer,
  adapter: string,
  notificationId: string,
  now: Instant,
): Promise<boolean> {
  const row = await tx
    .insertInto('providerNotifications')
    .values({ adapter, notificationId, receivedAt: now })
    .onConflict((on) => on.columns(['adapter', 'notificationId']).doNothing())
    .returning('notificationId')
    .executeTakeFirst();
  return row !== undefined;
}

function visitsOf(read: Reader, scope: CustomerScope) {
  return read
    .selectFrom('providerVisits')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId);
}

function toProviderVisit(row: Selectable<Tables['providerVisits']>): ProviderVisit {
  return {
    id: row.id as ProviderVisitId,
    workspaceId: row.workspaceId as WorkspaceId,
    mode: row.mode,
    customerId: row.customerId as CustomerId,
    browserSessionId: row.browserSessionId as BrowserSessionId | null,
    adapter: row.adapter,
    purpose: row.purpose,
    stateHash: row.stateHash,
    providerReference: row.providerReference,
    wishes: { ...noWishes, ...JSON.parse(row.wishes) },
    invoiceId: row.invoiceId as InvoiceId | null,
    status: row.status,
    outcome: { ...emptyOutcome, ...(row.outcome === null ? {} : JSON.parse(row.outcome)) },
    paymentMethodId: row.paymentMethodId as PaymentMethodId | null,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    finishedAt: row.finishedAt,
  };
}
