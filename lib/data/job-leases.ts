import type { Instant } from '@/lib/domain/time.ts';
import type { Writer } from './db.ts';

/**
 * Takes a job for one run: true when nobody else holds it and its pause is over. The lease ends by itself at `until`, so
 * that the job of an instance that died is taken over.
 */
export async function takeLease(
  tx: Writer,
  name: string,
  holder: string,
  now: Instant,
  until: Instant,
): Promise<boolean> {
  const row = await tx
    .insertInto('jobLeases')
    .values({ name, holder, until })
    .onConflict((on) => on.column('name').doUpdateSet({ holder, until }).where('jobLeases.until', '<=', now))
    .returning('name')
    .executeTakeFirst();
  return row !== undefined;
}

/** Ends the holder's lease at `until`: no instance runs the job before. */
export async function endLease(tx: Writer, name: string, holder: string, until: Instant): Promise<void> {
  await tx.updateTable('jobLeases').set({ until }).where('name', '=', name).where('holder', '=', holder).execute();
}
