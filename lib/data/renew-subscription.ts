import { type Period, periodAfter } from '@/lib/domain/billing-calendar.ts';
import type { Customer } from '@/lib/domain/customer.ts';
import type { Invoice } from '@/lib/domain/invoice.ts';
import { invoiceOfPeriod } from '@/lib/domain/invoice-of-period.ts';
import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import type { Subscription } from '@/lib/domain/subscription.ts';
import { taxRateOf } from '@/lib/domain/subscription-cost.ts';
import { type SubscriptionChanges, statusAfter } from '@/lib/domain/subscription-moves.ts';
import type { Instant } from '@/lib/domain/time.ts';
import { wireSubscription } from '@/lib/domain/wire-subscription.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import type { Writer } from './db.ts';
import { issueInvoice } from './issue-invoice.ts';
import { moveSubscription } from './move-subscription.ts';
import { type Cause, tellOfChange } from './tell-of-change.ts';

/** Whose billing it is, who caused it, and when. */
export type Billing = {
  readonly workspace: Workspace;
  readonly customer: Customer;
  readonly cause: Cause;
  /** Billing time. */
  readonly billing: Instant;
  /** Time of rows and audit. */
  readonly now: Instant;
  random(bytes: number): Uint8Array;
};

/**
 * Moves a subscription into the period after the one that is over, with its invoice. Nothing happens when it is not any
 * more as it was seen. Answers the subscription as it is then, or null.
 */
export async function renewSubscription(
  tx: Writer,
  planned: PlannedSubscription,
  billing: Billing,
): Promise<Subscription | null> {
  const { subscription, plan } = planned;
  const status = statusAfter(subscription.status, 'renew');
  if (status === null) return null;
  const period = periodAfter(subscription, plan, billing.workspace.configuration.timeZone);
  const changes: SubscriptionChanges = {
    status,
    currentPeriodStart: period.start,
    currentPeriodEnd: period.end,
    ...(isCreditGiven(planned) ? { initialDiscount: null } : {}),
  };
  const renewed = await moveSubscription(tx, subscription, changes, billing.now);
  if (renewed === null) return null;
  const invoice = await billPeriod(tx, planned, period, billing);
  await tellOfChange(
    tx,
    renewed,
    billing.cause,
    {
      act: 'subscription.renewed',
      object: renewed.id,
      detail: { periodStart: period.start, periodEnd: period.end, invoice: invoice?.id ?? null },
      event: {
        what: 'subscription.renewed',
        of: 'subscription',
        object: wireSubscription(renewed),
        extras: { customerId: renewed.customerId, invoiceId: invoice?.id ?? null },
      },
    },
    billing.now,
    billing.random,
  );
  return renewed;
}

/**
 * Bills one period of a subscription: notes it, which the database takes once, and writes its invoice. Null where nothing
 * is known to invoice: the merchant invoices usage, and what has no price.
 */
export async function billPeriod(
  tx: Writer,
  planned: PlannedSubscription,
  period: Period,
  billing: Billing,
): Promise<Invoice | null> {
  const { subscription } = planned;
  const { workspace, customer } = billing;
  const { timeZone, defaultLocale } = workspace.configuration;
  const locale = localeOf(customer, defaultLocale);
  const figures = invoiceOfPeriod(planned, taxRateOf(workspace.brand), period, { locale, timeZone });
  await tx
    .insertInto('billedPeriods')
    .values({
      subscriptionId: subscription.id,
      periodStart: period.start,
      periodEnd: period.end,
      workspaceId: workspace.workspaceId,
      mode: workspace.mode,
      customerId: customer.id,
      invoiceId: null,
      billedAt: billing.now,
    })
    .execute();
  if (figures === null) return null;
  const { collectionMethod } = subscription;
  const issue = { ...billing, subscriptionId: subscription.id, collectionMethod, period, figures };
  const invoice = await issueInvoice(tx, issue);
  await tx
    .updateTable('billedPeriods')
    .set({ invoiceId: invoice.id })
    .where('subscriptionId', '=', subscription.id)
    .where('periodStart', '=', period.start)
    .execute();
  return invoice;
}

/** Is the one-off credit on the invoice that is written now? */
export function isCreditGiven({ subscription, price }: PlannedSubscription): boolean {
  return subscription.initialDiscount !== null && price !== null && price.model !== 'usage';
}

function localeOf(customer: Pick<Customer, 'metadata'>, ofWorkspace: 'auto' | 'id' | 'en'): 'en' | 'id' {
  const own = customer.metadata?.locale?.toLowerCase().split('-')[0];
  if (own === 'id' || own === 'en') return own;
  return ofWorkspace === 'id' ? 'id' : 'en';
}
