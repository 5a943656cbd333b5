import { findCustomer } from '@/lib/data/customers.ts';
import type { Writer } from '@/lib/data/db.ts';
import { takeInvoiceNumber } from '@/lib/data/number-sequences.ts';
import { recordPaymentElsewhere } from '@/lib/data/record-payment.ts';
import { causeOfMerchant, tellOfChange } from '@/lib/data/tell-of-change.ts';
import type { MerchantInvoice } from '@/lib/data/workspace-invoices.ts';
import { changeInvoice, holdInvoice, listLines } from '@/lib/data/workspace-invoices.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import { billedToOf } from '@/lib/domain/billed-to.ts';
import { billingNow } from '@/lib/domain/customer.ts';
import type { InvoiceId } from '@/lib/domain/ids.ts';
import { invoiceStatus } from '@/lib/domain/invoice.ts';
import { moveInvoice } from '@/lib/domain/invoice-moves.ts';
import { yearIn } from '@/lib/domain/issue-receipt.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { wireInvoice } from '@/lib/domain/wire-invoice.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Issues a draft: it gets the next number, is made out to the customer as they stand, and is due now where it names no
 * day. One with nothing to pay is paid with it. Fails with `not_found`, and with `conflict` for anything but a draft.
 */
export async function finalizeInvoice(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  id: InvoiceId,
): Promise<Result<MerchantInvoice>> {
  return on.write((tx) => finalize(on, tx, scope, by, id));
}

async function finalize(
  on: Runtime,
  tx: Writer,
  scope: WorkspaceScope,
  by: MerchantAct,
  id: InvoiceId,
): Promise<Result<MerchantInvoice>> {
  const now = on.now();
  const before = await holdInvoice(tx, scope, id);
  const customer = before === null ? null : await findCustomer(tx, before);
  const workspace = await findWorkspace(tx, scope);
  if (before === null || customer === null || workspace === null) {
    return fail('not_found', 'There is no such invoice.');
  }
  const billing = billingNow(customer, now);
  const moved = moveInvoice(invoiceStatus(before, billing), 'finalize');
  if (!moved.ok) return moved;
  const issued = await changeInvoice(
    tx,
    before,
    {
      status: moved.value,
      number: await takeInvoiceNumber(tx, scope, yearIn(workspace.configuration.timeZone, billing)),
      issuedAt: billing,
      dueAt: before.dueAt ?? billing,
      billedTo: billedToOf(customer),
    },
    now,
  );
  const lines = await listLines(tx, [id]);
  const cause = causeOfMerchant(by);
  const event = { what: 'invoice.finalized', of: 'invoice', object: wireInvoice(issued, lines, billing) };
  const detail = { number: issued.number, draft: before.number };
  await tellOfChange(tx, scope, cause, { act: 'invoice.finalized', object: id, detail, event }, now, on.random);
  const at = { billing, now, random: on.random };
  const paid = issued.total === 0 ? await recordPaymentElsewhere(tx, workspace, customer, id, null, cause, at) : null;
  return succeed({ invoice: paid ?? issued, lines, billing });
}
