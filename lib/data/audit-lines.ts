import { createHash } from 'node:crypto';
import { newId } from '@/lib/domain/ids.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';

/** Who acted: `key:<key id>`, `viewer:<browser session id>`, `operator`, `job:<name>`, `provider:<adapter>`. */
export type Actor = `key:${string}` | `viewer:${string}` | 'operator' | `job:${string}` | `provider:${string}`;

export type AuditEntry = {
  readonly actor: Actor;
  /** What was done: `portal_session.minted`, `subscription.cancel_scheduled`, … */
  readonly act: string;
  /** Id of what it was done to. */
  readonly object: string | null;
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
};

/**
 * Appends one line to the workspace's chain: each line carries the hash of the one before, so an edited or removed line
 * shows. Within the transaction of the change it tells of.
 */
export async function appendAudit(
  tx: Writer,
  scope: WorkspaceScope,
  entry: AuditEntry,
  now: Instant,
  random: (bytes: number) => Uint8Array,
): Promise<void> {
  const { workspaceId, mode } = scope;
  await tx
    .insertInto('auditHeads')
    .values({ workspaceId, mode, position: 0, hash: '' })
    .onConflict((on) => on.columns(['workspaceId', 'mode']).doNothing())
    .execute();
  // The update locks the head, so that lines of one workspace are chained one after the other.
  const head = await tx
    .updateTable('auditHeads')
    .set((eb) => ({ position: eb('position', '+', 1) }))
    .where('workspaceId', '=', workspaceId)
    .where('mode', '=', mode)
    .returning(['position', 'hash'])
    .executeTakeFirstOrThrow();
  const line = {
    id: newId('audit', now, random),
    workspaceId,
    mode,
    position: head.position,
    at: now,
    actor: entry.actor,
    act: entry.act,
    object: entry.object,
    detail: JSON.stringify(entry.detail ?? {}),
    previousHash: head.hash,
  };
  const hash = hashAuditLine(line);
  await tx
    .insertInto('auditLines')
    .values({ ...line, hash })
    .execute();
  await tx
    .updateTable('auditHeads')
    .set({ hash })
    .where('workspaceId', '=', workspaceId)
    .where('mode', '=', mode)
    .execute();
}

type HashedLine = {
  id: string;
  workspaceId: string;
  mode: string;
  position: number;
  at: number;
  actor: string;
  act: string;
  object: string | null;
  detail: string;
  previousHash: string;
};

function hashAuditLine(line: HashedLine): string {
  const text = JSON.stringify([
    line.previousHash,
    line.position,
    line.id,
    line.workspaceId,
    line.mode,
    line.at,
    line.actor,
    line.act,
    line.object,
    line.detail,
  ]);
  return createHash('sha256').update(text).digest('hex');
}

/** Walks a workspace's chain; the position of the first line that is edited, missing or out of order, or null when whole. */
export async function findBrokenAuditLine(read: Reader, scope: WorkspaceScope): Promise<number | null> {
  let previousHash = '';
  let position = 0;
  for (;;) {
    const lines = await read
      .selectFrom('auditLines')
      .selectAll()
      .where('workspaceId', '=', scope.workspaceId)
      .where('mode', '=', scope.mode)
      .where('position', '>', position)
      .orderBy('position')
      .limit(1_000)
      .execute();
    for (const line of lines) {
      position += 1;
      if (line.position !== position || line.previousHash !== previousHash || line.hash !== hashAuditLine(line))
        return position;
      previousHash = line.hash;
    }
    if (lines.length < 1_000) break;
  }
  const head = await read
    .selectFrom('auditHeads')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .executeTakeFirst();
  return head !== undefined && (head.position !== position || head.hash !== previousHash) ? position + 1 : null;
}

/** One act as the sessions page tells of it. */
export type ListedAct = {
  readonly actor: string;
  readonly act: string;
  readonly object: string | null;
  readonly at: Instant;
  readonly detail: Readonly<Record<string, unknown>>;
};

/** Acts of these actors, each actor's oldest first, up to 1,000 in all: what the sessions page tells. */
export async function listActsOf(read: Reader, scope: WorkspaceScope, actors: readonly Actor[]): Promise<ListedAct[]> {
  if (actors.length === 0) return [];
  const rows = await read
    .selectFrom('auditLines')
    .select(['actor', 'act', 'object', 'at', 'detail'])
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('actor', 'in', [...actors])
    .orderBy('actor')
    .orderBy('position')
    .limit(1_000)
    .execute();
  return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) }));
}
