import type { Page } from '@/app/(portal)/_page/draw.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Choice } from '@/components/ui/choice.tsx';
import { commentLimit, shuffleReasons } from '@/lib/domain/cancel-feedback.ts';
import type { SubscriptionId } from '@/lib/domain/ids.ts';

/** What was typed before, to be typed no second time. */
export type FeedbackDraft = { readonly reason: string | null; readonly comment: string };

/** The question after the deed: nothing is chosen, nothing is needed. */
export function ReasonForm({
  page,
  subscriptionId,
  draft,
}: {
  page: Page;
  subscriptionId: SubscriptionId;
  draft: FeedbackDraft | null;
}) {
  const { words, workspace, viewer } = page;
  const { t } = words;
  return (
    <form method="post" action={`/subscriptions/${subscriptionId}/cancel/reason`} className="border-t border-line pt-6">
      <input type="hidden" name="form" value={page.formId()} />
      <fieldset id="reason">
        <legend className="text-lg font-bold">{t('cancel.reason.title', { merchant: workspace.brand.name })}</legend>
        {shuffleReasons(`${viewer.browserSessionId} ${subscriptionId}`).map((reason) => (
          <Choice key={reason} type="radio" name="reason" value={reason} checked={draft?.reason === reason}>
            {t(`cancel.reason.${reason}`)}
          </Choice>
        ))}
      </fieldset>
      <label htmlFor="comment" className="mt-2 block font-semibold">
        {t('cancel.reason.more')}
      </label>
      <textarea
        id="comment"
        name="comment"
        rows={3}
        maxLength={commentLimit}
        defaultValue={draft?.comment ?? ''}
        className="mt-1 mb-3 block w-full max-w-xl rounded-corner border border-quiet bg-card p-2 text-base"
      />
      <Button look="plain">{t('cancel.reason.send')}</Button>
    </form>
  );
}
