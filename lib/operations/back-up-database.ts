import { existsSync } from 'node:fs';
import { backUpSqliteFile } from '@/lib/data/sqlite-backup.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { Deployment } from '@/lib/runtime.ts';

/**
 * Copies the embedded database as it stands into `target` while the portal goes on. `not_found` before there is one,
 * `conflict` when the target exists already, or
 * when the database is PostgreSQL, which has tools of its own.
 */
export async function backUpDatabase(
  on: Deployment,
  target: string,
): Promise<Result<{ bytes: number }, 'conflict' | 'not_found'>> {
  const { database } = on.config;
  if (database.engine === 'postgres') {
    return fail('conflict', 'The database is PostgreSQL: back it up with pg_dump, or as you back up PostgreSQL.');
  }
  if (!existsSync(database.file)) return fail('not_found', `There is no database ${database.file} yet.`);
  const bytes = await backUpSqliteFile(database.file, target);
  return bytes === null ? fail('conflict', `${target} exists already.`) : succeed({ bytes });
}
