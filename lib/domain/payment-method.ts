import type { Metadata } from './customer.ts';
import type { CustomerId, PaymentMethodId } from './ids.ts';
import type { Instant } from './time.ts';
import type { WorkspaceScope } from './viewer.ts';

/** A saved way to pay. There is no place for a card number: only the brand, last four digits and the month it ends. */
export type PaymentMethod = WorkspaceScope & {
  readonly id: PaymentMethodId;
  readonly customerId: CustomerId;
  readonly type: 'card' | 'ewallet' | 'paypal';
  /** Payment provider that keeps the method: `simulated` in test mode. */
  readonly adapter: string;
  readonly brand: string | null;
  readonly last4: string | null;
  readonly expMonth: number | null;
  readonly expYear: number | null;
  /** Masked text for types without a card number, such as "0812•••89". */
  readonly label: string | null;
  /** `pending`: the provider is still setting it up. `refused`: it could not be set up. */
  readonly status: 'active' | 'pending' | 'refused' | 'detached';
  /** When it removes itself (end of the last subscription it pays), or null. */
  readonly detachAt: Instant | null;
  readonly detachedAt: Instant | null;
  readonly metadata: Metadata | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

/** The first instant at which a card no longer pays: the start of the month after its expiry month, in UTC. Null: never. */
export function methodEndsAt(method: Pick<PaymentMethod, 'expMonth' | 'expYear'>): Instant | null {
  return method.expMonth === null || method.expYear === null ? null : Date.UTC(method.expYear, method.expMonth, 1);
}

export function isExpired(method: Pick<PaymentMethod, 'expMonth' | 'expYear'>, now: Instant): boolean {
  const ends = methodEndsAt(method);
  return ends !== null && ends <= now;
}

/** May this method be chosen to pay? */
export function isUsable(method: PaymentMethod, now: Instant): boolean {
  return method.status === 'active' && !isExpired(method, now);
}
