import { amountInWords } from '@/lib/domain/amount-in-words.ts';
import { invoiceTaxName, saysAmountInWords, stampDutyOf, taxName } from '@/lib/domain/document-law.ts';
import type { BilledTo } from '@/lib/domain/invoice.ts';
import { amountDue } from '@/lib/domain/invoice.ts';
import { lastDayOf } from '@/lib/domain/time.ts';
import type { Words } from '@/lib/i18n/words.ts';
import type { InvoiceDocument } from './invoice-pdf.ts';
import type { DocumentMerchant, TableLine } from './parts.ts';
import type { ReceiptDocument } from './receipt-pdf.ts';

/** A document as texts in their order, for whatever is printed without a layout of its own: a page, a paper roll. */
export type Paper = {
  readonly locale: 'en' | 'id';
  readonly brandName: string;
  readonly kind: string;
  readonly number: string;
  /** "Test mode. No real money moved.", or null. */
  readonly testLine: string | null;
  readonly parties: readonly { readonly title: string; readonly lines: readonly string[] }[];
  readonly facts: readonly (readonly [string, string])[];
  readonly heads: TableLine;
  readonly lines: readonly TableLine[];
  readonly sums: readonly { readonly term: string; readonly value: string; readonly isTotal: boolean }[];
  readonly notes: readonly { readonly title: string | null; readonly lines: readonly string[] }[];
};

/** An invoice as texts; the same ones as on its PDF. */
export function invoicePaper({ words, invoice, lines, status, brand }: Omit<InvoiceDocument, 'logo'>): Paper {
  const { t } = words;
  const money = (amount: number) => words.money({ amount, currency: invoice.currency });
  const { periodStart, periodEnd } = invoice;
  const due = amountDue(invoice);
  return {
    ...headOf(words, brand.name, t('documents.invoice'), invoice),
    parties: partiesOf(words, { ...brand, brandName: brand.name }, invoice.billedTo),
    facts: given([
      [t('documents.issued'), words.date(invoice.issuedAt ?? invoice.createdAt)],
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
      [t('documents.status'), status],
    ]),
    lines: lines.map((line) => lineOf(line, money)),
    sums: [
      { term: t('documents.subtotal'), value: money(invoice.subtotal), isTotal: false },
      ...when(invoice.discount !== 0, t('documents.discount'), money(-invoice.discount)),
      ...when(invoice.tax !== 0, invoiceTaxName(invoice, brand.receipt, words.locale), money(invoice.tax)),
      { term: t('documents.total'), value: money(invoice.total), isTotal: true },
      ...when(invoice.amountPaid !== 0, t('documents.paid'), money(invoice.amountPaid)),
      ...when(invoice.amountPaid !== 0 || due !== 0, t('documents.amountDue'), money(due)),
    ],
    notes: notesOf([
      [
        t('documents.inWords'),
        saysAmountInWords(brand.country)
          ? [amountInWords(words.locale, { amount: invoice.total, currency: invoice.currency })]
          : [],
      ],
      [null, [invoice.memo]],
      [null, [brand.receipt.footerText]],
    ]),
  };
}

/** A receipt as texts; the same ones as on its PDF. */
export function receiptPaper({ words, receipt, refunds }: Omit<ReceiptDocument, 'logo' | 'accentColour'>): Paper {
  const { t } = words;
  const { body, currency } = receipt;
  const money = (amount: number) => words.money({ amount, currency });
  const { taxLabel, taxRateBasisPoints, thankYouText, footerText } = body.template;
  const total = { amount: body.total, currency };
  const { stampDutyNumber } = body;
  const duty = stampDutyOf(body.merchant.country, total);
  const returned = refunds.filter((one) => one.status === 'succeeded');
  return {
    ...headOf(words, body.merchant.brandName, t('documents.receipt'), receipt),
    parties: partiesOf(words, body.merchant, body.customer),
    facts: given([
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
    ]),
    lines: body.lines.map((line) => lineOf(line, money)),
    sums: [
      { term: t('documents.subtotal'), value: money(body.subtotal), isTotal: false },
      ...when(body.discount !== 0, t('documents.discount'), money(-body.discount)),
      ...when(body.tax !== 0, taxName(taxLabel, taxRateBasisPoints, words.locale), money(body.tax)),
      { term: t('documents.total'), value: money(body.total), isTotal: true },
    ],
    notes: notesOf([
      [t('documents.inWords'), saysAmountInWords(body.merchant.country) ? [amountInWords(words.locale, total)] : []],
      [
        t('documents.stampDutyLine'),
        duty === null
          ? []
          : [
              stampDutyNumber === null
                ? t('documents.stampDutyNone', { amount: words.money(duty) })
                : t('documents.stampDuty', { amount: words.money(duty), number: stampDutyNumber }),
            ],
      ],
      [
        t('documents.refunds'),
        returned.map((one) => t('documents.refunded', { amount: money(one.amount), date: words.date(one.updatedAt) })),
      ],
      [null, [thankYouText]],
      [null, [footerText]],
    ]),
  };
}

function headOf(words: Words, brandName: string, kind: string, of: { number: string; mode: 'live' | 'test' }) {
  const { t } = words;
  return {
    locale: words.locale,
    brandName,
    kind,
    number: of.number,
    testLine: of.mode === 'test' ? t('documents.testLine') : null,
    heads: {
      description: t('documents.description'),
      quantity: t('documents.quantity'),
      unitPrice: t('documents.unitPrice'),
      amount: t('documents.amount'),
    },
  };
}

function partiesOf(words: Words, merchant: DocumentMerchant, customer: BilledTo): Paper['parties'] {
  const { t } = words;
  const taxId = (id: string | null) =>
    id === null ? null : t(merchant.country === 'ID' ? 'documents.taxIdId' : 'documents.taxId', { taxId: id });
  return [
    {
      title: t('documents.from'),
      lines: texts([
        merchant.legalName ?? merchant.brandName,
        merchant.legalName === merchant.brandName || merchant.legalName === null ? null : merchant.brandName,
        merchant.address,
        taxId(merchant.taxId),
      ]),
    },
    {
      title: t('documents.billedTo'),
      lines: texts([
        customer.legalName ?? customer.name ?? customer.email,
        customer.legalName === null ? null : customer.name,
        customer.legalName === null && customer.name === null ? null : customer.email,
        customer.address,
        taxId(customer.taxId),
      ]),
    },
  ];
}

type SoldLine = {
  readonly description: string;
  readonly quantity: number;
  readonly unitAmount: number;
  readonly amount: number;
};

function lineOf({ description, quantity, unitAmount, amount }: SoldLine, money: (amount: number) => string): TableLine {
  return { description, quantity: String(quantity), unitPrice: money(unitAmount), amount: money(amount) };
}

function when(isThere: boolean, term: string, value: string): Paper['sums'] {
  return isThere ? [{ term, value, isTotal: false }] : [];
}

function given(facts: readonly (readonly [string, string | null])[]): [string, string][] {
  return facts.flatMap(([term, value]): [string, string][] =>
    value === null || value.trim() === '' ? [] : [[term, value]],
  );
}

function notesOf(notes: readonly (readonly [string | null, readonly (string | null)[]])[]): Paper['notes'] {
  return notes.map(([title, lines]) => ({ title, lines: texts(lines) })).filter(({ lines }) => lines.length > 0);
}

/** What is there, its lines apart. */
function texts(all: readonly (string | null)[]): string[] {
  return all.flatMap((one) => (one ?? '').split('\n')).filter((line) => line.trim() !== '');
}
