import type { ReactNode } from 'react';
import { owedOn } from '@/app/(portal)/_page/billing-facts.ts';
import { block } from '@/app/(portal)/_page/block.tsx';
import { ClockLink } from '@/app/(portal)/_page/clock-link.tsx';
import type { Page } from '@/app/(portal)/_page/draw.tsx';
import type { SubscriptionView } from '@/app/(portal)/subscriptions/_page/subscription-page.ts';
import { UndoForm } from '@/app/(portal)/subscriptions/_page/undo-form.tsx';
import { DocumentList } from '@/components/portal/document-list.tsx';
import { subscriptionLine } from '@/components/portal/subscription-status.ts';
import { Button, ButtonLink } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Facts } from '@/components/ui/facts.tsx';
import { Link } from '@/components/ui/link.tsx';
import { Notice } from '@/components/ui/notice.tsx';
import { Section } from '@/components/ui/section.tsx';
import { findCertificate } from '@/lib/data/cancellation-certificates.ts';
import { withStanding } from '@/lib/data/invoice-standings.ts';
import { listInvoicesOfSubscription } from '@/lib/data/invoices.ts';
import { listPaymentAttempts } from '@/lib/data/payment-attempts.ts';
import { canUndoCancellation, planCancellation } from '@/lib/domain/cancellation.ts';
import { amountDue } from '@/lib/domain/invoice.ts';
import { isEnded, standingOf } from '@/lib/domain/subscription-standing.ts';
import { contactOf, isOffered } from '@/lib/domain/workspace.ts';
import { subscriptionFacts } from './subscription-facts.tsx';

/** The page of one subscription below its heading: how it stands, its facts, what can be done, its invoices. */
export async function SubscriptionBody(page: Page, view: SubscriptionView): Promise<ReactNode> {
  const { words } = page;
  return (
    <>
      <div className="mt-4 space-y-4">{await StateLines(page, view)}</div>
      <div className="mt-6">
        <Card>
          <Facts facts={subscriptionFacts(page, view)} />
        </Card>
      </div>
      {await block(page, words.t('subscription.actions'), () => Actions(page, view))}
      {await block(page, words.t('subscription.history'), () => History(page, view))}
    </>
  );
}

/** What is so beyond the chip, and the one button it calls for. */
async function StateLines(page: Page, view: SubscriptionView): Promise<ReactNode> {
  const { words, viewer, workspace } = page;
  const { t } = words;
  const { subscription, plan } = view.planned;
  const standing = standingOf(subscription, viewer.now);
  const owed = view.unpaid === null ? null : owedOn(view.planned, view.unpaid);
  const line = subscriptionLine(words, {
    planned: view.planned,
    standing,
    next: view.next,
    owed,
    merchant: workspace.brand.name,
    money: 'sign',
  });
  switch (standing.is) {
    case 'past_due':
    case 'pastDueEnds':
      return (
        <>
          {await FailedPayment(page, view)}
          {standing.is === 'pastDueEnds' ? <Ending page={page} view={view} /> : null}
        </>
      );
    case 'ends':
    case 'trialEnds':
      return <Ending page={page} view={view} />;
    case 'paused':
      return (
        <p>
          {standing.date === null
            ? t('subscription.pausedOpen')
            : t('subscription.pausedUntil', { date: words.date(standing.date) })}
        </p>
      );
    case 'incomplete':
      return (
        <>
          <p>{t('subscription.incomplete')}</p>
          {await PayButton(page, view)}
        </>
      );
    case 'starts':
      return <p>{t('subscription.startsOn', { date: words.date(standing.date ?? subscription.startedAt) })}</p>;
    case 'trialing': {
      const date = words.date(standing.date ?? subscription.currentPeriodEnd);
      const cost = view.next?.cost ?? null;
      if (cost === null) return <p>{t('subscription.trialUnknown', { date })}</p>;
      const amount = words.money({ amount: cost.total, currency: cost.currency });
      return (
        <p className="num">
          {t('subscription.trial', { date, amount, per: words.per(plan.interval, plan.intervalCount) })}
        </p>
      );
    }
    case 'ended':
      return line === null ? null : <p className="num">{line}</p>;
    case 'active':
      return null;
  }
}

function Ending({ page, view }: { page: Page; view: SubscriptionView }) {
  const { words, viewer } = page;
  const { subscription } = view.planned;
  const when = words.when(subscription.cancelAt ?? subscription.currentPeriodEnd);
  return (
    <Notice tone="amber">
      <p>
        {view.next === null ? words.t('subscription.ends', { when }) : words.t('subscription.endsStillPaid', { when })}
      </p>
      {canUndoCancellation(subscription, viewer.now) ? <UndoForm page={page} view={view} /> : null}
    </Notice>
  );
}

