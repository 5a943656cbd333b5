import {
  answerPdf,
  documentWords,
  isForeignDownload,
  readLogoBytes,
  refuseForeignDownload,
} from '@/app/(portal)/_page/answer-pdf.tsx';
import { portalPage } from '@/app/(portal)/_page/portal-page.tsx';
import { answerTrouble } from '@/app/(portal)/_page/trouble.tsx';
import { findReceipt } from '@/lib/data/receipts.ts';
import { listRefunds } from '@/lib/data/refunds.ts';
import { renderReceiptPdf } from '@/lib/documents/receipt-pdf.ts';
import type { InvoiceId } from '@/lib/domain/ids.ts';
import { readId } from '@/lib/domain/ids.ts';

/** The receipt as a PDF to keep. */
export const GET = portalPage(async (page) => {
  const { viewer, workspace } = page;
  const { brand, configuration } = workspace;
  const id = readId<'receipt'>(page.params.receiptId);
  if (isForeignDownload(page.request)) return refuseForeignDownload(page, '/receipts');
  if (!configuration.receipts.view || !configuration.receipts.pdf) {
    return answerTrouble(page, { code: 'not_offered', message: 'Receipts as files are not offered here.' });
  }
  const receipt = id === null ? null : await findReceipt(page.on.read, viewer, id);
  if (receipt === null) return answerTrouble(page, { code: 'not_found', message: 'No such receipt.' });
  return answerPdf(page, `receipt-${receipt.number}`, `/receipts/${receipt.id}`, async () => {
    const refunds =
      receipt.sourceType === 'invoice' ? await listRefunds(page.on.read, viewer, [receipt.sourceId as InvoiceId]) : [];
    return renderReceiptPdf({
      words: documentWords(page),
      receipt,
      refunds,
      accentColour: brand.accentColor,
      logo: await readLogoBytes(page),
    });
  });
});
