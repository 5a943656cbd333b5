import type { Page } from '@/app/(portal)/_page/draw.tsx';
import { loadSection } from '@/app/(portal)/_page/load-section.ts';
import { MethodText } from '@/components/portal/method-text.tsx';
import { TextLines } from '@/components/portal/text-lines.tsx';
import { type Fact, Facts } from '@/components/ui/facts.tsx';
import { Link } from '@/components/ui/link.tsx';
import { listPaymentAttempts } from '@/lib/data/payment-attempts.ts';
import { findSubscription } from '@/lib/data/subscriptions.ts';
import { hasChangedSince } from '@/lib/domain/billed-to.ts';
import type { Invoice } from '@/lib/domain/invoice.ts';
import { lastDayOf } from '@/lib/domain/time.ts';

/** When it was issued and is due, for what, and to whom it was made out; and that later changes do not touch it. */
export async function InvoiceFacts({ page, invoice }: { page: Page; invoice: Invoice }) {
  const { words, viewer, customer, workspace } = page;
  const { t } = words;
  const { billedTo, periodStart, periodEnd } = invoice;
  const issued = words.date(invoice.issuedAt ?? invoice.createdAt);
  // Both are comfort: without them the facts of the invoice's own row still stand.
  const more = await loadSection(page, async () => ({
    planned:
      invoice.subscriptionId === null ? null : await findSubscription(page.on.read, viewer, invoice.subscriptionId),
    attempts: await listPaymentAttempts(page.on.read, viewer, [invoice.id]),
  }));
  const planned = more.ok ? more.value.planned : null;
  const paidBy = more.ok ? more.value.attempts.findLast((one) => one.status === 'succeeded') : undefined;
  const buyer = [billedTo.legalName, billedTo.name, billedTo.email, billedTo.address];
  const facts: (Fact | null)[] = [
    { term: t('invoices.issued'), value: issued },
    invoice.dueAt === null ? null : { term: t('invoices.due'), value: words.date(invoice.dueAt) },
    planned === null
      ? null
      : {
          term: t('invoices.for'),
          value: workspace.configuration.subscriptions.view ? (
            <span className="-my-2.5 block">
              <Link href={`/subscriptions/${planned.subscription.id}`}>{planned.plan.name}</Link>
            </span>
          ) : (
            <bdi>{planned.plan.name}</bdi>
          ),
        },
    periodStart === null || periodEnd === null
      ? null
      : {
          term: t('invoices.period'),
          value: t('invoices.periodValue', {
            from: words.date(periodStart),
            to: words.date(lastDayOf(words.zone, periodStart, periodEnd)),
          }),
        },
    buyer.every((one) => one === null) ? null : { term: t('invoices.billedTo'), value: <TextLines lines={buyer} /> },
    billedTo.taxId === null ? null : { term: t('invoices.taxId'), value: <bdi>{billedTo.taxId}</bdi> },
    paidBy === undefined
      ? null
      : { term: t('invoices.method'), value: <MethodText words={words} method={paidBy.methodName} /> },
  ];
  return (
    <>
      <Facts facts={facts.filter((one) => one !== null)} />
      {hasChangedSince(billedTo, customer) ? (
        <p className="mt-2 text-quiet">{t('invoices.detailsChanged', { date: issued })}</p>
      ) : null}
    </>
  );
}
