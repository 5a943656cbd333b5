import { changedElsewhere } from '@/app/(portal)/_page/changed-elsewhere.ts';
import { draw, type Page } from '@/app/(portal)/_page/draw.tsx';
import { portalAct, portalPage } from '@/app/(portal)/_page/portal-page.tsx';
import { ProofLine, ProofWarning } from '@/app/(portal)/_page/proof-line.tsx';
import { answerTrouble } from '@/app/(portal)/_page/trouble.tsx';
import { readTicks, SubscriptionTicks } from '@/app/(portal)/payment-methods/_components/choices.tsx';
import { heldOf, nextOf, readPayingFacts, rowsOf } from '@/app/(portal)/payment-methods/_components/paying-facts.ts';
import { Button, ButtonLink } from '@/components/ui/button.tsx';
import { Notice } from '@/components/ui/notice.tsx';
import { listUnpaidInvoices } from '@/lib/data/invoices.ts';
import { readId } from '@/lib/domain/ids.ts';
import { amountDue, type Invoice } from '@/lib/domain/invoice.ts';
import {
  chargedSubscriptions,
  isMovable,
  lacksDefault,
  lastChargeOver,
  owedNow,
  type PayingFacts,
} from '@/lib/domain/method-duties.ts';
import { moneyStyleOf } from '@/lib/domain/money-style.ts';
import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import type { Instant } from '@/lib/domain/time.ts';
import { answerSeeOther } from '@/lib/html/answer.ts';
import { beginAddingPaymentMethod } from '@/lib/operations/begin-adding-payment-method.ts';

/** Add a payment method: what it is for, what is owed, and where the details are entered. */
export const GET = portalPage((page) => drawAdding(page));

/** Goes to the provider's page. Sensitive when the new method takes over something or pays at once. */
export const POST = portalAct({ sensitive: takesOver, again: (page) => drawAdding(page) }, async (act) => {
  const { form, on, viewer, words } = act;
  const subscriptionIds = readTicks(form);
  const wanted = form.get('pay');
  const payInvoiceId = wanted === null || wanted === '' ? null : readId<'invoice'>(wanted);
  if (subscriptionIds === null || (payInvoiceId === null && wanted !== null && wanted !== '')) {
    return answerTrouble(act, { code: 'not_found', message: 'No such object.' });
  }
  const begun = await beginAddingPaymentMethod(on, viewer, {
    formId: act.id,
    subscriptionIds,
    makeDefault: false,
    payInvoiceId,
    locale: words.locale,
  });
  if (begun.ok) return answerSeeOther(begun.value.redirectUrl);
  const filled = { ...act, kept: form };
  if (begun.failure.code === 'upstream_error') return drawAdding(filled, 'silent');
  if (begun.failure.code === 'conflict') return drawAdding(filled, 'changed');
  const at = begun.failure.facts?.at;
  if (begun.failure.code === 'rate_limited' && at !== undefined) return drawAdding(filled, { until: Number(at) });
  return answerTrouble(act, begun.failure);
});

async function takesOver(page: Page, form: URLSearchParams): Promise<boolean> {
  if (form.has('use') || (form.get('pay') ?? '') !== '') return true;
  return lacksDefault(await readPayingFacts(page));
}

/** `until`: the invoice was tried too often, and is taken again then. */
type Trouble = 'silent' | 'changed' | { readonly until: Instant };

async function drawAdding(page: Page, trouble: Trouble | null = null): Promise<Response> {
  const { t } = page.words;
  const { configuration, brand } = page.workspace;
  const provider = page.on.providers.forNew(page.viewer.mode);
  if (!configuration.paymentMethods.add || provider === null) {
    return answerTrouble(page, { code: 'not_offered', message: 'Adding is not offered here.' });
  }
  const facts = await readPayingFacts(page);
  const unpaid = await listUnpaidInvoices(page.on.read, page.viewer);
  const mayPay = configuration.paymentMethods.offerPayDue && configuration.invoices.pay;
  const named = page.query.get('invoice') ?? page.kept?.get('pay') ?? null;
  const owed = mayPay ? owedNow(facts, unpaid, named, page.viewer.now) : null;
  const { name, pageOrigin } = provider.capabilities;
  const problem =
    trouble === 'silent'
      ? t('paymentMethods.silent', { provider: name })
      : trouble === 'changed'
        ? changedElsewhere(page, rowsOf(facts))
        : trouble === null
          ? null
          : t('pay.limit', { time: page.words.time(trouble.until) });
  return draw(page, {
    title: t('paymentMethods.add'),
    current: 'paymentMethods',
    status: trouble === null ? 200 : trouble === 'silent' ? 502 : trouble === 'changed' ? 409 : 429,
    note:
      problem === null ? null : (
        <Notice tone="amber" result>
          <p>{problem}</p>
        </Notice>
      ),
    formOrigins: pageOrigin === null ? [] : [pageOrigin],
    lead: (
      <p className="text-quiet">
        {t('paymentMethods.for', {
          email: page.customer.email ?? page.customer.name ?? page.customer.id,
          merchant: brand.name,
        })}
      </p>
    ),
    body: <AddingForm page={page} facts={facts} owed={owed} provider={name} />,
  });
}

