import { block } from '@/app/(portal)/_page/block.tsx';
import { draw } from '@/app/(portal)/_page/draw.tsx';
import { paymentNote } from '@/app/(portal)/_page/payment-note.tsx';
import { portalPage } from '@/app/(portal)/_page/portal-page.tsx';
import { answerTrouble } from '@/app/(portal)/_page/trouble.tsx';
import { LineTable } from '@/components/portal/line-table.tsx';
import { Link } from '@/components/ui/link.tsx';
import { Section } from '@/components/ui/section.tsx';
import { findInvoice, listInvoiceLines } from '@/lib/data/invoices.ts';
import { readId } from '@/lib/domain/ids.ts';
import { InvoiceDocuments } from './_components/invoice-documents.tsx';
import { InvoiceFacts } from './_components/invoice-facts.tsx';
import { InvoiceHistory } from './_components/invoice-history.tsx';
import { InvoiceLead } from './_components/invoice-lead.tsx';
import { InvoiceSums } from './_components/invoice-sums.tsx';

/** One invoice with everything that happened to it, at an address that lasts. */
export const GET = portalPage(async (page) => {
  const { words, viewer, workspace } = page;
  const { t } = words;
  if (!workspace.configuration.invoices.view) {
    return answerTrouble(page, { code: 'not_offered', message: 'Invoices are not shown here.' });
  }
  const id = readId<'invoice'>(page.params.invoiceId);
  const invoice = id === null ? null : await findInvoice(page.on.read, viewer, id);
  if (invoice === null) return answerTrouble(page, { code: 'not_found', message: 'No such invoice.' });
  const money = (amount: number) => words.money({ amount, currency: invoice.currency });
  return draw(page, {
    title: t('invoices.invoiceTitle', { number: invoice.number }),
    current: 'invoices',
    above: (
      <p className="mt-3">
        <Link href="/invoices">{t('invoices.allInvoices')}</Link>
      </p>
    ),
    lead: await InvoiceLead({ page, invoice }),
    note: await paymentNote(page, invoice),
    body: (
      <>
        <Section id="facts" title={t('invoices.facts')}>
          {await InvoiceFacts({ page, invoice })}
        </Section>
        <Section id="lines" title={t('invoices.lines')}>
          {
            await block(page, t('invoices.sectionLines'), async () => (
              <LineTable
                caption={t('invoices.lines')}
                titles={{
                  description: t('invoices.description'),
                  quantity: t('invoices.quantity'),
                  unitPrice: t('invoices.unitPrice'),
                  amount: t('invoices.lineAmount'),
                }}
                lines={(await listInvoiceLines(page.on.read, viewer, invoice.id)).map((line) => ({
                  key: line.id,
                  description: line.description,
                  quantity: String(line.quantity),
                  unitPrice: money(line.unitAmount),
                  amount: money(line.amount),
                }))}
              />
            ))
          }
          <InvoiceSums page={page} invoice={invoice} />
        </Section>
        <Section id="happened" title={t('invoices.happened')}>
          {await block(page, t('invoices.sectionChain'), () => InvoiceHistory({ page, invoice }))}
        </Section>
        <Section id="documents" title={t('invoices.documents')}>
          {await block(page, t('invoices.sectionDocuments'), () => InvoiceDocuments({ page, invoice }))}
        </Section>
      </>
    ),
  });
});
