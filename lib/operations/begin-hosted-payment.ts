import { openProviderReference, visitState } from '@/lib/crypto/provider-reference.ts';
import { sealText } from '@/lib/crypto/sealed-box.ts';
import { fingerprint } from '@/lib/crypto/secret.ts';
import { appendAudit } from '@/lib/data/audit-lines.ts';
import type { Writer } from '@/lib/data/db.ts';
import { settleForm, spendForm } from '@/lib/data/form-outcomes.ts';
import { findInvoice } from '@/lib/data/invoices.ts';
import { admitTry } from '@/lib/data/open-charge.ts';
import { findWaitingAttempt } from '@/lib/data/payment-attempts.ts';
import { findProviderVisit, insertProviderVisit, noteVisitOpened } from '@/lib/data/provider-visits.ts';
import { holdInvoice } from '@/lib/data/workspace-invoices.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import { type InvoiceId, newId, type ProviderVisitId } from '@/lib/domain/ids.ts';
import { amountDue, type Invoice } from '@/lib/domain/invoice.ts';
import { emptyOutcome, noWishes, type ProviderVisit } from '@/lib/domain/provider-visit.ts';
import { fail, type Result, succeed } from '@/lib/domain/result.ts';
import { hourMs } from '@/lib/domain/time.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import type { Provider } from '@/lib/providers/provider.ts';
import type { Runtime } from '@/lib/runtime.ts';

type Refusals = 'not_found' | 'not_offered' | 'conflict' | 'rate_limited' | 'upstream_error';

/**
 * Begins paying one invoice on the provider's page, by a method that is not saved, and answers where the page is.
 * Earlier pages of the invoice were closed before (`closeOpenPayments`). Failures: `not_found`, `not_offered`, `conflict`
 * with facts.why `paid` or `waiting`, `rate_limited` with facts.at, `upstream_error` (nothing changed).
 */
export async function beginHostedPayment(
  on: Runtime,
  viewer: Viewer,
  input: { readonly formId: string; readonly invoiceId: InvoiceId; readonly locale: 'en' | 'id' },
): Promise<Result<{ redirectUrl: string }, Refusals>> {
  const provider = on.providers.forNew(viewer.mode);
  if (provider === null || provider.capabilities.paymentKinds.length === 0) {
    return fail('not_offered', 'No payment provider takes payments here.');
  }
  const begun = await on.write((tx) => noteVisit(on, tx, viewer, provider, input));
  if (!begun.ok) return begun;
  const { visit, invoice, merchantName } = begun.value;
  const { redirectSealed } = visit.outcome;
  const known = redirectSealed === null ? null : openProviderReference(on.config.rootKeys, visit.id, redirectSealed);
  if (known !== null) return succeed({ redirectUrl: known });
  const opened = await provider.beginPayment({
    reference: visit.id,
    customerReference: viewer.customerId,
    merchantName,
    locale: input.locale,
    returnUrl: `${on.config.origin}/payment-methods/return?state=${visitState(on.config.rootKeys, visit.id)}`,
    money: { amount: amountDue(invoice), currency: invoice.currency },
  });
  if (!opened.ok) return opened;
  const { redirectUrl, providerReference } = opened.value;
  const sealed = sealText(on.config.rootKeys, redirectUrl, visit.id, on.random);
  await on.write((tx) => noteVisitOpened(tx, visit, { providerReference, redirectSealed: sealed }));
  return succeed({ redirectUrl });
}

async function noteVisit(
  on: Runtime,
  tx: Writer,
  viewer: Viewer,
  provider: Provider,
  input: { readonly formId: string; readonly invoiceId: InvoiceId },
): Promise<Result<{ visit: ProviderVisit; invoice: Invoice; merchantName: string }, Refusals>> {
  const now = on.now();
  const workspace = await findWorkspace(tx, viewer);
  const invoice = await findInvoice(tx, viewer, input.invoiceId);
  if (workspace === null || invoice === null) return fail('not_found', 'No such invoice.');
  const merchantName = workspace.brand.name;
  const spent = await spendForm(tx, viewer, input.formId, 'pay_invoice', now);
  if (spent !== null) {
    const visit = await findProviderVisit(tx, viewer, String(spent.facts.visit) as ProviderVisitId);
    return visit === null ? fail('not_found', 'No such visit.') : succeed({ visit, invoice, merchantName });
  }
  if (!workspace.configuration.invoices.pay) return fail('not_offered', 'Paying is not offered here.');
  // Held: whoever pays or voids it at the same time goes first or last, never in between.
  const held = await holdInvoice(tx, viewer, invoice.id);
  if (held === null || amountDue(held) <= 0) return fail('conflict', 'Nothing is owed.', { facts: { why: 'paid' } });
  if ((await findWaitingAttempt(tx, viewer, invoice.id)) !== null) {
    return fail('conflict', 'A payment is on its way.', { facts: { why: 'waiting' } });
  }
  const admitted = await admitTry(tx, viewer, invoice.id, now);
  if (!admitted.ok) return admitted;
  const id = newId('providerVisit', now, on.random);
  const visit: ProviderVisit = {
    id,
    workspaceId: viewer.workspaceId,
    mode: viewer.mode,
    customerId: viewer.customerId,
    browserSessionId: viewer.browserSessionId,
    adapter: provider.adapter,
    purpose: 'pay_invoice',
    stateHash: fingerprint(visitState(on.config.rootKeys, id)),
    providerReference: null,
    wishes: noWishes,
    invoiceId: invoice.id,
    status: 'open',
    outcome: emptyOutcome,
    paymentMethodId: null,
    createdAt: now,
    expiresAt: now + hourMs,
    finishedAt: null,
  };
  await insertProviderVisit(tx, visit);
  await appendAudit(
    tx,
    viewer,
    {
      actor: `viewer:${viewer.browserSessionId}`,
      act: 'invoice.payment_begun',
      object: invoice.id,
      detail: { visit: id },
    },
    now,
    on.random,
  );
  await settleForm(tx, viewer, input.formId, { code: 'begun', facts: { visit: id } });
  return succeed({ visit, invoice, merchantName });
}
