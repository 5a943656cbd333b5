import { changedElsewhere } from '@/app/(portal)/_page/changed-elsewhere.ts';
import { ClockLink } from '@/app/(portal)/_page/clock-link.tsx';
import { type Drawing, draw, type Page } from '@/app/(portal)/_page/draw.tsx';
import { ProofLine, ProofWarning } from '@/app/(portal)/_page/proof-line.tsx';
import { readOtherSubscriptions, type SubscriptionView } from '@/app/(portal)/subscriptions/_page/subscription-page.ts';
import { Button, ButtonLink } from '@/components/ui/button.tsx';
import { Choice } from '@/components/ui/choice.tsx';
import { Notice } from '@/components/ui/notice.tsx';
import {
  type CancellationOption,
  type CancellationPlan,
  findOption,
  owedSums,
  promiseOf,
} from '@/lib/domain/cancellation.ts';
import type { Words } from '@/lib/i18n/words.ts';
import { endsEitherRow, type TruthRow, truthRows } from './truth-rows.ts';

type Possible = Extract<CancellationPlan, { can: true }>;

export type Asked = {
  readonly plan: Possible;
  /** The timing that was chosen before, by a form that could not be carried out. */
  readonly chosen: string | null;
  /** Why the page is shown again. */
  readonly refused?: 'conflict' | 'validation_error';
};

/** Step one: what will happen, and two buttons of one size. */
export async function answerAsk(page: Page, view: SubscriptionView, asked: Asked): Promise<Response> {
  const { words } = page;
  const { plan, refused } = asked;
  const others = await readOtherSubscriptions(page, view);
  const rows = plan.options.map((option) => ({ option, rows: truthRows(page, view, plan, option, others) }));
  const drawing: Drawing = {
    title: words.t('cancel.title', { plan: view.planned.plan.name }),
    ...(refused === undefined ? {} : { status: refused === 'conflict' ? 409 : 400 }),
    note:
      refused === 'conflict' ? (
        <Notice tone="amber" result>
          {changedElsewhere(page, [
            view.planned.subscription,
            ...(view.unpaid ?? []),
            ...(view.payer === null ? [] : [view.payer]),
          ])}
        </Notice>
      ) : null,
    keptNote: words.t('cancel.keptNote', { plan: view.planned.plan.name }),
    ...(refused === 'validation_error' ? { problems: [{ field: 'timing', text: words.t('cancel.chooseWhen') }] } : {}),
    body: (
      <form method="post" className="mt-1 sm:mt-2">
        <input type="hidden" name="form" value={page.formId()} />
        <OwedLead words={words} options={plan.options} />
        <ProofWarning page={page} />
        {rows.length === 1 ? (
          <OneWay rows={rows} />
        ) : (
          <SeveralWays page={page} rows={rows} chosen={asked.chosen} plan={plan} />
        )}
        <div className="button-bar -mx-4 mt-2 grid grid-cols-2 gap-3 border-t border-line bg-page px-4 py-2 sm:mx-0 sm:flex sm:border-0 sm:px-0">
          <Button look="danger" size="half">
            {words.t('cancel.cancel')}
          </Button>
          <ButtonLink href={`/subscriptions/${view.planned.subscription.id}`} size="half">
            {words.t('cancel.keep')}
          </ButtonLink>
        </div>
        <ProofLine page={page} />
        <ClockLink page={page} />
      </form>
    ),
  };
  return draw(page, drawing);
}

type Way = { readonly option: CancellationOption; readonly rows: readonly TruthRow[] };

/** Past due: the lead says that cancelling decides about what is unpaid, too. */
function OwedLead({ words, options }: { words: Words; options: Possible['options'] }) {
  const owed = options[0].owed ?? [];
  if (owed.length === 0) return null;
  const amount = words.list(owedSums(owed).map((sum) => words.money(sum)));
  return <p className="num mb-1 text-sm sm:text-base">{words.t('cancel.pastDueLead', { amount })}</p>;
}

function OneWay({ rows: [way] }: { rows: readonly Way[] }) {
  if (way === undefined) return null;
  return (
    <>
      <input type="hidden" name="timing" value={way.option.timing} />
      <input type="hidden" name={promiseField(way.option)} value={promiseOf(way.option)} />
      <Panel rows={way.rows} />
    </>
  );
}

/** What is the same whichever way is chosen stands once; what differs stands under its choice. */
function SeveralWays({
  page,
  rows,
  chosen,
  plan,
}: {
  page: Page;
  rows: readonly Way[];
  chosen: string | null;
  plan: Possible;
}) {
  const { words } = page;
  const [first] = rows;
  if (first === undefined) return null;
  const isShared = (row: TruthRow) =>
    rows.every(({ rows: other }) =>
      other.some((one) => one.name === row.name && one.lines.join('\n') === row.lines.join('\n')),
    );
  const checked = (findOption(plan, chosen) ?? plan.options[0]).timing;
  return (
    <>
      <Panel
        rows={[endsEitherRow(page, plan.options), ...first.rows.filter((row) => row.name !== 'ends' && isShared(row))]}
      />
      <fieldset id="timing" className="mt-3">
        <legend className="font-bold">{words.t('cancel.when')}</legend>
        {rows.map(({ option, rows: own }) => (
          <div key={option.timing} className="border-b border-line pb-1.5">
            <input type="hidden" name={promiseField(option)} value={promiseOf(option)} />
            <Choice type="radio" name="timing" value={option.timing} checked={option.timing === checked}>
              <strong className="num">{optionText(words, option)}</strong>
            </Choice>
            <Differences rows={own.filter((row) => row.name !== 'ends' && !isShared(row))} />
          </div>
        ))}
      </fieldset>
    </>
  );
}

/** What one way does otherwise than the other, each in a line that runs on. */
function Differences({ rows }: { rows: readonly TruthRow[] }) {
  if (rows.length === 0) return null;
  return (
    <dl className="-mt-1 ps-8 text-sm">
      {rows.map(({ name, term, lines }) => (
        <div key={name}>
          <dt className="me-2 inline text-quiet">{term}</dt>
          <dd className="num inline">
            <bdi>{lines.join(' ')}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function optionText(words: Words, option: CancellationOption): string {
  if (option.timing === 'now') return words.t('cancel.optionNow');
  const when = words.whenFirst(option.endsAt);
  if (option.endsWith === 'trial') return words.t('cancel.optionTrial', { when });
  return words.t(option.isPaid ? 'cancel.optionEnd' : 'cancel.optionWhen', { when });
}

/** The field that carries what an option promised: each has its own, whichever is chosen. */
export function promiseField({ timing }: Pick<CancellationOption, 'timing'>): string {
  return `promised_${timing}`;
}

function Panel({ rows }: { rows: readonly TruthRow[] }) {
  return (
    <dl className="divide-y divide-line">
      {rows.map(({ name, term, lines }) => (
        <div
          key={name}
          className="grid grid-cols-[6.25rem_1fr] gap-x-2 py-0.5 text-sm sm:grid-cols-[12rem_1fr] sm:py-2 sm:text-base"
        >
          <dt className="text-quiet">{term}</dt>
          <dd className="num min-w-0">
            {lines.map((line) => (
              <p key={line}>
                <bdi>{line}</bdi>
              </p>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
