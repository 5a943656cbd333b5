import { openProviderReference, visitState } from '@/lib/crypto/provider-reference.ts';
import { sealText } from '@/lib/crypto/sealed-box.ts';
import { fingerprint } from '@/lib/crypto/secret.ts';
import { appendAudit } from '@/lib/data/audit-lines.ts';
import { findCustomer } from '@/lib/data/customers.ts';
import type { Writer } from '@/lib/data/db.ts';
import { settleForm, spendForm } from '@/lib/data/form-outcomes.ts';
import { findInvoice } from '@/lib/data/invoices.ts';
import { admitTry } from '@/lib/data/open-charge.ts';
import { readPayingFacts } from '@/lib/data/paying-facts.ts';
import {
  findProviderVisit,
  insertProviderVisit,
  listProviderVisits,
  noteVisitOpened,
} from '@/lib/data/provider-visits.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import { type InvoiceId, newId, type ProviderVisitId, type SubscriptionId } from '@/lib/domain/ids.ts';
import { amountDue } from '@/lib/domain/invoice.ts';
import { chargedSubscriptions, isMovable } from '@/lib/domain/method-duties.ts';
import { emptyOutcome, type ProviderVisit } from '@/lib/domain/provider-visit.ts';
import { fail, type Result, succeed } from '@/lib/domain/result.ts';
import { hourMs, type Instant, minuteMs } from '@/lib/domain/time.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import type { Provider } from '@/lib/providers/provider.ts';
import type { Runtime } from '@/lib/runtime.ts';

export type Adding = {
  readonly formId: string;
  /** Subscriptions the new method shall pay. */
  readonly subscriptionIds: readonly SubscriptionId[];
  readonly makeDefault: boolean;
  /** Pay this invoice with it once it is saved. */
  readonly payInvoiceId: InvoiceId | null;
  readonly locale: 'en' | 'id';
};

type Refusals = 'not_found' | 'not_offered' | 'conflict' | 'rate_limited' | 'upstream_error';

/** Visits a buyer may begin in ten minutes. */
const mostVisits = 10;

/**
 * Begins adding a method at the provider and answers where its page is. Nothing changes until the provider tells our
 * server what became of it. The same form again leads to the same page. Failures: `not_found` (a subscription or invoice
 * that is not the customer's), `not_offered`, `conflict` (the invoice is not owed any more), `rate_limited` with
 * facts.seconds (too many pages were opened) or facts.at (the invoice was tried too often), `upstream_error` (the provider does not answer; nothing changed).
 */
export async function beginAddingPaymentMethod(
  on: Runtime,
  viewer: Viewer,
  input: Adding,
): Promise<Result<{ redirectUrl: string }, Refusals>> {
  const provider = on.providers.forNew(viewer.mode);
  if (provider === null || provider.capabilities.savedKinds.length === 0) {
    return fail('not_offered', 'No payment provider can save a method here.');
  }
  const begun = await on.write((tx) => noteVisit(on, tx, viewer, provider, input));
  if (!begun.ok) return begun;
  const { visit, merchantName } = begun.value;
  const known = openRedirect(on, visit);
  if (known !== null) return succeed({ redirectUrl: known });
  const opened = await provider.beginAddingMethod({
    reference: visit.id,
    customerReference: viewer.customerId,
    merchantName,
    locale: input.locale,
    returnUrl: `${on.config.origin}/payment-methods/return?state=${visitState(on.config.rootKeys, visit.id)}`,
  });
  if (!opened.ok) return opened;
  const { redirectUrl, providerReference } = opened.value;
  const redirectSealed = sealText(on.config.rootKeys, redirectUrl, visit.id, on.random);
  await on.write((tx) => noteVisitOpened(tx, visit, { providerReference, redirectSealed }));
  return succeed({ redirectUrl });
}

