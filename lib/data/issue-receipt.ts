import { newId, type ReceiptId } from '@/lib/domain/ids.ts';
import type { Invoice, InvoiceLine, MethodName } from '@/lib/domain/invoice.ts';
import { receiptBody, receiptNumber, yearIn } from '@/lib/domain/issue-receipt.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import type { Writer } from './db.ts';
import { takeNumber } from './number-sequences.ts';

/** The payment a receipt proves. */
export type ProvenPayment = {
  readonly method: MethodName | null;
  readonly adapter: string | null;
  readonly providerReference: string | null;
  /** Billing time. */
  readonly paidAt: Instant;
};

/**
 * Issues the receipt of an invoice in the transaction that pays it: figures frozen, number `RCP-<year>-0001` without
 * gaps. An invoice that has one keeps it.
 */
export async function issueReceipt(
  tx: Writer,
  workspace: Workspace,
  invoice: Invoice,
  lines: readonly Pick<InvoiceLine, 'description' | 'quantity' | 'unitAmount' | 'amount'>[],
  payment: ProvenPayment,
  random: (bytes: number) => Uint8Array,
): Promise<{ id: ReceiptId; number: string }> {
  const known = await tx
    .selectFrom('receipts')
    .select(['id', 'number'])
    .where('workspaceId', '=', invoice.workspaceId)
    .where('mode', '=', invoice.mode)
    .where('sourceType', '=', 'invoice')
    .where('sourceId', '=', invoice.id)
    .executeTakeFirst();
  if (known !== undefined) return { id: known.id as ReceiptId, number: known.number };
  const year = yearIn(workspace.configuration.timeZone, payment.paidAt);
  const number = receiptNumber(year, await takeNumber(tx, invoice, `receipt:${year}`));
  const id = newId('receipt', payment.paidAt, random);
  await tx
    .insertInto('receipts')
    .values({
      id,
      workspaceId: invoice.workspaceId,
      mode: invoice.mode,
      customerId: invoice.customerId,
      number,
      sourceType: 'invoice',
      sourceId: invoice.id,
      amount: invoice.total,
      currency: invoice.currency,
      methodName: payment.method === null ? null : JSON.stringify(payment.method),
      adapter: payment.adapter,
      providerReference: payment.providerReference,
      issuedAt: payment.paidAt,
      emailedAt: null,
      emailedTo: null,
      body: JSON.stringify(receiptBody(workspace.brand, invoice, lines)),
    })
    .execute();
  return { id, number };
}
