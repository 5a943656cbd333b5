import type { Invoice } from '@/lib/domain/invoice.ts';
import type { Receipt } from '@/lib/domain/receipt.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { Brand } from '@/lib/domain/workspace.ts';
import type { Words } from '@/lib/i18n/words.ts';
import type { Letter } from './letter.ts';
import { letterHtml, letterText } from './letter.ts';
import type { MailMessage } from './message.ts';

type Addressed = {
  readonly words: Words;
  readonly brand: Pick<Brand, 'name' | 'accentColor'>;
  readonly to: string;
  /** Can whoever gets it answer the merchant? */
  readonly canAnswer: boolean;
};

type Worded = Pick<MailMessage, 'subject' | 'text' | 'html'>;

/** The words of a mail that brings a receipt. */
export function receiptMail(receipt: Receipt, addressed: Addressed): Worded {
  const { words, brand } = addressed;
  const { t } = words;
  const merchant = brand.name;
  const amount = words.money({ amount: receipt.amount, currency: receipt.currency });
  const date = words.date(receipt.issuedAt);
  return word(addressed, receipt.mode === 'test', {
    subject: t('mail.receiptSubject', { number: receipt.number, merchant }),
    title: t('documents.titled', { kind: t('documents.receipt'), number: receipt.number }),
    name: receipt.body.customer.name,
    paragraph: t('mail.receiptText', { merchant, amount, date }),
    facts: [
      [t('documents.number'), receipt.number],
      [t('documents.amount'), amount],
      [
        t('documents.paidOn'),
        t('documents.dateTimeZone', {
          date,
          time: words.time(receipt.issuedAt),
          zone: words.zoneName(receipt.issuedAt),
        }),
      ],
      [t('documents.method'), receipt.method === null ? null : words.method(receipt.method)],
      [t('documents.forInvoice'), receipt.body.invoiceNumber],
    ],
  });
}

/** The words of a mail that brings an invoice. `now` is the customer's billing time. */
export function invoiceMail(invoice: Invoice, status: string, now: Instant, addressed: Addressed): Worded {
  const { words, brand } = addressed;
  const { t } = words;
  const merchant = brand.name;
  const { currency } = invoice;
  const due = invoice.dueAt ?? invoice.issuedAt ?? invoice.createdAt;
  const isOwed = (invoice.status === 'open' || invoice.status === 'past_due') && invoice.total > invoice.amountPaid;
  const amount = words.money({ amount: isOwed ? invoice.total - invoice.amountPaid : invoice.total, currency });
  const key = isOwed ? (due < now ? 'mail.invoiceLate' : 'mail.invoiceToPay') : 'mail.invoiceNothingDue';
  return word(addressed, invoice.mode === 'test', {
    subject: t('mail.invoiceSubject', { number: invoice.number, merchant }),
    title: t('documents.titled', { kind: t('documents.invoice'), number: invoice.number }),
    name: invoice.billedTo.name,
    paragraph: t(key, { merchant, amount, date: words.date(due) }),
    facts: [
      [t('documents.number'), invoice.number],
      [t('documents.issued'), invoice.issuedAt === null ? null : words.date(invoice.issuedAt)],
      [t('documents.due'), isOwed ? words.date(due) : null],
      [t('documents.total'), words.money({ amount: invoice.total, currency })],
      [t('documents.amountDue'), isOwed ? amount : null],
      [t('documents.status'), status],
    ],
  });
}

type Said = {
  readonly subject: string;
  readonly title: string;
  readonly name: string | null;
  readonly paragraph: string;
  readonly facts: readonly (readonly [term: string, value: string | null])[];
};

function word({ words, brand, to, canAnswer }: Addressed, isTest: boolean, said: Said): Worded {
  const { t } = words;
  const merchant = brand.name;
  const letter: Letter = {
    locale: words.locale,
    brandName: merchant,
    accentColour: brand.accentColor,
    testLine: isTest ? t('documents.testLine') : null,
    title: said.title,
    greeting: said.name === null ? t('mail.helloPlain') : t('mail.hello', { name: said.name }),
    paragraphs: [said.paragraph],
    facts: said.facts.filter((fact): fact is readonly [string, string] => fact[1] !== null),
    footer: [...(canAnswer ? [t('mail.questions', { merchant })] : []), t('mail.sentTo', { merchant, email: to })],
  };
  return {
    subject: isTest ? t('mail.testSubject', { subject: said.subject }) : said.subject,
    text: letterText(letter),
    html: letterHtml(letter),
  };
}
