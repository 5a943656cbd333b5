import type { Page } from '@/app/(portal)/_page/draw.tsx';
import { portalAct, portalPage, seeDone } from '@/app/(portal)/_page/portal-page.tsx';
import { answerTrouble } from '@/app/(portal)/_page/trouble.tsx';
import { readSubscriptionView } from '@/app/(portal)/subscriptions/_page/subscription-page.ts';
import { answerDone } from '@/app/(portal)/subscriptions/[id]/cancel/_components/done-page.tsx';
import type { FeedbackDraft } from '@/app/(portal)/subscriptions/[id]/cancel/_components/reason-form.tsx';
import { commentLimit } from '@/lib/domain/cancel-feedback.ts';
import { answerSeeOther } from '@/lib/html/answer.ts';
import { sendCancelFeedback } from '@/lib/operations/send-cancel-feedback.ts';

/** The form stands on the done page; its own address leads there. */
export const GET = portalPage(async (page) => {
  const view = await readSubscriptionView(page);
  if (view === null) return answerTrouble(page, { code: 'not_found', message: 'No such subscription.' });
  return answerSeeOther(page.path.replace(/\/reason$/, ''));
});

export const POST = portalAct({ sensitive: false, again: drawAgain }, async (act) => {
  const view = await readSubscriptionView(act);
  if (view === null) return answerTrouble(act, { code: 'not_found', message: 'No such subscription.' });
  const { id } = view.planned.subscription;
  const draft = readDraft(act.form);
  const result = await sendCancelFeedback(act.on, act.viewer, { formId: act.id, subscriptionId: id, ...draft });
  if (result.ok) return seeDone(act, `/subscriptions/${id}/cancel`);
  if (result.failure.code !== 'validation_error' || result.failure.field !== 'comment') {
    return answerTrouble(act, result.failure);
  }
  const { t } = act.words;
  const isCard = result.failure.facts?.why === 'card_number';
  const text = isCard ? t('cancel.reason.cardNumber') : t('cancel.reason.tooLong', { n: commentLimit });
  return answerDone(act, view, { feedback: { problems: [{ field: 'comment', text }], draft } });
});

function readDraft(form: URLSearchParams): FeedbackDraft {
  return { reason: form.get('reason'), comment: form.get('comment') ?? '' };
}

/** The done page with what was typed. */
async function drawAgain(page: Page): Promise<Response> {
  const view = await readSubscriptionView(page);
  if (view === null) return answerTrouble(page, { code: 'not_found', message: 'No such subscription.' });
  return answerDone(page, view, { feedback: { problems: [], draft: readDraft(page.kept ?? new URLSearchParams()) } });
}
