import type { Customer } from './customer.ts';
import { amountDue, type Invoice, type MethodName, type PaymentAttempt, type RefusalReason } from './invoice.ts';
import type { Money } from './money.ts';
import { type NextPayment, nextPaymentOf } from './next-payment.ts';
import { payerOf } from './payer.ts';
import { isUsable, methodEndsAt, type PaymentMethod } from './payment-method.ts';
import type { Plan } from './plan.ts';
import type { PlannedSubscription } from './planned-subscription.ts';
import { isEnded } from './subscription-standing.ts';
import { dayMs, type Instant } from './time.ts';

type OnInvoice = { readonly invoice: Invoice; readonly money: Money };

/** Something that needs the buyer, with the facts its sentence and its button name. */
export type AttentionItem =
  | (OnInvoice & {
      readonly is: 'payment_failed';
      /** Null for an invoice without a subscription. */
      readonly plan: Plan | null;
      /** Null where no attempt is on record. */
      readonly refused: { readonly reason: RefusalReason | null; readonly method: MethodName } | null;
      readonly nextAttemptAt: Instant | null;
    })
  | (OnInvoice & { readonly is: 'bank_must_confirm' })
  | (OnInvoice & { readonly is: 'waiting'; readonly method: MethodName; readonly payBefore: Instant })
  | (OnInvoice & { readonly is: 'invoice_due'; readonly dueAt: Instant })
  | (Coming & { readonly is: 'no_method' })
  | (Coming & { readonly is: 'method_ends'; readonly method: PaymentMethod })
  | (Coming & { readonly is: 'trial_ends' });

type Coming = { readonly planned: PlannedSubscription; readonly next: NextPayment };

export type AttentionFacts = {
  readonly subscriptions: readonly PlannedSubscription[];
  readonly unpaid: readonly Invoice[];
  /** Attempts on the unpaid invoices, oldest first for each. */
  readonly attempts: readonly PaymentAttempt[];
  readonly methods: readonly PaymentMethod[];
  readonly customer: Pick<Customer, 'defaultPaymentMethodId'>;
  readonly taxRateBasisPoints: number;
};

/** A trial's end is told of this long before. */
export const trialNoticeMs = 3 * dayMs;

const order: readonly AttentionItem['is'][] = [
  'payment_failed',
  'bank_must_confirm',
  'waiting',
  'invoice_due',
  'no_method',
  'method_ends',
  'trial_ends',
];

/** All that needs the buyer now: money at risk first, then by what comes soonest. An item goes when its cause goes. */
export function attentionOf(facts: AttentionFacts, now: Instant): AttentionItem[] {
  const items = [
    ...facts.unpaid.flatMap((invoice) => itemOfInvoice(facts, invoice, now) ?? []),
    ...facts.subscriptions.flatMap((planned) => itemsOfSubscription(facts, planned, now)),
  ];
  return items.sort((one, other) => order.indexOf(one.is) - order.indexOf(other.is) || momentOf(one) - momentOf(other));
}

function momentOf(item: AttentionItem): Instant {
  if ('next' in item) return item.next.at;
  return item.invoice.dueAt ?? item.invoice.issuedAt ?? item.invoice.createdAt;
}

function itemOfInvoice(facts: AttentionFacts, invoice: Invoice, now: Instant): AttentionItem | null {
  const money = { amount: amountDue(invoice), currency: invoice.currency };
  // What a cancellation stopped is not chased here either.
  if (money.amount <= 0 || invoice.collectionStoppedAt !== null) return null;
  const on = { invoice, money };
  const planned = facts.subscriptions.find(({ subscription }) => subscription.id === invoice.subscriptionId) ?? null;
  const last = facts.attempts.findLast((attempt) => attempt.invoiceId === invoice.id && attempt.status !== 'succeeded');
  if (last?.status === 'needs_confirmation') return { is: 'bank_must_confirm', ...on };
  if (last?.status === 'pending') {
    if (last.payBefore === null || last.payBefore <= now) return null;
    return { is: 'waiting', ...on, method: last.methodName, payBefore: last.payBefore };
  }
  const isAutomatic = planned?.subscription.collectionMethod === 'charge_automatically';
  const hasFailed = last?.status === 'refused' || (isAutomatic && planned.subscription.status === 'past_due');
  if (hasFailed) {
    const refused = last?.status === 'refused' ? { reason: last.reason, method: last.methodName } : null;
    return {
      is: 'payment_failed',
      ...on,
      plan: planned?.plan ?? null,
      refused,
      nextAttemptAt: nextTryOf(invoice, now),
    };
  }
  const isCharged = isAutomatic && planned.subscription.status !== 'incomplete' && !isEnded(planned.subscription, now);
  if (isCharged) return null;
  return { is: 'invoice_due', ...on, dueAt: invoice.dueAt ?? invoice.issuedAt ?? invoice.createdAt };
}

function nextTryOf(invoice: Invoice, now: Instant): Instant | null {
  return invoice.nextAttemptAt !== null && now < invoice.nextAttemptAt ? invoice.nextAttemptAt : null;
}

function itemsOfSubscription(facts: AttentionFacts, planned: PlannedSubscription, now: Instant): AttentionItem[] {
  const next = nextPaymentOf(planned, facts.taxRateBasisPoints, now);
  // A next payment of nothing (a full discount) needs no method.
  if (next === null || next.cost?.total === 0) return [];
  const coming = { planned, next };
  const items: AttentionItem[] = [];
  if (!next.selfPaid) {
    const method = payerOf(planned.subscription, facts.customer, facts.methods);
    const ends = method === null ? null : methodEndsAt(method);
    if (method === null || (!isUsable(method, now) && method.status !== 'pending')) {
      items.push({ is: 'no_method', ...coming });
    } else if (ends !== null && ends <= next.at) items.push({ is: 'method_ends', ...coming, method });
  }
  if (next.kind === 'trial' && next.at - now <= trialNoticeMs) items.push({ is: 'trial_ends', ...coming });
  return items;
}
