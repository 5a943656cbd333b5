import { draftNumber, invoiceNumber } from '@/lib/domain/invoice-number.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';

/**
 * The next number of a gapless sequence (1, 2, 3 …) of one workspace and mode, such as `certificate` or `receipt:2027`.
 * Taken inside the transaction that uses it: a rollback gives it back.
 */
export async function takeNumber(tx: Writer, scope: WorkspaceScope, name: string): Promise<number> {
  const { last } = await tx
    .insertInto('numberSequences')
    .values({ workspaceId: scope.workspaceId, mode: scope.mode, name, last: 1 })
    .onConflict((on) =>
      on.columns(['workspaceId', 'mode', 'name']).doUpdateSet((eb) => ({ last: eb('numberSequences.last', '+', 1) })),
    )
    .returning('last')
    .executeTakeFirstOrThrow();
  return last;
}

/** Lets a sequence go on after `last`, if it stands lower: for numbers that were given out elsewhere. */
export async function raiseNumber(tx: Writer, scope: WorkspaceScope, name: string, last: number): Promise<void> {
  await tx
    .insertInto('numberSequences')
    .values({ workspaceId: scope.workspaceId, mode: scope.mode, name, last })
    .onConflict((on) =>
      on.columns(['workspaceId', 'mode', 'name']).doUpdateSet({ last }).where('numberSequences.last', '<', last),
    )
    .execute();
}

/**
 * The number of an invoice that is issued now: `INV-<year>-0001`, without gaps in each year of the billing zone, one
 * sequence for a workspace and mode. Numbers brought along from elsewhere are passed over.
 */
export async function takeInvoiceNumber(tx: Writer, scope: WorkspaceScope, year: number): Promise<string> {
  for (;;) {
    const number = invoiceNumber(year, await takeNumber(tx, scope, `invoice:${year}`));
    if (!(await isInvoiceNumberTaken(tx, scope, number))) return number;
  }
}

/** What a new draft shows in place of a number: `DRAFT-0001`. It leaves no gap among the numbers of issued invoices. */
export async function takeDraftNumber(tx: Writer, scope: WorkspaceScope): Promise<string> {
  for (;;) {
    const number = draftNumber(await takeNumber(tx, scope, 'draft'));
    if (!(await isInvoiceNumberTaken(tx, scope, number))) return number;
  }
}

async function isInvoiceNumberTaken(read: Reader, scope: WorkspaceScope, number: string): Promise<boolean> {
  const row = await read
    .selectFrom('invoices')
    .select('id')
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('number', '=', number)
    .executeTakeFirst();
  return row !== undefined;
}
