import { type BillingFacts, billingFacts, owedOn } from '@/app/(portal)/_page/billing-facts.ts';
import { block } from '@/app/(portal)/_page/block.tsx';
import type { Page } from '@/app/(portal)/_page/draw.tsx';
import { loadSection } from '@/app/(portal)/_page/load-section.ts';
import { AttentionList } from '@/components/portal/attention-list.tsx';
import { BackLink } from '@/components/portal/back-link.tsx';
import { DocumentList } from '@/components/portal/document-list.tsx';
import { NextPaymentCard, type PlannedPayment } from '@/components/portal/next-payment-card.tsx';
import { SubscriptionCard } from '@/components/portal/subscription-card.tsx';
import { type LineFacts, subscriptionChip, subscriptionLine } from '@/components/portal/subscription-status.ts';
import { Chip } from '@/components/ui/chip.tsx';
import { Link } from '@/components/ui/link.tsx';
import { Notice } from '@/components/ui/notice.tsx';
import { Section } from '@/components/ui/section.tsx';
import { attentionOf } from '@/lib/domain/attention.ts';
import { planCancellation } from '@/lib/domain/cancellation.ts';
import { type MoneyStyle, moneyStyleOf } from '@/lib/domain/money-style.ts';
import { nextPaymentOf } from '@/lib/domain/next-payment.ts';
import { payerOf } from '@/lib/domain/payer.ts';
import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import { taxRateOf } from '@/lib/domain/subscription-cost.ts';
import { isEnded, standingOf } from '@/lib/domain/subscription-standing.ts';

/** The parts of the overview, in their order. Each reads and fails by itself. */
export async function Overview(page: Page) {
  const { t } = page.words;
  const { overview, subscriptions, invoices, receipts } = page.workspace.configuration;
  const facts = billingFacts(page);
  const hasDocuments = invoices.view || receipts.view;
  const money = await moneyStyle(facts, hasDocuments);
  return (
    <>
      {await Attention(page, facts, money)}
      {overview.nextPayment
        ? await block(page, t('overview.next.title'), () => NextPayments(page, facts, money))
        : null}
      {subscriptions.view
        ? await block(page, t('overview.subscriptions.title'), () => Subscriptions(page, facts, money))
        : null}
      {hasDocuments
        ? await block(page, t('overview.documents.title'), () => LatestDocuments(page, facts, money))
        : null}
      {subscriptions.view && subscriptions.showEnded
        ? await block(page, t('overview.subscriptions.title'), () => EndedSubscriptions(page, facts, money))
        : null}
      {await WayBackWhereNothingIs(page, facts)}
    </>
  );
}

/** Where there is no subscription to manage the page ends with the way back. */
async function WayBackWhereNothingIs(page: Page, facts: BillingFacts) {
  const loaded = await loadSection(page, () => facts.subscriptions());
  if (!loaded.ok || loaded.value.some(({ subscription }) => !isEnded(subscription, page.viewer.now))) return null;
  return (
    <p className="mt-8">
      <BackLink words={page.words} back={page.back} look="button" />
    </p>
  );
}

/** With more than one currency on the page every amount carries its code. */
async function moneyStyle(facts: BillingFacts, hasDocuments: boolean): Promise<MoneyStyle> {
  try {
    const documents = hasDocuments ? (await facts.documents()).map(({ invoice }) => invoice) : [];
    return moneyStyleOf(await facts.subscriptions(), [...(await facts.unpaid()), ...documents]);
  } catch {
    // The part that needs what could not be read says so; codes are never wrong.
    return 'mixed';
  }
}

async function Attention(page: Page, facts: BillingFacts, money: MoneyStyle) {
  const { words, workspace, customer, viewer } = page;
  const loaded = await loadSection(page, async () => ({
    subscriptions: await facts.subscriptions(),
    unpaid: await facts.unpaid(),
    attempts: await facts.attempts(),
    methods: await facts.methods(),
  }));
  if (!loaded.ok) {
    return (
      <div className="mt-4">
        <Notice tone="amber">{words.t('overview.attention.failed')}</Notice>
      </div>
    );
  }
  const taxRateBasisPoints = taxRateOf(workspace.brand);
  const items = attentionOf({ ...loaded.value, customer, taxRateBasisPoints }, viewer.now);
  if (items.length === 0) return null;
  return (
    <Section id="attention" title={words.t('overview.attention.title', { n: items.length })}>
      <AttentionList words={words} configuration={workspace.configuration} items={items} money={money} />
    </Section>
  );
}

async function NextPayments({ words, workspace, customer, viewer }: Page, facts: BillingFacts, money: MoneyStyle) {
  const { t } = words;
  const methods = await facts.methods();
  const tax = taxRateOf(workspace.brand);
  const payments = (await facts.subscriptions()).flatMap((planned): PlannedPayment[] => {
    const next = nextPaymentOf(planned, tax, viewer.now);
    return next === null ? [] : [{ planned, next, payer: payerOf(planned.subscription, customer, methods) }];
  });
  payments.sort((one, other) => one.next.at - other.next.at);
  if (payments.length === 0) {
    return (
      <Section id="next-payment" title={t('overview.next.title')}>
        <p>{t('overview.next.none')}</p>
      </Section>
    );
  }
  const { overview, paymentMethods } = workspace.configuration;
  const canChange = paymentMethods.view && (paymentMethods.add || methods.length > 0);
  return byCurrency(payments).map((group) => {
    const [{ planned, next }] = group;
    const { kind } = next;
    const currency = planned.price?.currency ?? 'none';
    const title =
      kind === 'regular'
        ? t('overview.next.title')
        : kind === 'restart'
          ? t('overview.next.restart', { plan: planned.plan.name })
          : t(`overview.next.${kind}`);
    return (
      <Section key={currency} id={`next-payment-${currency.toLowerCase()}`} title={title}>
        <NextPaymentCard
          words={words}
          brand={workspace.brand}
          payments={group}
          money={money}
          breakdown={overview.breakdown}
          changeHref={canChange ? '/payment-methods' : null}
        />
      </Section>
    );
  });
}

