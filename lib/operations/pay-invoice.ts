import { visitState } from '@/lib/crypto/provider-reference.ts';
import { fingerprint } from '@/lib/crypto/secret.ts';
import type { Writer } from '@/lib/data/db.ts';
import { settleForm, spendForm } from '@/lib/data/form-outcomes.ts';
import { findInvoice } from '@/lib/data/invoices.ts';
import { openCharge } from '@/lib/data/open-charge.ts';
import { findPaymentMethod } from '@/lib/data/payment-methods.ts';
import { findSubscription } from '@/lib/data/subscriptions.ts';
import { causeOf, tellOfChange } from '@/lib/data/tell-of-change.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import { type InvoiceId, newId, type PaymentMethodId, type ProviderVisitId } from '@/lib/domain/ids.ts';
import { amountDue, type Invoice } from '@/lib/domain/invoice.ts';
import { isMovable } from '@/lib/domain/method-duties.ts';
import { isUsable } from '@/lib/domain/payment-method.ts';
import { fail, type Result, succeed } from '@/lib/domain/result.ts';
import { hourMs } from '@/lib/domain/time.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import type { Runtime } from '@/lib/runtime.ts';

export type Payment = {
  readonly formId: string;
  readonly invoiceId: InvoiceId;
  readonly methodId: PaymentMethodId;
  /** Let the method pay the invoice's subscription from now on, once the payment went through. */
  readonly useFromNowOn: boolean;
};

type Refusals = 'not_found' | 'not_offered' | 'validation_error' | 'conflict' | 'rate_limited';

/**
 * Begins paying an invoice with a saved method: the attempt is noted under its idempotency key before anything is sent,
 * then `carryOutPayment` sends it. The same form again answers the same attempt; two forms at once make one, because an
 * invoice has at most one payment on its way. Failures: `not_found`, `not_offered` (with facts.why `collected` when the
 * method's provider is not deployed, so that the merchant collects), `validation_error` field `method`, `conflict` with facts.why `paid` or `waiting`, `rate_limited` with facts.at: three tries in ten minutes are enough.
 */
export async function payInvoice(
  on: Runtime,
  viewer: Viewer,
  input: Payment,
): Promise<Result<{ visitId: ProviderVisitId }, Refusals>> {
  return on.write(async (tx) => {
    const now = on.now();
    const invoice = await findInvoice(tx, viewer, input.invoiceId);
    const workspace = await findWorkspace(tx, viewer);
    if (invoice === null || workspace === null) return fail('not_found', 'No such invoice.');
    const spent = await spendForm(tx, viewer, input.formId, 'pay_invoice', now);
    if (spent !== null) return succeed({ visitId: String(spent.facts.visit) as ProviderVisitId });
    if (!workspace.configuration.invoices.pay) return fail('not_offered', 'Paying is not offered here.');
    if (amountDue(invoice) <= 0) return fail('conflict', 'Nothing is owed.', { facts: { why: 'paid' } });
    const method = await findPaymentMethod(tx, viewer, input.methodId);
    if (method === null) return fail('not_found', 'No such method.');
    if (!isUsable(method, viewer.now)) {
      return fail('validation_error', 'Choose a method that can pay.', { field: 'method' });
    }
    if (!on.providers.reach(viewer.mode).chargeable.has(method.adapter)) {
      return fail('not_offered', 'The provider of this method is not deployed here.', { facts: { why: 'collected' } });
    }
    const visitId = newId('providerVisit', now, on.random);
    const opened = await openCharge(tx, viewer, {
      visitId,
      stateHash: fingerprint(visitState(on.config.rootKeys, visitId)),
      browserSessionId: viewer.browserSessionId,
      invoice,
      method,
      subscriptionIds: await subscriptionsToMove(tx, viewer, workspace, invoice, input.useFromNowOn),
      billing: viewer.now,
      now,
      expiresAt: now + hourMs,
      random: on.random,
    });
    if (!opened.ok) return opened;
    const change = { act: 'invoice.payment_begun', object: invoice.id, detail: { visit: visitId } };
    await tellOfChange(tx, viewer, causeOf(viewer), change, now, on.random);
    await settleForm(tx, viewer, input.formId, { code: 'paying', facts: { visit: visitId } });
    return succeed({ visitId });
  });
}

async function subscriptionsToMove(
  tx: Writer,
  viewer: Viewer,
  workspace: Workspace,
  invoice: Invoice,
  isWanted: boolean,
) {
  const planned =
    isWanted && invoice.subscriptionId !== null ? await findSubscription(tx, viewer, invoice.subscriptionId) : null;
  return planned !== null && isMovable(planned, workspace) ? [planned.subscription.id] : [];
}
