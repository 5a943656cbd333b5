import type { ReactNode } from 'react';
import { draw, type Page } from '@/app/(portal)/_page/draw.tsx';
import { findJourney, followVisit } from '@/app/(portal)/_page/follow-visit.ts';
import { resultPlace } from '@/app/(portal)/_page/journey-place.ts';
import { findNamedPayment, paymentNote } from '@/app/(portal)/_page/payment-note.tsx';
import { portalAct, portalPage } from '@/app/(portal)/_page/portal-page.tsx';
import { ProofLine, ProofWarning } from '@/app/(portal)/_page/proof-line.tsx';
import { answerTrouble } from '@/app/(portal)/_page/trouble.tsx';
import { Button, ButtonLink } from '@/components/ui/button.tsx';
import { Choice } from '@/components/ui/choice.tsx';
import { Facts } from '@/components/ui/facts.tsx';
import { Notice } from '@/components/ui/notice.tsx';
import type { FieldProblem } from '@/components/ui/problems.tsx';
import { findFormOutcome } from '@/lib/data/form-outcomes.ts';
import { findInvoice, listInvoiceLines } from '@/lib/data/invoices.ts';
import { readPayingFacts } from '@/lib/data/paying-facts.ts';
import { findWaitingAttempt } from '@/lib/data/payment-attempts.ts';
import { findProviderVisit, listVisitsOfInvoice } from '@/lib/data/provider-visits.ts';
import { type PaymentMethodId, type ProviderVisitId, readId } from '@/lib/domain/ids.ts';
import { amountDue, type Invoice } from '@/lib/domain/invoice.ts';
import { isMovable, type PayingFacts } from '@/lib/domain/method-duties.ts';
import { payerOf } from '@/lib/domain/payer.ts';
import type { PaymentMethod } from '@/lib/domain/payment-method.ts';
import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import { isChargeable } from '@/lib/domain/provider-reach.ts';
import { isWaiting } from '@/lib/domain/provider-visit.ts';
import type { Failure } from '@/lib/domain/result.ts';
import { isEnded } from '@/lib/domain/subscription-standing.ts';
import { dayMs } from '@/lib/domain/time.ts';
import { answerSeeOther } from '@/lib/html/answer.ts';
import { beginHostedPayment } from '@/lib/operations/begin-hosted-payment.ts';
import { carryOutPayment } from '@/lib/operations/carry-out-payment.ts';
import { payInvoice } from '@/lib/operations/pay-invoice.ts';

/** Pay exactly this invoice, once. */
export const GET = portalPage((page) => drawPaying(page));

export const POST = portalAct({ sensitive: true, again: (page) => drawPaying(page) }, async (act) => {
  const { on, viewer, form, words } = act;
  const invoice = await invoiceOf(act);
  if (invoice === null) return answerTrouble(act, { code: 'not_found', message: 'No such invoice.' });
  const chosen = form.get('method');
  const methodId = readId<'paymentMethod'>(chosen);
  if (methodId === null) return drawPaying({ ...act, kept: form }, { status: 400, problems: [missingMethod(act)] });
  // A form that was sent before made its payment then: nothing of it is given up now.
  if ((await findFormOutcome(on.read, viewer, act.id)) === null) await makeRoom(act, invoice);
  if (chosen === 'other') {
    const begun = await beginHostedPayment(on, viewer, { formId: act.id, invoiceId: invoice.id, locale: words.locale });
    return begun.ok
      ? answerSeeOther(begun.value.redirectUrl)
      : answerRefusal({ ...act, kept: form }, invoice, begun.failure);
  }
  const useFromNowOn = form.get('keep') === '1';
  const paying = await payInvoice(on, viewer, { formId: act.id, invoiceId: invoice.id, methodId, useFromNowOn });
  if (!paying.ok) return answerRefusal({ ...act, kept: form }, invoice, paying.failure);
  await carryOutPayment(on, viewer, paying.value.visitId, { how: 'send', locale: words.locale });
  const journey = await findJourney(on, viewer, paying.value.visitId);
  return answerSeeOther(journey === null ? `/invoices/${invoice.id}` : resultPlace(journey));
});

async function invoiceOf(page: Page): Promise<Invoice | null> {
  const id = readId<'invoice'>(page.params.invoiceId);
  return id === null ? null : findInvoice(page.on.read, page.viewer, id);
}

function missingMethod(page: Page): FieldProblem {
  return { field: 'method', text: page.words.t('pay.chooseMethod') };
}

/** Gives up what still waits for the buyer: an open page, a transfer, a bank's question. What is on its way stays. */
async function makeRoom(page: Page, invoice: Invoice): Promise<void> {
  const visits = await listVisitsOfInvoice(page.on.read, page.viewer, invoice.id, page.now - 2 * dayMs);
  for (const visit of visits.filter(isWaiting)) {
    const isAsked = visit.purpose === 'confirm_payment' && visit.outcome.redirectSealed !== null;
    if (visit.purpose === 'pay_invoice' || isAsked) await followVisit(page.on, visit, { how: 'close' });
  }
}

