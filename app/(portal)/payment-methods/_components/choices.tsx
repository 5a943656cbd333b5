import type { Page } from '@/app/(portal)/_page/draw.tsx';
import { Choice } from '@/components/ui/choice.tsx';
import type { SubscriptionId } from '@/lib/domain/ids.ts';
import { readId } from '@/lib/domain/ids.ts';
import type { PayingFacts } from '@/lib/domain/method-duties.ts';
import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import { choiceText } from './paying-facts.ts';

/** Ticks for subscriptions, each with what pays it now and what comes next. */
export function SubscriptionTicks({
  page,
  facts,
  legend,
  subscriptions,
  ticked,
  fixed = new Set(),
  noteOf = () => null,
}: {
  page: Page;
  facts: PayingFacts;
  legend: string;
  subscriptions: readonly PlannedSubscription[];
  ticked: (planned: PlannedSubscription) => boolean;
  /** Ticked for good: nothing else could pay them. */
  fixed?: ReadonlySet<string>;
  noteOf?: (planned: PlannedSubscription) => string | null;
}) {
  if (subscriptions.length === 0) return null;
  return (
    <fieldset className="mt-4" id="use">
      <legend className="font-semibold">{legend}</legend>
      {subscriptions.map((planned) => {
        const { id } = planned.subscription;
        const note = noteOf(planned);
        return (
          <div key={id}>
            <Choice type="checkbox" name="use" value={id} checked={ticked(planned)} disabled={fixed.has(id)}>
              {choiceText(page, facts, planned)}
              {note === null ? null : <span className="block text-quiet">{note}</span>}
            </Choice>
            {fixed.has(id) ? <input type="hidden" name="use" value={id} /> : null}
          </div>
        );
      })}
    </fieldset>
  );
}

/** The subscriptions a form ticked; null when one of them is no id at all. */
export function readTicks(form: URLSearchParams): SubscriptionId[] | null {
  const ids = form.getAll('use').map((text) => readId<'subscription'>(text));
  return ids.every((id) => id !== null) && ids.length <= 200 ? ids : null;
}
