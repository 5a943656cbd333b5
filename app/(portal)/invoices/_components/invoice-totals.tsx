import { block } from '@/app/(portal)/_page/block.tsx';
import type { Page } from '@/app/(portal)/_page/draw.tsx';
import { sumInvoices } from '@/lib/data/invoice-standings.ts';
import type { InvoiceFilter } from '@/lib/domain/invoice-filter.ts';
import { yearIn } from '@/lib/domain/issue-receipt.ts';
import type { Money } from '@/lib/domain/money.ts';

/** What is open, what is overdue, and what was paid in the year that is looked at; never one sum across currencies. */
export async function InvoiceTotalsLine({ page, filter }: { page: Page; filter: InvoiceFilter }) {
  const { words, viewer } = page;
  const { t } = words;
  const year = filter.year ?? yearIn(words.zone, viewer.now);
  return block(page, t('invoices.sectionTotals'), async () => {
    const totals = await sumInvoices(page.on.read, viewer, { now: viewer.now, timeZone: words.zone, year });
    const all = [...totals.open, ...totals.overdue, ...totals.paid];
    if (all.length === 0) return null;
    const style = new Set(all.map((one) => one.currency)).size > 1 ? 'mixed' : 'sign';
    const amounts = (sums: readonly Money[]) => words.list(sums.map((one) => words.money(one, style)));
    const shape = 'rounded-corner border px-3 py-2.5 font-semibold num';
    return (
      <ul aria-label={t('invoices.totals')} className="mt-4 flex flex-wrap gap-3">
        {totals.open.length === 0 ? null : (
          <li className={`${shape} border-line bg-card`}>
            {t('invoices.totalOpen', { amount: amounts(totals.open) })}
          </li>
        )}
        {totals.overdue.length === 0 ? null : (
          <li>
            <a
              href="/invoices?status=past_due#count"
              aria-label={t('invoices.overdueLabel', { amount: amounts(totals.overdue) })}
              className={`${shape} block border-red bg-red-soft text-red underline underline-offset-2`}
            >
              {t('invoices.totalOverdue', { amount: amounts(totals.overdue) })}
            </a>
          </li>
        )}
        {totals.paid.length === 0 ? null : (
          <li className={`${shape} border-line bg-card`}>
            {t('invoices.totalPaid', { year: String(year), amount: amounts(totals.paid) })}
          </li>
        )}
      </ul>
    );
  });
}