async function answerRefusal(page: Page, invoice: Invoice, failure: Failure): Promise<Response> {
  const { t, time } = page.words;
  const why = failure.facts?.why;
  if (failure.code === 'conflict' && why === 'paid') return answerSeeOther(`/invoices/${invoice.id}#title`);
  if (failure.code === 'conflict' && why === 'waiting') return answerSeeOther(`/invoices/${invoice.id}/pay#title`);
  if (failure.code === 'validation_error') return drawPaying(page, { status: 400, problems: [missingMethod(page)] });
  if (failure.code === 'not_offered' && why === 'collected') {
    const text = t('pay.collects', { merchant: page.workspace.brand.name });
    return drawPaying(page, { status: 403, note: <Note text={text} /> });
  }
  if (failure.code === 'rate_limited') {
    const text = t('pay.limit', { time: time(Number(failure.facts?.at ?? page.now)) });
    return drawPaying(page, { status: 429, note: <Note text={text} /> });
  }
  if (failure.code === 'upstream_error') {
    const provider = page.on.providers.forNew(page.viewer.mode)?.capabilities.name ?? '';
    return drawPaying(page, { status: 502, note: <Note text={t('pay.silent', { provider })} /> });
  }
  return answerTrouble(page, failure);
}

function Note({ text }: { text: string }) {
  return (
    <Notice tone="amber" result>
      <p>{text}</p>
    </Notice>
  );
}

type More = { readonly status?: number; readonly note?: ReactNode; readonly problems?: readonly FieldProblem[] };

async function drawPaying(page: Page, more: More = {}): Promise<Response> {
  const { t, money } = page.words;
  const { configuration, brand } = page.workspace;
  const invoice = await invoiceOf(page);
  if (invoice === null) return answerTrouble(page, { code: 'not_found', message: 'No such invoice.' });
  const title = t('pay.title', { number: invoice.number });
  const frame = { title, current: 'invoices' } as const;
  if (!configuration.invoices.pay) {
    return draw(page, {
      ...frame,
      keptNote: null,
      status: 403,
      body: <Closed page={page} invoice={invoice} text={t('pay.collects', { merchant: brand.name })} />,
    });
  }
  if (amountDue(invoice) <= 0) {
    const paid =
      invoice.paidAt === null ? t('pay.nothingOwed') : t('pay.alreadyPaid', { date: page.words.date(invoice.paidAt) });
    return draw(page, { ...frame, keptNote: null, body: <Closed page={page} invoice={invoice} text={paid} /> });
  }
  const waiting = await findWaitingAttempt(page.on.read, page.viewer, invoice.id);
  if (waiting?.status === 'pending') {
    const visit = await findProviderVisit(page.on.read, page.viewer, waiting.idempotencyKey as ProviderVisitId);
    if (visit !== null) return answerSeeOther(`/waiting/${visit.id}`);
    const amount = money({ amount: waiting.amount, currency: invoice.currency });
    return draw(page, {
      ...frame,
      keptNote: null,
      body: <Closed page={page} invoice={invoice} text={t('pay.onItsWay', { amount })} />,
    });
  }
  const asked =
    waiting === null ? null : await findJourney(page.on, page.viewer, waiting.idempotencyKey as ProviderVisitId);
  if (asked !== null && page.query.get('payment') === null && more.note === undefined) {
    return answerSeeOther(`/invoices/${invoice.id}/pay?payment=${asked.visit.id}#result`);
  }
  const facts = await readPayingFacts(page.on.read, page.viewer, page.customer, page.workspace);
  const provider = page.on.providers.forNew(page.viewer.mode);
  const { pageOrigin = null } = provider?.capabilities ?? {};
  const named = await findNamedPayment(page, invoice);
  const lines = await listInvoiceLines(page.on.read, page.viewer, invoice.id);
  return draw(page, {
    ...frame,
    ...(more.status === undefined ? {} : { status: more.status }),
    problems: more.problems ?? [],
    note: more.note ?? (await paymentNote(page, invoice)),
    formOrigins: pageOrigin === null ? [] : [pageOrigin],
    body: (
      <PayingForm
        page={page}
        invoice={invoice}
        facts={facts}
        purpose={lines[0]?.description ?? null}
        provider={page.reach.takesPayments ? (provider?.capabilities.name ?? null) : null}
        refusedId={named?.payment?.attempt.status === 'refused' ? named.payment.attempt.paymentMethodId : null}
        isAsked={asked !== null}
      />
    ),
  });
}

function Closed({ page, invoice, text }: { page: Page; invoice: Invoice; text: string }) {
  return (
    <div className="mt-4 space-y-4">
      <p>{text}</p>
      <ButtonLink href={`/invoices/${invoice.id}`}>
        {page.words.t('pay.seeInvoice', { number: invoice.number })}
      </ButtonLink>
    </div>
  );
}

