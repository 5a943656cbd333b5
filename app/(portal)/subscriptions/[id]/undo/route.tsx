import { portalAct, portalPage, seeDone } from '@/app/(portal)/_page/portal-page.tsx';
import { answerTrouble } from '@/app/(portal)/_page/trouble.tsx';
import { readSubscriptionView } from '@/app/(portal)/subscriptions/_page/subscription-page.ts';
import { answerDone } from '@/app/(portal)/subscriptions/[id]/cancel/_components/done-page.tsx';
import { answerSeeOther } from '@/lib/html/answer.ts';
import { undoCancellation } from '@/lib/operations/undo-cancellation.ts';

/** Only a form acts here; the address itself leads to the subscription. */
export const GET = portalPage(async (page) => {
  const view = await readSubscriptionView(page);
  if (view === null) return answerTrouble(page, { code: 'not_found', message: 'No such subscription.' });
  return answerSeeOther(page.path.replace(/\/undo$/, ''));
});

export const POST = portalAct({ sensitive: false, again: (page) => page.path.replace(/\/undo$/, '') }, async (act) => {
  const before = await readSubscriptionView(act);
  if (before === null) return answerTrouble(act, { code: 'not_found', message: 'No such subscription.' });
  const { id } = before.planned.subscription;
  const result = await undoCancellation(act.on, act.viewer, { formId: act.id, subscriptionId: id });
  if (result.ok) return seeDone(act, `/subscriptions/${id}`);
  if (result.failure.code === 'not_found') return answerTrouble(act, result.failure);
  const after = (await readSubscriptionView(act)) ?? before;
  return answerDone(act, after, { refusedUndo: true });
});
