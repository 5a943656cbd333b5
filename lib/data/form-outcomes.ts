import type { Instant } from '@/lib/domain/time.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';

/** What a form did: a code the page has words for, and the facts those words name. */
export type FormOutcome = { readonly code: string; readonly facts: Readonly<Record<string, string | number | null>> };

/** The id of one kind of form was sent with another kind: no page of ours does that. */
class FormMisused extends Error {
  override name = 'FormMisused';
}

/** Known by name: each route's bundle has a class of its own. */
export function isFormMisused(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'FormMisused';
}

/**
 * Spends a one-time form id in the transaction of its act. Null: it is fresh, act and then `settleForm`.
 * Otherwise the outcome of the first time, to be answered again without acting. A parallel sender waits for the first.
 * Throws FormMisused when the id was spent by another kind of act.
 */
export async function spendForm(
  tx: Writer,
  viewer: Viewer,
  formId: string,
  act: string,
  now: Instant,
): Promise<FormOutcome | null> {
  const fresh = await tx
    .insertInto('formOutcomes')
    .values({ browserSessionId: viewer.browserSessionId, formId, act, outcome: '', createdAt: now })
    .onConflict((on) => on.columns(['browserSessionId', 'formId']).doNothing())
    .returning('formId')
    .executeTakeFirst();
  if (fresh !== undefined) return null;
  const known = await tx
    .selectFrom('formOutcomes')
    .select('act')
    .where('browserSessionId', '=', viewer.browserSessionId)
    .where('formId', '=', formId)
    .executeTakeFirst();
  if (known?.act !== act) throw new FormMisused(`A form of ${known?.act} was sent as ${act}.`);
  return findFormOutcome(tx, viewer, formId);
}

export async function settleForm(tx: Writer, viewer: Viewer, formId: string, outcome: FormOutcome): Promise<void> {
  await tx
    .updateTable('formOutcomes')
    .set({ outcome: JSON.stringify(outcome) })
    .where('browserSessionId', '=', viewer.browserSessionId)
    .where('formId', '=', formId)
    .execute();
}

/** The outcome of a form of this browser session, or null when there is none: what a result note is made of. */
export async function findFormOutcome(
  read: Reader,
  viewer: Pick<Viewer, 'browserSessionId'>,
  formId: string,
): Promise<FormOutcome | null> {
  const row = await read
    .selectFrom('formOutcomes')
    .select('outcome')
    .where('browserSessionId', '=', viewer.browserSessionId)
    .where('formId', '=', formId)
    .executeTakeFirst();
  return row === undefined || row.outcome === '' ? null : JSON.parse(row.outcome);
}
