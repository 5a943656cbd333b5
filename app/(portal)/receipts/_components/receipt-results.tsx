import type { Page } from '@/app/(portal)/_page/draw.tsx';
import { Pager } from '@/components/portal/pager.tsx';
import { ReceiptTable } from '@/components/portal/receipt-table.tsx';
import { Button } from '@/components/ui/button.tsx';
import { SelectField } from '@/components/ui/field.tsx';
import { Link } from '@/components/ui/link.tsx';
import { findReceiptSpan, listReceiptPage, receiptPageSize } from '@/lib/data/receipts.ts';
import { readPageNumber, readYear } from '@/lib/domain/invoice-filter.ts';
import { yearIn } from '@/lib/domain/issue-receipt.ts';
import { startOfYear } from '@/lib/domain/time.ts';

/** The year filter, how many receipts match, a page of them, and the way to the others. */
export async function ReceiptResults({ page }: { page: Page }) {
  const { words, viewer, workspace } = page;
  const { t } = words;
  const { read } = page.on;
  const span = await findReceiptSpan(read, viewer);
  if (span === null) return <p className="mt-6">{t('receipts.empty')}</p>;
  const year = readYear(page.query.get('year'));
  const issued =
    year === null ? null : { from: startOfYear(words.zone, year), until: startOfYear(words.zone, year + 1) };
  const asked = readPageNumber(page.query.get('page'));
  let { receipts, count } = await listReceiptPage(read, viewer, issued, asked);
  const pages = Math.max(1, Math.ceil(count / receiptPageSize));
  const at = Math.min(asked, pages);
  if (at !== asked) ({ receipts, count } = await listReceiptPage(read, viewer, issued, at));
  const [first, last] = [yearIn(words.zone, span.first), yearIn(words.zone, span.last)];
  const years = Array.from({ length: last - first + 1 }, (_, back) => String(last - back));
  const hrefOf = (to: number) => `/receipts?${year === null ? '' : `year=${year}&`}page=${to}#count`;
  const style = new Set(receipts.map((one) => one.currency)).size > 1 ? 'mixed' : 'sign';
  return (
    <>
      <form method="get" action="/receipts#count" className="mt-4 flex flex-wrap items-end gap-3">
        <SelectField
          name="year"
          label={t('receipts.year')}
          value={year === null ? '' : String(year)}
          options={[{ value: '', text: t('receipts.all') }, ...years.map((one) => ({ value: one, text: one }))]}
        />
        <Button look="plain">{t('receipts.show')}</Button>
        {year === null ? null : <Link href="/receipts">{t('receipts.clear')}</Link>}
      </form>
      <p id="count" role="status" tabIndex={-1} className="mt-6 mb-3 scroll-mt-20 text-quiet">
        {count === 0 && year !== null
          ? t('receipts.noneInYear', { year: String(year) })
          : t('receipts.count', { n: count })}
      </p>
      {count === 0 ? null : <ReceiptTable words={words} workspace={workspace} receipts={receipts} money={style} />}
      {pages === 1 ? null : (
        <Pager
          label={t('receipts.pages')}
          where={t('receipts.pageOf', { page: at, pages })}
          later={at === 1 ? null : { text: t('receipts.later'), href: hrefOf(at - 1) }}
          earlier={at === pages ? null : { text: t('receipts.earlier'), href: hrefOf(at + 1) }}
        />
      )}
    </>
  );
}
