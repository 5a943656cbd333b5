import { draw } from '@/app/(portal)/_page/draw.tsx';
import { portalPage } from '@/app/(portal)/_page/portal-page.tsx';
import { answerTrouble } from '@/app/(portal)/_page/trouble.tsx';
import { readInvoiceFilter } from '@/lib/domain/invoice-filter.ts';
import { InvoiceFilterForm } from './_components/invoice-filter-form.tsx';
import { InvoiceResults } from './_components/invoice-results.tsx';
import { InvoiceTotalsLine } from './_components/invoice-totals.tsx';

/** Every invoice of the customer: what is to pay, how to find one, and a page of them. */
export const GET = portalPage(async (page) => {
  const { t } = page.words;
  if (!page.workspace.configuration.invoices.view) {
    return answerTrouble(page, { code: 'not_offered', message: 'Invoices are not shown here.' });
  }
  const filter = readInvoiceFilter(page.query);
  return draw(page, {
    title: t('invoices.title'),
    current: 'invoices',
    body: (
      <>
        {await InvoiceTotalsLine({ page, filter })}
        {await InvoiceFilterForm({ page, filter })}
        {await InvoiceResults({ page, filter })}
      </>
    ),
  });
});
