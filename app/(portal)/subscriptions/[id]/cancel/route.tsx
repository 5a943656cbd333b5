import type { Page } from '@/app/(portal)/_page/draw.tsx';
import { portalAct, portalPage, seeDone } from '@/app/(portal)/_page/portal-page.tsx';
import { answerTrouble } from '@/app/(portal)/_page/trouble.tsx';
import { readSubscriptionView } from '@/app/(portal)/subscriptions/_page/subscription-page.ts';
import { type CancellationTiming, planCancellation } from '@/lib/domain/cancellation.ts';
import { cancelSubscription } from '@/lib/operations/cancel-subscription.ts';
import { type Asked, answerAsk, promiseField } from './_components/ask-page.tsx';
import { answerDone } from './_components/done-page.tsx';
import { answerNotHere } from './_components/not-here-page.tsx';

export const GET = portalPage((page) => drawPage(page));

export const POST = portalAct({ sensitive: true, again: drawPage }, async (act) => {
  const view = await readSubscriptionView(act);
  if (view === null) return answerTrouble(act, { code: 'not_found', message: 'No such subscription.' });
  const { id } = view.planned.subscription;
  const timing = readTiming(act.form.get('timing'));
  const result = await cancelSubscription(act.on, act.viewer, {
    formId: act.id,
    subscriptionId: id,
    timing,
    promised: timing === null ? '' : (act.form.get(promiseField({ timing })) ?? ''),
    locale: act.words.locale,
  });
  if (result.ok) return seeDone(act, `/subscriptions/${id}/cancel`);
  const { code } = result.failure;
  if (code === 'not_found') return answerTrouble(act, result.failure);
  return answerAsItStands(act, { chosen: timing, ...(code === 'not_offered' ? {} : { refused: code }) });
});

function drawPage(page: Page): Promise<Response> {
  return answerAsItStands(page, { chosen: page.kept?.get('timing') ?? null });
}

/** One address, three pages: the question, the answer for good, or why it is not asked here. */
async function answerAsItStands(page: Page, asked: Omit<Asked, 'plan'>): Promise<Response> {
  const view = await readSubscriptionView(page);
  if (view === null) return answerTrouble(page, { code: 'not_found', message: 'No such subscription.' });
  const { configuration } = page.workspace;
  const plan = planCancellation({ ...view.planned, invoices: view.unpaid, configuration }, page.viewer.now);
  if (plan.can) return answerAsk(page, view, { ...asked, plan });
  if (plan.why === 'not_offered' || plan.why === 'incomplete') return answerNotHere(page, view, plan.why);
  return answerDone(page, view);
}

function readTiming(text: string | null): CancellationTiming | null {
  return text === 'period_end' || text === 'now' ? text : null;
}
