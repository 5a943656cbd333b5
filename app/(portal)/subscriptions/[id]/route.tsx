import { draw } from '@/app/(portal)/_page/draw.tsx';
import { portalPage } from '@/app/(portal)/_page/portal-page.tsx';
import { answerTrouble } from '@/app/(portal)/_page/trouble.tsx';
import { readSubscriptionView } from '@/app/(portal)/subscriptions/_page/subscription-page.ts';
import { subscriptionChip } from '@/components/portal/subscription-status.ts';
import { Chip } from '@/components/ui/chip.tsx';
import { Notice } from '@/components/ui/notice.tsx';
import { standingOf } from '@/lib/domain/subscription-standing.ts';
import { SubscriptionBody } from './_components/subscription-body.tsx';

export const GET = portalPage(async (page) => {
  if (!page.workspace.configuration.subscriptions.view) {
    return answerTrouble(page, { code: 'not_offered', message: 'Subscriptions are not shown here.' });
  }
  const view = await readSubscriptionView(page);
  if (view === null) return answerTrouble(page, { code: 'not_found', message: 'No such subscription.' });
  const { subscription, plan } = view.planned;
  const chip = subscriptionChip(page.words, standingOf(subscription, page.viewer.now));
  const wasUndone = page.done?.code === 'undone' && page.done.facts.subscriptionId === subscription.id;
  return draw(page, {
    title: plan.name,
    lead: (
      <p>
        <Chip tone={chip.tone}>{chip.word}</Chip>
      </p>
    ),
    note:
      wasUndone && subscription.cancelAt === null ? (
        <Notice tone="green" result>
          <p className="num">{undoneText()}</p>
        </Notice>
      ) : null,
    body: await SubscriptionBody(page, view),
  });

  function undoneText(): string {
    const { words } = page;
    const next = view?.next;
    if (next?.cost == null) return words.t('subscription.undoneUnknown', { plan: plan.name });
    const amount = words.money({ amount: next.cost.total, currency: next.cost.currency });
    return words.t('subscription.undone', { plan: plan.name, amount, date: words.date(next.at) });
  }
});
