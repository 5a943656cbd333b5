import { ButtonLink } from '@/components/ui/button.tsx';
import { Icon } from '@/components/ui/icon.tsx';
import { Link } from '@/components/ui/link.tsx';
import type { Tone } from '@/components/ui/tone.ts';
import type { AttentionItem } from '@/lib/domain/attention.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import type { Words } from '@/lib/i18n/words.ts';

type Props = {
  words: Words;
  configuration: Workspace['configuration'];
  items: readonly AttentionItem[];
  money: 'sign' | 'mixed';
};

const shown = 3;

/** What needs the buyer, money at risk first: three items, the rest folded. */
export function AttentionList({ words, configuration, items, money }: Props) {
  const drawn = items.map((item) => <AttentionRow key={keyOf(item)} said={say(words, configuration, item, money)} />);
  return (
    <div className="space-y-2">
      <ul className="space-y-2">{drawn.slice(0, shown)}</ul>
      {items.length > shown ? (
        <details>
          <summary className="py-2.5 font-semibold">{words.t('overview.attention.showAll')}</summary>
          <ul className="space-y-2">{drawn.slice(shown)}</ul>
        </details>
      ) : null}
    </div>
  );
}

type Said = {
  readonly tone: Tone;
  readonly sentences: readonly string[];
  readonly button: { readonly href: string; readonly text: string; readonly label?: string } | null;
  readonly link?: { readonly href: string; readonly text: string } | null;
};

const boxes: Readonly<Record<Tone, string>> = {
  green: 'border-green bg-green-soft',
  blue: 'border-blue bg-blue-soft',
  amber: 'border-amber bg-amber-soft',
  red: 'border-red bg-red-soft',
  neutral: 'border-line bg-card',
};

const inks: Readonly<Record<Tone, string>> = {
  green: 'text-green',
  blue: 'text-blue',
  amber: 'text-amber',
  red: 'text-red',
  neutral: 'text-quiet',
};

function AttentionRow({ said }: { said: Said }) {
  const { tone, sentences, button, link = null } = said;
  return (
    <li className={`flex gap-2 rounded-corner border-s-4 px-3 py-2.5 ${boxes[tone]}`}>
      <span className={`pt-1 ${inks[tone]}`}>
        <Icon tone={tone} />
      </span>
      <div className="min-w-0 flex-1 items-start justify-between gap-x-6 sm:flex">
        <p className="num min-w-0 pb-2 sm:py-1.5">{sentences.join(' ')}</p>
        <div className="flex shrink-0 flex-col sm:items-end">
          {button === null ? null : (
            <ButtonLink
              href={button.href}
              look={tone === 'red' ? 'main' : 'plain'}
              {...(button.label === undefined ? {} : { label: button.label })}
            >
              {button.text}
            </ButtonLink>
          )}
          {link === null ? null : <Link href={link.href}>{link.text}</Link>}
        </div>
      </div>
    </li>
  );
}

function keyOf(item: AttentionItem): string {
  return `${item.is} ${'next' in item ? item.planned.subscription.id : item.invoice.id}`;
}

function say(words: Words, configuration: Props['configuration'], item: AttentionItem, style: Props['money']): Said {
  const { t } = words;
  const canPay = configuration.invoices.pay;
  const canAdd = configuration.paymentMethods.view && configuration.paymentMethods.add;
  if ('next' in item) return sayComing(words, item, canAdd, style);
  const { invoice } = item;
  const amount = words.money(item.money, style);
  const number = invoice.number;
  const payHref = `/invoices/${invoice.id}/pay`;
  const payButton = canPay
    ? {
        href: payHref,
        text: t('overview.attention.pay', { amount }),
        label: t('overview.attention.payInvoice', { amount, number }),
      }
    : null;
  switch (item.is) {
    case 'payment_failed': {
      const { plan, refused, nextAttemptAt } = item;
      const failed =
        plan === null
          ? t('overview.attention.paymentFailedInvoice', { amount, number })
          : t('overview.attention.paymentFailed', { amount, plan: plan.name });
      const next =
        nextAttemptAt === null
          ? t('overview.attention.noNextTry')
          : t('overview.attention.nextTry', { date: words.date(nextAttemptAt) });
      const reason = refused === null ? [] : [words.reason(refused.reason, refused.method)];
      const other = { href: `/payment-methods/add?invoice=${invoice.id}`, text: t('overview.attention.useAnother') };
      return { tone: 'red', sentences: [failed, ...reason, next], button: payButton, link: canAdd ? other : null };
    }
    case 'bank_must_confirm':
      return {
        tone: 'red',
        sentences: [t('overview.attention.bankMustConfirm', { amount })],
        button: canPay ? { href: payHref, text: t('overview.attention.confirm') } : null,
      };
    case 'waiting': {
      const when = { time: words.time(item.payBefore), date: words.date(item.payBefore) };
      return {
        tone: 'amber',
        sentences: [t('overview.attention.waiting', { amount, kind: words.method(item.method), ...when })],
        button: canPay ? { href: payHref, text: t('overview.attention.seeHow') } : null,
      };
    }
    case 'invoice_due':
      return {
        tone: 'amber',
        sentences: [t('overview.attention.invoiceDue', { number, amount, date: words.date(item.dueAt) })],
        button: payButton,
      };
  }
}

function sayComing(
  words: Words,
  item: Extract<AttentionItem, { is: 'no_method' | 'method_ends' | 'trial_ends' }>,
  canAdd: boolean,
  style: Props['money'],
): Said {
  const { t } = words;
  const { next, planned } = item;
  const { id } = planned.subscription;
  const date = words.date(next.at);
  const cost = next.cost;
  const amount = cost === null ? null : words.money({ amount: cost.total, currency: cost.currency }, style);
  const add = canAdd ? { href: `/payment-methods/add?for=${id}`, text: t('overview.attention.addMethod') } : null;
  switch (item.is) {
    case 'no_method':
      return {
        tone: 'amber',
        sentences: [
          amount === null
            ? t('overview.attention.noMethodUnknown', { date })
            : t('overview.attention.noMethod', { amount, date }),
        ],
        button: add,
      };
    case 'method_ends':
      return {
        tone: 'amber',
        sentences: [t('overview.attention.methodEnds', { method: words.method(item.method), date })],
        button: add,
      };
    case 'trial_ends': {
      const { plan } = planned;
      const facts = { plan: plan.name, when: words.when(next.at) };
      const per = words.per(plan.interval, plan.intervalCount);
      return {
        tone: 'blue',
        sentences: [
          amount === null
            ? t('overview.attention.trialEndsUnknown', facts)
            : t('overview.attention.trialEnds', { ...facts, amount, per }),
        ],
        button: { href: `/subscriptions/${id}`, text: t('overview.attention.seeOptions') },
      };
    }
  }
}
