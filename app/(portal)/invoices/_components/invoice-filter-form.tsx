import type { Page } from '@/app/(portal)/_page/draw.tsx';
import { loadSection } from '@/app/(portal)/_page/load-section.ts';
import { Button } from '@/components/ui/button.tsx';
import { SelectField, TextField } from '@/components/ui/field.tsx';
import { Link } from '@/components/ui/link.tsx';
import { findInvoiceSpan } from '@/lib/data/invoice-standings.ts';
import { listSubscriptions } from '@/lib/data/subscriptions.ts';
import { countFilters, type InvoiceFilter, type InvoiceFilterStatus } from '@/lib/domain/invoice-filter.ts';
import { yearIn } from '@/lib/domain/issue-receipt.ts';

const statusWords = {
  open: 'invoices.statusOpen',
  past_due: 'invoices.statusOverdue',
  paid: 'invoices.statusPaid',
  refunded: 'invoices.statusRefunded',
  void: 'invoices.statusVoid',
  uncollectible: 'invoices.statusUncollectible',
} as const satisfies Record<InvoiceFilterStatus, string>;

/** The form that narrows the list; its values live in the address. Nothing to narrow: no form. */
export async function InvoiceFilterForm({ page, filter }: { page: Page; filter: InvoiceFilter }) {
  const { words, viewer } = page;
  const { t } = words;
  const loaded = await loadSection(page, async () => ({
    span: await findInvoiceSpan(page.on.read, viewer),
    subscriptions: page.workspace.configuration.subscriptions.view ? await listSubscriptions(page.on.read, viewer) : [],
  }));
  // The list below says that it could not be read; a form without choices would say it again.
  if (!loaded.ok || loaded.value.span === null) return null;
  const { span, subscriptions } = loaded.value;
  const [first, last] = [yearIn(words.zone, span.first), yearIn(words.zone, span.last)];
  const years = Array.from({ length: last - first + 1 }, (_, at) => String(last - at));
  const set = countFilters(filter);
  const all = { value: '', text: t('invoices.all') };
  return (
    <details className="open-wide mt-4">
      <summary className="inline-flex min-h-11 items-center rounded-corner border border-line px-4 font-semibold">
        {set === 0 ? t('invoices.filter') : t('invoices.filterSet', { n: set })}
      </summary>
      <form method="get" action="/invoices#count" className="mt-3 grid gap-3 sm:flex sm:flex-wrap sm:items-end">
        <SelectField
          name="year"
          label={t('invoices.year')}
          value={filter.year === null ? '' : String(filter.year)}
          options={[all, ...years.map((year) => ({ value: year, text: year }))]}
        />
        <SelectField
          name="status"
          label={t('invoices.status')}
          value={filter.status ?? ''}
          options={[all, ...Object.entries(statusWords).map(([value, key]) => ({ value, text: t(key) }))]}
        />
        {subscriptions.length < 2 && filter.subscriptionId === null ? null : (
          <SelectField
            name="subscription"
            label={t('invoices.subscription')}
            value={filter.subscriptionId ?? ''}
            options={[
              all,
              ...subscriptions.map(({ subscription, plan }) => ({ value: subscription.id, text: plan.name })),
            ]}
          />
        )}
        <TextField
          name="q"
          label={t('invoices.search')}
          value={(page.query.get('q') ?? '').slice(0, 64)}
          maxLength={64}
        />
        <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
          <Button>{t('invoices.show')}</Button>
          {set === 0 ? null : <Link href="/invoices">{t('invoices.clear')}</Link>}
        </div>
      </form>
    </details>
  );
}
