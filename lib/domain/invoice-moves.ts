import type { InvoiceStatus } from './invoice.ts';
import type { Result } from './result.ts';
import { fail, succeed } from './result.ts';

/** What can be done to an invoice: issue it, take its money, take it back. */
export type InvoiceMove = 'finalize' | 'pay' | 'void';

/** An invoice is issued once, paid or taken back once, and what is paid, void or written off never changes again. */
const moves: Readonly<Record<InvoiceMove, { from: readonly InvoiceStatus[]; to: InvoiceStatus }>> = {
  finalize: { from: ['draft'], to: 'open' },
  pay: { from: ['open', 'past_due'], to: 'paid' },
  void: { from: ['draft', 'open', 'past_due'], to: 'void' },
};

/** The status a move leads to; fails with `conflict` where the invoice cannot make it. */
export function moveInvoice(status: InvoiceStatus, move: InvoiceMove): Result<InvoiceStatus, 'conflict'> {
  const { from, to } = moves[move];
  if (from.includes(status)) return succeed(to);
  return fail('conflict', refusals[move](status), { details: { status } });
}

const refusals: Readonly<Record<InvoiceMove, (status: InvoiceStatus) => string>> = {
  finalize: (status) => `Only a draft is finalized; this invoice is ${status}.`,
  pay: (status) => (status === 'draft' ? 'Finalize this draft first.' : `This invoice is ${status}: nothing is owed.`),
  void: (status) => `This invoice is ${status}: it is not voided any more.`,
};

/** Why an invoice can be neither paid elsewhere nor voided while its money may be coming: it could be paid twice. */
export const paymentUnderWay = fail(
  'conflict',
  'A payment of this invoice is under way at the provider. Ask again once it has ended.',
  { details: { reason: 'payment_under_way' } },
);
