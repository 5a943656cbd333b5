import type { Page } from '@/app/(portal)/_page/draw.tsx';
import { Button, ButtonLink } from '@/components/ui/button.tsx';
import { Chip } from '@/components/ui/chip.tsx';
import { amountDue, type Invoice } from '@/lib/domain/invoice.ts';
import { dutiesOf, isMovable, lastChargeOver, type PayingFacts } from '@/lib/domain/method-duties.ts';
import { moneyStyleOf } from '@/lib/domain/money-style.ts';
import { isExpired, isUsable, methodEndsAt, type PaymentMethod } from '@/lib/domain/payment-method.ts';
import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import { amountOf, heldOf, nextOf } from './paying-facts.ts';

/** One saved method: what it is, how it stands, what it pays, and what can be done with it. */
export function MethodRow({
  page,
  method,
  facts,
  failed,
}: {
  page: Page;
  method: PaymentMethod;
  /** Null when what it pays could not be read. */
  facts: PayingFacts | null;
  /** The unpaid invoice whose last payment failed on this method, or null. */
  failed: Invoice | null;
}) {
  const { t } = page.words;
  const name = page.words.method(method);
  const shown = method.mode === 'test' ? t('common.methodTest', { method: name }) : name;
  const { expMonth, expYear } = method;
  return (
    <li className="rounded-corner border border-line bg-card p-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="text-lg font-semibold">{shown}</h3>
        <Chips page={page} method={method} facts={facts} isFailed={failed !== null} />
      </div>
      {expMonth === null || expYear === null ? null : (
        <p className="text-quiet">{t('paymentMethods.expires', { expiry: page.words.expiry(expMonth, expYear) })}</p>
      )}
      <PaysLines page={page} method={method} facts={facts} />
      {method.detachAt === null ? (
        <Actions page={page} method={method} facts={facts} name={name} failed={failed} />
      ) : (
        <Leaving page={page} method={method} name={name} at={method.detachAt} />
      )}
    </li>
  );
}

function Chips({
  page,
  method,
  facts,
  isFailed,
}: {
  page: Page;
  method: PaymentMethod;
  facts: PayingFacts | null;
  isFailed: boolean;
}) {
  const { t } = page.words;
  const { now } = page.viewer;
  const endsAt = methodEndsAt(method);
  const nexts = facts === null ? [] : dutiesOf(method, facts, now).map((one) => nextOf(page, one));
  const endsFirst = endsAt !== null && nexts.some((next) => next !== null && endsAt <= next.at);
  return (
    <>
      {page.customer.defaultPaymentMethodId === method.id ? (
        <Chip tone="neutral">{t('status.method.default')}</Chip>
      ) : null}
      {isExpired(method, now) ? (
        <Chip tone="red">{t('status.method.expired')}</Chip>
      ) : endsFirst ? (
        <Chip tone="amber">{t('status.method.endsFirst')}</Chip>
      ) : null}
      {method.status === 'pending' ? <Chip tone="blue">{t('status.method.pending')}</Chip> : null}
      {method.status === 'refused' ? <Chip tone="red">{t('status.method.refused')}</Chip> : null}
      {isFailed ? <Chip tone="red">{t('paymentMethods.lastFailed')}</Chip> : null}
    </>
  );
}

function PaysLines({ page, method, facts }: { page: Page; method: PaymentMethod; facts: PayingFacts | null }) {
  const { t } = page.words;
  if (facts === null) return <p className="mt-2">{t('paymentMethods.paysFailed')}</p>;
  const duties = dutiesOf(method, facts, page.viewer.now);
  if (duties.length === 0) return <p className="mt-2 text-quiet">{t('paymentMethods.paysNothing')}</p>;
  const merchant = page.workspace.brand.name;
  return (
    <ul className="mt-2 space-y-1">
      {duties.map((planned) => (
        <li key={planned.subscription.id}>{paysLine(page, facts, planned, duties.length)}</li>
      ))}
      {heldOf(facts, duties).map(({ subscription, plan }) => (
        <li key={`held-${subscription.id}`} className="text-quiet">
          {t('paymentMethods.heldByMerchant', { merchant, plan: plan.name })}
        </li>
      ))}
    </ul>
  );
}

function paysLine(page: Page, facts: PayingFacts, planned: PlannedSubscription, count: number): string {
  const { t, date } = page.words;
  const plan = planned.plan.name;
  const ends = lastChargeOver(planned, page.viewer.now);
  if (ends !== null) {
    return count === 1
      ? t('paymentMethods.paysEnding', { date: date(ends) })
      : t('paymentMethods.paysEndingOf', { plan, date: date(ends) });
  }
  const next = nextOf(page, planned);
  if (next === null) return t('paymentMethods.paysOpenEnd', { plan });
  const amount = amountOf(page, next, moneyStyleOf(facts.subscriptions, []));
  const values = { plan, date: date(next.at) };
  if (amount === null) return t('paymentMethods.paysUsage', values);
  if (next.kind === 'trial') return t('paymentMethods.paysTrial', { ...values, amount });
  if (next.kind === 'restart') return t('paymentMethods.paysFrom', { ...values, amount });
  return t('paymentMethods.pays', { ...values, amount });
}

function Leaving({ page, method, name, at }: { page: Page; method: PaymentMethod; name: string; at: number }) {
  const { t } = page.words;
  return (
    <>
      <p className="mt-2">{t('paymentMethods.leaves', { method: name, when: page.words.when(at) })}</p>
      <form method="post" action={`/payment-methods/${method.id}/keep`} className="mt-3">
        <input type="hidden" name="form" value={page.formId()} />
        <Button look="plain" label={t('paymentMethods.keepOf', { method: name })}>
          {t('paymentMethods.keep')}
        </Button>
      </form>
    </>
  );
}

function Actions({
  page,
  method,
  facts,
  name,
  failed,
}: {
  page: Page;
  method: PaymentMethod;
  facts: PayingFacts | null;
  name: string;
  failed: Invoice | null;
}) {
  const { t } = page.words;
  const { paymentMethods: offered, invoices } = page.workspace.configuration;
  const at = `/payment-methods/${method.id}`;
  const canPay = isUsable(method, page.viewer.now);
  const isDefault = page.customer.defaultPaymentMethodId === method.id;
  const canMove = facts?.subscriptions.some(
    (one) => one.subscription.endedAt === null && isMovable(one, facts) && one.subscription.status !== 'canceled',
  );
  return (
    <div className="mt-3 flex flex-wrap gap-2">
      {failed !== null && invoices.pay ? (
        <ButtonLink href={`/invoices/${failed.id}/pay`} look="main">
          {t('paymentMethods.payWithAnother', {
            amount: page.words.money(
              { amount: amountDue(failed), currency: failed.currency },
              moneyStyleOf(facts?.subscriptions ?? [], [failed]),
            ),
          })}
        </ButtonLink>
      ) : null}
      {offered.setDefault && canPay && !isDefault ? (
        <ButtonLink href={`${at}/default`} label={t('paymentMethods.makeDefaultOf', { method: name })}>
          {t('paymentMethods.makeDefault')}
        </ButtonLink>
      ) : null}
      {offered.perSubscription && canMove === true && method.status === 'active' ? (
        <ButtonLink href={`${at}/use`} label={t('paymentMethods.useOf', { method: name })}>
          {t('paymentMethods.use')}
        </ButtonLink>
      ) : null}
      {offered.remove ? (
        <ButtonLink href={`${at}/remove`} label={t('paymentMethods.removeOf', { method: name })}>
          {t('paymentMethods.remove')}
        </ButtonLink>
      ) : null}
    </div>
  );
}
