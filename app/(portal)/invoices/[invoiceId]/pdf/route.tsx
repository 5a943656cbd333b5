import {
  answerPdf,
  documentWords,
  isForeignDownload,
  readLogoBytes,
  refuseForeignDownload,
} from '@/app/(portal)/_page/answer-pdf.tsx';
import { portalPage } from '@/app/(portal)/_page/portal-page.tsx';
import { answerTrouble } from '@/app/(portal)/_page/trouble.tsx';
import { withStanding } from '@/lib/data/invoice-standings.ts';
import { findInvoice, listInvoiceLines } from '@/lib/data/invoices.ts';
import { renderInvoicePdf } from '@/lib/documents/invoice-pdf.ts';
import { readId } from '@/lib/domain/ids.ts';
import { invoiceStatusWords } from '@/lib/i18n/invoice-status.ts';

/** The invoice as a PDF to keep. */
export const GET = portalPage(async (page) => {
  const { viewer, workspace } = page;
  const { brand, configuration } = workspace;
  const id = readId<'invoice'>(page.params.invoiceId);
  if (isForeignDownload(page.request)) return refuseForeignDownload(page, '/invoices');
  if (!configuration.invoices.view || !configuration.invoices.pdf) {
    return answerTrouble(page, { code: 'not_offered', message: 'Invoices as files are not offered here.' });
  }
  const invoice = id === null ? null : await findInvoice(page.on.read, viewer, id);
  if (invoice === null) return answerTrouble(page, { code: 'not_found', message: 'No such invoice.' });
  return answerPdf(page, `invoice-${invoice.number}`, `/invoices/${invoice.id}`, async () => {
    const words = documentWords(page);
    const [standing] = await withStanding(page.on.read, viewer, [invoice]);
    const lines = await listInvoiceLines(page.on.read, viewer, invoice.id);
    const status = standing === undefined ? '' : invoiceStatusWords(words, brand.name, standing, viewer.now).word;
    return renderInvoicePdf({ words, invoice, lines, status, brand, logo: await readLogoBytes(page) });
  });
});
