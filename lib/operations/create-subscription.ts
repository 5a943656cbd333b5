import { holdCustomer } from '@/lib/data/customers.ts';
import type { Reader, Writer } from '@/lib/data/db.ts';
import type { Answering } from '@/lib/data/idempotent-answers.ts';
import { settleClaim } from '@/lib/data/idempotent-answers.ts';
import { findPaymentMethod } from '@/lib/data/payment-methods.ts';
import { findPlan, findPrice } from '@/lib/data/plans.ts';
import { billPeriod, isCreditGiven } from '@/lib/data/renew-subscription.ts';
import { insertSubscription } from '@/lib/data/subscriptions.ts';
import { causeOfMerchant, tellOfChange } from '@/lib/data/tell-of-change.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import { billingNow, type Customer } from '@/lib/domain/customer.ts';
import { type CustomerId, newId, type PlanId, type PriceId } from '@/lib/domain/ids.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import { beginSubscription, type SubscriptionTerms } from '@/lib/domain/new-subscription.ts';
import { isUsable } from '@/lib/domain/payment-method.ts';
import type { Plan, Price } from '@/lib/domain/plan.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { Subscription } from '@/lib/domain/subscription.ts';
import { minuteMs } from '@/lib/domain/time.ts';
import type { CustomerScope, WorkspaceScope } from '@/lib/domain/viewer.ts';
import { wireSubscription } from '@/lib/domain/wire-subscription.ts';
import type { Runtime } from '@/lib/runtime.ts';

export type SubscriptionOrder = SubscriptionTerms & {
  readonly customerId: CustomerId;
  readonly planId: PlanId;
  readonly priceId: PriceId;
};

/**
 * Creates a subscription; without a trial and a later start its first invoice is written with it, and is there to be
 * collected: `billCustomer` does so right after. Fails with `not_found` (customer, plan, price), `validation_error` (a
 * price of another plan, a method that cannot pay, a start in the past) or `conflict` (plan or price are not offered).
 */
export async function createSubscription(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  order: SubscriptionOrder,
  answering: Answering<Subscription> | null,
): Promise<Result<Subscription>> {
  return on.write(async (tx) => {
    const result = await create(on, tx, scope, by, order);
    await settleClaim(tx, answering, result);
    return result;
  });
}

async function create(
  on: Runtime,
  tx: Writer,
  scope: WorkspaceScope,
  by: MerchantAct,
  order: SubscriptionOrder,
): Promise<Result<Subscription>> {
  const now = on.now();
  const { workspaceId, mode } = scope;
  const own: CustomerScope = { workspaceId, mode, customerId: order.customerId };
  const customer = await holdCustomer(tx, own);
  const workspace = await findWorkspace(tx, scope);
  if (customer === null || workspace === null) return missing('customer', 'customerId');
  const offered = await findOffer(tx, scope, order);
  if (!offered.ok) return offered;
  const wrong = await checkTerms(tx, customer, order, billingNow(customer, now));
  if (wrong !== null) return wrong;
  const { timeZone } = workspace.configuration;
  const id = newId('subscription', now, on.random);
  const of = { id, customerId: customer.id, ...offered.value };
  const { planned, firstPeriod } = beginSubscription(of, order, timeZone, billingNow(customer, now), now);
  const isCredited = firstPeriod !== null && isCreditGiven(planned);
  const subscription = isCredited ? { ...planned.subscription, initialDiscount: null } : planned.subscription;
  await insertSubscription(tx, subscription);
  const cause = causeOfMerchant(by);
  const event = {
    what: 'subscription.created',
    of: 'subscription',
    object: wireSubscription(subscription),
    extras: { customerId: customer.id },
  };
  await tellOfChange(tx, scope, cause, { act: 'subscription.created', object: id, event }, now, on.random);
  if (firstPeriod !== null) {
    const billing = { workspace, customer, cause, billing: billingNow(customer, now), now, random: on.random };
    await billPeriod(tx, planned, firstPeriod, billing);
  }
  return succeed(subscription);
}

/** Plan and price that a subscription may take. */
async function findOffer(
  read: Reader,
  scope: WorkspaceScope,
  order: Pick<SubscriptionOrder, 'planId' | 'priceId'>,
): Promise<Result<{ plan: Plan; price: Price }>> {
  const priced = await findPlan(read, scope, order.planId);
  if (priced === null) return missing('plan', 'planId');
  const price = await findPrice(read, scope, order.priceId);
  if (price === null) return missing('price', 'priceId');
  if (price.planId !== priced.plan.id) {
    return fail('validation_error', 'priceId must be a price of this plan.', { field: 'priceId' });
  }
  if (!priced.plan.active) return fail('conflict', 'This plan takes no new subscriptions.', { field: 'planId' });
  if (!price.active) return fail('conflict', 'This price takes no new subscriptions.', { field: 'priceId' });
  return succeed({ plan: priced.plan, price });
}

async function checkTerms(
  read: Reader,
  customer: Customer,
  { paymentMethodId, startAt }: SubscriptionTerms,
  billing: number,
): Promise<Result<never> | null> {
  if (startAt !== null && startAt < billing - 5 * minuteMs) {
    return fail('validation_error', 'startAt must not lie in the past.', { field: 'startAt' });
  }
  if (paymentMethodId === null) return null;
  const method = await findPaymentMethod(read, customer, paymentMethodId);
  if (method !== null && isUsable(method, billing)) return null;
  const message = 'paymentTokenId must be an active payment method of this customer.';
  return fail('validation_error', message, { field: 'paymentTokenId' });
}

function missing(noun: string, field: string): Result<never> {
  return fail('not_found', `There is no such ${noun}.`, { field });
}
