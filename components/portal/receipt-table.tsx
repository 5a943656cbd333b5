import { DataTable } from '@/components/ui/data-table.tsx';
import { Link } from '@/components/ui/link.tsx';
import type { Receipt } from '@/lib/domain/receipt.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import type { Words } from '@/lib/i18n/words.ts';
import { invoiceFor } from './invoice-for.ts';
import { MethodText } from './method-text.tsx';

type Props = {
  words: Words;
  workspace: Workspace;
  receipts: readonly Receipt[];
  money: 'sign' | 'mixed';
};

/** Receipts: when paid, how much, with what, for what, and the file. On a phone a card each. */
export function ReceiptTable({ words, workspace, receipts, money }: Props) {
  const { t } = words;
  const offersPdf = workspace.configuration.receipts.pdf;
  const columns = [
    { key: 'paidOn', title: t('receipts.paidOnColumn'), onPhone: { order: 2, end: true } },
    { key: 'number', title: t('receipts.number'), onPhone: { order: 3 } },
    { key: 'amount', title: t('receipts.amount'), isFigure: true, onPhone: { order: 1, strong: true } },
    { key: 'method', title: t('receipts.method'), isText: true, onPhone: { order: 4, end: true } },
    { key: 'for', title: t('receipts.for'), isText: true, onPhone: { order: 5, wide: true } },
    ...(offersPdf
      ? [{ key: 'documents', title: t('receipts.documents'), onPhone: { order: 6, wide: true } } as const]
      : []),
  ] as const;
  return (
    <DataTable
      caption={t('receipts.caption')}
      columns={columns}
      rows={receipts.map((receipt) => {
        const { lines } = receipt.body;
        return {
          key: receipt.id,
          cells: {
            paidOn: <span className="whitespace-nowrap">{words.date(receipt.issuedAt)}</span>,
            number: (
              <span className={receipt.number.length <= 22 ? 'whitespace-nowrap' : ''}>
                <Link href={`/receipts/${receipt.id}`}>{receipt.number}</Link>
              </span>
            ),
            amount: (
              <span className="whitespace-nowrap">
                {words.money({ amount: receipt.amount, currency: receipt.currency }, money)}
              </span>
            ),
            method: receipt.method === null ? null : <MethodText words={words} method={receipt.method} />,
            for: <bdi>{invoiceFor(words, { firstLine: lines[0]?.description ?? null, lineCount: lines.length })}</bdi>,
            documents: (
              <Link href={`/receipts/${receipt.id}/pdf`} label={t('receipts.pdfNumber', { number: receipt.number })}>
                {t('receipts.pdf')}
              </Link>
            ),
          },
        };
      })}
    />
  );
}
