import type { Reader } from '@/lib/data/db.ts';
import { listUnpaidInvoices } from '@/lib/data/invoices.ts';
import { listSubscriptions } from '@/lib/data/subscriptions.ts';
import { amountDue } from '@/lib/domain/invoice.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import type { Words } from '@/lib/i18n/words.ts';

/** The line above every page but the overview while a payment has failed: what, for what, and where to put it right. */
export async function findPastDueLine(
  read: Reader,
  viewer: Viewer,
  words: Words,
): Promise<{ text: string; href: string } | null> {
  const subscriptions = await listSubscriptions(read, viewer);
  const failed = subscriptions.find((one) => one.subscription.status === 'past_due');
  if (failed === undefined) return null;
  const invoices = await listUnpaidInvoices(read, viewer);
  const invoice = invoices.find(
    (one) => one.subscriptionId === failed.subscription.id && one.collectionStoppedAt === null,
  );
  if (invoice === undefined) return null;
  const amount = words.money({ amount: amountDue(invoice), currency: invoice.currency });
  return { text: words.t('frame.pastDue', { amount, plan: failed.plan.name }), href: `/invoices/${invoice.id}` };
}
