import type { CertificateId, CustomerId, SubscriptionId } from './ids.ts';
import type { BilledTo } from './invoice.ts';
import type { Money } from './money.ts';
import type { Instant } from './time.ts';
import type { WorkspaceScope } from './viewer.ts';

/** Proof that a buyer cancelled: what was declared, when it arrived, and what it does. Kept after an undo. */
export type Certificate = WorkspaceScope & {
  readonly id: CertificateId;
  readonly customerId: CustomerId;
  readonly subscriptionId: SubscriptionId;
  readonly number: string;
  readonly body: CertificateBody;
  /** SHA-256 in hex of the body as it was written. */
  readonly hash: string;
  readonly issuedAt: Instant;
  /** When the cancellation was undone, or null. */
  readonly takenBackAt: Instant | null;
};

/** What a certificate freezes and its hash covers. Nothing of it is ever edited. */
export type CertificateBody = {
  readonly merchant: {
    readonly brandName: string;
    readonly legalName: string | null;
    readonly address: string | null;
    readonly taxId: string | null;
    readonly country: string | null;
  };
  readonly customer: BilledTo;
  readonly subscriptionId: SubscriptionId;
  readonly planName: string;
  readonly quantity: number;
  /** What the buyer declared: to end with the period that is paid (a trial: with the trial), or at once. */
  readonly declared: 'period_end' | 'now';
  readonly receivedAt: Instant;
  /** IANA name of the billing zone in which the certificate names its times. */
  readonly timeZone: string;
  /** When the subscription ends, or ended. */
  readonly endsAt: Instant;
  /** What is still unpaid and what happens to it; null when nothing is owed. */
  readonly owed: (Money & { readonly terms: 'stop_collection' | 'keep_due' }) | null;
  /** Language the certificate was issued in and keeps. */
  readonly locale: 'en' | 'id';
};
