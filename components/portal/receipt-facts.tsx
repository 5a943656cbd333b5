import { type Fact, Facts } from '@/components/ui/facts.tsx';
import { Link } from '@/components/ui/link.tsx';
import { amountInWords } from '@/lib/domain/amount-in-words.ts';
import { saysAmountInWords, stampDutyOf } from '@/lib/domain/document-law.ts';
import type { Receipt } from '@/lib/domain/receipt.ts';
import type { Words } from '@/lib/i18n/words.ts';
import { MethodText } from './method-text.tsx';
import { TextLines } from './text-lines.tsx';

/** Who paid whom, with what, for which invoice; and what the law of the merchant's country wants said. */
export function ReceiptFacts({
  words,
  receipt,
  linkInvoice,
}: {
  words: Words;
  receipt: Receipt;
  linkInvoice: boolean;
}) {
  const { t } = words;
  const { body, currency } = receipt;
  const { merchant, customer } = body;
  const total = { amount: body.total, currency };
  const duty = stampDutyOf(merchant.country, total);
  const text = (term: string, value: string | null): Fact | null =>
    value === null || value.trim() === '' ? null : { term, value: <TextLines lines={[value]} /> };
  const { invoiceNumber } = body;
  const facts: (Fact | null)[] = [
    receipt.method === null
      ? null
      : { term: t('receipts.method'), value: <MethodText words={words} method={receipt.method} /> },
    text(t('receipts.reference'), receipt.providerReference),
    invoiceNumber === null
      ? null
      : {
          term: t('receipts.forInvoice'),
          value: linkInvoice ? (
            <span className="-my-2.5 block">
              <Link href={`/invoices/${receipt.sourceId}`}>{invoiceNumber}</Link>
            </span>
          ) : (
            invoiceNumber
          ),
        },
    text(t('receipts.merchantName'), merchant.legalName ?? merchant.brandName),
    text(t('receipts.merchantTaxId', { merchant: merchant.brandName }), merchant.taxId),
    text(t('receipts.merchantAddress', { merchant: merchant.brandName }), merchant.address),
    text(t('receipts.buyerName'), customer.name),
    text(t('receipts.buyerLegalName'), customer.legalName),
    text(t('receipts.buyerEmail'), customer.email),
    text(t('receipts.buyerAddress'), customer.address),
    text(t('receipts.buyerTaxId'), customer.taxId),
    saysAmountInWords(merchant.country)
      ? { term: t('receipts.inWords'), value: amountInWords(words.locale, total) }
      : null,
    duty === null
      ? null
      : {
          term: t('documents.stampDutyLine'),
          value:
            body.stampDutyNumber === null
              ? t('documents.stampDutyNone', { amount: words.money(duty) })
              : t('documents.stampDuty', { amount: words.money(duty), number: body.stampDutyNumber }),
        },
  ];
  return <Facts facts={facts.filter((one) => one !== null)} />;
}
