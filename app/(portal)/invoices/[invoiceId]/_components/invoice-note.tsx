import type { Page } from '@/app/(portal)/_page/draw.tsx';
import { loadSection } from '@/app/(portal)/_page/load-section.ts';
import { BackLink } from '@/components/portal/back-link.tsx';
import { Link } from '@/components/ui/link.tsx';
import { Notice } from '@/components/ui/notice.tsx';
import { withStanding } from '@/lib/data/invoice-standings.ts';
import type { Invoice } from '@/lib/domain/invoice.ts';

/** The note after paying: what was charged and to which method, as the invoice stands now. Null when no form led here. */
export async function invoiceNote(page: Page, invoice: Invoice) {
  const { words, viewer, workspace } = page;
  const { t } = words;
  if (page.done === null || invoice.status !== 'paid') return null;
  const loaded = await loadSection(page, () => withStanding(page.on.read, viewer, [invoice]));
  const standing = loaded.ok ? loaded.value[0] : undefined;
  if (standing === undefined || standing.paidBy === null) return null;
  const { paidBy, receipt } = standing;
  const amount = words.money({ amount: paidBy.amount, currency: invoice.currency });
  return (
    <Notice result tone="green">
      <p>{t('invoices.notePaid', { amount, method: words.method(paidBy.methodName) })}</p>
      {receipt === null || !workspace.configuration.receipts.pdf ? null : (
        <Link href={`/receipts/${receipt.id}/pdf`} label={t('invoices.receiptPdfLabel', { number: receipt.number })}>
          {t('invoices.receiptPdf')}
        </Link>
      )}
      <BackLink words={words} back={page.back} />
    </Notice>
  );
}
