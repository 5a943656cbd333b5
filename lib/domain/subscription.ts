import type { Metadata } from './customer.ts';
import type { CustomerId, PaymentMethodId, PlanId, PriceId, SubscriptionId } from './ids.ts';
import type { Instant } from './time.ts';
import type { WorkspaceScope } from './viewer.ts';

export type SubscriptionStatus = 'trialing' | 'active' | 'past_due' | 'canceled' | 'paused' | 'incomplete';

export type CanceledReason = 'customer_portal' | 'merchant' | 'failed_payment' | 'user_request';

/** A reduction of the price: a fixed amount of minor units a period, up to but excluding `until` (null: for good). */
export type Discount = { readonly label: string; readonly amount: number; readonly until: Instant | null };

export type Subscription = WorkspaceScope & {
  readonly id: SubscriptionId;
  readonly customerId: CustomerId;
  readonly planId: PlanId;
  readonly priceId: PriceId | null;
  readonly status: SubscriptionStatus;
  readonly quantity: number;
  readonly startedAt: Instant;
  readonly currentPeriodStart: Instant;
  readonly currentPeriodEnd: Instant;
  readonly trialEnd: Instant | null;
  /** A planned end; undo is possible while `now < cancelAt`. */
  readonly cancelAt: Instant | null;
  /** When the end was asked for (planned) or happened (ended). */
  readonly canceledAt: Instant | null;
  readonly canceledReason: CanceledReason | null;
  /** When it really ended; null while it runs. */
  readonly endedAt: Instant | null;
  readonly pausedAt: Instant | null;
  readonly resumeAt: Instant | null;
  readonly defaultPaymentMethodId: PaymentMethodId | null;
  readonly collectionMethod: 'charge_automatically' | 'send_invoice';
  readonly discount: Discount | null;
  /** The merchant's name for the coupon the discount came from. */
  readonly discountCouponId: string | null;
  /** The instant its periods are counted from; null: `trialEnd`, else `startedAt`. */
  readonly billingAnchor: Instant | null;
  /** Credit for its first invoice, in minor units; null once it was given, or where none was. */
  readonly initialDiscount: number | null;
  readonly metadata: Metadata | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};
