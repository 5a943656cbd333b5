import { amountInWords } from '@/lib/domain/amount-in-words.ts';
import { invoiceTaxName, saysAmountInWords } from '@/lib/domain/document-law.ts';
import type { Invoice, InvoiceLine } from '@/lib/domain/invoice.ts';
import { amountDue } from '@/lib/domain/invoice.ts';
import { lastDayOf } from '@/lib/domain/time.ts';
import type { Brand } from '@/lib/domain/workspace.ts';
import type { Words } from '@/lib/i18n/words.ts';
import { drawFacts, drawHead, drawLines, drawNote, drawParties, drawTotals } from './parts.ts';
import { Sheet } from './sheet.ts';

export type InvoiceDocument = {
  readonly words: Words;
  readonly invoice: Invoice;
  readonly lines: readonly Pick<InvoiceLine, 'description' | 'quantity' | 'unitAmount' | 'amount'>[];
  /** How it stands, in words: "Paid". */
  readonly status: string;
  readonly brand: Brand;
  /** The logo's bytes as stored, or null. */
  readonly logo: Uint8Array | null;
};

/** An invoice as a tagged PDF. Its figures and whom it is made out to are those of its row; the same value gives the same bytes. */
export async function renderInvoicePdf(document: InvoiceDocument): Promise<Uint8Array> {
  const { words, invoice, lines, brand } = document;
  const { t } = words;
  const money = (amount: number) => words.money({ amount, currency: invoice.currency });
  const made = invoice.issuedAt ?? invoice.createdAt;
  const title = t('documents.titled', { kind: t('documents.invoice'), number: invoice.number });
  const isTest = invoice.mode === 'test';
  const sheet = new Sheet({
    words,
    title,
    made,
    accentColour: brand.accentColor,
    isTest,
    footer: `${brand.name} · ${title}`,
  });
  drawHead(sheet, {
    brandName: brand.name,
    logo: document.logo,
    kind: t('documents.invoice'),
    number: invoice.number,
    isTest,
  });
  drawParties(
    sheet,
    { title: t('documents.from'), merchant: { ...brand, brandName: brand.name } },
    { title: t('documents.billedTo'), customer: invoice.billedTo },
  );
  const { periodStart, periodEnd } = invoice;
  drawFacts(sheet, [
    [t('documents.number'), invoice.number],
    [t('documents.issued'), words.date(made)],
    [t('documents.due'), invoice.dueAt === null ? null : words.date(invoice.dueAt)],
    [
      t('documents.period'),
      periodStart === null || periodEnd === null
        ? null
        : t('documents.periodValue', {
            from: words.date(periodStart),
            to: words.date(lastDayOf(words.zone, periodStart, periodEnd)),
          }),
    ],
    [t('documents.status'), document.status],
  ]);
  drawLines(
    sheet,
    lines.map((line) => ({
      description: line.description,
      quantity: String(line.quantity),
      unitPrice: money(line.unitAmount),
      amount: money(line.amount),
    })),
  );
  const due = amountDue(invoice);
  drawTotals(
    sheet,
    [
      [t('documents.subtotal'), money(invoice.subtotal)],
      ...(invoice.discount === 0 ? [] : [[t('documents.discount'), money(-invoice.discount)] as const]),
      ...(invoice.tax === 0
        ? []
        : [[invoiceTaxName(invoice, brand.receipt, words.locale), money(invoice.tax)] as const]),
      [t('documents.total'), money(invoice.total)],
    ],
    invoice.amountPaid === 0 && due === 0
      ? []
      : [
          ...(invoice.amountPaid === 0 ? [] : [[t('documents.paid'), money(invoice.amountPaid)] as const]),
          [t('documents.amountDue'), money(due)],
        ],
  );
  if (saysAmountInWords(brand.country)) {
    drawNote(sheet, t('documents.inWords'), [
      amountInWords(words.locale, { amount: invoice.total, currency: invoice.currency }),
    ]);
  }
  drawNote(sheet, null, [invoice.memo ?? '']);
  drawNote(sheet, null, [brand.receipt.footerText ?? ''], { size: 9 });
  return sheet.finish();
}
