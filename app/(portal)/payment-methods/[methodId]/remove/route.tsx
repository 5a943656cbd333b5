import type { ReactNode } from 'react';
import { changedElsewhere } from '@/app/(portal)/_page/changed-elsewhere.ts';
import { draw, type Page } from '@/app/(portal)/_page/draw.tsx';
import { portalAct, portalPage, seeDone } from '@/app/(portal)/_page/portal-page.tsx';
import { ProofLine, ProofWarning } from '@/app/(portal)/_page/proof-line.tsx';
import { answerTrouble } from '@/app/(portal)/_page/trouble.tsx';
import { readPayingFacts, rowsOf } from '@/app/(portal)/payment-methods/_components/paying-facts.ts';
import { Button, ButtonLink } from '@/components/ui/button.tsx';
import { Choice } from '@/components/ui/choice.tsx';
import { Link } from '@/components/ui/link.tsx';
import { Notice } from '@/components/ui/notice.tsx';
import type { FieldProblem } from '@/components/ui/problems.tsx';
import { listUnpaidInvoices } from '@/lib/data/invoices.ts';
import { listWaitingAttemptsWith } from '@/lib/data/payment-attempts.ts';
import { findPaymentMethod } from '@/lib/data/payment-methods.ts';
import { readId } from '@/lib/domain/ids.ts';
import { amountDue, type Invoice } from '@/lib/domain/invoice.ts';
import { judgeRemoval, lastChargeOver, owedOn, type Removal } from '@/lib/domain/method-duties.ts';
import { type MoneyStyle, moneyStyleOf } from '@/lib/domain/money-style.ts';
import type { PaymentMethod } from '@/lib/domain/payment-method.ts';
import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import { contactOf, isOffered } from '@/lib/domain/workspace.ts';
import { type RemovalWay, removePaymentMethod } from '@/lib/operations/remove-payment-method.ts';

/** Remove a method: what happens, and where it cannot simply go, the ways there. */
export const GET = portalPage((page) => drawRemoval(page));

export const POST = portalAct({ sensitive: true, again: (page) => drawRemoval(page) }, async (act) => {
  const methodId = readId<'paymentMethod'>(act.params.methodId);
  const way = readWay(act.form);
  if (methodId === null) return answerTrouble(act, { code: 'not_found', message: 'No such method.' });
  if (way === null) return drawRemoval(act, 400, [{ field: 'by', text: act.words.t('paymentMethods.chooseInstead') }]);
  const removed = await removePaymentMethod(act.on, act.viewer, { formId: act.id, methodId, way });
  if (removed.ok) {
    // After a removal the list takes focus; a plan is told in the note.
    return seeDone(act, '/payment-methods');
  }
  const { code } = removed.failure;
  if (code === 'validation_error') {
    return drawRemoval(act, 400, [{ field: 'by', text: act.words.t('paymentMethods.chooseInstead') }]);
  }
  return code === 'conflict' ? drawRemoval(act, 409) : answerTrouble(act, removed.failure);
});

function readWay(form: URLSearchParams): RemovalWay | null {
  const way = form.get('way');
  if (way === 'at_end') return { is: 'at_end' };
  if (way !== 'replaced') return { is: 'now' };
  const by = readId<'paymentMethod'>(form.get('by'));
  return by === null ? null : { is: 'replaced', by };
}

async function drawRemoval(page: Page, status = 200, problems: readonly FieldProblem[] = []): Promise<Response> {
  const { t } = page.words;
  const id = readId<'paymentMethod'>(page.params.methodId);
  const method = id === null ? null : await findPaymentMethod(page.on.read, page.viewer, id);
  if (method === null) return answerTrouble(page, { code: 'not_found', message: 'No such method.' });
  if (!page.workspace.configuration.paymentMethods.remove) {
    return answerTrouble(page, { code: 'not_offered', message: 'Removing is not offered here.' });
  }
  const facts = await readPayingFacts(page);
  const waiting = await listWaitingAttemptsWith(page.on.read, page.viewer, method.id);
  const removal = judgeRemoval(method, facts, waiting.length > 0, page.viewer.now);
  const unpaid = await listUnpaidInvoices(page.on.read, page.viewer);
  const [owed] = owedOn(method, facts, unpaid, page.viewer.now);
  const name = page.words.method(method);
  return draw(page, {
    title:
      removal.is === 'gone'
        ? t('paymentMethods.removed', { method: name })
        : t('paymentMethods.removeTitle', { method: name }),
    current: 'paymentMethods',
    status,
    problems,
    ...(status === 409
      ? {
          note: (
            <Notice tone="amber" result>
              <p>{changedElsewhere(page, rowsOf(facts))}</p>
            </Notice>
          ),
        }
      : {}),
    body: (
      <div className="mt-4 max-w-xl space-y-4">
        {owed === undefined || removal.is === 'gone' ? null : (
          <Owed page={page} owed={owed} style={moneyStyleOf(facts.subscriptions, [owed])} />
        )}
        <Ways page={page} method={method} name={name} removal={removal} />
      </div>
    ),
  });
}

function Owed({ page, owed, style }: { page: Page; owed: Invoice; style: MoneyStyle }) {
  const { t } = page.words;
  const amount = page.words.money({ amount: amountDue(owed), currency: owed.currency }, style);
  return (
    <Notice tone="red">
      <p>{t('paymentMethods.removeOwed', { amount })}</p>
      {page.workspace.configuration.invoices.pay ? (
        <p className="mt-2">
          <ButtonLink href={`/invoices/${owed.id}/pay`}>{t('paymentMethods.payFirst', { amount })}</ButtonLink>
        </p>
      ) : null}
    </Notice>
  );
}

