import type { Page } from '@/app/(portal)/_page/draw.tsx';
import { Button } from '@/components/ui/button.tsx';
import { nextAfterUndo, type SubscriptionView } from './subscription-page.ts';

/** One button that takes a planned end back, with what is paid then. */
export function UndoForm({ page, view }: { page: Page; view: SubscriptionView }) {
  const { t } = page.words;
  const then = thenText(page, view);
  return (
    <form method="post" action={`/subscriptions/${view.planned.subscription.id}/undo`} className="my-4">
      <input type="hidden" name="form" value={page.formId()} />
      <Button look="plain">{t('subscription.undo')}</Button>
      {then === null ? null : <p className="num mt-1 text-quiet">{then}</p>}
    </form>
  );
}

function thenText(page: Page, view: SubscriptionView): string | null {
  const next = nextAfterUndo(page, view);
  if (next?.cost == null) return null;
  const { words } = page;
  const amount = words.money({ amount: next.cost.total, currency: next.cost.currency });
  const date = words.date(next.at);
  if (view.payer === null) return words.t('subscription.undoThenNoMethod', { amount, date });
  return words.t('subscription.undoThen', { amount, date, method: words.method(view.payer) });
}
