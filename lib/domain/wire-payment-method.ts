import type { Customer } from './customer.ts';
import { isExpired, type PaymentMethod } from './payment-method.ts';
import { type Instant, isoText } from './time.ts';
import { wireArn } from './wire.ts';

/** A payment method as it stands on the wire: never a card number, never the provider's token. */
export function wirePaymentMethod(
  method: PaymentMethod,
  customer: Pick<Customer, 'defaultPaymentMethodId'>,
  now: Instant,
): Readonly<Record<string, unknown>> {
  const { id, customerId, type, adapter, brand, last4, expMonth, expYear, label } = method;
  return {
    id,
    arn: wireArn(method, 'payment-method', id),
    accountId: method.workspaceId,
    customerId,
    type,
    adapter,
    brand,
    last4,
    expMonth,
    expYear,
    label,
    status: method.status === 'active' && isExpired(method, now) ? 'expired' : method.status,
    isDefault: customer.defaultPaymentMethodId === id,
    metadata: method.metadata,
    createdAt: isoText(method.createdAt),
    updatedAt: isoText(method.updatedAt),
    detachedAt: method.detachedAt === null ? null : isoText(method.detachedAt),
  };
}
