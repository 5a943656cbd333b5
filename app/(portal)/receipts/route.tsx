import { block } from '@/app/(portal)/_page/block.tsx';
import { draw } from '@/app/(portal)/_page/draw.tsx';
import { portalPage } from '@/app/(portal)/_page/portal-page.tsx';
import { answerTrouble } from '@/app/(portal)/_page/trouble.tsx';
import { ReceiptResults } from './_components/receipt-results.tsx';

/** Every receipt of the customer: one for each payment. */
export const GET = portalPage(async (page) => {
  const { t } = page.words;
  if (!page.workspace.configuration.receipts.view) {
    return answerTrouble(page, { code: 'not_offered', message: 'Receipts are not shown here.' });
  }
  return draw(page, {
    title: t('receipts.title'),
    current: 'receipts',
    body: await block(page, t('receipts.sectionList'), () => ReceiptResults({ page })),
  });
});
