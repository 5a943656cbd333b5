import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Instant } from '@/lib/domain/time.ts';
import type { Reader, Writer } from './db.ts';

/** Writes a row and takes it out again: fails where the database is read-only, full or held by somebody. */
export async function proveWritable(tx: Writer): Promise<void> {
  await tx
    .insertInto('meta')
    .values({ name: 'probe', value: '' })
    .onConflict((on) => on.column('name').doNothing())
    .execute();
  await tx.deleteFrom('meta').where('name', '=', 'probe').execute();
}

/** Until when each job is taken or at rest, by its name. */
export async function listLeaseEnds(read: Reader): Promise<ReadonlyMap<string, Instant>> {
  const rows = await read.selectFrom('jobLeases').select(['name', 'until']).execute();
  return new Map(rows.map(({ name, until }) => [name, until]));
}

/** Events from before `before` that were not handed out yet, and deliveries from before that still wait. */
export async function countUndelivered(read: Reader, before: Instant): Promise<{ events: number; deliveries: number }> {
  const events = await read
    .selectFrom('outbox')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('publishedAt', 'is', null)
    .where('occurredAt', '<', before)
    .executeTakeFirstOrThrow();
  const deliveries = await read
    .selectFrom('webhookDeliveries')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('status', '=', 'pending')
    .where('createdAt', '<', before)
    .executeTakeFirstOrThrow();
  return { events: Number(events.count), deliveries: Number(deliveries.count) };
}

/** Bytes of the embedded file with its log, bytes free beside it, and whether others than its owner may read it. */
export type FileFacts = { readonly bytes: number; readonly freeBytes: number; readonly openToOthers: boolean };

/** Measures the embedded database's file; null when there is none yet. */
export function measureFile(file: string): FileFacts | null {
  if (!existsSync(file)) return null;
  const { size, mode } = statSync(file);
  const folder = dirname(file);
  const { bavail, bsize } = statfsSync(folder);
  const log = existsSync(`${file}-wal`) ? statSync(`${file}-wal`).size : 0;
  // A folder that nobody else may enter guards the file as well.
  const openToOthers = (mode & 0o077) !== 0 && (statSync(folder).mode & 0o077) !== 0;
  return { bytes: size + log, freeBytes: bavail * bsize, openToOthers };
}
