import type { Instant } from '@/lib/domain/time.ts';
import { appendAudit } from './audit-lines.ts';
import type { Writer } from './db.ts';
import { readEpoch } from './meta.ts';
import { listWorkspaces } from './workspaces.ts';

/**
 * Raises the epoch above the database's own and `above`, and to the seconds of the clock at least: a backup that is
 * restored twice gets another one each time. Every link and browser session of before is over with it. Notes it in the
 * audit of every workspace and answers the new one.
 */
export async function raiseEpoch(
  tx: Writer,
  above: number,
  act: 'database.restored' | 'epoch.raised',
  now: Instant,
  random: (bytes: number) => Uint8Array,
): Promise<number> {
  const epoch = Math.max((await readEpoch(tx)) + 1, above + 1, Math.floor(now / 1_000));
  await tx
    .insertInto('meta')
    .values({ name: 'epoch', value: String(epoch) })
    .onConflict((on) => on.column('name').doUpdateSet({ value: String(epoch) }))
    .execute();
  for (const { id } of await listWorkspaces(tx)) {
    for (const mode of ['live', 'test'] as const) {
      const entry = { actor: 'operator', act, object: null, detail: { epoch } } as const;
      await appendAudit(tx, { workspaceId: id, mode }, entry, now, random);
    }
  }
  return epoch;
}
