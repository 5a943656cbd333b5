import { block } from '@/app/(portal)/_page/block.tsx';
import type { Page } from '@/app/(portal)/_page/draw.tsx';
import { InvoiceTable } from '@/components/portal/invoice-table.tsx';
import { Pager } from '@/components/portal/pager.tsx';
import { Link } from '@/components/ui/link.tsx';
import { countInvoices, findInvoiceSpan, invoicePageSize, listInvoicePage } from '@/lib/data/invoice-standings.ts';
import { listSubscriptions } from '@/lib/data/subscriptions.ts';
import { countFilters, type InvoiceFilter, readPageNumber } from '@/lib/domain/invoice-filter.ts';
import { nextPaymentOf } from '@/lib/domain/next-payment.ts';
import { taxRateOf } from '@/lib/domain/subscription-cost.ts';

/** How many match and their sum, one page of them, and the way to the others. */
export async function InvoiceResults({ page, filter }: { page: Page; filter: InvoiceFilter }) {
  const { words, viewer, workspace } = page;
  const { t } = words;
  const { read } = page.on;
  return block(page, t('invoices.sectionTable'), async () => {
    const question = { filter, now: viewer.now, timeZone: words.zone };
    const { count, totals } = await countInvoices(read, viewer, question);
    if (count === 0)
      return countFilters(filter) === 0 ? (
        <Empty page={page} first={await firstInvoice(page)} />
      ) : (
        <NoMatch page={page} />
      );
    const pages = Math.ceil(count / invoicePageSize);
    const at = Math.min(readPageNumber(page.query.get('page')), pages);
    const standings = await listInvoicePage(read, viewer, question, at);
    const span = await findInvoiceSpan(read, viewer);
    const style = (span?.currencies.length ?? 1) > 1 ? 'mixed' : 'sign';
    const hrefOf = (to: number) => {
      const query = new URLSearchParams(page.query);
      for (const [name, value] of [...query]) if (value === '') query.delete(name);
      query.set('page', String(to));
      return `/invoices?${query}#count`;
    };
    return (
      <>
        <p id="count" role="status" tabIndex={-1} className="mt-6 mb-3 scroll-mt-20 text-quiet">
          {t('invoices.count', { n: count, amount: words.list(totals.map((one) => words.money(one, style))) })}
        </p>
        <InvoiceTable words={words} workspace={workspace} standings={standings} now={viewer.now} money={style} />
        {pages === 1 ? null : (
          <Pager
            label={t('invoices.pages')}
            where={t('invoices.pageOf', { page: at, pages })}
            later={at === 1 ? null : { text: t('invoices.later'), href: hrefOf(at - 1) }}
            earlier={at === pages ? null : { text: t('invoices.earlier'), href: hrefOf(at + 1) }}
          />
        )}
      </>
    );
  });
}

function NoMatch({ page }: { page: Page }) {
  const { t } = page.words;
  return (
    <>
      <p id="count" role="status" tabIndex={-1} className="mt-6 scroll-mt-20">
        {t('invoices.noMatch')}
      </p>
      <Link href="/invoices">{t('invoices.clearFilters')}</Link>
    </>
  );
}

type First = { readonly at: number; readonly trial: string | null };

function Empty({ page, first }: { page: Page; first: First | null }) {
  const { words } = page;
  const { t } = words;
  return (
    <div id="count" className="mt-6 space-y-2">
      <p>{t('invoices.empty')}</p>
      {first === null ? null : first.trial === null ? (
        <p>{t('invoices.emptyNext', { date: words.date(first.at) })}</p>
      ) : (
        <p>{t('invoices.emptyTrial', { plan: first.trial, when: words.when(first.at), date: words.date(first.at) })}</p>
      )}
    </div>
  );
}

/** When the first invoice is to be expected, and the plan whose trial ends then. */
async function firstInvoice({ on, viewer, workspace }: Page): Promise<First | null> {
  const tax = taxRateOf(workspace.brand);
  const coming = (await listSubscriptions(on.read, viewer)).flatMap((planned): First[] => {
    const next = nextPaymentOf(planned, tax, viewer.now);
    return next === null ? [] : [{ at: next.at, trial: next.kind === 'trial' ? planned.plan.name : null }];
  });
  return coming.toSorted((one, other) => one.at - other.at)[0] ?? null;
}
