import { Chip } from '@/components/ui/chip.tsx';
import { Link } from '@/components/ui/link.tsx';
import { type InvoiceStanding, isPayable } from '@/lib/domain/invoice-standing.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import { invoiceStatusWords } from '@/lib/i18n/invoice-status.ts';
import type { Words } from '@/lib/i18n/words.ts';
import { invoiceFor } from './invoice-for.ts';

type Props = {
  words: Words;
  workspace: Workspace;
  standings: readonly InvoiceStanding[];
  /** Billing time. */
  now: Instant;
  /** `mixed` writes the currency's code: for pages with more than one currency. */
  money?: 'sign' | 'mixed';
};

/** The latest documents: one row an invoice, with its PDF and either its receipt or the way to pay it. */
export function DocumentList({ words, workspace, standings, now, money = 'sign' }: Props) {
  const { t } = words;
  const { invoices, receipts } = workspace.configuration;
  return (
    <ul className="divide-y divide-line rounded-corner border border-line bg-card">
      {standings.map((standing) => {
        const { invoice, receipt } = standing;
        const status = invoiceStatusWords(words, workspace.brand.name, standing, now);
        return (
          <li
            key={invoice.id}
            className="flex flex-wrap items-center justify-between gap-x-4 px-4 py-2.5 wide:grid wide:grid-cols-[1fr_auto_9.5rem_12.5rem] wide:py-2"
          >
            <strong className="num whitespace-nowrap wide:order-2 wide:text-end">
              {words.money({ amount: invoice.total, currency: invoice.currency }, money)}
            </strong>
            <span className="wide:order-3">
              <Chip tone={status.tone}>{status.word}</Chip>
            </span>
            <div className="flex w-full flex-wrap items-center gap-x-3 text-quiet wide:order-1 wide:w-auto">
              <span>{words.date(invoice.issuedAt ?? invoice.createdAt)}</span>
              <Link href={`/invoices/${invoice.id}`}>{invoice.number}</Link>
              <bdi className="min-w-0">{invoiceFor(words, standing)}</bdi>
            </div>
            <div className="flex w-full flex-wrap gap-x-5 wide:order-4 wide:w-auto">
              {invoices.pdf ? (
                <Link
                  href={`/invoices/${invoice.id}/pdf`}
                  label={t('documents.list.invoicePdfOf', { number: invoice.number })}
                >
                  {t('documents.list.invoicePdf')}
                </Link>
              ) : null}
              {receipt !== null && receipts.pdf ? (
                <Link
                  href={`/receipts/${receipt.id}/pdf`}
                  label={t('documents.list.receiptPdfOf', { number: receipt.number })}
                >
                  {t('documents.list.receiptPdf')}
                </Link>
              ) : null}
              {isPayable(standing, invoices, now) ? (
                <Link
                  href={`/invoices/${invoice.id}/pay`}
                  label={t('documents.list.payOf', { number: invoice.number })}
                >
                  {t('documents.list.pay')}
                </Link>
              ) : null}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
