import type { CustomerId, PaymentMethodId } from './ids.ts';
import type { Instant } from './time.ts';
import type { CustomerScope } from './viewer.ts';

export type Metadata = Readonly<Record<string, string>>;

/** The record a workspace bills. */
export type Customer = CustomerScope & {
  readonly id: CustomerId;
  readonly externalId: string | null;
  readonly email: string | null;
  readonly name: string | null;
  readonly phone: string | null;
  readonly taxId: string | null;
  readonly legalName: string | null;
  readonly address: string | null;
  readonly defaultPaymentMethodId: PaymentMethodId | null;
  readonly metadata: Metadata | null;
  /** Test mode only: how far this customer's billing clock runs ahead of the wall clock, in ms. */
  readonly clockAheadMs: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

/** An email shown to somebody not yet proven: "j•••@e•••.com". Null where there is nothing to mask. */
export function maskEmail(email: string | null): string | null {
  const match = email === null ? null : /^(.)[^@]*@(.)[^@]*?(\.[^.@]+)?$/u.exec(email);
  return match === null ? null : `${match[1]}•••@${match[2]}•••${match[3] ?? ''}`;
}

/** Billing time of a customer: the wall clock, or in test mode the sample's own clock, which runs ahead of it. */
export function billingNow(customer: Pick<Customer, 'mode' | 'clockAheadMs'>, now: Instant): Instant {
  return customer.mode === 'test' ? now + customer.clockAheadMs : now;
}
