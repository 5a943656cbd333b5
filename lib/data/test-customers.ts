import type { CustomerId } from '@/lib/domain/ids.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';

type TestScope = CustomerScope & { readonly mode: 'test' };

/** Deletes a test-mode customer and every row of theirs, children first; false when there is none. */
export async function deleteTestCustomer(tx: Writer, scope: TestScope): Promise<boolean> {
  const { workspaceId, customerId } = scope;
  const found = await tx
    .selectFrom('customers')
    .select('id')
    .where('workspaceId', '=', workspaceId)
    .where('mode', '=', 'test')
    .where('id', '=', customerId)
    .executeTakeFirst();
  if (found === undefined) return false;
  const sessions = tx.selectFrom('browserSessions').select('id').where('customerId', '=', customerId);
  const invoices = tx.selectFrom('invoices').select('id').where('customerId', '=', customerId);
  await tx.deleteFrom('formOutcomes').where('browserSessionId', 'in', sessions).execute();
  await tx.deleteFrom('invoiceLines').where('invoiceId', 'in', invoices).execute();
  const mails = tx.selectFrom('mails').select('id').where('customerId', '=', customerId);
  await tx.deleteFrom('mailboxMails').where('mailId', 'in', mails).execute();
  const tables = [
    'mails',
    'billedPeriods',
    'providerVisits',
    'browserSessions',
    'portalSessions',
    'cancellationCertificates',
    'paymentAttempts',
    'receipts',
    'refunds',
    'invoices',
    'subscriptions',
    'paymentMethods',
  ] as const;
  for (const table of tables) {
    await tx
      .deleteFrom(table as 'invoices')
      .where('workspaceId', '=', workspaceId)
      .where('mode', '=', 'test')
      .where('customerId', '=', customerId)
      .execute();
  }
  await tx.deleteFrom('customers').where('mode', '=', 'test').where('id', '=', customerId).execute();
  return true;
}

/**
 * Moves a test-mode customer's billing clock forward to `aheadMs` before the wall clock. False when there is no such
 * customer or their clock is further already.
 */
export async function advanceTestClock(tx: Writer, scope: TestScope, aheadMs: number): Promise<boolean> {
  const row = await tx
    .updateTable('customers')
    .set({ clockAheadMs: aheadMs })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', 'test')
    .where('id', '=', scope.customerId)
    .where('deletedAt', 'is', null)
    .where('clockAheadMs', '<', aheadMs)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Which of these test-mode customers exist. */
export async function listTestCustomers(
  read: Reader,
  scope: Omit<TestScope, 'customerId'>,
): Promise<{ id: CustomerId; clockAheadMs: number }[]> {
  const rows = await read
    .selectFrom('customers')
    .select(['id', 'clockAheadMs'])
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', 'test')
    .where('deletedAt', 'is', null)
    .orderBy('createdAt')
    .limit(200)
    .execute();
  return rows.map((row) => ({ id: row.id as CustomerId, clockAheadMs: row.clockAheadMs }));
}
