import type { Id, InvoiceId, ReceiptId } from './ids.ts';
import type { MailAddress } from './mail-address.ts';
import { readMailAddress } from './mail-address.ts';
import type { Instant } from './time.ts';
import { dayMs, hourMs, minuteMs } from './time.ts';
import type { CustomerScope } from './viewer.ts';
import type { PortalConfiguration } from './workspace.ts';

export type MailId = Id<'mail'>;

/** One mail to one address: a document of a customer. */
export type OutgoingMail = CustomerScope & {
  readonly id: MailId;
  readonly document:
    | { readonly kind: 'invoice'; readonly id: InvoiceId }
    | { readonly kind: 'receipt'; readonly id: ReceiptId };
  readonly to: MailAddress;
  /** The language it was asked for in; it keeps it. */
  readonly locale: 'en' | 'id';
  readonly status: 'queued' | 'accepted' | 'refused' | 'given_up';
  /** Attempts begun. */
  readonly attempts: number;
  /** Attempts whose end nobody knows: the sender died, or the server fell silent with the whole mail in hand. */
  readonly lostAttempts: number;
  readonly createdAt: Instant;
};

/** What the mail server said to one attempt. */
export type SendOutcome =
  /** It took the mail over. */
  | { readonly is: 'accepted'; readonly answer: string }
  /** It will never take this mail: no such address, message refused. */
  | { readonly is: 'refused'; readonly answer: string }
  /** It did not take it: busy, out of reach, wrong password. */
  | { readonly is: 'failed'; readonly answer: string }
  /** It had the whole mail and did not say what became of it. */
  | { readonly is: 'unknown'; readonly answer: string };

/** A mail that was not accepted a day after it was asked for is given up. */
export const givenUpAfterMs = dayMs;

/** SMTP knows no id to send twice by: after so many attempts without a known end it stops, so two copies are the most. */
export const mostLostAttempts = 2;

const firstGapMs = minuteMs;
const longestGapMs = 4 * hourMs;

/** When to try again after `attempts` that did not succeed; null when that would be over a day after it was asked for. */
export function nextAttemptAt(mail: Pick<OutgoingMail, 'createdAt'>, attempts: number, now: Instant): Instant | null {
  const next = now + Math.min(longestGapMs, firstGapMs * 3 ** Math.max(0, attempts - 1));
  return next >= mail.createdAt + givenUpAfterMs ? null : next;
}

/** Mails a buyer may ask for in an hour. */
export const mostBuyerMails = 5;

/** When a buyer may ask for a mail again; null: now. `asked` are the moments of those of the last hour. */
export function buyerMailAt(asked: readonly Instant[], now: Instant): Instant | null {
  const recent = asked.filter((at) => at > now - hourMs).sort((one, other) => one - other);
  const freed = recent[recent.length - mostBuyerMails];
  return freed === undefined ? null : freed + hourMs;
}

/** May a buyer have a receipt mailed again? Only where it is theirs to keep as a file, and where an address is known or asked for. */
export function canEmailReceipt(
  { view, pdf, emailTo }: PortalConfiguration['receipts'],
  customerEmail: string | null,
): boolean {
  if (!view || !pdf || emailTo === 'off') return false;
  return emailTo === 'any' || readMailAddress(customerEmail ?? '') !== null;
}
