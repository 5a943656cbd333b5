import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reader } from '@/lib/data/db.ts';

const folder = join(import.meta.dirname, '..', 'migrations');

/** Names of the tables every migration makes, as they stand in SQL. */
const tableNames: readonly string[] = readdirSync(folder).flatMap((file) =>
  [...readFileSync(join(folder, file), 'utf8').matchAll(/create table (\w+)/g)].map((match) => match[1] ?? ''),
);

/** Every row of every table as text: for tests that look for what must never be stored. */
export async function everyText(on: { readonly read: Reader }): Promise<string[]> {
  const texts: string[] = [];
  for (const name of tableNames) {
    const rows = await on.read
      .selectFrom(name as 'meta')
      .selectAll()
      .execute();
    texts.push(...rows.map((row) => `${name} ${JSON.stringify(row)}`));
  }
  return texts;
}
