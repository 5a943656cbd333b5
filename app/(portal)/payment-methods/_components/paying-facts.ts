import type { Page } from '@/app/(portal)/_page/draw.tsx';
import { readPayingFacts as readFacts } from '@/lib/data/paying-facts.ts';
import { readId } from '@/lib/domain/ids.ts';
import { isMovable, type PayingFacts } from '@/lib/domain/method-duties.ts';
import { type MoneyStyle, moneyStyleOf } from '@/lib/domain/money-style.ts';
import { type NextPayment, nextPaymentOf } from '@/lib/domain/next-payment.ts';
import { payerOf } from '@/lib/domain/payer.ts';
import type { PaymentMethod } from '@/lib/domain/payment-method.ts';
import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import { taxRateOf } from '@/lib/domain/subscription-cost.ts';
import type { Instant } from '@/lib/domain/time.ts';

export function readPayingFacts(page: Page): Promise<PayingFacts> {
  return readFacts(page.on.read, page.viewer, page.customer, page.workspace);
}

/** What these pages show, each with the time of its last change. */
export function rowsOf({ methods, subscriptions }: PayingFacts): { readonly updatedAt: Instant }[] {
  return [...methods, ...subscriptions.map(({ subscription }) => subscription)];
}

/** The method named in the address, if it is this customer's and still here. */
export function methodOf(page: Page, facts: PayingFacts): PaymentMethod | null {
  const id = readId<'paymentMethod'>(page.params.methodId);
  return facts.methods.find((one) => one.id === id) ?? null;
}

export function nextOf(page: Page, planned: PlannedSubscription): NextPayment | null {
  return nextPaymentOf(planned, taxRateOf(page.workspace.brand), page.viewer.now);
}

/** "Rp 99,000", or null while it is not known. */
export function amountOf(page: Page, next: NextPayment, style: MoneyStyle): string | null {
  const { cost } = next;
  return cost === null ? null : page.words.money({ amount: cost.total, currency: cost.currency }, style);
}

/** What pays a subscription now, in words; null when nothing does. */
export function payerName(page: Page, facts: PayingFacts, { subscription }: PlannedSubscription): string | null {
  const payer = payerOf(subscription, facts.customer, facts.methods);
  return payer === null ? null : page.words.method(payer);
}

/** "Pro, now Visa ending 4242, next Rp 99,000 on 20 May 2027", as far as it is known. */
export function choiceText(page: Page, facts: PayingFacts, planned: PlannedSubscription): string {
  const { t, date } = page.words;
  const plan = planned.plan.name;
  const method = payerName(page, facts, planned);
  const next = nextOf(page, planned);
  const amount = next === null ? null : amountOf(page, next, moneyStyleOf(facts.subscriptions, []));
  if (next === null || amount === null) {
    return method === null ? t('paymentMethods.useForNone', { plan }) : t('paymentMethods.useForNow', { plan, method });
  }
  const values = { plan, amount, date: date(next.at) };
  return method === null
    ? t('paymentMethods.useForNextNone', values)
    : t('paymentMethods.useForNext', { ...values, method });
}

/** Subscriptions whose method only the merchant changes, among these. */
export function heldOf(facts: PayingFacts, all: readonly PlannedSubscription[]): PlannedSubscription[] {
  return all.filter((one) => !isMovable(one, facts));
}
