import type { ReactNode } from 'react';
import type { Page } from '@/app/(portal)/_page/draw.tsx';
import { FlowMessage } from '@/app/(portal)/_page/flow-done.tsx';
import { findJourney, type Journey } from '@/app/(portal)/_page/follow-visit.ts';
import { ButtonLink } from '@/components/ui/button.tsx';
import { Link } from '@/components/ui/link.tsx';
import { Notice } from '@/components/ui/notice.tsx';
import type { Tone } from '@/components/ui/tone.ts';
import { findInvoice } from '@/lib/data/invoices.ts';
import { findPaymentMethod } from '@/lib/data/payment-methods.ts';
import { listProviderVisits } from '@/lib/data/provider-visits.ts';
import { listReceiptsOfInvoices } from '@/lib/data/receipts.ts';
import type { PaymentMethodId, SubscriptionId } from '@/lib/domain/ids.ts';
import { readId } from '@/lib/domain/ids.ts';
import { dutiesOf, type PayingFacts } from '@/lib/domain/method-duties.ts';
import { moneyStyleOf } from '@/lib/domain/money-style.ts';
import { hourMs, type Instant } from '@/lib/domain/time.ts';
import { openRedirect } from '@/lib/session/provider-return.ts';
import { payerName } from './paying-facts.ts';

/** The result note of the payment methods page: of a form, or of what became of a visit to the provider. */
export async function methodNote(page: Page, facts: PayingFacts): Promise<ReactNode> {
  if (page.done !== null) return formNote(page, facts);
  const named = page.query.get('visit');
  if (named === 'gone') return note(page.words.t('paymentMethods.oldState'), 'amber');
  const id = readId<'providerVisit'>(named);
  const journey = id === null ? await lastJourney(page) : await findJourney(page.on, page.viewer, id);
  return journey === null ? null : visitNote(page, facts, journey);
}

/** What became of a visit that was begun before the session ended and came to its end after: shown at the next entry. */
async function lastJourney(page: Page): Promise<Journey | null> {
  const [newest] = await listProviderVisits(page.on.read, page.viewer, page.session.enteredAt - 2 * hourMs);
  if (newest === undefined || newest.purpose !== 'add_method' || newest.status === 'open') return null;
  if (newest.browserSessionId === page.session.id || newest.createdAt > page.session.enteredAt) return null;
  return findJourney(page.on, page.viewer, newest.id);
}

async function formNote(page: Page, facts: PayingFacts): Promise<ReactNode> {
  const { t } = page.words;
  const code = page.done?.code;
  const method = await findPaymentMethod(page.on.read, page.viewer, String(page.done?.facts.method) as PaymentMethodId);
  if (method === null) return null;
  const name = page.words.method(method);
  const plans = dutiesOf(method, facts, page.viewer.now).map(({ plan }) => plan.name);
  const paid = { method: name, plans: page.words.list(plans) };
  if (code === 'removed') return note(t('paymentMethods.removed', { method: name }), 'green');
  if (code === 'kept') return note(t('paymentMethods.kept', { method: name }), 'green');
  if (code === 'removal_planned') {
    const when = method.detachAt === null ? null : page.words.when(method.detachAt);
    return when === null ? null : note(t('paymentMethods.leaves', { method: name, when }), 'green');
  }
  if (code === 'made_default') {
    return note(
      plans.length === 0
        ? t('paymentMethods.madeDefaultNothing', { method: name })
        : t('paymentMethods.madeDefault', paid),
      'green',
      await unpaidText(page, page.done?.facts.invoice, page.done?.facts.unpaid),
    );
  }
  if (code !== 'chosen') return null;
  if (plans.length > 0) return note(t('paymentMethods.nowPays', paid), 'green');
  const left = facts.subscriptions.find(
    ({ subscription }) => subscription.id === (page.done?.facts.left as SubscriptionId | null),
  );
  const payer = left === undefined ? null : payerName(page, facts, left);
  return note(
    left === undefined || payer === null
      ? t('paymentMethods.nowPaysNothingAtAll', { method: name })
      : t('paymentMethods.nowPaysNothing', { method: name, plan: left.plan.name, payer }),
    'green',
  );
}

