import type { InvoiceId } from '@/lib/domain/ids.ts';
import { type Invoice, invoiceStatus, type PaymentAttempt, type RefusalReason } from '@/lib/domain/invoice.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import { wireInvoice } from '@/lib/domain/wire-invoice.ts';
import { wireSubscription } from '@/lib/domain/wire-subscription.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import type { Writer } from './db.ts';
import { findInvoice, listInvoiceLines, listUnpaidInvoices, toInvoice } from './invoices.ts';
import { issueReceipt } from './issue-receipt.ts';
import { activateSubscription } from './subscriptions.ts';
import { type Cause, tellOfChange } from './tell-of-change.ts';

type At = {
  /** Billing time. */
  readonly billing: Instant;
  /** Time of rows and audit. */
  readonly now: Instant;
  random(bytes: number): Uint8Array;
};

/**
 * A payment arrived: the invoice is paid, its receipt is issued, and a subscription whose payment had failed runs again
 * once nothing of it is overdue; all in the transaction that settles the attempt, with audit and events. An invoice that
 * is not owed any more stays as it is, and the audit log says that money came without a place.
 */
export async function recordPayment(
  tx: Writer,
  workspace: Workspace,
  scope: CustomerScope,
  attempt: PaymentAttempt & { readonly adapter: string },
  cause: Cause,
  at: At,
): Promise<{ receiptNumber: string | null }> {
  const paid = await payInvoiceRow(tx, scope, attempt, at);
  if (paid === null) {
    const detail = { attempt: attempt.id, amount: attempt.amount };
    await tellOfChange(
      tx,
      scope,
      cause,
      { act: 'invoice.payment_unplaced', object: attempt.invoiceId, detail },
      at.now,
      at.random,
    );
    return { receiptNumber: null };
  }
  const lines = await listInvoiceLines(tx, scope, paid.id);
  const receipt = await issueReceipt(
    tx,
    workspace,
    paid,
    lines,
    {
      method: attempt.methodName,
      adapter: attempt.adapter,
      providerReference: attempt.providerReference,
      paidAt: at.billing,
    },
    at.random,
  );
  await tellOfChange(
    tx,
    scope,
    cause,
    {
      act: 'invoice.paid',
      object: paid.id,
      detail: { attempt: attempt.id, amount: attempt.amount, receipt: receipt.number },
      event: {
        what: 'invoice.paid',
        of: 'invoice',
        object: wireInvoice(paid, lines, at.billing),
        extras: { paymentMethodId: attempt.paymentMethodId, receiptId: receipt.id },
      },
    },
    at.now,
    at.random,
  );
  await resumeSubscription(tx, scope, paid, cause, at);
  return { receiptNumber: receipt.number };
}

/** A payment was refused, ran out, or waits: the attempt is counted where it ended, and the event says why. */
export async function recordUnpaid(
  tx: Writer,
  scope: CustomerScope,
  attempt: PaymentAttempt,
  what: 'invoice.failed' | 'invoice.pending',
  extras: { readonly reason: RefusalReason | null } | { readonly payBefore: string | null },
  cause: Cause,
  at: At,
): Promise<void> {
  if (what === 'invoice.failed') await countAttempt(tx, scope, attempt.invoiceId, at.now);
  const invoice = await findInvoice(tx, scope, attempt.invoiceId);
  if (invoice === null) return;
  const lines = await listInvoiceLines(tx, scope, invoice.id);
  await tellOfChange(
    tx,
    scope,
    cause,
    {
      act: what === 'invoice.failed' ? 'invoice.payment_failed' : 'invoice.payment_pending',
      object: invoice.id,
      detail: { attempt: attempt.id, reason: attempt.reason },
      event: {
        what,
        of: 'invoice',
        object: wireInvoice(invoice, lines, at.billing),
        extras: { paymentMethodId: attempt.paymentMethodId, ...extras },
      },
    },
    at.now,
    at.random,
  );
}

async function payInvoiceRow(
  tx: Writer,
  scope: CustomerScope,
  attempt: PaymentAttempt,
  at: At,
): Promise<Invoice | null> {
  const row = await tx
    .updateTable('invoices')
    .set((eb) => ({
      status: 'paid',
      amountPaid: eb.ref('total'),
      paidAt: at.billing,
      chargeId: attempt.providerReference,
      collectionAttempts: eb('collectionAttempts', '+', 1),
      nextAttemptAt: null,
      stoppedAttemptAt: null,
      updatedAt: at.now,
    }))
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('id', '=', attempt.invoiceId)
    .where('status', 'in', ['open', 'past_due'])
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toInvoice(row);
}

async function countAttempt(tx: Writer, scope: CustomerScope, invoiceId: InvoiceId, now: Instant): Promise<void> {
  await tx
    .updateTable('invoices')
    .set((eb) => ({ collectionAttempts: eb('collectionAttempts', '+', 1), updatedAt: now }))
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('id', '=', invoiceId)
    .where('status', 'in', ['open', 'past_due'])
    .execute();
}

async function resumeSubscription(
  tx: Writer,
  scope: CustomerScope,
  paid: Invoice,
  cause: Cause,
  at: At,
): Promise<void> {
  const { subscriptionId } = paid;
  if (subscriptionId === null) return;
  const unpaid = await listUnpaidInvoices(tx, scope);
  const isOverdue = unpaid.some(
    (one) => one.subscriptionId === subscriptionId && invoiceStatus(one, at.billing) === 'past_due',
  );
  if (isOverdue) return;
  const resumed = await activateSubscription(tx, scope, subscriptionId, at.now);
  if (resumed === null) return;
  await tellOfChange(
    tx,
    scope,
    cause,
    {
      act: 'subscription.activated',
      object: resumed.id,
      detail: { invoice: paid.id },
      event: {
        what: 'subscription.updated',
        of: 'subscription',
        object: wireSubscription(resumed),
        extras: { changed: ['status'] },
      },
    },
    at.now,
    at.random,
  );
}
