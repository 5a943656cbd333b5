import { amountInWords } from '@/lib/domain/amount-in-words.ts';
import { saysAmountInWords, stampDutyOf, taxName } from '@/lib/domain/document-law.ts';
import type { Refund } from '@/lib/domain/invoice.ts';
import type { Receipt } from '@/lib/domain/receipt.ts';
import type { Words } from '@/lib/i18n/words.ts';
import { drawFacts, drawHead, drawLines, drawNote, drawParties, drawTotals, type Letterhead } from './parts.ts';
import { Sheet } from './sheet.ts';

export type ReceiptDocument = Letterhead & {
  readonly words: Words;
  readonly receipt: Receipt;
  /** Refunds of this payment; only what reached the buyer is printed. */
  readonly refunds: readonly Refund[];
};

/** A receipt as a tagged PDF: every figure and name is the frozen one. The same value gives the same bytes. */
export async function renderReceiptPdf(document: ReceiptDocument): Promise<Uint8Array> {
  const { words, receipt, refunds } = document;
  const { t } = words;
  const { body, currency } = receipt;
  const money = (amount: number) => words.money({ amount, currency });
  const title = t('documents.titled', { kind: t('documents.receipt'), number: receipt.number });
  const isTest = receipt.mode === 'test';
  const sheet = new Sheet({
    words,
    title,
    made: receipt.issuedAt,
    accentColour: document.accentColour,
    isTest,
    footer: `${body.merchant.brandName} · ${title}`,
  });
  drawHead(sheet, {
    brandName: body.merchant.brandName,
    logo: document.logo,
    kind: t('documents.receipt'),
    number: receipt.number,
    isTest,
  });
  drawParties(
    sheet,
    { title: t('documents.from'), merchant: body.merchant },
    { title: t('documents.billedTo'), customer: body.customer },
  );
  drawFacts(sheet, [
    [t('documents.number'), receipt.number],
    [
      t('documents.paidOn'),
      t('documents.dateTimeZone', {
        date: words.date(receipt.issuedAt),
        time: words.time(receipt.issuedAt),
        zone: words.zoneName(receipt.issuedAt),
      }),
    ],
    [t('documents.method'), receipt.method === null ? null : words.method(receipt.method)],
    [t('documents.reference'), receipt.providerReference],
    [t('documents.forInvoice'), body.invoiceNumber],
  ]);
  drawLines(
    sheet,
    body.lines.map((line) => ({
      description: line.description,
      quantity: String(line.quantity),
      unitPrice: money(line.unitAmount),
      amount: money(line.amount),
    })),
  );
  const { taxLabel, taxRateBasisPoints } = body.template;
  drawTotals(sheet, [
    [t('documents.subtotal'), money(body.subtotal)],
    ...(body.discount === 0 ? [] : [[t('documents.discount'), money(-body.discount)] as const]),
    ...(body.tax === 0 ? [] : [[taxName(taxLabel, taxRateBasisPoints, words.locale), money(body.tax)] as const]),
    [t('documents.total'), money(body.total)],
  ]);
  if (saysAmountInWords(body.merchant.country)) {
    drawNote(sheet, t('documents.inWords'), [amountInWords(words.locale, { amount: body.total, currency })]);
  }
  const duty = stampDutyOf(body.merchant.country, { amount: body.total, currency });
  if (duty !== null) {
    const { stampDutyNumber } = body;
    const amount = words.money(duty);
    drawNote(sheet, t('documents.stampDutyLine'), [
      stampDutyNumber === null
        ? t('documents.stampDutyNone', { amount })
        : t('documents.stampDuty', { amount, number: stampDutyNumber }),
    ]);
  }
  const returned = refunds.filter((one) => one.status === 'succeeded');
  drawNote(
    sheet,
    t('documents.refunds'),
    returned.map((one) => t('documents.refunded', { amount: money(one.amount), date: words.date(one.updatedAt) })),
  );
  drawNote(sheet, null, [body.template.thankYouText ?? '']);
  drawNote(sheet, null, [body.template.footerText ?? ''], { size: 9 });
  return sheet.finish();
}
