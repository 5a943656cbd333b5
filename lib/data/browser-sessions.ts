import type { Selectable } from 'kysely';
import type { BrowserSession, EndedReason } from '@/lib/domain/browser-session.ts';
import { sessionLimits } from '@/lib/domain/browser-session.ts';
import type { BrowserSessionId, CustomerId, PortalSessionId, WorkspaceId } from '@/lib/domain/ids.ts';
import { type Instant, minuteMs } from '@/lib/domain/time.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';
import type { Tables } from './tables.ts';

/** Opens a browser session; its secret id is stored as a fingerprint only. Binding begins unsettled. */
export async function insertBrowserSession(tx: Writer, session: BrowserSession & { idHash: string }): Promise<void> {
  await tx
    .insertInto('browserSessions')
    .values({
      id: session.id,
      idHash: session.idHash,
      portalSessionId: session.portalSessionId,
      workspaceId: session.workspaceId,
      mode: session.mode,
      customerId: session.customerId,
      returnUrl: session.returnUrl,
      flow: session.flow === null ? null : JSON.stringify(session.flow),
      agent: session.agent,
      enteredAt: session.enteredAt,
      lastSeenAt: session.lastSeenAt,
      endedAt: null,
      endedReason: null,
      contestedAt: null,
      binding: session.binding,
      bindingId: null,
      publicJwk: null,
      alg: null,
      boundHash: null,
      boundUntil: null,
      previousBoundHash: null,
      previousBoundUntil: null,
      lastProofAt: null,
      stepAskedAt: null,
      stepProofAt: null,
      epoch: session.epoch,
    })
    .execute();
}

/** The browser session a cookie stands for, whatever its state, or null. */
export async function findBrowserSessionBySecret(read: Reader, idHash: string): Promise<BrowserSession | null> {
  const row = await read.selectFrom('browserSessions').selectAll().where('idHash', '=', idHash).executeTakeFirst();
  return row === undefined ? null : toBrowserSession(row);
}

/** A customer's browser sessions entered after `since`, newest first. */
export async function listBrowserSessions(
  read: Reader,
  scope: CustomerScope,
  since: Instant,
): Promise<BrowserSession[]> {
  const rows = await read
    .selectFrom('browserSessions')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('enteredAt', '>', since)
    .orderBy('enteredAt', 'desc')
    .limit(100)
    .execute();
  return rows.map(toBrowserSession);
}

/** Notes that a buyer was here, at most once a minute. */
export async function touchBrowserSession(tx: Writer, id: BrowserSessionId, now: Instant): Promise<void> {
  await tx
    .updateTable('browserSessions')
    .set({ lastSeenAt: now })
    .where('id', '=', id)
    .where('lastSeenAt', '<=', now - minuteMs)
    .where('endedAt', 'is', null)
    .execute();
}

/** Marks a session whose link somebody else tried; true when this was news. */
export async function contestBrowserSession(tx: Writer, id: BrowserSessionId, now: Instant): Promise<boolean> {
  const row = await tx
    .updateTable('browserSessions')
    .set({ contestedAt: now })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('contestedAt', 'is', null), eb('contestedAt', '<=', now - minuteMs)]))
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Ends one browser session of a customer; false when it had ended before. */
export async function endBrowserSession(
  tx: Writer,
  scope: CustomerScope,
  id: BrowserSessionId,
  reason: EndedReason,
  now: Instant,
): Promise<boolean> {
  const row = await tx
    .updateTable('browserSessions')
    .set({ endedAt: now, endedReason: reason })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('id', '=', id)
    .where('endedAt', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Ends every live browser session of a customer, or those born from one link, and answers them. */
export async function endLiveBrowserSessions(
  tx: Writer,
  scope: CustomerScope,
  bornFrom: PortalSessionId | null,
  reason: EndedReason,
  now: Instant,
): Promise<BrowserSessionId[]> {
  const { idleMs, absoluteMs, unboundMs } = sessionLimits;
  let query = tx
    .updateTable('browserSessions')
    .set({ endedAt: now, endedReason: reason })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('endedAt', 'is', null)
    .where('lastSeenAt', '>', now - idleMs)
    .where('enteredAt', '>', now - absoluteMs)
    .where((eb) => eb.or([eb('binding', 'in', ['dbsc', 'webcrypto']), eb('enteredAt', '>', now - unboundMs)]));
  if (bornFrom !== null) query = query.where('portalSessionId', '=', bornFrom);
  const rows = await query.returning('id').execute();
  return rows.map((row) => row.id as BrowserSessionId);
}

export function toBrowserSession(row: Selectable<Tables['browserSessions']>): BrowserSession {
  return {
    id: row.id as BrowserSessionId,
    portalSessionId: row.portalSessionId as PortalSessionId,
    workspaceId: row.workspaceId as WorkspaceId,
    mode: row.mode,
    customerId: row.customerId as CustomerId,
    returnUrl: row.returnUrl,
    flow: row.flow === null ? null : JSON.parse(row.flow),
    agent: row.agent,
    enteredAt: row.enteredAt,
    lastSeenAt: row.lastSeenAt,
    endedAt: row.endedAt,
    endedReason: row.endedReason,
    contestedAt: row.contestedAt,
    binding: row.binding,
    epoch: row.epoch,
  };
}
