import type { Customer } from '@/lib/domain/customer.ts';
import type { PaymentMethodId, SubscriptionId } from '@/lib/domain/ids.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import { wireCustomer } from '@/lib/domain/wire-customer.ts';
import { wireSubscription } from '@/lib/domain/wire-subscription.ts';
import { setDefaultMethod } from './customers.ts';
import type { Writer } from './db.ts';
import { setSubscriptionPayer } from './subscriptions.ts';
import { type Cause, tellOfChange } from './tell-of-change.ts';

/** Gives subscriptions methods of their own, with audit and events. */
export async function changePayers(
  tx: Writer,
  scope: CustomerScope,
  assigned: ReadonlyMap<SubscriptionId, PaymentMethodId>,
  cause: Cause,
  now: Instant,
  random: (bytes: number) => Uint8Array,
): Promise<void> {
  for (const [subscriptionId, methodId] of assigned) {
    const changed = await setSubscriptionPayer(tx, scope, subscriptionId, methodId, now);
    if (changed === null) continue;
    await tellOfChange(
      tx,
      scope,
      cause,
      {
        act: 'subscription.method_changed',
        object: subscriptionId,
        detail: { paymentMethodId: methodId },
        event: {
          what: 'subscription.updated',
          of: 'subscription',
          object: wireSubscription(changed),
          extras: { changed: ['defaultPaymentTokenId'] },
        },
      },
      now,
      random,
    );
  }
}

/** Changes a customer's default method, with audit and event. Answers the customer as it is then. */
export async function changeDefault(
  tx: Writer,
  customer: Customer,
  methodId: PaymentMethodId | null,
  cause: Cause,
  now: Instant,
  random: (bytes: number) => Uint8Array,
): Promise<Customer> {
  const changed = await setDefaultMethod(tx, customer, methodId, now);
  if (changed === null) return customer;
  await tellOfChange(
    tx,
    customer,
    cause,
    {
      act: 'customer.default_method_changed',
      object: customer.id,
      detail: { paymentMethodId: methodId },
      event: {
        what: 'customer.updated',
        of: 'customer',
        object: wireCustomer(changed),
        extras: { changed: ['defaultPaymentTokenId'] },
      },
    },
    now,
    random,
  );
  return changed;
}
