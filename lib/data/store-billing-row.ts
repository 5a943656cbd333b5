import type { RecordProblem } from '@/lib/domain/billing-record.ts';
import { changedColumns, isOlder, pickColumns } from '@/lib/domain/row-changes.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { BillingTable } from './billing-rows.ts';
import { insertBillingRow, updateBillingRow } from './billing-rows.ts';
import type { Writer } from './db.ts';
import type { Tables } from './tables.ts';

/** What became of a row that came in. `older`: it was written before the stored one was changed, and changed nothing. */
export type StoredRow =
  | { readonly outcome: 'inserted' | 'updated' | 'unchanged' | 'older' }
  | { readonly outcome: 'refused'; readonly problems: RecordProblem[] };

/**
 * Inserts a row, or brings the stored one up to date. `frozen` names the columns that never change, by their wire names;
 * `hasMore` says that something beside the columns changed. Throws a unique violation when a changed value is taken.
 */
export async function storeBillingRow<T extends BillingTable>(
  tx: Writer,
  scope: WorkspaceScope,
  row: {
    readonly table: T;
    readonly before: Tables[T] | null;
    readonly after: Tables[T];
    readonly frozen: Readonly<Record<string, string>>;
    readonly hasMore: boolean;
  },
): Promise<StoredRow> {
  const { table, before, after, frozen } = row;
  if (before === null) {
    if (await insertBillingRow(tx, table, after)) return { outcome: 'inserted' };
    return { outcome: 'refused', problems: [await findTaken(tx, scope, table, after.id)] };
  }
  const changed = changedColumns(before, after);
  if (changed.length === 0 && !row.hasMore) return { outcome: 'unchanged' };
  if (isOlder(before, after)) return { outcome: 'older' };
  const forbidden = changed.filter((name) => Object.hasOwn(frozen, name));
  if (forbidden.length > 0) {
    const reason = 'never changes once it is stored';
    return { outcome: 'refused', problems: forbidden.map((name) => ({ field: frozen[name] ?? name, reason })) };
  }
  const stamp = 'updatedAt' in after ? ['updatedAt'] : [];
  await updateBillingRow(tx, scope, table, after.id, pickColumns(after, [...changed, ...stamp]) as Partial<Tables[T]>);
  return { outcome: 'updated' };
}

/**
 * Which value of a new row belongs to another one. Ids are unique over the whole database, so the row that holds this one
 * may stand in the other mode or in another workspace; of that nothing is told but the place.
 */
async function findTaken(tx: Writer, scope: WorkspaceScope, table: BillingTable, id: string): Promise<RecordProblem> {
  const holder = await tx
    .selectFrom(table as 'customers')
    .select(['workspaceId', 'mode'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (holder === undefined) return { field: soleFields[table] ?? 'id', reason: 'belongs to another object already' };
  const place =
    holder.workspaceId === scope.workspaceId ? `in the ${holder.mode} mode of this workspace` : 'in another workspace';
  return { field: 'id', reason: `this id stands ${place} already` };
}

/** Wire names of the fields whose value, besides the id, belongs to one object of a workspace and mode only. */
const soleFields: Readonly<Partial<Record<BillingTable, string>>> = {
  customers: 'externalId',
  invoices: 'number',
  paymentMethods: 'providerToken',
  receipts: 'number',
};
