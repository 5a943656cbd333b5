import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { CustomerId, InvoiceId, ReceiptId, WorkspaceId } from '@/lib/domain/ids.ts';
import type { MailAddress } from '@/lib/domain/mail-address.ts';
import type { MailId, OutgoingMail } from '@/lib/domain/outgoing-mail.ts';
import type { Instant } from '@/lib/domain/time.ts';
import { hourMs } from '@/lib/domain/time.ts';
import type { CustomerScope, Mode } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';
import type { Tables } from './tables.ts';
import type { Cause } from './tell-of-change.ts';

/** Part of the question's text: SQLite picks a partial index by the text alone. */
const queued = sql.lit<'queued'>('queued');

/** A mail to queue. `cause` names what asks for it: the same one queues once. */
export type MailOrder = CustomerScope &
  Pick<OutgoingMail, 'id' | 'document' | 'to' | 'locale'> & {
    readonly cause: string;
    readonly askedBy: 'merchant' | 'buyer';
    /** Whose act the events of this mail tell of. */
    readonly toldBy: Cause;
  };

/** Queues a mail in the transaction of its cause; nothing where the cause has queued one. */
export async function queueMail(tx: Writer, order: MailOrder, now: Instant): Promise<void> {
  await tx
    .insertInto('mails')
    .values({
      id: order.id,
      workspaceId: order.workspaceId,
      mode: order.mode,
      customerId: order.customerId,
      cause: order.cause,
      askedBy: order.askedBy,
      toldBy: JSON.stringify(order.toldBy),
      documentKind: order.document.kind,
      documentId: order.document.id,
      recipient: order.to,
      locale: order.locale,
      status: 'queued',
      attempts: 0,
      lostAttempts: 0,
      nextAttemptAt: now,
      createdAt: now,
    })
    .onConflict((on) => on.columns(['workspaceId', 'mode', 'cause']).doNothing())
    .execute();
}

/** When a customer's buyer asked for mails within the last hour. The transaction holds the customer. */
export async function listBuyerMails(tx: Writer, scope: CustomerScope, now: Instant): Promise<Instant[]> {
  const rows = await tx
    .selectFrom('mails')
    .select('createdAt')
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('createdAt', '>', now - hourMs)
    .where('askedBy', '=', 'buyer')
    .execute();
  return rows.map(({ createdAt }) => createdAt);
}

/** A mail that was taken for one attempt: until `leaseUntil` nobody else has it. */
export type TakenMail = OutgoingMail & {
  readonly lease: string;
  readonly leaseUntil: Instant;
  readonly toldBy: Cause;
};

/**
 * Takes up to `limit` due mails of these modes, the longest due first. One whose lease ran out is taken again: how that
 * attempt ended, nobody knows.
 */
export async function leaseDueMails(
  tx: Writer,
  modes: readonly Mode[],
  limit: number,
  { lease, leaseUntil }: Pick<TakenMail, 'lease' | 'leaseUntil'>,
  now: Instant,
): Promise<TakenMail[]> {
  const due = dueMails(tx, modes, now)
    .where((eb) => eb.or([eb('leaseUntil', 'is', null), eb('leaseUntil', '<=', now)]))
    .orderBy('nextAttemptAt')
    .limit(limit);
  const rows = await tx
    .updateTable('mails')
    .set((eb) => ({
      lostAttempts: eb('lostAttempts', '+', eb.case().when('lease', 'is not', null).then(1).else(0).end()),
      attempts: eb('attempts', '+', 1),
      lease,
      leaseUntil,
    }))
    .where('id', 'in', due)
    .where('status', '=', queued)
    .where((eb) => eb.or([eb('leaseUntil', 'is', null), eb('leaseUntil', '<=', now)]))
    .returningAll()
    .execute();
  return rows.map((row) => ({ ...toMail(row), lease, leaseUntil, toldBy: JSON.parse(row.toldBy) as Cause }));
}

/** The ids of queued mails of these modes whose time has come. */
export function dueMails(read: Reader, modes: readonly Mode[], now: Instant) {
  return read
    .selectFrom('mails')
    .select('id')
    .where('status', '=', queued)
    .where('nextAttemptAt', '<=', now)
    .where('mode', 'in', modes);
}

/** Is a mail of these modes due? One look at one index tells that none is. */
export async function hasDueMail(read: Reader, modes: readonly Mode[], now: Instant): Promise<boolean> {
  const row = await dueMails(read, modes, now).limit(1).executeTakeFirst();
  return row !== undefined;
}

/** Writes what came of an attempt and gives the lease back. False: the lease went to somebody else. */
export async function settleMail(
  tx: Writer,
  { id, lease }: Pick<TakenMail, 'id' | 'lease'>,
  outcome: Pick<OutgoingMail, 'status' | 'lostAttempts'> & {
    readonly lastAnswer: string;
    readonly nextAttemptAt: Instant | null;
  },
  now: Instant,
): Promise<boolean> {
  const row = await tx
    .updateTable('mails')
    .set({ ...outcome, lease: null, leaseUntil: null, settledAt: outcome.status === 'queued' ? null : now })
    .where('id', '=', id)
    .where('lease', '=', lease)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Notes on a receipt when and to whom it was mailed last: nothing else about it ever changes. */
export async function noteReceiptMailed(tx: Writer, mail: OutgoingMail, now: Instant): Promise<void> {
  await tx
    .updateTable('receipts')
    .set({ emailedAt: now, emailedTo: mail.to })
    .where('workspaceId', '=', mail.workspaceId)
    .where('mode', '=', mail.mode)
    .where('id', '=', mail.document.id)
    .execute();
}

/** Deletes up to `limit` mails asked for before `before`, with what the mailbox holds of them. */
export async function deleteMails(tx: Writer, before: Instant, limit: number): Promise<number> {
  const dead = await tx
    .selectFrom('mails')
    .select('id')
    .where('createdAt', '<', before)
    .orderBy('createdAt')
    .limit(limit)
    .execute();
  const ids = dead.map(({ id }) => id);
  if (ids.length === 0) return 0;
  await tx.deleteFrom('mailboxMails').where('mailId', 'in', ids).execute();
  await tx.deleteFrom('mails').where('id', 'in', ids).execute();
  return ids.length;
}

function toMail(row: Selectable<Tables['mails']>): OutgoingMail {
  return {
    id: row.id as MailId,
    workspaceId: row.workspaceId as WorkspaceId,
    mode: row.mode,
    customerId: row.customerId as CustomerId,
    document:
      row.documentKind === 'invoice'
        ? { kind: 'invoice', id: row.documentId as InvoiceId }
        : { kind: 'receipt', id: row.documentId as ReceiptId },
    to: row.recipient as MailAddress,
    locale: row.locale === 'id' ? 'id' : 'en',
    status: row.status,
    attempts: row.attempts,
    lostAttempts: row.lostAttempts,
    createdAt: row.createdAt,
  };
}
