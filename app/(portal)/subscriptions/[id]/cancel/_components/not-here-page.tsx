import { draw, type Page } from '@/app/(portal)/_page/draw.tsx';
import type { SubscriptionView } from '@/app/(portal)/subscriptions/_page/subscription-page.ts';
import { ButtonLink } from '@/components/ui/button.tsx';
import { Link } from '@/components/ui/link.tsx';
import { contactOf } from '@/lib/domain/workspace.ts';

/** Cancelling is not possible here: why, in the merchant's words where it gave some, and whom to ask. */
export async function answerNotHere(
  page: Page,
  { planned }: SubscriptionView,
  why: 'not_offered' | 'incomplete',
): Promise<Response> {
  const { words, workspace } = page;
  const { t } = words;
  const merchant = workspace.brand.name;
  const contact = contactOf(workspace);
  const message = workspace.configuration.cancel.disabledMessage;
  return draw(page, {
    title: t('cancel.title', { plan: planned.plan.name }),
    status: why === 'not_offered' ? 403 : 409,
    body: (
      <div className="mt-4 space-y-4">
        <p>
          {why === 'incomplete' ? (
            t('cancel.incompleteText')
          ) : (
            <bdi>{message ?? t('common.notOffered', { merchant })}</bdi>
          )}
        </p>
        {contact === null ? null : (
          <p>
            <Link href={contact}>{t('frame.contact', { merchant })}</Link>
          </p>
        )}
        <p>
          <ButtonLink href={`/subscriptions/${planned.subscription.id}`}>
            {t('cancel.subscription', { plan: planned.plan.name })}
          </ButtonLink>
        </p>
      </div>
    ),
  });
}
