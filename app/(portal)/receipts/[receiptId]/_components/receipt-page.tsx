import { block } from '@/app/(portal)/_page/block.tsx';
import { draw, type Page } from '@/app/(portal)/_page/draw.tsx';
import { loadSection } from '@/app/(portal)/_page/load-section.ts';
import { answerTrouble } from '@/app/(portal)/_page/trouble.tsx';
import { LineTable } from '@/components/portal/line-table.tsx';
import { ReceiptFacts } from '@/components/portal/receipt-facts.tsx';
import { Sums } from '@/components/portal/sums.tsx';
import { Button, ButtonLink } from '@/components/ui/button.tsx';
import { Chip } from '@/components/ui/chip.tsx';
import { EmailField } from '@/components/ui/field.tsx';
import { Link } from '@/components/ui/link.tsx';
import { Notice } from '@/components/ui/notice.tsx';
import type { FieldProblem } from '@/components/ui/problems.tsx';
import { Section } from '@/components/ui/section.tsx';
import { findReceipt } from '@/lib/data/receipts.ts';
import { listRefunds } from '@/lib/data/refunds.ts';
import { taxName } from '@/lib/domain/document-law.ts';
import type { InvoiceId } from '@/lib/domain/ids.ts';
import { readId } from '@/lib/domain/ids.ts';
import type { Refund } from '@/lib/domain/invoice.ts';
import { canEmailReceipt } from '@/lib/domain/outgoing-mail.ts';
import type { Receipt } from '@/lib/domain/receipt.ts';

/** Draws a receipt; `problems` are those of its form. */
export async function drawReceipt(page: Page, problems: readonly FieldProblem[] = []): Promise<Response> {
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
    status: problems.length > 0 ? 400 : 200,
    problems,
    note: sentNote(page),
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
        <EmailForm page={page} receipt={receipt} isWrong={problems.length > 0} />
      </>
    ),
  });
}

function sentNote({ words, done }: Page) {
  if (done?.code !== 'receipt_emailed') return null;
  return (
    <Notice tone="green" result>
      <p>{words.t('receipts.sentTo', { email: String(done.facts.email ?? '') })}</p>
    </Notice>
  );
}

function EmailForm({ page, receipt, isWrong }: { page: Page; receipt: Receipt; isWrong: boolean }) {
  const { customer, kept, on, viewer } = page;
  const { t } = page.words;
  const { receipts } = page.workspace.configuration;
  if (!canEmailReceipt(receipts, customer.email) || !on.mail.offers(viewer.mode)) return null;
  return (
    <Section id="email" title={t('receipts.emailAgain')}>
      <form method="post" action={`/receipts/${receipt.id}/email`} className="max-w-md space-y-4">
        <input type="hidden" name="form" value={page.formId()} />
        {receipts.emailTo === 'any' ? (
          <EmailField
            name="to"
            label={t('receipts.sendTo')}
            value={kept?.get('to') ?? customer.email ?? ''}
            isWrong={isWrong}
          />
        ) : (
          <p>
            <span className="block text-sm text-quiet">{t('receipts.sendTo')}</span>
            <bdi className="[overflow-wrap:anywhere]">{customer.email}</bdi>
          </p>
        )}
        <Button look="plain">{t('receipts.send')}</Button>
      </form>
    </Section>
  );
}

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
