import { CompiledQuery, sql } from 'kysely';
import type { Runtime } from '@/lib/runtime.ts';

/** The plan of a query as it is sent, one step a line: on SQLite with its values bound, as they are when it runs. */
export async function explain(
  on: Pick<Runtime, 'engine' | 'write'>,
  query: { readonly sql: string; readonly parameters: readonly unknown[] },
): Promise<string> {
  return on.write(async (tx) => {
    if (on.engine === 'sqlite') {
      const plan = CompiledQuery.raw(`explain query plan ${query.sql}`, [...query.parameters]);
      const { rows } = await tx.executeQuery(plan);
      return rows.map((row) => JSON.stringify(row)).join('\n');
    }
    // PostgreSQL plans each run with its values. An empty table is read whole unless that costs more.
    await sql.raw('set local enable_seqscan = off').execute(tx);
    const filled = query.sql.replace(/\$(\d+)/g, (_, at: string) => {
      const value = query.parameters[Number(at) - 1];
      return typeof value === 'number' ? String(value) : `'${String(value)}'`;
    });
    const { rows } = await sql.raw(`explain ${filled}`).execute(tx);
    return rows.map((row) => JSON.stringify(row)).join('\n');
  });
}
