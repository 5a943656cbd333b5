import { newId } from '@/lib/domain/ids.ts';
import type { Invoice } from '@/lib/domain/invoice.ts';
import { amountDue } from '@/lib/domain/invoice.ts';
import type { PaymentMethod } from '@/lib/domain/payment-method.ts';
import { emptyOutcome, noWishes, type ProviderVisit, paymentTries } from '@/lib/domain/provider-visit.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import type { Writer } from './db.ts';
import { insertAttempt } from './payment-attempts.ts';
import { insertProviderVisit, listVisitsOfInvoice } from './provider-visits.ts';

/**
 * Notes a charge of a saved method before it is sent: the attempt and the visit it belongs to, whose id is the
 * idempotency key. False when another payment of the invoice is on its way, or enough were tried lately; nothing is
 * noted then.
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
): Promise<boolean> {
  const { invoice, method, visitId } = charge;
  const tries = await listVisitsOfInvoice(tx, scope, invoice.id, charge.now - paymentTries.windowMs);
  if (tries.length >= paymentTries.count) return false;
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
  if (!noted) return false;
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
  return true;
}
