import type { InvoiceId } from '@/lib/domain/ids.ts';
import type { Invoice, MethodName, PaymentAttempt, RefusalReason } from '@/lib/domain/invoice.ts';
import { payMove } from '@/lib/domain/subscription-moves.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import { wireInvoice } from '@/lib/domain/wire-invoice.ts';
import { wireSubscription } from '@/lib/domain/wire-subscription.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import type { Writer } from './db.ts';
import { findInvoice, listInvoiceLines, listUnpaidInvoices, toInvoice } from './invoices.ts';
import { issueReceipt } from './issue-receipt.ts';
import { moveSubscription } from './move-subscription.ts';
import { findSubscription } from './subscriptions.ts';
import { type Cause, tellOfChange } from './tell-of-change.ts';
import { findWorkspace } from './workspaces.ts';

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
  const { invoiceId, providerReference } = attempt;
  const paid = await payInvoiceRow(tx, scope, invoiceId, { chargeId: providerReference, tries: 1 }, at);
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
  return tellOfPayment(
    tx,
    workspace,
    scope,
    paid,
    {
      method: attempt.methodName,
      adapter: attempt.adapter,
      providerReference,
      detail: { attempt: attempt.id, amount: attempt.amount },
      extras: { paymentMethodId: attempt.paymentMethodId },
    },
    cause,
    at,
  );
}

/**
 * Nothing came through a provider: the merchant took the money elsewhere, or there was nothing to pay. The invoice is
 * paid, its receipt is issued and the subscription runs again, as with a payment. Null when it is not owed any more.
 */
export async function recordPaymentElsewhere(
  tx: Writer,
  workspace: Workspace,
  scope: CustomerScope,
  invoiceId: InvoiceId,
  method: MethodName | null,
  cause: Cause,
  at: At,
): Promise<Invoice | null> {
  const paid = await payInvoiceRow(tx, scope, invoiceId, { chargeId: null, tries: 0 }, at);
  if (paid === null) return null;
  const adapter = method?.type ?? null;
  const detail = { amount: paid.total, method: adapter };
  const payment = { method, adapter, providerReference: null, detail, extras: { paymentMethodId: null } };
  await tellOfPayment(tx, workspace, scope, paid, payment, cause, at);
  return paid;
}

async function tellOfPayment(
  tx: Writer,
  workspace: Workspace,
  scope: CustomerScope,
  paid: Invoice,
  payment: {
    readonly method: MethodName | null;
    readonly adapter: string | null;
    readonly providerReference: string | null;
    readonly detail: Readonly<Record<string, string | number | null>>;
    readonly extras: Readonly<Record<string, unknown>>;
  },
  cause: Cause,
  at: At,
): Promise<{ receiptNumber: string }> {
  const { method, adapter, providerReference, detail, extras } = payment;
  const lines = await listInvoiceLines(tx, scope, paid.id);
  const proven = { method, adapter, providerReference, paidAt: at.billing };
  const receipt = await issueReceipt(tx, workspace, paid, lines, proven, at.random);
  await tellOfChange(
    tx,
    scope,
    cause,
    {
      act: 'invoice.paid',
      object: paid.id,
      detail: { ...detail, receipt: receipt.number },
      event: {
        what: 'invoice.paid',
        of: 'invoice',
        object: wireInvoice(paid, lines, at.billing),
        extras: { ...extras, receiptId: receipt.id },
      },
    },
    at.now,
    at.random,
  );
  await resumeSubscription(tx, scope, paid, ['past_due', 'incomplete'], cause, at);
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
  invoiceId: InvoiceId,
  { chargeId, tries }: { readonly chargeId: string | null; readonly tries: number },
  at: At,
): Promise<Invoice | null> {
  const row = await tx
    .updateTable('invoices')
    .set((eb) => ({
      status: 'paid',
      amountPaid: eb.ref('total'),
      paidAt: at.billing,
      chargeId,
      collectionAttempts: eb('collectionAttempts', '+', tries),
      nextAttemptAt: null,
      stoppedAttemptAt: null,
      updatedAt: at.now,
    }))
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('id', '=', invoiceId)
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

/**
 * Lets a subscription whose payment had failed run again, once nothing of it is overdue. `from`: a first payment starts
 * one that waited for it; an invoice that was taken back does not.
 */
export async function resumeSubscription(
  tx: Writer,
  scope: CustomerScope,
  paid: Invoice,
  from: readonly ('past_due' | 'incomplete')[],
  cause: Cause,
  at: At,
): Promise<void> {
  const { subscriptionId } = paid;
  if (subscriptionId === null) return;
  const unpaid = await listUnpaidInvoices(tx, scope);
  const isOverdue = unpaid.some(
    ({ subscriptionId: of, dueAt }) => of === subscriptionId && dueAt !== null && dueAt <= at.billing,
  );
  if (isOverdue) return;
  const planned = await findSubscription(tx, scope, subscriptionId);
  if (planned === null || !from.some((status) => status === planned.subscription.status)) return;
  const workspace = await findWorkspace(tx, scope);
  const move = payMove(planned, workspace?.configuration.timeZone ?? 'UTC', at.billing);
  const resumed = move.can ? await moveSubscription(tx, planned.subscription, move.changes, at.now) : null;
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
        extras: {
          changed: move.can ? Object.keys(move.changes).filter((name) => name in wireSubscription(resumed)) : [],
        },
      },
    },
    at.now,
    at.random,
  );
}
