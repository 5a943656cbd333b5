import { changePayers } from '@/lib/data/change-payers.ts';
import { holdCustomer } from '@/lib/data/customers.ts';
import { settleForm, spendForm } from '@/lib/data/form-outcomes.ts';
import { readPayingFacts } from '@/lib/data/paying-facts.ts';
import { causeOf } from '@/lib/data/tell-of-change.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import type { PaymentMethodId, SubscriptionId } from '@/lib/domain/ids.ts';
import { assignPayers, chargedSubscriptions, dutiesOf, isMovable, othersThan } from '@/lib/domain/method-duties.ts';
import { isUsable } from '@/lib/domain/payment-method.ts';
import { fail, type Result, succeed } from '@/lib/domain/result.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

type Refusals = 'not_found' | 'not_offered' | 'conflict';

/**
 * Chooses what a method pays: the chosen subscriptions move to it, and what it paid before and is not chosen moves to the
 * default, or to the oldest other method that can pay. Failures: `not_found`, `not_offered`, `conflict` (the method cannot
 * pay, or nothing else could pay what it should leave).
 */
export async function chooseWhatMethodPays(
  on: Runtime,
  viewer: Viewer,
  input: {
    readonly formId: string;
    readonly methodId: PaymentMethodId;
    readonly subscriptionIds: readonly SubscriptionId[];
  },
): Promise<Result<'chosen', Refusals>> {
  return on.write(async (tx) => {
    const now = on.now();
    const customer = await holdCustomer(tx, viewer);
    const workspace = await findWorkspace(tx, viewer);
    if (customer === null || workspace === null) return fail('not_found', 'No such customer.');
    if ((await spendForm(tx, viewer, input.formId, 'choose_what_pays', now)) !== null) return succeed('chosen');
    if (!workspace.configuration.paymentMethods.perSubscription) {
      return fail('not_offered', 'Choosing a method for a subscription is not offered here.');
    }
    const facts = await readPayingFacts(tx, viewer, customer, workspace);
    const method = facts.methods.find((one) => one.id === input.methodId);
    if (method === undefined) return fail('not_found', 'No such method.');
    const charged = chargedSubscriptions(facts, viewer.now);
    for (const id of input.subscriptionIds) {
      const planned = charged.find(({ subscription }) => subscription.id === id);
      if (planned === undefined) return fail('not_found', 'No such subscription.');
      if (!isMovable(planned, facts))
        return fail('not_offered', 'The method of this subscription is not changed here.');
    }
    const chosen = new Set(input.subscriptionIds);
    if (chosen.size > 0 && !isUsable(method, viewer.now)) return fail('conflict', 'This method cannot pay.');
    const leaving = dutiesOf(method, facts, viewer.now)
      .filter((one) => isMovable(one, facts) && !chosen.has(one.subscription.id))
      .map(({ subscription }) => subscription.id);
    const [next] = othersThan(method, facts, viewer.now);
    if (leaving.length > 0 && next === undefined) return fail('conflict', 'Nothing else can pay this.');
    const { defaultPaymentMethodId } = customer;
    const assigned = new Map([
      ...assignPayers(facts, method.id, chosen, defaultPaymentMethodId, viewer.now),
      ...(next === undefined ? [] : leaving.map((id) => [id, next.id] as const)),
    ]);
    await changePayers(tx, viewer, assigned, causeOf(viewer), now, on.random);
    const left = leaving[0] ?? null;
    await settleForm(tx, viewer, input.formId, { code: 'chosen', facts: { method: method.id, left } });
    return succeed('chosen');
  });
}
