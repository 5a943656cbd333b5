import type { InvoiceId, SubscriptionId } from './ids.ts';
import { amountDue, type Invoice } from './invoice.ts';
import type { Subscription } from './subscription.ts';
import { statusAfter } from './subscription-moves.ts';
import type { Instant } from './time.ts';

/** One thing the billing clock has to do for a customer, and the moment it is due. */
export type BillingStep =
  | { readonly is: 'end' | 'resume' | 'renew'; readonly subscriptionId: SubscriptionId; readonly at: Instant }
  | { readonly is: 'collect'; readonly invoiceId: InvoiceId; readonly at: Instant };

type Facts = {
  readonly subscriptions: readonly Subscription[];
  /** Invoices that are still owed. */
  readonly invoices: readonly Invoice[];
};

/** At the same moment an end comes before all else, and what is to be collected comes last. */
const order: readonly BillingStep['is'][] = ['end', 'resume', 'renew', 'collect'];

/** What is to be done next for a customer, the earliest first, or null when nothing ever is. */
export function nextBillingStep({ subscriptions, invoices }: Facts): BillingStep | null {
  const paused = new Set<string | null>(subscriptions.filter((one) => one.status === 'paused').map((one) => one.id));
  const steps = [
    ...subscriptions.flatMap((one) => stepOf(one) ?? []),
    ...invoices.filter((one) => !paused.has(one.subscriptionId)).flatMap((one) => collectionOf(one) ?? []),
  ];
  return steps.sort((one, other) => one.at - other.at || order.indexOf(one.is) - order.indexOf(other.is))[0] ?? null;
}

function stepOf(subscription: Subscription): BillingStep | null {
  const { id: subscriptionId, status, cancelAt, resumeAt, currentPeriodEnd, endedAt } = subscription;
  if (endedAt !== null || status === 'canceled') return null;
  const steps: BillingStep[] = [];
  if (cancelAt !== null) steps.push({ is: 'end', subscriptionId, at: cancelAt });
  if (status === 'paused' && resumeAt !== null) steps.push({ is: 'resume', subscriptionId, at: resumeAt });
  if (statusAfter(status, 'renew') !== null) steps.push({ is: 'renew', subscriptionId, at: currentPeriodEnd });
  return steps.sort((one, other) => one.at - other.at || order.indexOf(one.is) - order.indexOf(other.is))[0] ?? null;
}

function collectionOf(invoice: Invoice): BillingStep | null {
  const { nextAttemptAt, collectionStoppedAt } = invoice;
  if (nextAttemptAt === null || collectionStoppedAt !== null || amountDue(invoice) <= 0) return null;
  return { is: 'collect', invoiceId: invoice.id, at: nextAttemptAt };
}
