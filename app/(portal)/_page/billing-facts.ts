import { listNewestStandings } from '@/lib/data/invoice-standings.ts';
import { listUnpaidInvoices } from '@/lib/data/invoices.ts';
import { listPaymentAttempts } from '@/lib/data/payment-attempts.ts';
import { listPaymentMethods } from '@/lib/data/payment-methods.ts';
import { listSubscriptions } from '@/lib/data/subscriptions.ts';
import { amountDue, type Invoice, type PaymentAttempt } from '@/lib/domain/invoice.ts';
import type { InvoiceStanding } from '@/lib/domain/invoice-standing.ts';
import type { Money } from '@/lib/domain/money.ts';
import type { PaymentMethod } from '@/lib/domain/payment-method.ts';
import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { Page } from './draw.tsx';

/** The facts several parts of a page are made of: each read once, when the first part asks, and failing for those that ask. */
export type BillingFacts = {
  subscriptions(): Promise<PlannedSubscription[]>;
  unpaid(): Promise<Invoice[]>;
  /** Attempts on the unpaid invoices, oldest first. */
  attempts(): Promise<PaymentAttempt[]>;
  methods(): Promise<PaymentMethod[]>;
  /** The three newest documents. */
  documents(): Promise<InvoiceStanding[]>;
};

/** Lays out the facts of a viewer's billing; nothing is read yet. */
export function billingFacts(page: Page): BillingFacts {
  const { read } = page.on;
  const { viewer } = page;
  const subscriptions = once(() => listSubscriptions(read, viewer));
  const unpaid = once(() => listUnpaidInvoices(read, viewer));
  const methods = once(() => listPaymentMethods(read, viewer));
  const attempts = once(async () => {
    const invoices = await unpaid();
    return listPaymentAttempts(
      read,
      viewer,
      invoices.map(({ id }) => id),
    );
  });
  const documents = once(() => listNewestStandings(read, viewer, 3));
  return { subscriptions, unpaid, attempts, methods, documents };
}

function once<T>(readIt: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= readIt();
    return asked;
  };
}

/** What is unpaid on a subscription and since when the oldest of it is due; null when nothing is, or nobody collects it. */
export function owedOn(
  { subscription }: PlannedSubscription,
  unpaid: readonly Invoice[],
): { money: Money; since: Instant } | null {
  const owed = unpaid.filter(
    (one) => one.subscriptionId === subscription.id && one.collectionStoppedAt === null && amountDue(one) > 0,
  );
  const [first] = owed;
  if (first === undefined) return null;
  const same = owed.filter((one) => one.currency === first.currency);
  return {
    money: { amount: same.reduce((sum, one) => sum + amountDue(one), 0), currency: first.currency },
    since: Math.min(...same.map((one) => one.dueAt ?? one.issuedAt ?? one.createdAt)),
  };
}
