import { sql } from 'kysely';
import type { Runtime } from '@/lib/runtime.ts';

/** How many statements wait for a lock somebody else holds. PostgreSQL alone. */
export async function countLockWaits(on: Runtime): Promise<number> {
  const waiting = sql<{ count: number }>`select count(*)::int as count from pg_locks where not granted`;
  return (await on.write((tx) => waiting.execute(tx))).rows[0]?.count ?? 0;
}
