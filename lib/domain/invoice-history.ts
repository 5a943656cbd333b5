import type { ReceiptId } from './ids.ts';
import type { Invoice, PaymentAttempt, Refund } from './invoice.ts';
import type { Currency } from './money.ts';
import type { Instant } from './time.ts';

/** One thing that happened to an invoice. */
export type InvoiceStep =
  | { readonly is: 'issued'; readonly at: Instant }
  /** `count` numbers the attempts from 1. `paid` settled the invoice; `partPaid` paid a part of it. */
  | { readonly is: 'attempt'; readonly at: Instant; readonly count: number; readonly attempt: PaymentAttempt }
  | {
      readonly is: 'partPaid';
      readonly at: Instant;
      readonly count: number;
      readonly attempt: PaymentAttempt;
      readonly currency: Currency;
    }
  | { readonly is: 'paid'; readonly at: Instant; readonly attempt: PaymentAttempt | null }
  | { readonly is: 'receipt'; readonly at: Instant; readonly id: ReceiptId; readonly number: string }
  | { readonly is: 'refund'; readonly at: Instant; readonly refund: Refund; readonly attempt: PaymentAttempt | null }
  | { readonly is: 'cancelled'; readonly at: Instant }
  | { readonly is: 'writtenOff'; readonly at: Instant };

/** Everything that happened to an invoice, in the order it happened; steps of one moment in the order of the list above. */
export function invoiceHistory(
  invoice: Invoice,
  attempts: readonly PaymentAttempt[],
  receipt: { readonly id: ReceiptId; readonly number: string; readonly issuedAt: Instant } | null,
  refunds: readonly Refund[],
): InvoiceStep[] {
  const ordered = attempts.toSorted((one, other) => one.createdAt - other.createdAt);
  const settling = invoice.status === 'paid' ? (ordered.findLast((one) => one.status === 'succeeded') ?? null) : null;
  const steps: InvoiceStep[] = [{ is: 'issued', at: invoice.issuedAt ?? invoice.createdAt }];
  for (const [at, attempt] of ordered.entries()) {
    if (attempt === settling) continue;
    const known = { at: attempt.createdAt, count: at + 1, attempt };
    if (attempt.status === 'succeeded') steps.push({ is: 'partPaid', ...known, currency: invoice.currency });
    else steps.push({ is: 'attempt', ...known });
  }
  if (invoice.status === 'paid') {
    steps.push({ is: 'paid', at: invoice.paidAt ?? settling?.finishedAt ?? invoice.updatedAt, attempt: settling });
  }
  if (receipt !== null) steps.push({ is: 'receipt', at: receipt.issuedAt, id: receipt.id, number: receipt.number });
  for (const refund of refunds) steps.push({ is: 'refund', at: refund.createdAt, refund, attempt: settling });
  if (invoice.status === 'void') steps.push({ is: 'cancelled', at: invoice.voidedAt ?? invoice.updatedAt });
  if (invoice.status === 'uncollectible') steps.push({ is: 'writtenOff', at: invoice.updatedAt });
  return steps
    .map((step, at) => ({ step, at }))
    .sort((one, other) => one.step.at - other.step.at || one.at - other.at)
    .map(({ step }) => step);
}