function AddingForm({
  page,
  facts,
  owed,
  provider,
}: {
  page: Page;
  facts: PayingFacts;
  owed: Invoice | null;
  /** Its name as buyers know it. */
  provider: string;
}) {
  const { t, money } = page.words;
  const merchant = page.workspace.brand.name;
  const charged = chargedSubscriptions(facts, page.viewer.now);
  const movable = charged.filter((one) => isMovable(one, facts));
  const amount =
    owed === null
      ? ''
      : money({ amount: amountDue(owed), currency: owed.currency }, moneyStyleOf(facts.subscriptions, [owed]));
  return (
    <form
      method="post"
      action={`/payment-methods/add${page.query.size === 0 ? '' : `?${page.query}`}`}
      className="mt-4 max-w-xl"
    >
      <input type="hidden" name="form" value={page.formId()} />
      {owed === null ? null : (
        <p className="rounded-corner border-s-4 border-red bg-red-soft px-3 py-2.5">{owedText(page, owed, amount)}</p>
      )}
      {isSensitive(owed, movable, facts) ? <ProofWarning page={page} /> : null}
      <SubscriptionTicks
        page={page}
        facts={facts}
        legend={t('paymentMethods.useFor')}
        subscriptions={movable}
        ticked={(planned) => isTicked(page, planned)}
        noteOf={(planned) => noteOf(page, planned)}
      />
      {heldOf(facts, charged).map(({ subscription, plan }) => (
        <p key={subscription.id} className="mt-2 text-quiet">
          {t('paymentMethods.heldByMerchant', { merchant, plan: plan.name })}
        </p>
      ))}
      <p className="mt-4">{t('paymentMethods.where', { provider, merchant })}</p>
      <div className="mt-4 flex flex-wrap gap-2">
        {owed === null ? (
          <Button>{t('paymentMethods.continue', { provider })}</Button>
        ) : (
          <>
            <Button name="pay" value={owed.id}>
              {t('paymentMethods.saveAndPay', { amount })}
            </Button>
            <Button look="plain" name="pay" value="">
              {t('paymentMethods.saveOnly')}
            </Button>
          </>
        )}
        <ButtonLink href="/payment-methods">{t('paymentMethods.dontAdd')}</ButtonLink>
      </div>
      <ProofLine page={page} />
    </form>
  );
}

/** Would it be a sensitive act as the form stands? Where nothing is moved, paid or made the default, it is none. */
function isSensitive(owed: Invoice | null, movable: readonly PlannedSubscription[], facts: PayingFacts): boolean {
  return owed !== null || movable.length > 0 || lacksDefault(facts);
}

function owedText(page: Page, owed: Invoice, amount: string): string {
  const { t, period } = page.words;
  const { number, periodStart } = owed;
  return periodStart === null
    ? t('paymentMethods.owedNoPeriod', { amount, number })
    : t('paymentMethods.owed', { amount, number, period: period(periodStart) });
}

/** Everything is ticked but what ends without another payment; `for` narrows it to one. */
function isTicked(page: Page, planned: PlannedSubscription): boolean {
  if (page.kept !== null) return page.kept.getAll('use').includes(planned.subscription.id);
  const wanted = page.query.get('for');
  if (wanted !== null) return planned.subscription.id === wanted;
  return lastChargeOver(planned, page.viewer.now) === null;
}

function noteOf(page: Page, planned: PlannedSubscription): string | null {
  const { t, date } = page.words;
  const ends = lastChargeOver(planned, page.viewer.now);
  if (ends !== null) return t('paymentMethods.endsOn', { date: date(ends) });
  const next = nextOf(page, planned);
  if (next?.kind === 'trial') return t('paymentMethods.untilTrialEnd', { date: date(next.at) });
  return next?.kind === 'restart' ? t('paymentMethods.fromRestart', { date: date(next.at) }) : null;
}
