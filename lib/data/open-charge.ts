import { type InvoiceId, newId } from '@/lib/domain/ids.ts';
import type { Invoice } from '@/lib/domain/invoice.ts';
import { amountDue } from '@/lib/domain/invoice.ts';
import type { PaymentMethod } from '@/lib/domain/payment-method.ts';
import { emptyOutcome, noWishes, type ProviderVisit, paymentTries } from '@/lib/domain/provider-visit.ts';
import { fail, type Result, succeed } from '@/lib/domain/result.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';
import { insertAttempt } from './payment-attempts.ts';
import { insertProviderVisit, listVisitsOfInvoice } from './provider-visits.ts';
import { holdInvoice } from './workspace-invoices.ts';

/** Three payments of one invoice in ten minutes are enough, however they are begun: `rate_limited` with facts.at. */
export async function admitTry(
  read: Reader,
  scope: CustomerScope,
  invoiceId: InvoiceId,
  now: Instant,
): Promise<Result<null, 'rate_limited'>> {
  const tries = await listVisitsOfInvoice(read, scope, invoiceId, now - paymentTries.windowMs);
  const oldest = tries.at(paymentTries.count - 1);
  if (oldest === undefined) return succeed(null);
  return fail('rate_limited', 'Too many tries.', { facts: { at: oldest.createdAt + paymentTries.windowMs } });
}

/**
 * Notes a charge of a saved method before it is sent: the attempt and the visit it belongs to, whose id is the
 * idempotency key. Nothing is noted when it fails: `rate_limited` with facts.at (a buyer's tries), `conflict` with
 * facts.why `paid` or `waiting` (another payment of the invoice is on its way).
 */
export async function openCharge(
  tx: Writer,
  scope: CustomerScope,
  charge: {
    readonly visitId: ProviderVisit['id'];
    readonly stateHash: string;
    readonly browserSessionId: ProviderVisit['browserSessionId'];
    readonly invoice: Invoice;
    readonly method: PaymentMethod;
    readonly subscriptionIds: ProviderVisit['wishes']['subscriptionIds'];
    /** Billing time, of the attempt. */
    readonly billing: Instant;
    /** Time of rows. */
    readonly now: Instant;
    readonly expiresAt: Instant;
    random(bytes: number): Uint8Array;
  },
): Promise<Result<null, 'rate_limited' | 'conflict'>> {
  const { method, visitId } = charge;
  // Held: whoever pays or voids it at the same time goes first or last, never in between.
  const invoice = await holdInvoice(tx, scope, charge.invoice.id);
  if (invoice === null || amountDue(invoice) <= 0)
    return fail('conflict', 'Nothing is owed.', { facts: { why: 'paid' } });
  const admitted = charge.browserSessionId === null ? null : await admitTry(tx, scope, invoice.id, charge.now);
  if (admitted?.ok === false) return admitted;
  const { type, brand, last4, label } = method;
  const noted = await insertAttempt(tx, scope, {
    id: newId('paymentAttempt', charge.now, charge.random),
    invoiceId: invoice.id,
    paymentMethodId: method.id,
    methodName: { type, brand, last4, label },
    amount: amountDue(invoice),
    status: 'pending',
    reason: null,
    providerReference: null,
    payBefore: null,
    createdAt: charge.billing,
    finishedAt: null,
    adapter: method.adapter,
    idempotencyKey: visitId,
  });
  if (!noted) return fail('conflict', 'A payment is on its way.', { facts: { why: 'waiting' } });
  await insertProviderVisit(tx, {
    id: visitId,
    workspaceId: scope.workspaceId,
    mode: scope.mode,
    customerId: scope.customerId,
    browserSessionId: charge.browserSessionId,
    adapter: method.adapter,
    purpose: 'confirm_payment',
    stateHash: charge.stateHash,
    providerReference: null,
    wishes: { ...noWishes, subscriptionIds: charge.subscriptionIds },
    invoiceId: invoice.id,
    status: 'open',
    outcome: { ...emptyOutcome, method: { type, brand, last4, label } },
    paymentMethodId: method.id,
    createdAt: charge.now,
    expiresAt: charge.expiresAt,
    finishedAt: null,
  });
  return succeed(null);
}
