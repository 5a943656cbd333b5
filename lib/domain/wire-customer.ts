import type { Customer } from './customer.ts';
import { isoText } from './time.ts';
import { wireArn } from './wire.ts';

/** A customer as it stands on the wire. */
export function wireCustomer(customer: Customer): Readonly<Record<string, unknown>> {
  const { id, externalId, email, name, phone, taxId, metadata } = customer;
  return {
    id,
    arn: wireArn(customer, 'customer', id),
    accountId: customer.workspaceId,
    externalId,
    email,
    name,
    phone,
    taxId,
    defaultPaymentTokenId: customer.defaultPaymentMethodId,
    metadata,
    createdAt: isoText(customer.createdAt),
    updatedAt: isoText(customer.updatedAt),
  };
}
