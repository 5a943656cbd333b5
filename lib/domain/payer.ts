import type { Customer } from './customer.ts';
import type { PaymentMethod } from './payment-method.ts';
import type { Subscription } from './subscription.ts';

/**
 * The method a subscription is charged on: its own, else the customer's default. Null where there is none, or where the
 * buyer pays each invoice themselves. It may be expired or still being set up: ask `isUsable`.
 */
export function payerOf(
  subscription: Pick<Subscription, 'defaultPaymentMethodId' | 'collectionMethod'>,
  customer: Pick<Customer, 'defaultPaymentMethodId'>,
  methods: readonly PaymentMethod[],
): PaymentMethod | null {
  if (subscription.collectionMethod === 'send_invoice') return null;
  const attached = methods.filter((method) => method.status !== 'detached');
  return (
    attached.find((method) => method.id === subscription.defaultPaymentMethodId) ??
    attached.find((method) => method.id === customer.defaultPaymentMethodId) ??
    null
  );
}
