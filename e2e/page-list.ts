import type { Runtime } from '@/lib/runtime.ts';
import type { Buyer } from './buyer-lines.ts';

/** A page of the portal by a name for reports, and the heading it has. */
export type ListedPage = { readonly name: string; readonly path: string; readonly status: number };

/**
 * The pages of a buyer with two subscriptions (the second past due), two methods and documents: those of every menu, and
 * those that ask before something is done.
 */
export async function listPages(beside: Runtime, buyer: Buyer): Promise<ListedPage[]> {
  const receipt = await beside.read
    .selectFrom('receipts')
    .select('id')
    .where('customerId', '=', buyer.customerId)
    .executeTakeFirstOrThrow();
  const [first, second] = buyer.subscriptions;
  const [method, other] = buyer.methods;
  const paths: [string, string, number?][] = [
    ['overview', '/'],
    ['payment methods', '/payment-methods'],
    ['add a method', '/payment-methods/add'],
    ['make default', `/payment-methods/${other}/default`],
    ['choose what it pays', `/payment-methods/${other}/use`],
    ['remove', `/payment-methods/${other}/remove`],
    ['move and remove', `/payment-methods/${method}/remove`],
    ['invoices', '/invoices'],
    ['invoices, none match', '/invoices?q=nothing'],
    ['invoice, paid', `/invoices/${first?.invoices[0]?.id}`],
    ['invoice, overdue', `/invoices/${second?.invoices.at(-1)?.id}`],
    ['pay', `/invoices/${second?.invoices.at(-1)?.id}/pay`],
    ['receipts', '/receipts'],
    ['receipt', `/receipts/${receipt.id}`],
    ['subscription', `/subscriptions/${first?.id}`],
    ['subscription, past due', `/subscriptions/${second?.id}`],
    ['cancel', `/subscriptions/${first?.id}/cancel`],
    ['cancel, past due', `/subscriptions/${second?.id}/cancel`],
    ['sessions', '/sessions'],
    ['not found', '/nothing-here', 404],
  ];
  return paths.map(([name, path, status = 200]) => ({ name, path, status }));
}
