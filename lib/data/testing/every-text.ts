import type { Reader } from '@/lib/data/db.ts';
import { tableNames } from '@/lib/data/migrations/0001-initial.ts';

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
