import { Card } from '@/components/ui/card.tsx';
import { Link } from '@/components/ui/link.tsx';
import type { NextPayment } from '@/lib/domain/next-payment.ts';
import type { PaymentMethod } from '@/lib/domain/payment-method.ts';
import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import type { Brand } from '@/lib/domain/workspace.ts';
import type { Words } from '@/lib/i18n/words.ts';
import { CostBreakdown } from './cost-breakdown.tsx';

/** A payment that is planned: of which subscription, when, how much, and from which method. */
export type PlannedPayment = {
  readonly planned: PlannedSubscription;
  readonly next: NextPayment;
  readonly payer: PaymentMethod | null;
};

type Props = {
  words: Words;
  brand: Brand;
  /** Payments of one currency, soonest first. */
  payments: readonly [PlannedPayment, ...PlannedPayment[]];
  money: 'sign' | 'mixed';
  breakdown: boolean;
  /** Where the method can be changed, or null where it cannot. */
  changeHref: string | null;
};

/** The next payment of one currency, what is in it, what pays it, and what comes after it. */
export function NextPaymentCard({ words, brand, payments, money, breakdown, changeHref }: Props) {
  const { t } = words;
  const [{ planned, next, payer }, ...later] = payments;
  const date = words.date(next.at);
  const amount =
    next.cost === null ? null : words.money({ amount: next.cost.total, currency: next.cost.currency }, money);
  return (
    <Card>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        {amount === null ? (
          <p className="font-semibold">{unknownText(words, planned, date)}</p>
        ) : (
          <p className="num text-[clamp(1.5rem,7.5vw,1.875rem)] font-bold whitespace-nowrap">{amount}</p>
        )}
        <p className="num">{t('overview.next.on', { date })}</p>
      </div>
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <p className="py-1">{payerText(words, next, payer)}</p>
        {changeHref === null || next.selfPaid ? null : (
          <Link href={changeHref} label={t('overview.next.changeOf', { plan: planned.plan.name })}>
            {t('overview.next.change')}
          </Link>
        )}
      </div>
      {breakdown && next.cost !== null ? (
        <details>
          <summary className="py-2.5 font-semibold">{t('overview.next.whatsIn')}</summary>
          <CostBreakdown words={words} brand={brand} planned={planned} cost={next.cost} money={money} />
        </details>
      ) : null}
      <LaterPayments words={words} payments={later} money={money} />
    </Card>
  );
}

function LaterPayments({
  words,
  payments,
  money,
}: Pick<Props, 'words' | 'money'> & { payments: readonly PlannedPayment[] }) {
  const known = payments.flatMap(({ planned, next }) =>
    next.cost === null
      ? []
      : [{ id: planned.subscription.id, cost: next.cost, plan: planned.plan.name, date: words.date(next.at) }],
  );
  if (known.length === 0) return null;
  return (
    <ul className="border-t border-line pt-2">
      {known.map(({ id, cost, plan, date }) => (
        <li key={id} className="num py-0.5">
          {words.t('overview.next.then', {
            amount: words.money({ amount: cost.total, currency: cost.currency }, money),
            date,
            plan,
          })}
        </li>
      ))}
    </ul>
  );
}

function payerText(words: Words, next: NextPayment, payer: PaymentMethod | null): string {
  if (next.selfPaid) return words.t('overview.next.selfPaid');
  if (payer === null) return words.t('overview.next.noMethod');
  const method = words.method(payer);
  if (payer.expMonth === null || payer.expYear === null) return words.t('overview.next.from', { method });
  return words.t('overview.next.fromExpires', { method, expiry: words.expiry(payer.expMonth, payer.expYear) });
}

function unknownText(words: Words, { price }: PlannedSubscription, date: string): string {
  return price?.model === 'usage'
    ? words.t('overview.next.usageUnknown', { date })
    : words.t('overview.next.amountUnknown');
}