/** Payments grouped by currency, in order of first appearance; sums across currencies do not exist. */
function byCurrency(payments: readonly PlannedPayment[]): [PlannedPayment, ...PlannedPayment[]][] {
  const groups = new Map<string, [PlannedPayment, ...PlannedPayment[]]>();
  for (const payment of payments) {
    const currency = payment.planned.price?.currency ?? 'none';
    const group = groups.get(currency);
    if (group === undefined) groups.set(currency, [payment]);
    else group.push(payment);
  }
  return [...groups.values()];
}

async function Subscriptions(page: Page, facts: BillingFacts, money: MoneyStyle) {
  const { words, workspace, viewer } = page;
  const { t } = words;
  const all = await facts.subscriptions();
  const running = all.filter(({ subscription }) => !isEnded(subscription, viewer.now));
  const unpaid = running.length === 0 ? [] : await facts.unpaid();
  return (
    <Section id="subscriptions" title={t('overview.subscriptions.title')}>
      {running.length === 0 ? (
        <p>{t('overview.subscriptions.empty', { merchant: workspace.brand.name })}</p>
      ) : (
        <ul className="grid gap-4 sm:grid-cols-2">
          {running.map((planned) => {
            const { configuration } = workspace;
            const plan = planCancellation({ ...planned, invoices: unpaid, configuration }, viewer.now);
            return (
              <SubscriptionCard
                key={planned.subscription.id}
                words={words}
                facts={lineFacts(page, planned, owedOn(planned, unpaid), money)}
                canCancel={plan.can}
              />
            );
          })}
        </ul>
      )}
    </Section>
  );
}

function lineFacts(
  { workspace, viewer }: Page,
  planned: PlannedSubscription,
  owed: LineFacts['owed'],
  money: MoneyStyle,
): LineFacts {
  return {
    planned,
    standing: standingOf(planned.subscription, viewer.now),
    next: nextPaymentOf(planned, taxRateOf(workspace.brand), viewer.now),
    owed,
    merchant: workspace.brand.name,
    money,
  };
}

async function LatestDocuments({ words, workspace, viewer }: Page, facts: BillingFacts, money: MoneyStyle) {
  const { t } = words;
  const { invoices, receipts } = workspace.configuration;
  const standings = await facts.documents();
  if (standings.length === 0) return null;
  return (
    <Section id="documents" title={t('overview.documents.title')}>
      <DocumentList words={words} workspace={workspace} standings={standings} now={viewer.now} money={money} />
      <p className="flex flex-wrap gap-x-6">
        {invoices.view ? <Link href="/invoices">{t('overview.documents.allInvoices')}</Link> : null}
        {receipts.view ? <Link href="/receipts">{t('overview.documents.allReceipts')}</Link> : null}
      </p>
    </Section>
  );
}

async function EndedSubscriptions(page: Page, facts: BillingFacts, money: MoneyStyle) {
  const { words, workspace, viewer } = page;
  const { t } = words;
  const ended = (await facts.subscriptions()).filter(({ subscription }) => isEnded(subscription, viewer.now));
  if (ended.length === 0) return null;
  const again = workspace.configuration.subscribeAgainUrl;
  return (
    <section className="mt-8">
      <details>
        <summary className="py-2.5 text-xl font-bold">
          <h2 className="inline text-xl">{t('overview.subscriptions.ended', { n: ended.length })}</h2>
        </summary>
        <ul className="divide-y divide-line rounded-corner border border-line bg-card">
          {ended.map((planned) => {
            const { subscription, plan } = planned;
            const facts = lineFacts(page, planned, null, money);
            const chip = subscriptionChip(words, facts.standing);
            return (
              <li key={subscription.id} className="px-4 py-2.5">
                <div className="flex flex-wrap items-center justify-between gap-x-4">
                  <h3 className="min-w-0 font-bold">
                    <bdi>{plan.name}</bdi>
                  </h3>
                  <Chip tone={chip.tone}>{chip.word}</Chip>
                </div>
                <p className="num text-quiet">{subscriptionLine(words, facts)}</p>
                <p className="flex flex-wrap gap-x-6">
                  <Link
                    href={`/subscriptions/${subscription.id}`}
                    label={t('overview.subscriptions.seeDetailsOf', { plan: plan.name })}
                  >
                    {t('overview.subscriptions.seeDetails')}
                  </Link>
                  {again === null ? null : <Link href={again}>{t('overview.subscriptions.subscribeAgain')}</Link>}
                </p>
              </li>
            );
          })}
        </ul>
      </details>
    </section>
  );
}