type FormProps = {
  page: Page;
  invoice: Invoice;
  facts: PayingFacts;
  purpose: string | null;
  /** Name of the provider that takes other methods, or null. */
  provider: string | null;
  /** The method whose payment was just refused. */
  refusedId: PaymentMethodId | null;
  /** A bank's question is open: paying another way gives it up. */
  isAsked: boolean;
};

function PayingForm({ page, invoice, facts, purpose, provider, refusedId, isAsked }: FormProps) {
  const { t, money } = page.words;
  const amount = money({ amount: amountDue(invoice), currency: invoice.currency });
  const planned = facts.subscriptions.find(({ subscription }) => subscription.id === invoice.subscriptionId) ?? null;
  const payer = planned === null ? null : payerOf(planned.subscription, facts.customer, facts.methods);
  const methods = inOrder(page, facts, payer);
  const kept = page.kept?.get('method');
  const first = methods.find((one) => one.id !== refusedId) ?? methods[0];
  const checked = kept ?? (first?.id === undefined || isAsked ? 'other' : first.id);
  return (
    <form method="post" action={`/invoices/${invoice.id}/pay`} className="group mt-4 max-w-xl">
      <input type="hidden" name="form" value={page.formId()} />
      <Facts
        facts={[
          { term: t('pay.amount'), value: <strong className="num text-xl">{amount}</strong> },
          ...(purpose === null ? [] : [{ term: t('pay.for'), value: purpose }]),
        ]}
      />
      <ProofWarning page={page} />
      {planned === null || !restartsNothing(page, planned) ? null : (
        <p className="mt-2">{t('pay.doesntRestart', { plan: planned.plan.name })}</p>
      )}
      {isAsked ? <p className="mt-4">{t('pay.otherWay')}</p> : null}
      {methods.length === 0 ? null : (
        <fieldset id="method" className="mt-4">
          <legend className="font-semibold">{t('pay.with')}</legend>
          {methods.map((method) => (
            <Choice key={method.id} type="radio" name="method" value={method.id} checked={checked === method.id}>
              {method.id === refusedId
                ? t('pay.refusedMark', { method: page.words.method(method) })
                : page.words.method(method)}
            </Choice>
          ))}
          {provider === null ? null : (
            <Choice type="radio" name="method" value="other" checked={checked === 'other'}>
              {t('pay.another')}
            </Choice>
          )}
        </fieldset>
      )}
      {planned === null || !canKeep(page, facts, planned, methods, payer) ? null : (
        <div className="group-has-[input[value=other]:checked]:hidden">
          <Choice type="checkbox" name="keep" value="1" checked={page.kept?.get('keep') === '1'}>
            {t('pay.useFromNow', { plan: planned.plan.name })}
          </Choice>
        </div>
      )}
      <Buttons page={page} invoice={invoice} amount={amount} provider={provider} hasSaved={methods.length > 0} />
    </form>
  );
}

function Buttons({
  page,
  invoice,
  amount,
  provider,
  hasSaved,
}: {
  page: Page;
  invoice: Invoice;
  amount: string;
  provider: string | null;
  hasSaved: boolean;
}) {
  const { t } = page.words;
  return (
    <>
      <div className="mt-4 flex flex-wrap gap-2">
        {hasSaved ? (
          <div className="w-full group-has-[input[value=other]:checked]:hidden sm:w-auto">
            <Button>{t('pay.pay', { amount })}</Button>
          </div>
        ) : null}
        {provider === null ? null : hasSaved ? (
          <div className="hidden w-full group-has-[input[value=other]:checked]:block sm:w-auto">
            <Button>{t('pay.continue', { provider })}</Button>
          </div>
        ) : (
          <Button name="method" value="other">
            {t('pay.continue', { provider })}
          </Button>
        )}
        <ButtonLink href={`/invoices/${invoice.id}`}>{t('pay.notNow')}</ButtonLink>
      </div>
      <ProofLine page={page} />
    </>
  );
}

/** The subscription's own method first, then the default, then as they were added; only what can be charged here. */
function inOrder(page: Page, facts: PayingFacts, payer: PaymentMethod | null): PaymentMethod[] {
  const rank = (method: PaymentMethod) =>
    method.id === payer?.id ? 0 : method.id === facts.customer.defaultPaymentMethodId ? 1 : 2;
  return facts.methods
    .filter((one) => isChargeable(one, page.reach, page.viewer.now))
    .sort((one, other) => rank(one) - rank(other) || one.createdAt - other.createdAt);
}

/** Is there a method the subscription could move to? */
function canKeep(
  page: Page,
  facts: PayingFacts,
  planned: PlannedSubscription,
  methods: readonly PaymentMethod[],
  payer: PaymentMethod | null,
): boolean {
  if (!isMovable(planned, facts) || isEnded(planned.subscription, page.viewer.now)) return false;
  return methods.some((one) => one.id !== payer?.id);
}

function restartsNothing(page: Page, { subscription }: PlannedSubscription): boolean {
  return isEnded(subscription, page.viewer.now) || subscription.status === 'paused';
}
