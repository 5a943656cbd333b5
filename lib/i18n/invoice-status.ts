import { invoiceStatus } from '@/lib/domain/invoice.ts';
import type { InvoiceStanding } from '@/lib/domain/invoice-standing.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { Words } from './words.ts';

/** A state in words: the chip, its tone, and the sentence beside it. */
export type InvoiceStatusWords = {
  readonly tone: 'green' | 'blue' | 'amber' | 'red' | 'neutral';
  readonly word: string;
  readonly line: string;
};

/** How an invoice stands, by the one table of status words; `now` is billing time. */
export function invoiceStatusWords(
  words: Words,
  merchant: string,
  standing: Pick<InvoiceStanding, 'invoice' | 'waiting' | 'paidBy' | 'refunded'>,
  now: Instant,
): InvoiceStatusWords {
  const { t } = words;
  const { invoice, waiting, paidBy, refunded } = standing;
  const money = (amount: number) => words.money({ amount, currency: invoice.currency });
  const status = invoiceStatus(invoice, now);
  // Buyers never see one; its merchant does, on its document.
  if (status === 'draft') {
    return {
      tone: 'neutral',
      word: t('status.invoice.draft'),
      line: t('status.invoiceLine.open', { amount: money(invoice.total) }),
    };
  }
  if (status === 'void') {
    const date = words.date(invoice.voidedAt ?? invoice.updatedAt);
    return { tone: 'neutral', word: t('status.invoice.void'), line: t('status.invoiceLine.void', { merchant, date }) };
  }
  if (status === 'uncollectible') {
    return {
      tone: 'neutral',
      word: t('status.invoice.uncollectible'),
      line: t('status.invoiceLine.uncollectible', { merchant }),
    };
  }
  if (status === 'paid' && refunded > 0) {
    return {
      tone: 'neutral',
      word: t(refunded >= invoice.total ? 'status.invoice.refunded' : 'status.invoice.partlyRefunded'),
      line: t('status.invoiceLine.refunded', { refunded: money(refunded), amount: money(invoice.total) }),
    };
  }
  if (status === 'paid') {
    const date = words.date(invoice.paidAt ?? invoice.updatedAt);
    const line =
      paidBy === null
        ? t('status.invoiceLine.paidNoMethod', { date })
        : t('status.invoiceLine.paid', { date, method: words.method(paidBy.methodName) });
    return { tone: 'green', word: t('status.invoice.paid'), line };
  }
  if (waiting?.status === 'pending') {
    return {
      tone: 'blue',
      word: t('status.invoice.onItsWay'),
      line: t('status.invoiceLine.onItsWay', {
        date: words.date(waiting.createdAt),
        method: words.method(waiting.methodName),
      }),
    };
  }
  if (status === 'past_due') {
    const date = words.date(invoice.dueAt ?? invoice.updatedAt);
    return { tone: 'red', word: t('status.invoice.past_due'), line: t('status.invoiceLine.past_due', { date }) };
  }
  if (invoice.amountPaid > 0) {
    return {
      tone: 'amber',
      word: t('status.invoice.partlyPaid'),
      line: t('status.invoiceLine.partlyPaid', { paid: money(invoice.amountPaid), amount: money(invoice.total) }),
    };
  }
  return {
    tone: 'amber',
    word:
      invoice.dueAt === null
        ? t('status.invoice.openNoDate')
        : t('status.invoice.open', { date: words.date(invoice.dueAt) }),
    line: t('status.invoiceLine.open', { amount: money(invoice.total) }),
  };
}
