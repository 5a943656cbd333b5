import type { Selectable } from 'kysely';
import type { InvoiceId, RefundId } from '@/lib/domain/ids.ts';
import type { Refund } from '@/lib/domain/invoice.ts';
import { readCurrency } from '@/lib/domain/money.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import type { Reader } from './db.ts';
import type { Tables } from './tables.ts';

/** Every refund of these invoices of a customer, oldest first. */
export async function listRefunds(
  read: Reader,
  scope: CustomerScope,
  invoiceIds: readonly InvoiceId[],
): Promise<Refund[]> {
  if (invoiceIds.length === 0) return [];
  const rows = await read
    .selectFrom('refunds')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('invoiceId', 'in', [...invoiceIds])
    .limit(2_000)
    .execute();
  // Put in order here: asked for it, SQLite would walk every refund of the workspace in that order.
  return rows.map(toRefund).sort((one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1));
}

export function toRefund(row: Selectable<Tables['refunds']>): Refund {
  return {
    id: row.id as RefundId,
    invoiceId: row.invoiceId as InvoiceId | null,
    chargeId: row.chargeId,
    amount: row.amount,
    currency: readCurrency(row.currency) ?? 'IDR',
    reason: row.reason,
    status: row.status,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
