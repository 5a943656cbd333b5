import type { Instant } from '@/lib/domain/time.ts';
import type { Reader, Writer } from './db.ts';

/** The number raised at each restore of a backup; 1 on a new database. */
export async function readEpoch(read: Reader): Promise<number> {
  return Number((await readValue(read, 'epoch')) ?? 1);
}

/** The highest instant any instance has noted, in epoch ms; 0 on a new database. */
export async function readHighWater(read: Reader): Promise<Instant> {
  return Number((await readValue(read, 'high_water')) ?? 0);
}

/** Notes an instant, if it is higher than what stands there. */
export async function raiseHighWater(tx: Writer, now: Instant): Promise<void> {
  await tx
    .insertInto('meta')
    .values({ name: 'high_water', value: String(now) })
    .onConflict((on) =>
      on
        .column('name')
        .doUpdateSet({ value: String(now) })
        .where('meta.value', '<', String(now)),
    )
    .execute();
}

async function readValue(read: Reader, name: string): Promise<string | null> {
  const row = await read.selectFrom('meta').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value ?? null;
}
