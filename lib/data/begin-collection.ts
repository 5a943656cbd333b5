import { type InvoiceId, newId, type ProviderVisitId } from '@/lib/domain/ids.ts';
import { amountDue, type Invoice } from '@/lib/domain/invoice.ts';
import { payerOf } from '@/lib/domain/payer.ts';
import { isExpired, isUsable, type PaymentMethod } from '@/lib/domain/payment-method.ts';
import { dayMs, hourMs, type Instant } from '@/lib/domain/time.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import { wireInvoice } from '@/lib/domain/wire-invoice.ts';
import type { Writer } from './db.ts';
import { findInvoice, listInvoiceLines } from './invoices.ts';
import { openCharge } from './open-charge.ts';
import { insertAttempt } from './payment-attempts.ts';
import { listPaymentMethods } from './payment-methods.ts';
import { recordFailedTry } from './record-failed-try.ts';
import { recordUnpaid } from './record-payment.ts';
import type { Billing } from './renew-subscription.ts';
import { findSubscription } from './subscriptions.ts';
import { tellOfChange } from './tell-of-change.ts';

/** What charging needs from outside. */
export type Charging = {
  /** Adapters of this deployment that charge in this mode. */
  readonly chargeable: ReadonlySet<string>;
  /** The hash of the one-time state a buyer comes back with from a bank. */
  stateHash(visitId: ProviderVisitId): string;
};

/**
 * Begins a try to collect an invoice that is due for one: notes the charge of the subscription's or customer's method,
 * to be sent afterwards under the visit's id. Without a method, or with an expired one, the try has failed. What no
 * provider here charges, and what the buyer pays, is left to the merchant. Answers the visit to send, or null.
 */
export async function beginCollection(
  tx: Writer,
  scope: CustomerScope,
  invoiceId: InvoiceId,
  billing: Billing,
  charging: Charging,
): Promise<ProviderVisitId | null> {
  const invoice = await findInvoice(tx, scope, invoiceId);
  if (invoice === null || invoice.nextAttemptAt === null || amountDue(invoice) <= 0) return null;
  const planned = invoice.subscriptionId === null ? null : await findSubscription(tx, scope, invoice.subscriptionId);
  const payable = planned?.subscription ?? { defaultPaymentMethodId: null, collectionMethod: 'charge_automatically' };
  const method = payerOf(payable, billing.customer, await listPaymentMethods(tx, scope));
  if (payable.collectionMethod === 'send_invoice' || (method !== null && !charging.chargeable.has(method.adapter))) {
    await planTry(tx, scope, invoice, null, billing.now);
    return null;
  }
  if (method === null || !isUsable(method, billing.billing)) {
    await failWithoutCharge(tx, scope, invoice, method, billing);
    return null;
  }
  const visitId = newId('providerVisit', billing.now, billing.random);
  const opened = await openCharge(tx, scope, {
    visitId,
    stateHash: charging.stateHash(visitId),
    browserSessionId: null,
    invoice,
    method,
    subscriptionIds: [],
    billing: billing.billing,
    now: billing.now,
    expiresAt: billing.now + dayMs,
    random: billing.random,
  });
  // A buyer is paying it right now: look again once that is over.
  await planTry(tx, scope, invoice, opened.ok ? null : billing.billing + hourMs, billing.now);
  if (!opened.ok) return null;
  const change = { act: 'invoice.payment_begun', object: invoice.id, detail: { visit: visitId } };
  await tellOfChange(tx, scope, { ...billing.cause, source: 'collection' }, change, billing.now, billing.random);
  return visitId;
}

async function planTry(
  tx: Writer,
  scope: CustomerScope,
  invoice: Invoice,
  nextAttemptAt: Instant | null,
  now: Instant,
): Promise<void> {
  await tx
    .updateTable('invoices')
    .set({ nextAttemptAt, updatedAt: now })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('id', '=', invoice.id)
    .execute();
}

/** No provider is asked: there is nothing to charge, or the month on the card is over. */
async function failWithoutCharge(
  tx: Writer,
  scope: CustomerScope,
  invoice: Invoice,
  method: PaymentMethod | null,
  { billing, now, random, cause: begun }: Billing,
): Promise<void> {
  const cause = { ...begun, source: 'collection' } as const;
  const at = { billing, now, random };
  if (method !== null && isExpired(method, billing)) {
    const { type, brand, last4, label } = method;
    const id = newId('paymentAttempt', now, random);
    const attempt = {
      id,
      invoiceId: invoice.id,
      paymentMethodId: method.id,
      methodName: { type, brand, last4, label },
      amount: amountDue(invoice),
      status: 'refused',
      reason: 'expired',
      providerReference: null,
      payBefore: null,
      createdAt: billing,
      finishedAt: billing,
    } as const;
    await insertAttempt(tx, scope, { ...attempt, adapter: method.adapter, idempotencyKey: id });
    await recordUnpaid(tx, scope, attempt, 'invoice.failed', { reason: 'expired' }, cause, at);
  } else {
    const object = wireInvoice(invoice, await listInvoiceLines(tx, scope, invoice.id), billing);
    const extras = { customerId: scope.customerId, paymentMethodId: method?.id ?? null, reason: 'no_payment_method' };
    const event = { what: 'invoice.failed', of: 'invoice', object, extras };
    const detail = { reason: 'no_payment_method' };
    await tellOfChange(
      tx,
      scope,
      cause,
      { act: 'invoice.payment_failed', object: invoice.id, detail, event },
      now,
      random,
    );
  }
  await recordFailedTry(tx, scope, invoice, cause, at);
}
