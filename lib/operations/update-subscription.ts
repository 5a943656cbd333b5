import { holdCustomer } from '@/lib/data/customers.ts';
import type { Writer } from '@/lib/data/db.ts';
import { findPaymentMethod } from '@/lib/data/payment-methods.ts';
import { findPlan, findPrice } from '@/lib/data/plans.ts';
import {
  findSubscriptionOf,
  type SubscriptionFields,
  updateSubscription as updateRow,
} from '@/lib/data/subscriptions.ts';
import { causeOfMerchant, tellOfChange } from '@/lib/data/tell-of-change.ts';
import { billingNow } from '@/lib/domain/customer.ts';
import type { PriceId, SubscriptionId } from '@/lib/domain/ids.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import { isUsable } from '@/lib/domain/payment-method.ts';
import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import { changedFields } from '@/lib/domain/row-changes.ts';
import type { Subscription } from '@/lib/domain/subscription.ts';
import { changeMove } from '@/lib/domain/subscription-moves.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { wireSubscription } from '@/lib/domain/wire-subscription.ts';
import type { Runtime } from '@/lib/runtime.ts';

export type SubscriptionChanges = Omit<SubscriptionFields, 'planId'>;

/**
 * Changes price, method or metadata of a subscription; null clears. Another price counts from the next period on: the
 * running one was invoiced and stays as it is. A price of another plan moves the subscription to that plan. Fails with
 * `not_found`, `validation_error` (a method that cannot pay, a price in another currency), `conflict` (it is final, or
 * plan or price are not offered).
 */
export async function updateSubscription(
  on: Runtime,
  scope: WorkspaceScope,
  id: SubscriptionId,
  by: MerchantAct,
  changes: SubscriptionChanges,
): Promise<Result<Subscription>> {
  return on.write(async (tx) => {
    const now = on.now();
    const planned = await findSubscriptionOf(tx, scope, id);
    if (planned === null) return fail('not_found', 'There is no such subscription.');
    const customer = await holdCustomer(tx, { ...scope, customerId: planned.subscription.customerId });
    const billing = customer === null ? now : billingNow(customer, now);
    const move = changeMove(planned.subscription, billing);
    if (!move.can) return fail('conflict', move.why);
    const { priceId, defaultPaymentMethodId: methodId } = changes;
    if (methodId !== undefined && methodId !== null) {
      const method = await findPaymentMethod(tx, planned.subscription, methodId);
      if (method === null || !isUsable(method, billing)) {
        const message = 'defaultPaymentTokenId must be an active payment method of this customer.';
        return fail('validation_error', message, { field: 'defaultPaymentTokenId' });
      }
    }
    const isOther = priceId !== undefined && priceId !== null && priceId !== planned.subscription.priceId;
    const plan = isOther ? await findPlanOf(tx, planned, priceId) : null;
    if (plan?.ok === false) return plan;
    const wanted = { ...changes, ...(plan === null ? {} : { planId: plan.value }) };
    return change(on, tx, planned.subscription, by, wanted);
  });
}

/** The plan a price belongs to, where the subscription may take it. */
async function findPlanOf(
  tx: Writer,
  { subscription, price: before }: PlannedSubscription,
  priceId: PriceId,
): Promise<Result<Subscription['planId']>> {
  const price = await findPrice(tx, subscription, priceId);
  const priced = price === null ? null : await findPlan(tx, subscription, price.planId);
  if (price === null || priced === null) return fail('validation_error', 'priceId: unknown.', { field: 'priceId' });
  if (!price.active || !priced.plan.active) return fail('conflict', 'This price is not offered.', { field: 'priceId' });
  if (before !== null && before.currency !== price.currency) {
    return fail('validation_error', `priceId must be a price in ${before.currency}.`, { field: 'priceId' });
  }
  return succeed(price.planId);
}

async function change(
  on: Runtime,
  tx: Writer,
  before: Subscription,
  by: MerchantAct,
  changes: SubscriptionFields,
): Promise<Result<Subscription>> {
  const now = on.now();
  const changed = changedFields(before, changes).map((name) =>
    name === 'defaultPaymentMethodId' ? 'defaultPaymentTokenId' : name,
  );
  if (changed.length === 0) return succeed(before);
  const after = await updateRow(tx, before, changes, now);
  if (after === null) return fail('conflict', 'It was changed elsewhere at the same moment.');
  const event = {
    what: 'subscription.updated',
    of: 'subscription',
    object: wireSubscription(after),
    extras: { customerId: after.customerId, changed },
  };
  const detail = { changed: changed.join(' ') };
  const told = { act: 'subscription.updated', object: after.id, detail, event };
  await tellOfChange(tx, after, causeOfMerchant(by), told, now, on.random);
  return succeed(after);
}
