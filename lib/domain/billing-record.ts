import type { Metadata } from './customer.ts';
import type { BilledTo, MethodName, PaymentAttempt, RefusalReason } from './invoice.ts';
import type { Currency } from './money.ts';
import type { PortalFeatures, PriceTier } from './plan.ts';
import type { CanceledReason, Discount, SubscriptionStatus } from './subscription.ts';
import type { Instant, Interval } from './time.ts';

/**
 * One object of a merchant's billing data as it comes in: the fields of the wire, instants already read. Ids are plain
 * text until a row of the workspace was found for them. What the wire marks nullable and a line leaves out is null.
 */
export type BillingRecord =
  | CustomerRecord
  | PlanRecord
  | PriceRecord
  | SubscriptionRecord
  | InvoiceRecord
  | PaymentMethodRecord
  | ReceiptRecord
  | RefundRecord;

export type CustomerRecord = {
  readonly object: 'customer';
  readonly id: string;
  readonly externalId: string | null;
  readonly email: string | null;
  readonly name: string | null;
  readonly phone: string | null;
  readonly taxId: string | null;
  readonly legalName: string | null;
  readonly address: string | null;
  readonly defaultPaymentTokenId: string | null;
  readonly metadata: Metadata | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

export type PlanRecord = {
  readonly object: 'plan';
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly interval: Interval;
  readonly intervalCount: number;
  readonly trialDays: number;
  readonly prices: readonly PriceRecord[];
  readonly usageAggregate: 'sum' | 'max' | 'last' | null;
  readonly meteredUnit: string | null;
  readonly portalFeatures: PortalFeatures;
  readonly dunningPolicyId: string | null;
  readonly active: boolean;
  readonly archivedAt: Instant | null;
  readonly metadata: Metadata | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

export type PriceRecord = {
  readonly object: 'price';
  readonly id: string;
  readonly planId: string;
  readonly currency: Currency;
  readonly model: 'flat' | 'tiered' | 'volume' | 'usage';
  readonly unitAmount: number | null;
  readonly tiers: readonly PriceTier[] | null;
  readonly taxMode: 'exclusive' | 'inclusive';
  readonly active: boolean;
  readonly createdAt: Instant;
};

export type SubscriptionRecord = {
  readonly object: 'subscription';
  readonly id: string;
  readonly customerId: string;
  readonly planId: string;
  readonly priceId: string | null;
  readonly status: SubscriptionStatus;
  readonly quantity: number;
  readonly startedAt: Instant;
  readonly currentPeriodStart: Instant;
  readonly currentPeriodEnd: Instant;
  readonly trialEnd: Instant | null;
  readonly cancelAt: Instant | null;
  readonly canceledAt: Instant | null;
  readonly canceledReason: CanceledReason | null;
  readonly endedAt: Instant | null;
  readonly pausedAt: Instant | null;
  readonly resumeAt: Instant | null;
  readonly defaultPaymentTokenId: string | null;
  readonly discountCouponId: string | null;
  readonly discount: Discount | null;
  readonly collectionMethod: 'charge_automatically' | 'send_invoice';
  readonly metadata: Metadata | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

export type InvoiceRecord = {
  readonly object: 'invoice';
  readonly id: string;
  readonly customerId: string;
  readonly subscriptionId: string | null;
  readonly status: 'draft' | 'open' | 'past_due' | 'paid' | 'void' | 'uncollectible';
  readonly number: string;
  readonly currency: Currency;
  readonly subtotal: number;
  readonly discount: number;
  readonly tax: number;
  readonly total: number;
  readonly amountPaid: number;
  readonly amountDue: number | null;
  readonly dueAt: Instant | null;
  readonly issuedAt: Instant | null;
  readonly paidAt: Instant | null;
  readonly voidedAt: Instant | null;
  readonly chargeId: string | null;
  readonly collectionAttempts: number | null;
  readonly nextAttemptAt: Instant | null;
  readonly periodStart: Instant | null;
  readonly periodEnd: Instant | null;
  /** Whom it was made out to; null takes the customer as they stand. */
  readonly billedTo: BilledTo | null;
  readonly lines: readonly InvoiceLineRecord[];
  readonly attempts: readonly AttemptRecord[];
  readonly metadata: Metadata | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

export type InvoiceLineRecord = {
  readonly id: string;
  readonly description: string;
  readonly quantity: number;
  readonly unitAmount: number;
  readonly amount: number;
  readonly priceId: string | null;
  readonly metadata: Metadata | null;
};

/** One try to pay an invoice. The method is a saved one, or named in `method` when it never was saved or is gone. */
export type AttemptRecord = {
  readonly id: string;
  readonly paymentTokenId: string | null;
  readonly method: MethodName | null;
  readonly adapter: string | null;
  readonly amount: number;
  readonly status: PaymentAttempt['status'];
  readonly reason: RefusalReason | null;
  readonly providerReference: string | null;
  readonly payBefore: Instant | null;
  readonly createdAt: Instant;
  readonly finishedAt: Instant | null;
};

export type PaymentMethodRecord = {
  readonly object: 'payment_method';
  readonly id: string;
  readonly customerId: string;
  readonly type: 'card' | 'ewallet' | 'paypal';
  readonly adapter: string;
  /** The provider's own reference; stored encrypted, never given out. */
  readonly providerToken: string;
  /** The provider's fingerprint of the card or wallet, the same under every reference; stored as a hash. */
  readonly fingerprint: string | null;
  readonly brand: string | null;
  readonly last4: string | null;
  readonly expMonth: number | null;
  readonly expYear: number | null;
  readonly label: string | null;
  readonly status: 'active' | 'expired' | 'detached';
  readonly isDefault: boolean;
  readonly metadata: Metadata | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly detachedAt: Instant | null;
};

/** A receipt the merchant gave out already; its figures come from its invoice. */
export type ReceiptRecord = {
  readonly object: 'receipt';
  readonly id: string;
  readonly number: string;
  readonly sourceType: 'invoice';
  readonly sourceId: string;
  readonly customerId: string | null;
  readonly amount: number;
  readonly currency: Currency;
  readonly method: MethodName['type'] | null;
  readonly adapter: string | null;
  readonly issuedAt: Instant;
  readonly emailedAt: Instant | null;
  readonly emailedTo: string | null;
  readonly providerReference: string | null;
  readonly stampDutyNumber: string | null;
};

export type RefundRecord = {
  readonly object: 'refund';
  readonly id: string;
  readonly chargeId: string;
  readonly invoiceId: string;
  readonly amount: number;
  readonly currency: Currency;
  readonly reason: 'requested_by_customer' | 'duplicate' | 'fraudulent' | 'other';
  readonly status: 'pending' | 'succeeded' | 'failed';
  readonly failureCode: string | null;
  readonly failureMessage: string | null;
  readonly metadata: Metadata | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

/** What is wrong with a record: the wire name of the field, and why in a sentence. */
export type RecordProblem = { readonly field: string; readonly reason: string };
