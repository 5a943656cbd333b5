import type {
  BrowserSessionId,
  CustomerId,
  InvoiceId,
  PaymentMethodId,
  ProviderVisitId,
  SubscriptionId,
} from './ids.ts';
import type { MethodName, RefusalReason } from './invoice.ts';
import type { Instant } from './time.ts';
import type { WorkspaceScope } from './viewer.ts';

/**
 * Something begun at the payment provider: adding a method, paying an invoice on its page, or a charge of a saved
 * method, which the bank may want confirmed. One charge of an invoice belongs to it at most; its idempotency key is the
 * id of the visit.
 */
export type ProviderVisit = WorkspaceScope & {
  readonly id: ProviderVisitId;
  readonly customerId: CustomerId;
  /** Whose act it was; null for a charge that the billing clock or a merchant's request began. */
  readonly browserSessionId: BrowserSessionId | null;
  readonly adapter: string;
  readonly purpose: 'add_method' | 'pay_invoice' | 'confirm_payment';
  readonly stateHash: string;
  /** The provider's own name of the visit; null until its page was opened, and for charges. */
  readonly providerReference: string | null;
  readonly wishes: VisitWishes;
  readonly invoiceId: InvoiceId | null;
  readonly status: 'open' | 'succeeded' | 'refused' | 'pending' | 'left' | 'unknown';
  readonly outcome: VisitOutcome;
  readonly paymentMethodId: PaymentMethodId | null;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly finishedAt: Instant | null;
};

/** What the buyer asked to happen once it succeeds. */
export type VisitWishes = {
  /** Subscriptions the method shall pay from then on. */
  readonly subscriptionIds: readonly SubscriptionId[];
  readonly makeDefault: boolean;
  /** Pay this invoice with the new method: "Save and pay". */
  readonly payInvoiceId: InvoiceId | null;
};

/** What became of it, as far as a page needs it. */
export type VisitOutcome = {
  readonly method: MethodName | null;
  readonly reason: RefusalReason | null;
  /** The method was saved before: only its expiry is new. */
  readonly alreadyHere: boolean;
  /** Names of the plans the method pays now. */
  readonly pays: readonly string[];
  /** The charge that followed: "Save and pay". */
  readonly paymentVisitId: ProviderVisitId | null;
  /** Why no charge followed although the buyer asked for one; `at`: when the next try is taken, of `limit` alone. */
  readonly unpaid: { readonly why: 'paid' | 'waiting' | 'limit'; readonly at: Instant | null } | null;
  /** Where the buyer goes on, sealed: the provider's page, or the bank's. */
  readonly redirectSealed: string | null;
  /** How to pay by transfer, while it is waited for. */
  readonly transfer: { readonly bank: string; readonly number: string; readonly payBefore: Instant } | null;
};

export const emptyOutcome: VisitOutcome = {
  method: null,
  reason: null,
  alreadyHere: false,
  pays: [],
  paymentVisitId: null,
  unpaid: null,
  redirectSealed: null,
  transfer: null,
};

export const noWishes: VisitWishes = { subscriptionIds: [], makeDefault: false, payInvoiceId: null };

/** Is its end still to come? */
export function isWaiting(visit: Pick<ProviderVisit, 'status'>): boolean {
  return visit.status === 'open' || visit.status === 'pending' || visit.status === 'unknown';
}

/** How many payments of one invoice a buyer may begin in `windowMs`. */
export const paymentTries = { count: 3, windowMs: 600_000 } as const;
