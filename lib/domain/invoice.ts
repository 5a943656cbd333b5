import type { Metadata } from './customer.ts';
import type {
  CustomerId,
  InvoiceId,
  InvoiceLineId,
  PaymentAttemptId,
  PaymentMethodId,
  PriceId,
  RefundId,
  SubscriptionId,
} from './ids.ts';
import type { Currency } from './money.ts';
import type { Instant } from './time.ts';
import type { WorkspaceScope } from './viewer.ts';

export type InvoiceStatus = 'draft' | 'open' | 'past_due' | 'paid' | 'void' | 'uncollectible';

/** Whom an invoice or receipt was made out to, frozen when it was issued. */
export type BilledTo = {
  readonly name: string | null;
  readonly legalName: string | null;
  readonly email: string | null;
  readonly address: string | null;
  readonly taxId: string | null;
};

export type Invoice = WorkspaceScope & {
  readonly id: InvoiceId;
  readonly customerId: CustomerId;
  readonly subscriptionId: SubscriptionId | null;
  /** As stored; `past_due` is computed with `invoiceStatus(invoice, now)`. */
  readonly status: InvoiceStatus;
  readonly number: string;
  readonly currency: Currency;
  /** total = subtotal - discount + tax; all in minor units. */
  readonly subtotal: number;
  readonly discount: number;
  readonly tax: number;
  readonly total: number;
  readonly amountPaid: number;
  readonly dueAt: Instant | null;
  readonly issuedAt: Instant | null;
  readonly paidAt: Instant | null;
  readonly voidedAt: Instant | null;
  readonly chargeId: string | null;
  readonly collectionAttempts: number;
  readonly nextAttemptAt: Instant | null;
  /** Collection stopped by a cancellation: nothing tries to charge it again. */
  readonly collectionStoppedAt: Instant | null;
  readonly periodStart: Instant | null;
  readonly periodEnd: Instant | null;
  readonly billedTo: BilledTo;
  /** A word of the merchant to the buyer, printed on the invoice. */
  readonly memo: string | null;
  /** The merchant's name of the template it was made with; kept, and not looked at. */
  readonly templateId: string | null;
  readonly metadata: Metadata | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

export type InvoiceLine = {
  readonly id: InvoiceLineId;
  readonly invoiceId: InvoiceId;
  readonly description: string;
  readonly quantity: number;
  readonly unitAmount: number;
  readonly amount: number;
  readonly priceId: PriceId | null;
};

/** Why a payment did not go through, in the one list of reasons a buyer is told. */
export type RefusalReason =
  | 'not_enough_money'
  | 'expired'
  | 'needs_confirmation'
  | 'over_limit'
  | 'wrong_details'
  | 'not_allowed'
  | 'blocked'
  | 'unsaid'
  | 'provider_problem';

export type PaymentAttempt = {
  readonly id: PaymentAttemptId;
  readonly invoiceId: InvoiceId;
  readonly paymentMethodId: PaymentMethodId | null;
  /** The method as it was named then, frozen: kind plus brand, last four or label. */
  readonly methodName: MethodName;
  readonly amount: number;
  readonly status: 'succeeded' | 'refused' | 'needs_confirmation' | 'pending' | 'expired';
  readonly reason: RefusalReason | null;
  readonly providerReference: string | null;
  /** Pay a waiting transfer or code before this; null when nothing waits. */
  readonly payBefore: Instant | null;
  readonly createdAt: Instant;
  readonly finishedAt: Instant | null;
};

/** What is needed to name a method in words: "Visa ending 4242", "GoPay 0812•••89", "bank transfer". */
export type MethodName = {
  readonly type: 'card' | 'ewallet' | 'paypal' | 'va' | 'qris' | 'retail' | 'manual';
  readonly brand: string | null;
  readonly last4: string | null;
  readonly label: string | null;
};

export type Refund = {
  readonly id: RefundId;
  readonly invoiceId: InvoiceId | null;
  readonly chargeId: string;
  readonly amount: number;
  readonly currency: Currency;
  readonly reason: 'requested_by_customer' | 'duplicate' | 'fraudulent' | 'other';
  readonly status: 'pending' | 'succeeded' | 'failed';
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

/** What is still to pay, in minor units. */
export function amountDue(invoice: Pick<Invoice, 'status' | 'total' | 'amountPaid'>): number {
  return invoice.status === 'open' || invoice.status === 'past_due' ? invoice.total - invoice.amountPaid : 0;
}

/** The status the clock decides: an open invoice is past due after its due date, at it not yet. */
export function invoiceStatus(invoice: Pick<Invoice, 'status' | 'dueAt'>, now: Instant): InvoiceStatus {
  if (invoice.status !== 'open' && invoice.status !== 'past_due') return invoice.status;
  return invoice.dueAt !== null && invoice.dueAt < now ? 'past_due' : 'open';
}