function Ways({ page, method, name, removal }: { page: Page; method: PaymentMethod; name: string; removal: Removal }) {
  const { t, list } = page.words;
  const plansOf = (all: readonly PlannedSubscription[]) => list(all.map(({ plan }) => plan.name));
  switch (removal.is) {
    case 'gone':
      return <BackToList page={page} />;
    case 'leaving':
      return (
        <>
          <p>{t('paymentMethods.leaves', { method: name, when: page.words.when(removal.at) })}</p>
          <form method="post" action={`/payment-methods/${method.id}/keep`}>
            <input type="hidden" name="form" value={page.formId()} />
            <Button look="plain">{t('paymentMethods.keep')}</Button>
          </form>
          <BackToList page={page} />
        </>
      );
    case 'on_its_way':
      return (
        <>
          <p>{t('paymentMethods.removeOnItsWay', { method: name })}</p>
          <BackToList page={page} />
        </>
      );
    case 'held':
      return (
        <>
          {removal.duties.map(({ subscription, plan }) => (
            <p key={subscription.id}>
              {t('paymentMethods.heldByMerchant', { merchant: page.workspace.brand.name, plan: plan.name })}
            </p>
          ))}
          <Contact page={page} />
          <BackToList page={page} />
        </>
      );
    case 'unused':
      return (
        <RemovalForm page={page} way="now" button={t('paymentMethods.removeOf', { method: name })}>
          <p>{t('paymentMethods.removeUnused')}</p>
        </RemovalForm>
      );
    case 'replaceable': {
      const kept = page.kept?.get('by') ?? removal.others[0]?.id;
      return (
        <RemovalForm
          page={page}
          way="replaced"
          button={t('paymentMethods.moveAndRemove')}
          label={t('paymentMethods.moveAndRemoveOf', { method: name })}
        >
          <p>{t('paymentMethods.removeUsed', { method: name, plans: plansOf(removal.duties) })}</p>
          <fieldset id="by" className="mt-2">
            <legend className="sr-only">{t('paymentMethods.instead')}</legend>
            {removal.others.map((one) => (
              <Choice key={one.id} type="radio" name="by" value={one.id} checked={one.id === kept}>
                {page.words.method(one)}
              </Choice>
            ))}
          </fieldset>
        </RemovalForm>
      );
    }
    case 'needed':
      return <Guide page={page} name={name} removal={removal} plans={plansOf(removal.duties)} />;
  }
}

function RemovalForm({
  page,
  way,
  button,
  label,
  children,
}: {
  page: Page;
  way: 'now' | 'replaced';
  button: string;
  label?: string;
  children: ReactNode;
}) {
  return (
    <form method="post">
      <input type="hidden" name="form" value={page.formId()} />
      <input type="hidden" name="way" value={way} />
      <ProofWarning page={page} />
      {children}
      <div className="mt-4 flex flex-wrap gap-2">
        <Button look="danger" {...(label === undefined ? {} : { label })}>
          {button}
        </Button>
        <ButtonLink href="/payment-methods">{page.words.t('paymentMethods.keepIt')}</ButtonLink>
      </div>
      <ProofLine page={page} />
    </form>
  );
}

/** The only way to pay for something that goes on: each way out is one link or button. */
function Guide({
  page,
  name,
  removal,
  plans,
}: {
  page: Page;
  name: string;
  removal: Extract<Removal, { is: 'needed' }>;
  plans: string;
}) {
  const { t } = page.words;
  const { configuration } = page.workspace;
  const going = removal.duties.filter((one) => lastChargeOver(one, page.viewer.now) === null);
  const isCancellable = ({ plan }: PlannedSubscription) =>
    isOffered('selfServeCancel', plan.portalFeatures, configuration);
  return (
    <>
      <p>{t('paymentMethods.removeOnly', { method: name, plans })}</p>
      <ol className="list-decimal ps-6">
        {configuration.paymentMethods.add ? (
          <li className="[&>a]:block">
            <Link href="/payment-methods/add">{t('paymentMethods.addFirst')}</Link>
          </li>
        ) : null}
        {going.filter(isCancellable).map(({ subscription, plan }) => (
          <li key={subscription.id} className="[&>a]:block">
            <Link href={`/subscriptions/${subscription.id}/cancel`}>
              {t('paymentMethods.cancelFirst', { plan: plan.name })}
            </Link>
          </li>
        ))}
        {removal.endsAt === null ? null : (
          <li>
            <form method="post">
              <input type="hidden" name="form" value={page.formId()} />
              <input type="hidden" name="way" value="at_end" />
              <ProofWarning page={page} />
              <Button look="danger">
                {t('paymentMethods.removeAtEnd', { when: page.words.when(removal.endsAt) })}
              </Button>
            </form>
            <ProofLine page={page} />
          </li>
        )}
      </ol>
      {going.some((one) => !isCancellable(one)) ? <Contact page={page} /> : null}
      <BackToList page={page} />
    </>
  );
}

function Contact({ page }: { page: Page }) {
  const href = contactOf(page.workspace);
  if (href === null) return null;
  return <Link href={href}>{page.words.t('frame.contact', { merchant: page.workspace.brand.name })}</Link>;
}

function BackToList({ page }: { page: Page }) {
  return (
    <p>
      <ButtonLink href="/payment-methods">{page.words.t('paymentMethods.backToList')}</ButtonLink>
    </p>
  );
}