async function FailedPayment(page: Page, view: SubscriptionView): Promise<ReactNode> {
  const { words, on, viewer } = page;
  const invoice = unpaidOf(view)[0];
  if (invoice === undefined) return null;
  const attempts = await listPaymentAttempts(on.read, viewer, [invoice.id]);
  const refused = attempts.findLast(({ status }) => status === 'refused');
  const amount = words.money({ amount: amountDue(invoice), currency: invoice.currency });
  return (
    <Notice tone="red">
      <p className="num">
        {refused === undefined
          ? words.t('subscription.pastDueNoReason', { amount })
          : words.t('subscription.pastDue', { amount, reason: words.reason(refused.reason, refused.methodName) })}
      </p>
      <div className="mt-2">{await PayButton(page, view)}</div>
    </Notice>
  );
}

async function PayButton(page: Page, view: SubscriptionView): Promise<ReactNode> {
  const { words, workspace } = page;
  const invoice = unpaidOf(view)[0];
  if (invoice === undefined || !workspace.configuration.invoices.pay) return null;
  const amount = words.money({ amount: amountDue(invoice), currency: invoice.currency });
  return (
    <ButtonLink href={`/invoices/${invoice.id}/pay`} look="main">
      {words.t('subscription.pay', { amount })}
    </ButtonLink>
  );
}

function unpaidOf({ planned, unpaid }: SubscriptionView) {
  return (unpaid ?? []).filter(
    (one) => one.subscriptionId === planned.subscription.id && one.collectionStoppedAt === null && amountDue(one) > 0,
  );
}

async function Actions(page: Page, view: SubscriptionView): Promise<ReactNode> {
  const { words, viewer, workspace, on } = page;
  const { t } = words;
  const { configuration } = workspace;
  const { subscription, plan } = view.planned;
  const ended = isEnded(subscription, viewer.now);
  const cancellation = planCancellation({ ...view.planned, invoices: view.unpaid, configuration }, viewer.now);
  const certificate = await findCertificate(on.read, viewer, subscription.id);
  const canChangeMethod =
    !ended &&
    subscription.collectionMethod === 'charge_automatically' &&
    configuration.paymentMethods.add &&
    isOffered('updatePaymentMethod', plan.portalFeatures, configuration);
  const again = configuration.subscribeAgainUrl;
  return (
    <Section id="actions" title={t('subscription.actions')}>
      <div className="flex flex-col gap-3 sm:flex-row sm:flex-wrap sm:items-start">
        {canChangeMethod ? (
          <ButtonLink href={`/payment-methods/add?for=${subscription.id}`}>{t('subscription.changeMethod')}</ButtonLink>
        ) : null}
        {cancellation.can ? (
          <ButtonLink href={`/subscriptions/${subscription.id}/cancel`}>{t('subscription.cancel')}</ButtonLink>
        ) : null}
        {!cancellation.can && cancellation.why === 'not_offered' ? <CancelOff page={page} /> : null}
        {ended && again !== null ? <ButtonLink href={again}>{t('subscription.subscribeAgain')}</ButtonLink> : null}
      </div>
      <p className="flex flex-wrap gap-x-6">
        {certificate === null ? null : (
          <Link href={`/subscriptions/${subscription.id}/cancel/certificate`}>
            {t('subscription.certificate', { number: certificate.number })}
          </Link>
        )}
        {certificate === null || certificate.takenBackAt === null ? null : (
          <span className="py-2.5 text-quiet">
            {t('cancel.takenBack', { date: words.date(certificate.takenBackAt) })}
          </span>
        )}
        <ClockLink page={page} />
      </p>
    </Section>
  );
}

/** Cancelling is switched off: the button says that it exists, the text who can help. */
function CancelOff({ page }: { page: Page }) {
  const { words, workspace } = page;
  const merchant = workspace.brand.name;
  const contact = contactOf(workspace);
  return (
    <div>
      <Button look="plain" disabled describedBy="cancel-off">
        {words.t('subscription.cancel')}
      </Button>
      <p id="cancel-off" className="mt-1">
        <bdi>{workspace.configuration.cancel.disabledMessage ?? words.t('common.notOffered', { merchant })}</bdi>
      </p>
      {contact === null ? null : <Link href={contact}>{words.t('frame.contact', { merchant })}</Link>}
    </div>
  );
}

async function History(page: Page, view: SubscriptionView): Promise<ReactNode> {
  const { on, viewer, workspace, words } = page;
  if (!workspace.configuration.invoices.view) return null;
  const invoices = await listInvoicesOfSubscription(on.read, viewer, view.planned.subscription.id, 24);
  const standings = await withStanding(on.read, viewer, invoices);
  return (
    <Section id="history" title={words.t('subscription.history')}>
      {standings.length === 0 ? (
        <p>{words.t('subscription.historyEmpty')}</p>
      ) : (
        <>
          <DocumentList words={words} workspace={workspace} standings={standings} now={viewer.now} />
          <Link href={`/invoices?subscription=${view.planned.subscription.id}`}>
            {words.t('overview.documents.allInvoices')}
          </Link>
        </>
      )}
    </Section>
  );
}
