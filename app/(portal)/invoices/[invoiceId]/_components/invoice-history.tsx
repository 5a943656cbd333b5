import type { ReactNode } from 'react';
import type { Page } from '@/app/(portal)/_page/draw.tsx';
import { Link } from '@/components/ui/link.tsx';
import { listPaymentAttempts } from '@/lib/data/payment-attempts.ts';
import { listPaymentMethods } from '@/lib/data/payment-methods.ts';
import { listReceiptsOfInvoices } from '@/lib/data/receipts.ts';
import { listRefunds } from '@/lib/data/refunds.ts';
import { findSubscription } from '@/lib/data/subscriptions.ts';
import { amountDue, type Invoice } from '@/lib/domain/invoice.ts';
import { type InvoiceStep, invoiceHistory } from '@/lib/domain/invoice-history.ts';
import { payerOf } from '@/lib/domain/payer.ts';
import type { Words } from '@/lib/i18n/words.ts';

/** What happened to the invoice, in order, and what happens next. */
export async function InvoiceHistory({ page, invoice }: { page: Page; invoice: Invoice }) {
  const { read } = page.on;
  const { viewer } = page;
  const [attempts, refunds, receipts] = await Promise.all([
    listPaymentAttempts(read, viewer, [invoice.id]),
    listRefunds(read, viewer, [invoice.id]),
    listReceiptsOfInvoices(read, viewer, [invoice.id]),
  ]);
  const steps = invoiceHistory(invoice, attempts, receipts[0] ?? null, refunds);
  const next = await nextTry(page, invoice);
  return (
    <>
      <ol className="ms-1 border-s-2 border-line ps-4">
        {steps.map((step) => (
          <li key={keyOf(step)} className="py-1.5">
            {stepWords(page, step)}
          </li>
        ))}
      </ol>
      {next === null ? null : <p className="mt-2">{next}</p>}
    </>
  );
}

function keyOf(step: InvoiceStep): string {
  if (step.is === 'refund') return step.refund.id;
  return step.is === 'attempt' || step.is === 'partPaid' ? step.attempt.id : step.is;
}

function stepWords({ words, workspace }: Page, step: InvoiceStep): ReactNode {
  const { t } = words;
  const merchant = workspace.brand.name;
  const date = words.date(step.at);
  switch (step.is) {
    case 'issued':
      return t('invoices.issuedOn', { date });
    case 'attempt':
      return attemptWords(words, step);
    case 'partPaid': {
      const amount = words.money({ amount: step.attempt.amount, currency: step.currency });
      const method = words.method(step.attempt.methodName);
      return t('invoices.partPaid', { n: step.count, date, time: words.time(step.at), method, amount });
    }
    case 'paid':
      return step.attempt === null
        ? t('invoices.paidOnOnly', { date })
        : t('invoices.paidOn', { date, method: words.method(step.attempt.methodName) });
    case 'receipt': {
      const text = t('invoices.receiptStep', { number: step.number });
      if (!workspace.configuration.receipts.view) return text;
      return (
        <span className="-my-2.5 block">
          <Link href={`/receipts/${step.id}`}>{text}</Link>
        </span>
      );
    }
    case 'refund':
      return refundWords(words, step);
    case 'cancelled':
      return t('invoices.cancelledBy', { merchant, date });
    case 'writtenOff':
      return t('invoices.writtenOff', { merchant });
    default:
      return step satisfies never;
  }
}

function attemptWords(words: Words, { at, count, attempt }: Extract<InvoiceStep, { is: 'attempt' }>): string {
  const method = words.method(attempt.methodName);
  const values = { n: count, date: words.date(at), time: words.time(at), method };
  if (attempt.status === 'pending') return words.t('invoices.attemptOnItsWay', values);
  if (attempt.status === 'needs_confirmation') return words.t('invoices.attemptNeedsConfirmation', values);
  if (attempt.status === 'expired') return words.t('invoices.attemptExpired', values);
  return words.t('invoices.attempt', { ...values, reason: words.reason(attempt.reason, attempt.methodName) });
}

const refundStates = {
  pending: 'invoices.refundPending',
  succeeded: 'invoices.refundSucceeded',
  failed: 'invoices.refundFailed',
} as const;

function refundWords(words: Words, { refund, attempt }: Extract<InvoiceStep, { is: 'refund' }>): string {
  const { t } = words;
  const amount = words.money({ amount: refund.amount, currency: refund.currency });
  const status = t(refundStates[refund.status]);
  if (attempt === null) return t('invoices.refundStepNoMethod', { amount, status });
  return t('invoices.refundStep', { amount, method: words.method(attempt.methodName), status });
}

/** When it is tried again and with what; that nobody tries where collecting was stopped; else nothing. */
async function nextTry({ words, on, viewer, customer }: Page, invoice: Invoice): Promise<string | null> {
  const { t } = words;
  if (amountDue(invoice) <= 0) return null;
  if (invoice.collectionStoppedAt !== null) return t('invoices.noMoreTries');
  if (invoice.nextAttemptAt === null || invoice.nextAttemptAt <= viewer.now) return null;
  const date = words.date(invoice.nextAttemptAt);
  const planned =
    invoice.subscriptionId === null ? null : await findSubscription(on.read, viewer, invoice.subscriptionId);
  const subscription = planned?.subscription ?? {
    defaultPaymentMethodId: null,
    collectionMethod: 'charge_automatically' as const,
  };
  const payer = payerOf(subscription, customer, await listPaymentMethods(on.read, viewer));
  if (payer === null) return t('invoices.nextTryOnly', { date });
  return t('invoices.nextTry', { date, method: words.method(payer) });
}
