import { holdCustomer } from '@/lib/data/customers.ts';
import type { Writer } from '@/lib/data/db.ts';
import type { Answering } from '@/lib/data/idempotent-answers.ts';
import { settleClaim } from '@/lib/data/idempotent-answers.ts';
import { isPaymentUnderWay } from '@/lib/data/payment-under-way.ts';
import { recordPaymentElsewhere } from '@/lib/data/record-payment.ts';
import { causeOfMerchant } from '@/lib/data/tell-of-change.ts';
import type { MerchantInvoice } from '@/lib/data/workspace-invoices.ts';
import { findMerchantInvoice, holdInvoice } from '@/lib/data/workspace-invoices.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import { billingNow } from '@/lib/domain/customer.ts';
import type { InvoiceId } from '@/lib/domain/ids.ts';
import { invoiceStatus } from '@/lib/domain/invoice.ts';
import { moveInvoice, paymentUnderWay } from '@/lib/domain/invoice-moves.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

const manual = { type: 'manual', brand: null, last4: null, label: null } as const;

/**
 * The merchant took the money elsewhere: the invoice is paid, its receipt is issued, and a subscription whose payment
 * had failed runs again, in one transaction. Nobody is charged. Fails with `not_found`, and with `conflict` for an
 * invoice that is not owed, or while a payment of it is under way at the provider: it could be paid twice.
 */
export async function payInvoiceElsewhere(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  id: InvoiceId,
  answering: Answering<MerchantInvoice> | null = null,
): Promise<Result<MerchantInvoice>> {
  return on.write(async (tx) => {
    const result = await pay(on, tx, scope, by, id);
    await settleClaim(tx, answering, result);
    return result;
  });
}

async function pay(
  on: Runtime,
  tx: Writer,
  scope: WorkspaceScope,
  by: MerchantAct,
  id: InvoiceId,
): Promise<Result<MerchantInvoice>> {
  const now = on.now();
  const seen = await findMerchantInvoice(tx, scope, id, now);
  const customer = seen === null ? null : await holdCustomer(tx, seen.invoice);
  const invoice = seen === null ? null : await holdInvoice(tx, scope, id);
  const workspace = await findWorkspace(tx, scope);
  if (customer === null || invoice === null || workspace === null) {
    return fail('not_found', 'There is no such invoice.');
  }
  const billing = billingNow(customer, now);
  const moved = moveInvoice(invoiceStatus(invoice, billing), 'pay');
  if (!moved.ok) return moved;
  if (await isPaymentUnderWay(tx, scope, id)) return paymentUnderWay;
  const cause = causeOfMerchant(by);
  const at = { billing, now, random: on.random };
  const paid = await recordPaymentElsewhere(tx, workspace, customer, id, manual, cause, at);
  if (paid === null) return fail('conflict', 'Nothing is owed.');
  return succeed({ invoice: paid, lines: seen?.lines ?? [], billing });
}
