import { ButtonLink } from '@/components/ui/button.tsx';
import { Chip } from '@/components/ui/chip.tsx';
import type { Words } from '@/lib/i18n/words.ts';
import { priceText } from './price-text.ts';
import { type LineFacts, subscriptionChip, subscriptionLine } from './subscription-status.ts';

type Props = {
  words: Words;
  facts: LineFacts;
  /** Can it be cancelled here as things stand? The link says so. */
  canCancel: boolean;
};

/** One subscription on the overview: name, how it stands, what it costs, the one date that matters, the way to manage it. */
export function SubscriptionCard({ words, facts, canCancel }: Props) {
  const { subscription, plan } = facts.planned;
  const chip = subscriptionChip(words, facts.standing);
  const price = priceText(words, facts.planned, { money: facts.money, quantity: true });
  const line = subscriptionLine(words, facts);
  const manage = canCancel ? 'manageOrCancel' : 'manage';
  return (
    <li className="flex flex-col rounded-corner border border-line bg-card p-4">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
        <h3 className="min-w-0 text-lg font-bold">
          <bdi>{plan.name}</bdi>
        </h3>
        <Chip tone={chip.tone}>{chip.word}</Chip>
      </div>
      {price === null ? null : <p className="num">{price}</p>}
      {line === null ? null : <p className="num text-quiet">{line}</p>}
      <p className="mt-auto pt-3">
        <ButtonLink
          href={`/subscriptions/${subscription.id}`}
          label={words.t(`overview.subscriptions.${manage}Of`, { plan: plan.name })}
        >
          {words.t(`overview.subscriptions.${manage}`)}
        </ButtonLink>
      </p>
    </li>
  );
}
