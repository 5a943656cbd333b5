import type { ReceiptId } from './ids.ts';
import type { Invoice, PaymentAttempt } from './invoice.ts';
import { amountDue } from './invoice.ts';
import type { Instant } from './time.ts';

/** An invoice with what a row of a list needs to say how it stands. */
export type InvoiceStanding = {
  readonly invoice: Invoice;
  /** Description of its first line, or null when it has none. */
  readonly firstLine: string | null;
  readonly lineCount: number;
  /** The newest attempt whose outcome is still open at the provider or the bank. */
  readonly waiting: PaymentAttempt | null;
  /** The attempt that paid it; null when it is not paid, or was paid elsewhere. */
  readonly paidBy: PaymentAttempt | null;
  /** Sum of refunds that reached the buyer, in minor units. */
  readonly refunded: number;
  readonly receipt: { readonly id: ReceiptId; readonly number: string } | null;
};

/**
 * May the buyer be led to the page that pays this invoice? Something is due, the workspace lets buyers pay, and no charge
 * is on its way: a second one beside it could pay twice. A code or a bank still waiting for the buyer leads there too.
 */
export function isPayable(
  standing: Pick<InvoiceStanding, 'invoice' | 'waiting'>,
  invoices: { readonly pay: boolean },
  now: Instant,
): boolean {
  if (!invoices.pay || amountDue(standing.invoice) <= 0) return false;
  const { waiting } = standing;
  if (waiting === null || waiting.status === 'needs_confirmation') return true;
  return waiting.payBefore !== null && waiting.payBefore > now;
}
