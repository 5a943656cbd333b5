import type { MethodName, RefusalReason } from '@/lib/domain/invoice.ts';
import type { Money } from '@/lib/domain/money.ts';
import type { ProviderReach } from '@/lib/domain/provider-reach.ts';
import type { Result } from '@/lib/domain/result.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { Mode } from '@/lib/domain/viewer.ts';

/**
 * A payment provider. The portal never holds card fields: a buyer enters details on the provider's own page and comes
 * back. `upstream_error` means that no answer came: the provider may or may not have acted, so ask before telling
 * anybody that it did not.
 */
export type Provider = {
  /** Name of the adapter as it stands in rows: `simulated`, `xendit`, … */
  readonly adapter: string;
  readonly capabilities: Capabilities;
  /** Opens a page where a method can be added. The same `reference` again answers the same page. */
  beginAddingMethod(request: AddingRequest): Promise<Result<OpenedVisit, 'upstream_error'>>;
  /** Opens a page where one amount is paid, once, without saving anything. The same `reference` answers the same page. */
  beginPayment(request: PaymentRequest): Promise<Result<OpenedVisit, 'upstream_error'>>;
  /** What became of a visit to a page, by the provider's reference. */
  askVisit(providerReference: string): Promise<Result<VisitReport, 'upstream_error'>>;
  /** Closes a page so that nobody can pay on it any more; answers what became of it, `left` when it was still open. */
  closeVisit(providerReference: string): Promise<Result<VisitReport, 'upstream_error'>>;
  /** Charges a saved method. The same idempotency key charges once and answers the same again. */
  charge(request: ChargeRequest): Promise<Result<ChargeReport, 'upstream_error'>>;
  /** What became of a charge, by its idempotency key; null when the provider never heard of it. */
  askCharge(idempotencyKey: string): Promise<Result<ChargeReport | null, 'upstream_error'>>;
  /** Gives up a charge that still waits for the bank's confirmation; answers what became of it, null when unknown. */
  cancelCharge(idempotencyKey: string): Promise<Result<ChargeReport | null, 'upstream_error'>>;
  /** Gives money of a charge back. The same idempotency key gives it back once and answers the same again. */
  refund(request: RefundRequest): Promise<Result<RefundReport, 'upstream_error'>>;
  /** What became of a refund, by its idempotency key; null when the provider never heard of it. */
  askRefund(idempotencyKey: string): Promise<Result<RefundReport | null, 'upstream_error'>>;
  /** What a saved method of this buyer is, by its token; null when the provider does not know it, or forgot it. */
  askMethod(token: string, customerReference: string): Promise<Result<ReportedMethod | null, 'upstream_error'>>;
  /** Forgets a saved method. A method that is not known any more is forgotten already. */
  detach(token: string): Promise<Result<null, 'upstream_error'>>;
  /** Proves that a notification came from the provider, over its raw bytes, and says what it is about. */
  readNotification(
    body: Uint8Array,
    headers: Headers,
  ): Result<ProviderNotification, 'invalid_signature' | 'timestamp_skew' | 'validation_error'>;
};

export type Capabilities = {
  /** As buyers know it: "Simulated Pay". */
  readonly name: string;
  /** Origin of its pages when that is not our own, for the form-action of the page that leads there. */
  readonly pageOrigin: string | null;
  /** Kinds of methods it can save. Empty: nothing can be added. */
  readonly savedKinds: readonly ('card' | 'ewallet' | 'paypal')[];
  /** Kinds a buyer can pay one invoice with on its page. */
  readonly paymentKinds: readonly MethodName['type'][];
};

type VisitRequest = {
  /** Our id of the visit; the provider's idempotency key for opening it. */
  readonly reference: string;
  /** Who the buyer is to us, opaque to the provider: it keeps one buyer's methods apart from another's. */
  readonly customerReference: string;
  readonly merchantName: string;
  readonly locale: 'en' | 'id';
  /** Where the buyer comes back to, with our one-time state in it. */
  readonly returnUrl: string;
};

