import type { InvoiceStanding } from '@/lib/domain/invoice-standing.ts';
import type { Words } from '@/lib/i18n/words.ts';

/** What an invoice is for, in the words it was issued with: its first line, and how many more there are. */
export function invoiceFor(words: Words, standing: Pick<InvoiceStanding, 'firstLine' | 'lineCount'>): string {
  if (standing.firstLine === null) return '';
  if (standing.lineCount < 2) return standing.firstLine;
  return words.t('documents.list.forMore', { first: standing.firstLine, n: standing.lineCount - 1 });
}
