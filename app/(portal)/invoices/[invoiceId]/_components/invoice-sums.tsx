import type { Page } from '@/app/(portal)/_page/draw.tsx';
import { Sums } from '@/components/portal/sums.tsx';
import { invoiceTaxName } from '@/lib/domain/document-law.ts';
import { amountDue, type Invoice } from '@/lib/domain/invoice.ts';

/** From the subtotal to what is still to pay, as the invoice's own row has it. */
export function InvoiceSums({ page, invoice }: { page: Page; invoice: Invoice }) {
  const { t } = page.words;
  const money = (amount: number) => page.words.money({ amount, currency: invoice.currency });
  const due = amountDue(invoice);
  return (
    <Sums
      sums={[
        { term: t('invoices.subtotal'), value: money(invoice.subtotal) },
        invoice.discount === 0 ? null : { term: t('invoices.discount'), value: money(-invoice.discount) },
        invoice.tax === 0
          ? null
          : {
              term: invoiceTaxName(invoice, page.workspace.brand.receipt, page.words.locale),
              value: money(invoice.tax),
            },
        { term: t('invoices.total'), value: money(invoice.total), isTotal: true },
        invoice.amountPaid === 0 ? null : { term: t('invoices.paid'), value: money(invoice.amountPaid) },
        due === 0 ? null : { term: t('invoices.amountDue'), value: money(due) },
      ]}
    />
  );
}
