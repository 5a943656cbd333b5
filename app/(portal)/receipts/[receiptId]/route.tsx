import { block } from '@/app/(portal)/_page/block.tsx';
import { draw, type Page } from '@/app/(portal)/_page/draw.tsx';
import { loadSection } from '@/app/(portal)/_page/load-section.ts';
import { portalPage } from '@/app/(portal)/_page/portal-page.tsx';
import { answerTrouble } from '@/app/(portal)/_page/trouble.tsx';
import { LineTable } from '@/components/portal/line-table.tsx';
import { ReceiptFacts } from '@/components/portal/receipt-facts.tsx';
import { Sums } from '@/components/portal/sums.tsx';
import { ButtonLink } from '@/components/ui/button.tsx';
import { Chip } from '@/components/ui/chip.tsx';
import { Link } from '@/components/ui/link.tsx';
import { Section } from '@/components/ui/section.tsx';
import { findReceipt } from '@/lib/data/receipts.ts';
import { listRefunds } from '@/lib/data/refunds.ts';
import { taxName } from '@/lib/domain/document-law.ts';
import type { InvoiceId } from '@/lib/domain/ids.ts';
import { readId } from '@/lib/domain/ids.ts';
import type { Refund } from '@/lib/domain/invoice.ts';
import type { Receipt } from '@/lib/domain/receipt.ts';

/** Proof of one payment, every figure and name as it was frozen. */
export const GET = portalPage(async (page) => {
  const { words, viewer, workspace } = page;
  const { t } = words;
  if (!workspace.configuration.receipts.view) {
    return answerTrouble(page, { code: 'not_offered', message: 'Receipts are not shown here.' });
  }
  const id = readId<'receipt'>(page.params.receiptId);
  const receipt = id === null ? null : await findReceipt(page.on.read, viewer, id);
  if (receipt === null) return answerTrouble(page, { code: 'not_found', message: 'No such receipt.' });
  const refunds = await loadSection(page, () => refundsOf(page, receipt));
  return draw(page, {
    title: t('receipts.receiptTitle', { number: receipt.number }),
    current: 'receipts',
    above: (
      <p className="mt-3">
        <Link href="/receipts">{t('receipts.allReceipts')}</Link>
      </p>
    ),
    lead: <Lead page={page} receipt={receipt} refunds={refunds.ok ? refunds.value : []} />,
    body: (
      <>
        <Section id="facts" title={t('receipts.facts')}>
          <ReceiptFacts words={words} receipt={receipt} linkInvoice={workspace.configuration.invoices.view} />
        </Section>
        <Section id="lines" title={t('receipts.lines')}>
          <Lines page={page} receipt={receipt} />
        </Section>
        {refunds.ok && refunds.value.length === 0
          ? null
          : await block(page, t('receipts.sectionRefunds'), async () => (
              <Section id="refunds" title={t('receipts.refunds')}>
                <ul>
                  {(await refundsOf(page, receipt)).map((refund) => (
                    <li key={refund.id} className="py-1.5">
                      {refundWords(page, refund)}
                    </li>
                  ))}
                </ul>
              </Section>
            ))}
      </>
    ),
  });
});

async function refundsOf(page: Page, receipt: Receipt): Promise<Refund[]> {
  if (receipt.sourceType !== 'invoice') return [];
  return listRefunds(page.on.read, page.viewer, [receipt.sourceId as InvoiceId]);
}

function Lead({ page, receipt, refunds }: { page: Page; receipt: Receipt; refunds: readonly Refund[] }) {
  const { words, workspace } = page;
  const { t } = words;
  const back = refunds.filter((one) => one.status === 'succeeded').reduce((sum, one) => sum + one.amount, 0);
  return (
    <div className="mt-2 space-y-3">
      <p className="text-lg font-semibold">
        {t('receipts.paidLine', {
          amount: words.money({ amount: receipt.amount, currency: receipt.currency }),
          date: words.date(receipt.issuedAt),
          time: words.time(receipt.issuedAt),
          zone: words.zoneShort(receipt.issuedAt),
        })}
      </p>
      {back > 0 ? (
        <p>
          <Chip tone="neutral">{t(back >= receipt.amount ? 'receipts.refundedChip' : 'receipts.partlyRefunded')}</Chip>
        </p>
      ) : null}
      {workspace.configuration.receipts.pdf ? (
        <p>
          <ButtonLink
            look="main"
            href={`/receipts/${receipt.id}/pdf`}
            label={t('receipts.downloadPdfLabel', { number: receipt.number })}
          >
            {t('receipts.downloadPdf')}
          </ButtonLink>
        </p>
      ) : null}
    </div>
  );
}

function Lines({ page, receipt }: { page: Page; receipt: Receipt }) {
  const { words } = page;
  const { t } = words;
  const { body, currency } = receipt;
  const money = (amount: number) => words.money({ amount, currency });
  const { taxLabel, taxRateBasisPoints } = body.template;
  return (
    <>
      <LineTable
        caption={t('receipts.lines')}
        titles={{
          description: t('receipts.description'),
          quantity: t('receipts.quantity'),
          unitPrice: t('receipts.unitPrice'),
          amount: t('receipts.lineAmount'),
        }}
        lines={body.lines.map((line, at) => ({
          key: String(at),
          description: line.description,
          quantity: String(line.quantity),
          unitPrice: money(line.unitAmount),
          amount: money(line.amount),
        }))}
      />
      <Sums
        sums={[
          { term: t('receipts.subtotal'), value: money(body.subtotal) },
          body.discount === 0 ? null : { term: t('receipts.discount'), value: money(-body.discount) },
          body.tax === 0 ? null : { term: taxName(taxLabel, taxRateBasisPoints, words.locale), value: money(body.tax) },
          { term: t('receipts.total'), value: money(body.total), isTotal: true },
        ]}
      />
    </>
  );
}

function refundWords({ words }: Page, refund: Refund): string {
  const amount = words.money({ amount: refund.amount, currency: refund.currency });
  if (refund.status === 'succeeded') {
    return words.t('receipts.refundedOn', { amount, date: words.date(refund.updatedAt) });
  }
  const date = words.date(refund.status === 'pending' ? refund.createdAt : refund.updatedAt);
  return words.t(refund.status === 'pending' ? 'receipts.refundOnItsWay' : 'receipts.refundFailed', { amount, date });
}
