import type { Selectable } from 'kysely';
import type { BrowserSessionId, CustomerId, PortalSessionId, WorkspaceId } from '@/lib/domain/ids.ts';
import type { PortalSession } from '@/lib/domain/portal-session.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope, WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';
import type { Tables } from './tables.ts';

/** Inserts a freshly minted portal session; the token itself is never stored, only its SHA-256. */
export async function insertPortalSession(
  tx: Writer,
  session: Pick<
    PortalSession,
    'id' | 'workspaceId' | 'mode' | 'customerId' | 'returnUrl' | 'flow' | 'createdAt' | 'expiresAt' | 'epoch'
  > & {
    tokenHash: string;
    mintedByKeyId: string | null;
  },
): Promise<void> {
  await tx
    .insertInto('portalSessions')
    .values({
      id: session.id,
      workspaceId: session.workspaceId,
      mode: session.mode,
      customerId: session.customerId,
      tokenHash: session.tokenHash,
      returnUrl: session.returnUrl,
      flow: session.flow === null ? null : JSON.stringify(session.flow),
      mintedByKeyId: session.mintedByKeyId,
      createdAt: session.createdAt,
      expiresAt: session.expiresAt,
      burnedAt: null,
      burnedNonceHash: null,
      browserSessionId: null,
      revokedAt: null,
      epoch: session.epoch,
    })
    .execute();
}

export async function findPortalSessionByToken(read: Reader, tokenHash: string): Promise<PortalSession | null> {
  const row = await read.selectFrom('portalSessions').selectAll().where('tokenHash', '=', tokenHash).executeTakeFirst();
  return row === undefined ? null : toPortalSession(row);
}

/**
 * The one conditional UPDATE that decides who wins a link: open, unexpired, of this epoch, its customer and workspace
 * alive. The burned row, or null for everybody who came second or came for nothing.
 */
export async function burnPortalSession(
  tx: Writer,
  tokenHash: string,
  burn: { nonceHash: string; browserSessionId: BrowserSessionId; now: Instant; epoch: number },
): Promise<PortalSession | null> {
  const row = await tx
    .updateTable('portalSessions')
    .set({ burnedAt: burn.now, burnedNonceHash: burn.nonceHash, browserSessionId: burn.browserSessionId })
    .where('tokenHash', '=', tokenHash)
    .where('burnedAt', 'is', null)
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', burn.now)
    .where('epoch', '=', burn.epoch)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('customers')
          .innerJoin('workspaces', 'workspaces.id', 'customers.workspaceId')
          .select('customers.id')
          .whereRef('customers.id', '=', 'portalSessions.customerId')
          .where('customers.deletedAt', 'is', null)
          .where('workspaces.suspendedAt', 'is', null),
      ),
    )
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toPortalSession(row);
}

/** One portal session of the workspace and mode, whatever its state, or null. */
export async function findPortalSession(
  read: Reader,
  scope: WorkspaceScope,
  id: PortalSessionId,
): Promise<PortalSession | null> {
  const row = await read
    .selectFrom('portalSessions')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? null : toPortalSession(row);
}

/** Revokes the open links of a customer, or the one named. Used, expired and revoked ones stay as they are. */
export async function revokePortalSessions(
  tx: Writer,
  scope: CustomerScope,
  only: PortalSessionId | null,
  now: Instant,
): Promise<PortalSession[]> {
  let query = tx
    .updateTable('portalSessions')
    .set({ revokedAt: now })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('burnedAt', 'is', null)
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', now);
  if (only !== null) query = query.where('id', '=', only);
  return (await query.returningAll().execute()).map(toPortalSession);
}

function toPortalSession(row: Selectable<Tables['portalSessions']>): PortalSession {
  return {
    id: row.id as PortalSessionId,
    workspaceId: row.workspaceId as WorkspaceId,
    mode: row.mode,
    customerId: row.customerId as CustomerId,
    returnUrl: row.returnUrl,
    flow: row.flow === null ? null : JSON.parse(row.flow),
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    burnedAt: row.burnedAt,
    burnedNonceHash: row.burnedNonceHash,
    browserSessionId: row.browserSessionId as BrowserSessionId | null,
    revokedAt: row.revokedAt,
    epoch: row.epoch,
  };
}
