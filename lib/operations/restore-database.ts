import { knownMigrations, openSqlite } from '@/lib/data/db.ts';
import { raiseHighWater, readHighWater } from '@/lib/data/meta.ts';
import { raiseEpoch } from '@/lib/data/raise-epoch.ts';
import {
  copyBackup,
  findBackupProblem,
  type HeldFile,
  holdSqliteFile,
  isSameFile,
  makeFolderOf,
  remove,
  swapSqliteFile,
} from '@/lib/data/sqlite-backup.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import { type Instant, isoText } from '@/lib/domain/time.ts';
import type { Deployment } from '@/lib/runtime.ts';

export type Restored = {
  readonly epoch: number;
  /** Where the database of before stands now, or null when there was none. */
  readonly keptAside: string | null;
};

/**
 * Puts a backup in the place of the embedded database. Every link and browser session of before is refused afterwards:
 * the epoch rises above that of the backup and that of the database in its place. The file of before is kept.
 * `conflict` while a server uses the database or when it is PostgreSQL; `validation_error` for a file that is no whole
 * database of this version or an older one. Nothing is changed then.
 */
export async function restoreDatabase(
  on: Deployment,
  file: string,
): Promise<Result<Restored, 'conflict' | 'validation_error'>> {
  const { database } = on.config;
  if (database.engine === 'postgres') {
    return fail('conflict', 'The database is PostgreSQL: restore it with pg_restore, then run epoch raise.');
  }
  if (isSameFile(file, database.file)) return fail('validation_error', `${file} is the database itself.`);
  makeFolderOf(database.file);
  const held = holdSqliteFile(database.file);
  if (held === null) return fail('conflict', `${database.file} is in use. Stop the portal first.`);
  const fresh = `${database.file}.restoring`;
  try {
    copyBackup(file, fresh);
    const problem = findBackupProblem(fresh, knownMigrations);
    if (problem !== null) return fail('validation_error', `${file} cannot be restored: ${problem}.`);
    const { epoch, now } = await prepareFresh(on, fresh, held);
    const aside = `${database.file}.before-${isoText(now).replace(/[:.]/g, '-')}`;
    swapSqliteFile(fresh, database.file, aside, held);
    return succeed({ epoch, keptAside: held.state === 'missing' ? null : aside });
  } finally {
    held.release();
    remove(fresh);
  }
}

/** Brings the copy up to date, to its new epoch, and to a time that is not before the latest of either database. */
async function prepareFresh(on: Deployment, fresh: string, held: HeldFile): Promise<{ epoch: number; now: Instant }> {
  const opened = openSqlite(fresh);
  try {
    await opened.migrate();
    const now = Math.max(on.wallClock(), held.highWater, await readHighWater(opened.read));
    const epoch = await opened.write(async (tx) => {
      await raiseHighWater(tx, now);
      return raiseEpoch(tx, held.epoch, 'database.restored', now, on.random);
    });
    return { epoch, now };
  } finally {
    await opened.close();
  }
}
