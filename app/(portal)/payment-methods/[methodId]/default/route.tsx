import { draw, type Page } from '@/app/(portal)/_page/draw.tsx';
import { findJourney } from '@/app/(portal)/_page/follow-visit.ts';
import { resultPlace } from '@/app/(portal)/_page/journey-place.ts';
import { portalAct, portalPage, seeDone } from '@/app/(portal)/_page/portal-page.tsx';
import { ProofLine, ProofWarning } from '@/app/(portal)/_page/proof-line.tsx';
import { answerTrouble } from '@/app/(portal)/_page/trouble.tsx';
import { readTicks, SubscriptionTicks } from '@/app/(portal)/payment-methods/_components/choices.tsx';
import { methodOf, readPayingFacts } from '@/app/(portal)/payment-methods/_components/paying-facts.ts';
import { Button, ButtonLink } from '@/components/ui/button.tsx';
import { Choice } from '@/components/ui/choice.tsx';
import { Notice } from '@/components/ui/notice.tsx';
import { listUnpaidInvoices } from '@/lib/data/invoices.ts';
import { readId } from '@/lib/domain/ids.ts';
import { amountDue } from '@/lib/domain/invoice.ts';
import { chargedSubscriptions, isMovable, lastChargeOver, owedNow } from '@/lib/domain/method-duties.ts';
import { moneyStyleOf } from '@/lib/domain/money-style.ts';
import { payerOf } from '@/lib/domain/payer.ts';
import { isUsable } from '@/lib/domain/payment-method.ts';
import { isChargeable } from '@/lib/domain/provider-reach.ts';
import { answerSeeOther } from '@/lib/html/answer.ts';
import { carryOutPayment } from '@/lib/operations/carry-out-payment.ts';
import { makeDefaultPaymentMethod } from '@/lib/operations/make-default-payment-method.ts';

/** Make a method the default, and say which subscriptions move along. */
export const GET = portalPage((page) => drawDefault(page));

export const POST = portalAct({ sensitive: true, again: (page) => drawDefault(page) }, async (act) => {
  const { form, on, viewer, words } = act;
  const methodId = readId<'paymentMethod'>(act.params.methodId);
  const subscriptionIds = readTicks(form);
  const payInvoiceId = form.has('pay') ? readId<'invoice'>(form.get('pay')) : null;
  if (methodId === null || subscriptionIds === null || (form.has('pay') && payInvoiceId === null)) {
    return answerTrouble(act, { code: 'not_found', message: 'No such object.' });
  }
  const input = { formId: act.id, methodId, subscriptionIds, payInvoiceId };
  const made = await makeDefaultPaymentMethod(on, viewer, input);
  if (!made.ok && made.failure.code === 'rate_limited') {
    const time = words.time(Number(made.failure.facts?.at ?? act.now));
    return drawDefault({ ...act, kept: form }, words.t('pay.limit', { time }));
  }
  if (!made.ok) return answerTrouble(act, made.failure);
  const { paymentToSend } = made.value;
  if (paymentToSend === null) return seeDone(act, '/payment-methods');
  await carryOutPayment(on, viewer, paymentToSend, { how: 'send', locale: words.locale });
  const journey = await findJourney(on, viewer, paymentToSend);
  return journey === null ? seeDone(act, '/payment-methods') : answerSeeOther(resultPlace(journey));
});

/** `limit`: why the invoice cannot be paid right now, after a form that asked for it. */
async function drawDefault(page: Page, limit: string | null = null): Promise<Response> {
  const { t, money } = page.words;
  const { paymentMethods: offered, invoices } = page.workspace.configuration;
  const facts = await readPayingFacts(page);
  const method = methodOf(page, facts);
  if (method === null) return answerTrouble(page, { code: 'not_found', message: 'No such method.' });
  if (!offered.setDefault) return answerTrouble(page, { code: 'not_offered', message: 'Not offered here.' });
  const { now } = page.viewer;
  const name = page.words.method(method);
  const movable = chargedSubscriptions(facts, now).filter(
    (one) => isMovable(one, facts) && payerOf(one.subscription, facts.customer, facts.methods)?.id !== method.id,
  );
  const canPay = isUsable(method, now);
  const unpaid = await listUnpaidInvoices(page.on.read, page.viewer);
  const mayPay = offered.offerPayDue && invoices.pay && isChargeable(method, page.reach, now);
  const owed = mayPay ? owedNow(facts, unpaid, null, now) : null;
  return draw(page, {
    title: t('paymentMethods.defaultTitle', { method: name }),
    current: 'paymentMethods',
    ...(limit === null
      ? {}
      : {
          status: 429,
          note: (
            <Notice tone="amber" result>
              <p>{limit}</p>
            </Notice>
          ),
        }),
    body: canPay ? (
      <form method="post" className="mt-4 max-w-xl">
        <input type="hidden" name="form" value={page.formId()} />
        <p>{t('paymentMethods.defaultText')}</p>
        <ProofWarning page={page} />
        <SubscriptionTicks
          page={page}
          facts={facts}
          legend={t('paymentMethods.alsoMove')}
          subscriptions={movable}
          ticked={(planned) =>
            page.kept === null
              ? lastChargeOver(planned, now) === null
              : page.kept.getAll('use').includes(planned.subscription.id)
          }
        />
        {owed === null ? null : (
          <div className="mt-2">
            <Choice type="checkbox" name="pay" value={owed.id} checked={page.kept?.get('pay') === owed.id}>
              {t('paymentMethods.payWithIt', {
                amount: money(
                  { amount: amountDue(owed), currency: owed.currency },
                  moneyStyleOf(facts.subscriptions, [owed]),
                ),
              })}
            </Choice>
          </div>
        )}
        <div className="mt-4 flex flex-wrap gap-2">
          <Button>{t('paymentMethods.makeDefault')}</Button>
          <ButtonLink href="/payment-methods">{t('paymentMethods.dontChange')}</ButtonLink>
        </div>
        <ProofLine page={page} />
      </form>
    ) : (
      <div className="mt-4 space-y-4">
        <p>{t('paymentMethods.expiredText', { method: name })}</p>
        <ButtonLink href="/payment-methods">{t('paymentMethods.backToList')}</ButtonLink>
      </div>
    ),
  });
}