export type AddingRequest = VisitRequest;

export type PaymentRequest = VisitRequest & { readonly money: Money };

export type ChargeRequest = {
  readonly idempotencyKey: string;
  readonly token: string;
  readonly customerReference: string;
  readonly merchantName: string;
  readonly locale: 'en' | 'id';
  readonly money: Money;
  /** Where the buyer comes back to when the bank asks for a confirmation. */
  readonly returnUrl: string;
};

export type OpenedVisit = {
  /** Address of the provider's page. */
  readonly redirectUrl: string;
  /** The provider's own name for the visit. */
  readonly providerReference: string;
};

/** A method as the provider tells of it: everything but a card number. */
export type ReportedMethod = {
  /** The provider's own reference, to charge the method with. */
  readonly token: string;
  /**
   * What the same card or wallet of the same buyer has each time, under whatever reference; null where the provider tells
   * none. Not made of a card number that could be found again by trying.
   */
  readonly fingerprint: string | null;
  readonly type: 'card' | 'ewallet' | 'paypal';
  readonly brand: string | null;
  readonly last4: string | null;
  readonly expMonth: number | null;
  readonly expYear: number | null;
  readonly label: string | null;
};

export type VisitReport =
  /** `bankAsks`: the buyer's bank waits for an answer on the page. */
  | { readonly state: 'open'; readonly bankAsks: boolean }
  | { readonly state: 'saved'; readonly method: ReportedMethod }
  | { readonly state: 'paid'; readonly method: MethodName; readonly chargeReference: string }
  | { readonly state: 'refused'; readonly method: MethodName | null; readonly reason: RefusalReason }
  | { readonly state: 'pending'; readonly method: MethodName | null; readonly transfer: Transfer | null }
  | { readonly state: 'ran_out'; readonly method: MethodName }
  | { readonly state: 'left' };

/** How to pay by bank transfer: a number of the buyer's own, good for one exact amount until `payBefore`. */
export type Transfer = { readonly bank: string; readonly number: string; readonly payBefore: Instant };

export type ChargeReport =
  | { readonly state: 'succeeded'; readonly chargeReference: string }
  | { readonly state: 'refused'; readonly reason: RefusalReason; readonly chargeReference: string | null }
  | { readonly state: 'needs_confirmation'; readonly redirectUrl: string; readonly chargeReference: string }
  | { readonly state: 'pending'; readonly chargeReference: string };

export type RefundRequest = {
  readonly idempotencyKey: string;
  /** The provider's own name of the charge. */
  readonly chargeReference: string;
  readonly money: Money;
  readonly reason: 'requested_by_customer' | 'duplicate' | 'fraudulent' | 'other';
};

export type RefundReport =
  | { readonly state: 'succeeded'; readonly refundReference: string }
  | { readonly state: 'pending'; readonly refundReference: string }
  /** `code` and `message` are the provider's own, for the merchant alone. */
  | {
      readonly state: 'refused';
      readonly code: string;
      readonly message: string;
      readonly refundReference: string | null;
    };

/**
 * A notification says that something changed, never what: the change itself is asked for, so that notifications may come
 * late, twice or out of order.
 */
export type ProviderNotification = {
  /** The provider's id of the notification: one that comes twice acts once. */
  readonly id: string;
  readonly about:
    | { readonly kind: 'visit'; readonly providerReference: string }
    | { readonly kind: 'charge'; readonly idempotencyKey: string };
};

/** The providers of this deployment. */
export type Providers = {
  /** The one that new methods and payments go to, or null: then nothing can be added or paid here. */
  forNew(mode: Mode): Provider | null;
  /** The one that keeps a method or made a charge, or null when it is not configured any more. */
  byAdapter(adapter: string): Provider | null;
  /** What all of them can do in a mode, as plain data. A method of an adapter it does not name is never charged here. */
  reach(mode: Mode): ProviderReach;
};
