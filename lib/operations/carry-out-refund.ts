import { findCustomer } from '@/lib/data/customers.ts';
import type { Writer } from '@/lib/data/db.ts';
import type { Answering } from '@/lib/data/idempotent-answers.ts';
import { settleClaim } from '@/lib/data/idempotent-answers.ts';
import { changeWaitingRefund, findMerchantRefund } from '@/lib/data/merchant-refunds.ts';
import type { Cause } from '@/lib/data/tell-of-change.ts';
import { tellOfChange } from '@/lib/data/tell-of-change.ts';
import { billingNow } from '@/lib/domain/customer.ts';
import type { RefundId } from '@/lib/domain/ids.ts';
import type { MerchantRefund } from '@/lib/domain/refund.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { wireRefund } from '@/lib/domain/wire-refund.ts';
import type { RefundReport } from '@/lib/providers/provider.ts';
import type { Runtime } from '@/lib/runtime.ts';

export type RefundCarrying = {
  /** `send` asks the provider to give the money back; `ask` asks what became of it, and sends what never arrived. */
  readonly how: 'send' | 'ask';
  readonly cause: Cause;
  readonly answering?: Answering<MerchantRefund> | null;
};

type Answer = Result<RefundReport, 'upstream_error'>;

/**
 * Sends a noted refund to the provider and writes what it answers. Its id is the idempotency key: sent again, after a
 * crash too, it gives the money back once. Fails with `provider_refused` (the row stays, failed) and with
 * `upstream_error` (the row stays pending, and the job asks again); both name the refund in details.refundId.
 */
export async function carryOutRefund(
  on: Runtime,
  scope: WorkspaceScope,
  id: RefundId,
  { how, cause, answering = null }: RefundCarrying,
): Promise<Result<MerchantRefund>> {
  const refund = await findMerchantRefund(on.read, scope, id);
  const answer = refund === null || refund.status !== 'pending' ? null : await ask(on, refund, how);
  return on.write(async (tx) => {
    if (answer !== null) await settle(on, tx, scope, id, answer, cause);
    const result = outcomeOf(await findMerchantRefund(tx, scope, id), answer);
    await settleClaim(tx, answering, result);
    return result;
  });
}

async function ask(on: Runtime, refund: MerchantRefund, how: RefundCarrying['how']): Promise<Answer> {
  const provider = refund.adapter === null ? null : on.providers.byAdapter(refund.adapter);
  if (provider === null) {
    on.log('error', 'provider.missing', { reason: refund.adapter ?? 'none' });
    return fail('upstream_error', 'The provider of this charge is not deployed here any more.');
  }
  if (how === 'ask') {
    const known = await provider.askRefund(refund.id);
    if (!known.ok) return known;
    if (known.value !== null) return succeed(known.value);
  }
  const { id: idempotencyKey, chargeId: chargeReference, amount, currency, reason } = refund;
  return provider.refund({ idempotencyKey, chargeReference, money: { amount, currency }, reason });
}

async function settle(
  on: Runtime,
  tx: Writer,
  scope: WorkspaceScope,
  id: RefundId,
  answer: Answer,
  cause: Cause,
): Promise<void> {
  const now = on.now();
  if (!answer.ok || answer.value.state === 'pending') {
    const known = answer.ok ? { providerReference: answer.value.refundReference } : {};
    await changeWaitingRefund(tx, id, { askedAt: now, ...known });
    return;
  }
  const report = answer.value;
  const before = await findMerchantRefund(tx, scope, id);
  const customer = before === null ? null : await findCustomer(tx, before);
  const ended = await changeWaitingRefund(tx, id, {
    askedAt: now,
    updatedAt: customer === null ? now : billingNow(customer, now),
    providerReference: report.refundReference,
    ...(report.state === 'succeeded'
      ? { status: 'succeeded' as const }
      : { status: 'failed' as const, failureCode: report.code, failureMessage: report.message }),
  });
  if (ended === null) return;
  const what = ended.status === 'succeeded' ? 'refund.issued' : 'refund.failed';
  const detail = { charge: ended.chargeId, amount: ended.amount, failure: ended.failureCode };
  const event = { what, of: 'refund', object: wireRefund(ended) };
  await tellOfChange(tx, scope, cause, { act: what, object: id, detail, event }, now, on.random);
}

function outcomeOf(refund: MerchantRefund | null, answer: Answer | null): Result<MerchantRefund> {
  if (refund === null) return fail('not_found', 'There is no such refund.');
  const details = { refundId: refund.id };
  if (refund.status === 'failed') {
    const why = refund.failureMessage ?? 'It gives no reason.';
    return fail('provider_refused', `The provider does not give this money back. ${why}`, { details });
  }
  if (refund.status === 'pending' && answer !== null && !answer.ok) {
    const message = 'The provider gives no answer. The refund stays pending until it does.';
    return fail('upstream_error', message, { details });
  }
  return succeed(refund);
}
