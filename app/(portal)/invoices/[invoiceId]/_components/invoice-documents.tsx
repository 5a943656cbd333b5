import type { Page } from '@/app/(portal)/_page/draw.tsx';
import { ButtonLink } from '@/components/ui/button.tsx';
import { listReceiptsOfInvoices } from '@/lib/data/receipts.ts';
import type { Invoice } from '@/lib/domain/invoice.ts';

/** The invoice as a file, and its receipt's. Where the workspace gives no files, that is said. */
export async function InvoiceDocuments({ page, invoice }: { page: Page; invoice: Invoice }) {
  const { t } = page.words;
  const { invoices, receipts } = page.workspace.configuration;
  const [receipt] = receipts.pdf ? await listReceiptsOfInvoices(page.on.read, page.viewer, [invoice.id]) : [];
  if (!invoices.pdf && receipt === undefined) {
    return <p>{t('invoices.noDocuments', { merchant: page.workspace.brand.name })}</p>;
  }
  return (
    <p className="flex flex-wrap gap-3">
      {invoices.pdf ? (
        <ButtonLink
          href={`/invoices/${invoice.id}/pdf`}
          label={t('invoices.downloadPdfLabel', { number: invoice.number })}
        >
          {t('invoices.downloadPdf')}
        </ButtonLink>
      ) : null}
      {receipt === undefined ? null : (
        <ButtonLink
          href={`/receipts/${receipt.id}/pdf`}
          label={t('invoices.receiptPdfLabel', { number: receipt.number })}
        >
          {t('invoices.receiptPdf')}
        </ButtonLink>
      )}
    </p>
  );
}