async function noteVisit(
  on: Runtime,
  tx: Writer,
  viewer: Viewer,
  provider: Provider,
  input: Adding,
): Promise<Result<{ visit: ProviderVisit; merchantName: string }, Refusals>> {
  const now = on.now();
  const workspace = await findWorkspace(tx, viewer);
  if (workspace === null) return fail('not_found', 'No such workspace.');
  const merchantName = workspace.brand.name;
  const spent = await spendForm(tx, viewer, input.formId, 'add_method', now);
  if (spent !== null) {
    const visit = await findProviderVisit(tx, viewer, String(spent.facts.visit) as ProviderVisitId);
    return visit === null ? fail('not_found', 'No such visit.') : succeed({ visit, merchantName });
  }
  const { add, setDefault, offerPayDue } = workspace.configuration.paymentMethods;
  if (!add || (input.makeDefault && !setDefault)) return fail('not_offered', 'Adding a method is not offered here.');
  const refused = await checkWishes(tx, viewer, input, workspace.configuration.invoices.pay && offerPayDue, now);
  if (refused !== null) return refused;
  const earlier = await listProviderVisits(tx, viewer, now - 10 * minuteMs);
  const oldest = earlier.filter((one) => one.purpose === 'add_method').at(mostVisits - 1);
  if (oldest !== undefined) {
    const seconds = Math.ceil((oldest.createdAt + 10 * minuteMs - now) / 1_000);
    return fail('rate_limited', 'Too many methods were begun.', { facts: { seconds } });
  }
  const id = newId('providerVisit', now, on.random);
  const visit: ProviderVisit = {
    id,
    workspaceId: viewer.workspaceId,
    mode: viewer.mode,
    customerId: viewer.customerId,
    browserSessionId: viewer.browserSessionId,
    adapter: provider.adapter,
    purpose: 'add_method',
    stateHash: fingerprint(visitState(on.config.rootKeys, id)),
    providerReference: null,
    wishes: {
      subscriptionIds: input.subscriptionIds,
      makeDefault: input.makeDefault,
      payInvoiceId: input.payInvoiceId,
    },
    invoiceId: null,
    status: 'open',
    outcome: emptyOutcome,
    paymentMethodId: null,
    createdAt: now,
    expiresAt: now + 2 * hourMs,
    finishedAt: null,
  };
  await insertProviderVisit(tx, visit);
  await appendAudit(
    tx,
    viewer,
    { actor: `viewer:${viewer.browserSessionId}`, act: 'payment_method.adding_begun', object: id },
    now,
    on.random,
  );
  await settleForm(tx, viewer, input.formId, { code: 'begun', facts: { visit: id } });
  return succeed({ visit, merchantName });
}

/** What the buyer asked for must be theirs and be offered; it is asked again when the method is saved. */
async function checkWishes(tx: Writer, viewer: Viewer, input: Adding, mayPay: boolean, now: Instant) {
  const customer = await findCustomer(tx, viewer);
  const workspace = await findWorkspace(tx, viewer);
  if (customer === null || workspace === null) return fail('not_found', 'No such customer.');
  const facts = await readPayingFacts(tx, viewer, customer, workspace);
  const charged = chargedSubscriptions(facts, viewer.now);
  for (const id of input.subscriptionIds) {
    const planned = charged.find(({ subscription }) => subscription.id === id);
    if (planned === undefined) return fail('not_found', 'No such subscription.');
    if (!isMovable(planned, facts)) return fail('not_offered', 'The method of this subscription is not changed here.');
  }
  if (input.payInvoiceId === null) return null;
  if (!mayPay) return fail('not_offered', 'Paying is not offered here.');
  const invoice = await findInvoice(tx, viewer, input.payInvoiceId);
  if (invoice === null) return fail('not_found', 'No such invoice.');
  if (amountDue(invoice) <= 0) return fail('conflict', 'Nothing is owed on this invoice any more.');
  const admitted = await admitTry(tx, viewer, invoice.id, now);
  return admitted.ok ? null : admitted;
}

function openRedirect(on: Runtime, visit: ProviderVisit): string | null {
  const { redirectSealed } = visit.outcome;
  return redirectSealed === null ? null : openProviderReference(on.config.rootKeys, visit.id, redirectSealed);
}
