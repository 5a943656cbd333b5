import { visitState } from '@/lib/crypto/provider-reference.ts';
import { fingerprint } from '@/lib/crypto/secret.ts';
import { changeDefault, changePayers } from '@/lib/data/change-payers.ts';
import { holdCustomer } from '@/lib/data/customers.ts';
import { settleForm, spendForm } from '@/lib/data/form-outcomes.ts';
import { findInvoice } from '@/lib/data/invoices.ts';
import { openCharge } from '@/lib/data/open-charge.ts';
import { readPayingFacts } from '@/lib/data/paying-facts.ts';
import { causeOf } from '@/lib/data/tell-of-change.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import {
  type InvoiceId,
  newId,
  type PaymentMethodId,
  type ProviderVisitId,
  type SubscriptionId,
} from '@/lib/domain/ids.ts';
import { assignPayers, chargedSubscriptions, isMovable } from '@/lib/domain/method-duties.ts';
import { isUsable } from '@/lib/domain/payment-method.ts';
import { fail, type Result, succeed } from '@/lib/domain/result.ts';
import { hourMs } from '@/lib/domain/time.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

type Refusals = 'not_found' | 'not_offered' | 'conflict' | 'rate_limited';

/**
 * Makes a method the default and moves the chosen subscriptions to it; the others keep what pays them. With
 * `payInvoiceId` a charge is noted in the same transaction and its visit is answered, to be carried out; where the
 * invoice is paid or another payment of it is on its way, the outcome of the form says so in `unpaid`. Failures:
 * `not_found` (method, subscription or invoice is not the customer's), `not_offered` (with facts.why `collected` when
 * it shall pay and its provider is not deployed), `conflict` (the method cannot pay), `rate_limited` with facts.at (the
 * invoice was tried too often; nothing changed).
 */
export async function makeDefaultPaymentMethod(
  on: Runtime,
  viewer: Viewer,
  input: {
    readonly formId: string;
    readonly methodId: PaymentMethodId;
    readonly subscriptionIds: readonly SubscriptionId[];
    readonly payInvoiceId: InvoiceId | null;
  },
): Promise<Result<{ paymentToSend: ProviderVisitId | null }, Refusals>> {
  return on.write(async (tx) => {
    const now = on.now();
    const customer = await holdCustomer(tx, viewer);
    const workspace = await findWorkspace(tx, viewer);
    if (customer === null || workspace === null) return fail('not_found', 'No such customer.');
    const spent = await spendForm(tx, viewer, input.formId, 'make_default', now);
    if (spent !== null) return succeed({ paymentToSend: (spent.facts.payment ?? null) as ProviderVisitId | null });
    const { paymentMethods, invoices } = workspace.configuration;
    if (!paymentMethods.setDefault) return fail('not_offered', 'Choosing a default is not offered here.');
    const facts = await readPayingFacts(tx, viewer, customer, workspace);
    const method = facts.methods.find((one) => one.id === input.methodId);
    if (method === undefined) return fail('not_found', 'No such method.');
    if (!isUsable(method, viewer.now)) return fail('conflict', 'This method cannot pay.');
    const charged = chargedSubscriptions(facts, viewer.now);
    for (const id of input.subscriptionIds) {
      const planned = charged.find(({ subscription }) => subscription.id === id);
      if (planned === undefined) return fail('not_found', 'No such subscription.');
      if (!isMovable(planned, facts))
        return fail('not_offered', 'The method of this subscription is not changed here.');
    }
    const invoice = input.payInvoiceId === null ? null : await findInvoice(tx, viewer, input.payInvoiceId);
    if (input.payInvoiceId !== null && invoice === null) return fail('not_found', 'No such invoice.');
    if (invoice !== null && !(invoices.pay && paymentMethods.offerPayDue)) {
      return fail('not_offered', 'Paying is not offered here.');
    }
    if (invoice !== null && !on.providers.reach(viewer.mode).chargeable.has(method.adapter)) {
      return fail('not_offered', 'The provider of this method is not deployed here.', { facts: { why: 'collected' } });
    }
    const visitId = newId('providerVisit', now, on.random);
    const opened =
      invoice === null
        ? null
        : await openCharge(tx, viewer, {
            visitId,
            stateHash: fingerprint(visitState(on.config.rootKeys, visitId)),
            browserSessionId: viewer.browserSessionId,
            invoice,
            method,
            subscriptionIds: [],
            billing: viewer.now,
            now,
            expiresAt: now + hourMs,
            random: on.random,
          });
    const isRefused = opened !== null && !opened.ok;
    if (isRefused && opened.failure.code === 'rate_limited') return opened;
    const assigned = assignPayers(facts, method.id, new Set(input.subscriptionIds), method.id, viewer.now);
    await changePayers(tx, viewer, assigned, causeOf(viewer), now, on.random);
    await changeDefault(tx, customer, method.id, causeOf(viewer), now, on.random);
    const payment = opened?.ok === true ? visitId : null;
    const unpaid = isRefused ? String(opened.failure.facts?.why) : null;
    const said = { method: method.id, payment, unpaid, invoice: input.payInvoiceId };
    await settleForm(tx, viewer, input.formId, { code: 'made_default', facts: said });
    return succeed({ paymentToSend: payment });
  });
}
