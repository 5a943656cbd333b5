import type { Page } from '@/app/(portal)/_page/draw.tsx';
import { loadSection } from '@/app/(portal)/_page/load-section.ts';
import { listUnpaidInvoices } from '@/lib/data/invoices.ts';
import { listPaymentMethods } from '@/lib/data/payment-methods.ts';
import { findSubscription, listSubscriptions } from '@/lib/data/subscriptions.ts';
import { readId } from '@/lib/domain/ids.ts';
import type { Invoice } from '@/lib/domain/invoice.ts';
import { type NextPayment, nextPaymentOf } from '@/lib/domain/next-payment.ts';
import { payerOf } from '@/lib/domain/payer.ts';
import type { PaymentMethod } from '@/lib/domain/payment-method.ts';
import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import { taxRateOf } from '@/lib/domain/subscription-cost.ts';

/** A subscription and what stands around it. Parts that could not be read are null; the subscription itself is there. */
export type SubscriptionView = {
  readonly planned: PlannedSubscription;
  readonly unpaid: readonly Invoice[] | null;
  /** The method that pays it; null when none does. */
  readonly payer: PaymentMethod | null;
  readonly methodsKnown: boolean;
  readonly next: NextPayment | null;
};

/** The subscription an address names, or null: unknown, foreign and malformed look alike. */
export async function readSubscriptionView(page: Page): Promise<SubscriptionView | null> {
  const { on, viewer, customer, workspace } = page;
  const id = readId<'subscription'>(page.params.id);
  const planned = id === null ? null : await findSubscription(on.read, viewer, id);
  if (planned === null) return null;
  const unpaid = await loadSection(page, () => listUnpaidInvoices(on.read, viewer));
  const methods = await loadSection(page, () => listPaymentMethods(on.read, viewer));
  return {
    planned,
    unpaid: unpaid.ok ? unpaid.value : null,
    payer: methods.ok ? payerOf(planned.subscription, customer, methods.value) : null,
    methodsKnown: methods.ok,
    next: nextPaymentOf(planned, taxRateOf(workspace.brand), viewer.now),
  };
}

/** The customer's other subscriptions, or null when they could not be read. */
export async function readOtherSubscriptions(
  page: Page,
  view: SubscriptionView,
): Promise<PlannedSubscription[] | null> {
  const all = await loadSection(page, () => listSubscriptions(page.on.read, page.viewer));
  if (!all.ok) return null;
  return all.value.filter(({ subscription }) => subscription.id !== view.planned.subscription.id);
}

/** What comes after an undo: the next payment as if no end were planned. */
export function nextAfterUndo(page: Page, { planned }: SubscriptionView): NextPayment | null {
  const subscription = { ...planned.subscription, cancelAt: null };
  return nextPaymentOf({ ...planned, subscription }, taxRateOf(page.workspace.brand), page.viewer.now);
}
