import { findCustomer } from '@/lib/data/customers.ts';
import type { Writer } from '@/lib/data/db.ts';
import type { Answering } from '@/lib/data/idempotent-answers.ts';
import { releaseClaim, settleClaim } from '@/lib/data/idempotent-answers.ts';
import type { CapturedCharge } from '@/lib/data/merchant-refunds.ts';
import {
  findCharge,
  findRefundOfRequest,
  holdCharge,
  insertRefund,
  sumRefundsOfCharge,
} from '@/lib/data/merchant-refunds.ts';
import { causeOfMerchant, tellOfChange } from '@/lib/data/tell-of-change.ts';
import { findMerchantInvoice } from '@/lib/data/workspace-invoices.ts';
import type { Metadata } from '@/lib/domain/customer.ts';
import { billingNow } from '@/lib/domain/customer.ts';
import type { InvoiceId } from '@/lib/domain/ids.ts';
import { newId } from '@/lib/domain/ids.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { MerchantRefund } from '@/lib/domain/refund.ts';
import { refundAmount } from '@/lib/domain/refund.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import { dayMs } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

export type RefundOrder = {
  /** What is given back: the money of an invoice, or a charge by the provider's name of it. */
  readonly of: { readonly invoiceId: InvoiceId } | { readonly chargeId: string };
  /** Null: all that is left. */
  readonly amount: number | null;
  readonly reason: MerchantRefund['reason'];
  readonly metadata: Metadata | null;
};

/**
 * Notes a refund before the provider is asked, while its charge is held: of refunds that are wished at once none goes
 * above what was captured. `carryOutRefund` sends it. The same request again finds the refund it began. Fails with
 * `not_found`, `validation_error` for more than is left, `conflict` where no provider took money, or nothing is left.
 */
export async function beginRefund(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  order: RefundOrder,
  answering: Answering<MerchantRefund> | null = null,
): Promise<Result<MerchantRefund>> {
  return on.write(async (tx) => {
    const noted = await note(on, tx, scope, by, order);
    // A key that belongs to another refund stays that refund's: this answer is not kept under it.
    if (noted === keyReused && answering !== null) await releaseClaim(tx, answering.claim);
    else if (!noted.ok) await settleClaim(tx, answering, noted);
    return noted;
  });
}

async function note(
  on: Runtime,
  tx: Writer,
  scope: WorkspaceScope,
  by: MerchantAct,
  order: RefundOrder,
): Promise<Result<MerchantRefund>> {
  const now = on.now();
  const charge = await findCharge(tx, scope, order.of);
  if (charge === null) return refuseSource(tx, scope, order.of, now);
  await holdCharge(tx, charge);
  const { idempotencyKey } = by;
  const begun = idempotencyKey === null ? null : await findRefundOfRequest(tx, scope, idempotencyKey, now - dayMs);
  if (begun !== null) return isSame(begun, charge, order) ? succeed(begun) : keyReused;
  if (on.providers.byAdapter(charge.adapter) === null) {
    return fail('conflict', 'The provider that took this money is not deployed here.');
  }
  const amount = refundAmount(charge.amount, await sumRefundsOfCharge(tx, scope, charge), order.amount);
  if (!amount.ok) return amount;
  const customer = await findCustomer(tx, { ...scope, customerId: charge.customerId });
  const billing = customer === null ? now : billingNow(customer, now);
  const refund: MerchantRefund = {
    id: newId('refund', now, on.random),
    workspaceId: scope.workspaceId,
    mode: scope.mode,
    customerId: charge.customerId,
    invoiceId: charge.invoiceId,
    chargeId: charge.reference,
    amount: amount.value,
    currency: charge.currency,
    reason: order.reason,
    status: 'pending',
    failureCode: null,
    failureMessage: null,
    metadata: order.metadata,
    paymentAttemptId: charge.attemptId,
    adapter: charge.adapter,
    providerReference: null,
    requestKey: idempotencyKey,
    askedAt: now,
    createdAt: billing,
    updatedAt: billing,
  };
  await insertRefund(tx, refund);
  const detail = { charge: charge.reference, amount: refund.amount, invoice: charge.invoiceId };
  await tellOfChange(
    tx,
    scope,
    causeOfMerchant(by),
    { act: 'refund.begun', object: refund.id, detail },
    now,
    on.random,
  );
  return succeed(refund);
}

const keyReused = fail('idempotency_key_reused', 'This idempotency key was used for another refund.', {
  field: 'Idempotency-Key',
});

/** Is this the wish the refund was begun with? Its stored answer is gone where the provider had given none. */
function isSame(begun: MerchantRefund, charge: CapturedCharge, { amount, reason }: RefundOrder): boolean {
  return begun.chargeId === charge.reference && begun.reason === reason && (amount === null || amount === begun.amount);
}

async function refuseSource(
  tx: Writer,
  scope: WorkspaceScope,
  of: RefundOrder['of'],
  now: number,
): Promise<Result<never, 'not_found' | 'conflict'>> {
  if ('chargeId' in of) return fail('not_found', 'There is no such charge.', { field: 'chargeId' });
  const known = await findMerchantInvoice(tx, scope, of.invoiceId, now);
  return known === null
    ? fail('not_found', 'There is no such invoice.', { field: 'sourceId' })
    : fail('conflict', 'No provider took money for this invoice, so that none can give it back.');
}