async function visitNote(page: Page, facts: PayingFacts, { visit, payment }: Journey): Promise<ReactNode> {
  const { t } = page.words;
  const { outcome, status } = visit;
  const provider = page.on.providers.byAdapter(visit.adapter)?.capabilities.name ?? visit.adapter;
  const again = <Link href="/payment-methods/add">{t('paymentMethods.tryAgain')}</Link>;
  const check = <Link href={`/waiting/${visit.id}`}>{t('paymentMethods.checkAgain')}</Link>;
  const method = outcome.method === null ? '' : page.words.method(outcome.method);
  switch (status) {
    case 'succeeded': {
      if (payment !== null) return paidNote(page, facts, method, payment);
      const unpaid = await unpaidText(page, visit.wishes.payInvoiceId, outcome.unpaid?.why, outcome.unpaid?.at);
      const more = (
        <>
          {unpaid}
          <FlowMessage page={page} />
        </>
      );
      if (outcome.alreadyHere) return note(t('paymentMethods.alreadyHere'), 'green', more);
      const plans = page.words.list(outcome.pays);
      return note(
        plans === '' ? t('paymentMethods.savedNothing', { method }) : t('paymentMethods.saved', { method, plans }),
        'green',
        more,
      );
    }
    case 'refused': {
      const name = outcome.method ?? { type: 'card', brand: null, last4: null, label: null };
      const reason = page.words.reason(outcome.reason, name);
      return note(
        outcome.method === null
          ? t('paymentMethods.refusedNoMethod', { reason })
          : t('paymentMethods.refused', { method, reason }),
        'red',
        again,
      );
    }
    case 'left':
      return note(t('paymentMethods.left'), 'neutral', again);
    case 'pending':
      return note(t('paymentMethods.pending', { provider }), 'blue', check);
    case 'unknown':
      return note(t('paymentMethods.unknown'), 'amber', check);
    case 'open': {
      const goOn = openRedirect(page.on, visit);
      const asks = outcome.reason === 'needs_confirmation';
      const text = asks ? t('paymentMethods.mustConfirm') : t('paymentMethods.stillOpen', { provider });
      const label = asks ? t('paymentMethods.confirm') : t('paymentMethods.goOn', { provider });
      return note(text, 'amber', goOn === null ? again : <ButtonLink href={goOn}>{label}</ButtonLink>);
    }
  }
}

/** Why an invoice was not paid along with it although that was asked for; null when it was not asked for. */
async function unpaidText(
  page: Page,
  invoiceId: string | number | null | undefined,
  why: string | number | null | undefined,
  at: Instant | null = null,
): Promise<ReactNode> {
  const id = readId<'invoice'>(String(invoiceId ?? ''));
  if (id === null || why === null || why === undefined) return null;
  const { t, time } = page.words;
  if (why === 'limit') return <p>{t('pay.limit', { time: time(at ?? page.now) })}</p>;
  const number = (await findInvoice(page.on.read, page.viewer, id))?.number ?? '';
  return <p>{t(why === 'waiting' ? 'paymentMethods.unpaidWaiting' : 'paymentMethods.unpaidSettled', { number })}</p>;
}

async function paidNote(
  page: Page,
  facts: PayingFacts,
  method: string,
  payment: NonNullable<Journey['payment']>,
): Promise<ReactNode> {
  const { t } = page.words;
  const { attempt, visit } = payment;
  const invoice = await findInvoice(page.on.read, page.viewer, attempt.invoiceId);
  if (invoice === null) return null;
  const amount = page.words.money(
    { amount: attempt.amount, currency: invoice.currency },
    moneyStyleOf(facts.subscriptions, [invoice]),
  );
  switch (attempt.status) {
    case 'succeeded': {
      const [receipt] = await listReceiptsOfInvoices(page.on.read, page.viewer, [invoice.id]);
      const link =
        receipt === undefined ? null : (
          <Link href={`/receipts/${receipt.id}`}>{t('paymentMethods.receipt', { number: receipt.number })}</Link>
        );
      const more = (
        <>
          {link}
          <FlowMessage page={page} />
        </>
      );
      return note(t('paymentMethods.savedAndPaid', { method, amount }), 'green', more);
    }
    case 'needs_confirmation': {
      const confirm = openRedirect(page.on, visit);
      const link = confirm === null ? null : <ButtonLink href={confirm}>{t('paymentMethods.confirm')}</ButtonLink>;
      return note(t('paymentMethods.savedConfirm', { method, amount }), 'amber', link);
    }
    case 'pending': {
      const link = <Link href={`/waiting/${visit.id}`}>{t('paymentMethods.checkAgain')}</Link>;
      return note(t('paymentMethods.savedPaying', { method, amount }), 'blue', link);
    }
    default: {
      const reason = page.words.reason(attempt.reason, attempt.methodName);
      const link = <ButtonLink href={`/invoices/${invoice.id}/pay`}>{t('paymentMethods.pay', { amount })}</ButtonLink>;
      return note(t('paymentMethods.savedUnpaid', { method, amount, reason }), 'red', link);
    }
  }
}

function note(text: string, tone: Tone, more: ReactNode = null): ReactNode {
  return (
    <Notice tone={tone} result>
      <p>{text}</p>
      {more === null ? null : <div className="mt-1">{more}</div>}
    </Notice>
  );
}
