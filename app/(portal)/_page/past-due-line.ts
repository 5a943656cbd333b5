import { listUnpaidInvoices } from '@/lib/data/invoices.ts';
import { listSubscriptions } from '@/lib/data/subscriptions.ts';
import { amountDue } from '@/lib/domain/invoice.ts';
import type { Page } from './portal-page.tsx';

/** The line above every page but the overview while a payment has failed: what, for what, and where to put it right. */
export async function findPastDueLine(page: Page): Promise<{ text: string; href: string } | null> {
  const subscriptions = await listSubscriptions(page.on.read, page.viewer);
  const failed = subscriptions.find((one) => one.subscription.status === 'past_due');
  if (failed === undefined) return null;
  const invoices = await listUnpaidInvoices(page.on.read, page.viewer);
  const invoice = invoices.find(
    (one) => one.subscriptionId === failed.subscription.id && one.collectionStoppedAt === null,
  );
  if (invoice === undefined) return null;
  const amount = page.words.money({ amount: amountDue(invoice), currency: invoice.currency });
  return { text: page.words.t('frame.pastDue', { amount, plan: failed.plan.name }), href: `/invoices/${invoice.id}` };
}
