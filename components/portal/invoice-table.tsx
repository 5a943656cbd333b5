import { Chip } from '@/components/ui/chip.tsx';
import { DataTable, type TableColumn } from '@/components/ui/data-table.tsx';
import { Link } from '@/components/ui/link.tsx';
import { amountDue } from '@/lib/domain/invoice.ts';
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
  money: 'sign' | 'mixed';
};

/** Invoices with how each stands and what can be done with it. A cancelled amount is struck: it is in no sum. */
export function InvoiceTable({ words, workspace, standings, now, money }: Props) {
  const { t } = words;
  const columns: TableColumn[] = [
    { key: 'date', title: t('invoices.date'), onPhone: { order: 3 } },
    { key: 'number', title: t('invoices.number'), onPhone: { order: 4, end: true } },
    { key: 'for', title: t('invoices.for'), isText: true, onPhone: { order: 5, wide: true } },
    { key: 'amount', title: t('invoices.amount'), isFigure: true, onPhone: { order: 1, strong: true } },
    { key: 'status', title: t('invoices.statusColumn'), onPhone: { order: 2, end: true } },
    { key: 'documents', title: t('invoices.documents'), onPhone: { order: 6, wide: true } },
  ];
  const rows = standings.map((standing) => {
    const { invoice } = standing;
    const status = invoiceStatusWords(words, workspace.brand.name, standing, now);
    const amount = words.money({ amount: invoice.total, currency: invoice.currency }, money);
    return {
      key: invoice.id,
      cells: {
        date: <span className="whitespace-nowrap">{words.date(invoice.issuedAt ?? invoice.createdAt)}</span>,
        number: (
          <span className={invoice.number.length <= 22 ? 'whitespace-nowrap' : ''}>
            <Link href={`/invoices/${invoice.id}`}>{invoice.number}</Link>
          </span>
        ),
        for: <bdi>{invoiceFor(words, standing)}</bdi>,
        amount: <span className="whitespace-nowrap">{invoice.status === 'void' ? <s>{amount}</s> : amount}</span>,
        status: <Chip tone={status.tone}>{status.word}</Chip>,
        documents: <Documents words={words} workspace={workspace} standing={standing} now={now} />,
      },
    };
  });
  return <DataTable caption={t('invoices.caption')} columns={columns} rows={rows} />;
}

function Documents({
  words,
  workspace,
  standing,
  now,
}: Pick<Props, 'words' | 'workspace' | 'now'> & { standing: InvoiceStanding }) {
  const { t } = words;
  const { invoices, receipts } = workspace.configuration;
  const { invoice, receipt } = standing;
  return (
    <span className="flex flex-wrap gap-x-5 whitespace-nowrap wide:min-w-28 wide:gap-x-4">
      {isPayable(standing, invoices, now) ? (
        <Link href={`/invoices/${invoice.id}/pay`} label={t('invoices.payNumber', { number: invoice.number })}>
          {t('invoices.pay')}
        </Link>
      ) : null}
      {!invoices.pay && amountDue(invoice) > 0 ? (
        <span className="py-2.5 whitespace-normal text-quiet">
          {t('invoices.merchantCollects', { merchant: workspace.brand.name })}
        </span>
      ) : null}
      {invoices.pdf ? (
        <Link href={`/invoices/${invoice.id}/pdf`} label={t('invoices.pdfNumber', { number: invoice.number })}>
          {t('invoices.pdf')}
        </Link>
      ) : null}
      {receipt !== null && receipts.view ? (
        <Link href={`/receipts/${receipt.id}`} label={t('invoices.receiptNumber', { number: receipt.number })}>
          {t('invoices.receipt')}
        </Link>
      ) : null}
    </span>
  );
}
