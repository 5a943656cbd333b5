import { draw, type Page } from '@/app/(portal)/_page/draw.tsx';
import { portalAct, portalPage, seeDone } from '@/app/(portal)/_page/portal-page.tsx';
import { ProofLine, ProofWarning } from '@/app/(portal)/_page/proof-line.tsx';
import { answerTrouble } from '@/app/(portal)/_page/trouble.tsx';
import { readTicks, SubscriptionTicks } from '@/app/(portal)/payment-methods/_components/choices.tsx';
import { heldOf, methodOf, readPayingFacts } from '@/app/(portal)/payment-methods/_components/paying-facts.ts';
import { Button, ButtonLink } from '@/components/ui/button.tsx';
import { readId } from '@/lib/domain/ids.ts';
import { chargedSubscriptions, dutiesOf, isMovable, othersThan } from '@/lib/domain/method-duties.ts';
import { chooseWhatMethodPays } from '@/lib/operations/choose-what-method-pays.ts';

/** Choose what a method pays. */
export const GET = portalPage((page) => drawUse(page));

export const POST = portalAct({ sensitive: true, again: drawUse }, async (act) => {
  const methodId = readId<'paymentMethod'>(act.params.methodId);
  const subscriptionIds = readTicks(act.form);
  if (methodId === null || subscriptionIds === null) {
    return answerTrouble(act, { code: 'not_found', message: 'No such object.' });
  }
  const chosen = await chooseWhatMethodPays(act.on, act.viewer, { formId: act.id, methodId, subscriptionIds });
  return chosen.ok ? seeDone(act, '/payment-methods') : answerTrouble(act, chosen.failure);
});

async function drawUse(page: Page): Promise<Response> {
  const { t } = page.words;
  const facts = await readPayingFacts(page);
  const method = methodOf(page, facts);
  if (method === null) return answerTrouble(page, { code: 'not_found', message: 'No such method.' });
  if (!page.workspace.configuration.paymentMethods.perSubscription) {
    return answerTrouble(page, { code: 'not_offered', message: 'Not offered here.' });
  }
  const { now } = page.viewer;
  const charged = chargedSubscriptions(facts, now);
  const movable = charged.filter((one) => isMovable(one, facts));
  const mine = new Set<string>(dutiesOf(method, facts, now).map(({ subscription }) => subscription.id));
  const isAlone = othersThan(method, facts, now).length === 0;
  const merchant = page.workspace.brand.name;
  const name = page.words.method(method);
  // Ticked for good: nothing else could pay them.
  const fixed = isAlone ? mine : new Set<string>();
  const canChange = movable.some(({ subscription }) => !fixed.has(subscription.id));
  const { add } = page.workspace.configuration.paymentMethods;
  return draw(page, {
    title: t('paymentMethods.useTitle', { method: name }),
    current: 'paymentMethods',
    body: (
      <form method="post" className="mt-4 max-w-xl">
        <input type="hidden" name="form" value={page.formId()} />
        {canChange ? <ProofWarning page={page} /> : null}
        {movable.length === 0 ? <p>{t('paymentMethods.nothingToChoose')}</p> : null}
        <SubscriptionTicks
          page={page}
          facts={facts}
          legend={t('paymentMethods.useFor')}
          subscriptions={movable}
          ticked={({ subscription }) =>
            page.kept === null ? mine.has(subscription.id) : page.kept.getAll('use').includes(subscription.id)
          }
          fixed={fixed}
          noteOf={({ subscription, plan }) =>
            fixed.has(subscription.id) ? t('paymentMethods.onlyOne', { plan: plan.name }) : null
          }
        />
        {heldOf(facts, charged).map(({ subscription, plan }) => (
          <p key={subscription.id} className="mt-2 text-quiet">
            {t('paymentMethods.heldByMerchant', { merchant, plan: plan.name })}
          </p>
        ))}
        <div className="mt-4 flex flex-wrap gap-2">
          {canChange ? <Button>{t('paymentMethods.save')}</Button> : null}
          {!canChange && isAlone && add ? (
            <ButtonLink href="/payment-methods/add" look="main">
              {t('paymentMethods.add')}
            </ButtonLink>
          ) : null}
          <ButtonLink href="/payment-methods">{t('paymentMethods.dontChange')}</ButtonLink>
        </div>
        {canChange ? <ProofLine page={page} /> : null}
      </form>
    ),
  });
}
