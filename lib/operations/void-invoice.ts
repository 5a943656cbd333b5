import { holdCustomer } from '@/lib/data/customers.ts';
import type { Writer } from '@/lib/data/db.ts';
import type { Answering } from '@/lib/data/idempotent-answers.ts';
import { settleClaim } from '@/lib/data/idempotent-answers.ts';
import { isPaymentUnderWay } from '@/lib/data/payment-under-way.ts';
import { resumeSubscription } from '@/lib/data/record-payment.ts';
import { causeOfMerchant, tellOfChange } from '@/lib/data/tell-of-change.ts';
import type { MerchantInvoice } from '@/lib/data/workspace-invoices.ts';
import { changeInvoice, findMerchantInvoice, holdInvoice } from '@/lib/data/workspace-invoices.ts';
import { billingNow } from '@/lib/domain/customer.ts';
import type { InvoiceId } from '@/lib/domain/ids.ts';
import { invoiceStatus } from '@/lib/domain/invoice.ts';
import { moveInvoice, paymentUnderWay } from '@/lib/domain/invoice-moves.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { wireInvoice } from '@/lib/domain/wire-invoice.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Takes an invoice back: nobody asks for it any more, and its number stays used. A subscription that was past due only
 * because of it runs again. Fails with `not_found`, and with `conflict` for an invoice that is paid, void or written
 * off, or while a payment of it is under way at the provider.
 */
export async function voidInvoice(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  id: InvoiceId,
  answering: Answering<MerchantInvoice> | null = null,
): Promise<Result<MerchantInvoice>> {
  return on.write(async (tx) => {
    const result = await takeBack(on, tx, scope, by, id);
    await settleClaim(tx, answering, result);
    return result;
  });
}

async function takeBack(
  on: Runtime,
  tx: Writer,
  scope: WorkspaceScope,
  by: MerchantAct,
  id: InvoiceId,
): Promise<Result<MerchantInvoice>> {
  const now = on.now();
  const seen = await findMerchantInvoice(tx, scope, id, now);
  const customer = seen === null ? null : await holdCustomer(tx, seen.invoice);
  const before = seen === null ? null : await holdInvoice(tx, scope, id);
  if (seen === null || customer === null || before === null) return fail('not_found', 'There is no such invoice.');
  const billing = billingNow(customer, now);
  const moved = moveInvoice(invoiceStatus(before, billing), 'void');
  if (!moved.ok) return moved;
  if (await isPaymentUnderWay(tx, scope, id)) return paymentUnderWay;
  const changes = { status: moved.value, voidedAt: billing, nextAttemptAt: null };
  const invoice = await changeInvoice(tx, before, changes, now);
  const { lines } = seen;
  const cause = causeOfMerchant(by);
  const event = { what: 'invoice.voided', of: 'invoice', object: wireInvoice(invoice, lines, billing) };
  const detail = { number: invoice.number, total: invoice.total };
  await tellOfChange(tx, scope, cause, { act: 'invoice.voided', object: id, detail, event }, now, on.random);
  await resumeSubscription(tx, customer, invoice, ['past_due'], cause, { billing, now, random: on.random });
  return succeed({ invoice, lines, billing });
}
