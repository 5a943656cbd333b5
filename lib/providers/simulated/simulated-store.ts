import type { RefusalReason } from '@/lib/domain/invoice.ts';
import type { Currency } from '@/lib/domain/money.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { Play } from './test-numbers.ts';

export type SimulatedVisit = {
  readonly id: string;
  readonly kind: 'add_method' | 'pay_invoice' | 'confirm_payment';
  /** The portal's reference; for a confirmation the idempotency key of the charge. */
  readonly reference: string;
  readonly customerReference: string;
  readonly merchantName: string;
  readonly amount: number | null;
  readonly currency: Currency | null;
  readonly locale: 'en' | 'id';
  readonly returnUrl: string;
  readonly status: 'open' | 'asking' | 'succeeded' | 'refused' | 'pending' | 'silent' | 'left';
  readonly reason: RefusalReason | null;
  readonly methodToken: string | null;
  readonly chargeId: string | null;
  readonly transferNumber: string | null;
  readonly payBefore: Instant | null;
  readonly settlesAt: Instant | null;
  readonly settlesAs: 'succeeded' | 'refused' | null;
  readonly createdAt: Instant;
};

export type SimulatedMethod = {
  readonly token: string;
  readonly customerReference: string;
  readonly type: 'card' | 'ewallet' | 'va';
  readonly brand: string | null;
  readonly last4: string | null;
  readonly expMonth: number | null;
  readonly expYear: number | null;
  readonly label: string | null;
  readonly behaviour: Play;
  readonly fingerprint: string;
  readonly detachedAt: Instant | null;
  readonly createdAt: Instant;
};

export type SimulatedCharge = {
  readonly id: string;
  readonly idempotencyKey: string;
  readonly methodToken: string | null;
  readonly visitId: string | null;
  readonly amount: number;
  readonly currency: Currency;
  readonly status: 'succeeded' | 'refused' | 'needs_confirmation' | 'pending' | 'silent';
  readonly reason: RefusalReason | null;
  readonly settlesAt: Instant | null;
  readonly settlesAs: 'succeeded' | 'refused' | null;
  readonly createdAt: Instant;
};

export type SimulatedRefund = {
  readonly id: string;
  readonly idempotencyKey: string;
  readonly chargeReference: string;
  readonly amount: number;
  readonly currency: Currency;
  readonly status: 'succeeded' | 'refused' | 'pending' | 'silent';
  readonly settlesAt: Instant | null;
  readonly settlesAs: 'succeeded' | 'refused' | null;
  readonly createdAt: Instant;
};

/** What is kept of a charge, whether it was sent or typed in on the page. */
export type SimulatedTaking = {
  readonly amount: number;
  readonly methodToken: string | null;
  readonly customerReference: string | null;
  readonly behaviour: Play | null;
};

/**
 * The simulated provider's memory. It plays a foreign system: each call is a transaction of its own, and nothing of it is
 * shared with the portal's own rows.
 */
export type SimulatedStore = {
  /** Adds a visit, or answers the one of the same kind and reference. */
  addVisit(visit: SimulatedVisit): Promise<SimulatedVisit>;
  findVisit(id: string): Promise<SimulatedVisit | null>;
  /** The visit where the bank asks about a charge, by the idempotency key of the charge. */
  findConfirmation(idempotencyKey: string): Promise<SimulatedVisit | null>;
  /** Changes a visit that still has one of these states; false when it has not. */
  changeVisit(
    id: string,
    from: readonly SimulatedVisit['status'][],
    changes: Partial<SimulatedVisit>,
  ): Promise<boolean>;
  /** Until when this buyer gets no answer from the provider, or null. */
  silentUntil(customerReference: string, now: Instant): Promise<Instant | null>;
  /** Keeps a method; the same fingerprint is the same method, with its newer expiry. Answers it as it is kept. */
  keepMethod(method: SimulatedMethod): Promise<SimulatedMethod>;
  findMethod(token: string): Promise<SimulatedMethod | null>;
  forgetMethod(token: string, now: Instant): Promise<void>;
  /** Adds a charge, or answers the one of the same idempotency key. */
  addCharge(charge: SimulatedCharge): Promise<SimulatedCharge>;
  findCharge(idempotencyKey: string): Promise<SimulatedCharge | null>;
  changeCharge(
    id: string,
    from: readonly SimulatedCharge['status'][],
    changes: Partial<SimulatedCharge>,
  ): Promise<boolean>;
  /** A charge by the provider's own name of it; null for one that was brought along. */
  findTaking(chargeReference: string): Promise<SimulatedTaking | null>;
  /**
   * Adds a refund, or answers the one of the same idempotency key. What would give back more than `most` is kept as
   * refused; null knows no bound.
   */
  addRefund(refund: SimulatedRefund, most: number | null): Promise<SimulatedRefund>;
  findRefund(idempotencyKey: string): Promise<SimulatedRefund | null>;
};
