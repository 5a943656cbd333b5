import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { visitState } from '@/lib/crypto/provider-reference.ts';
import { fingerprint } from '@/lib/crypto/secret.ts';
import { findBrokenAuditLine } from '@/lib/data/audit-lines.ts';
import { findInvoice } from '@/lib/data/invoices.ts';
import { findAttemptByKey } from '@/lib/data/payment-attempts.ts';
import { findVisitByState, listProviderVisits } from '@/lib/data/provider-visits.ts';
import { findSubscription } from '@/lib/data/subscriptions.ts';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { openTestRuntime, testNow } from '@/lib/data/testing/test-runtime.ts';
import { dayMs, minuteMs, secondMs } from '@/lib/domain/time.ts';

import { settleWaitingPayments } from '@/lib/jobs/settle-waiting-payments.ts';
import type { Play } from '@/lib/providers/simulated/test-numbers.ts';
import { beginHostedPayment } from './begin-hosted-payment.ts';
import { carryOutPayment } from './carry-out-payment.ts';
import { payInvoice } from './pay-invoice.ts';
import { settleProviderVisit } from './settle-provider-visit.ts';
import { aBuyer, type SeededBuyer } from './testing/a-buyer.ts';

let test: TestRuntime;
let now = testNow;
beforeAll(async () => {
  test = await openTestRuntime();
});
afterAll(() => test.close());
beforeEach(() => {
  now += 30 * minuteMs;
  test.setTime(now);
});

const charges = async (): Promise<number> =>
  (await test.runtime.read.selectFrom('simulatedCharges').select('id').execute()).length;

async function pay(buyer: SeededBuyer, play: Play, form: string, useFromNowOn = false) {
  const methodId = await buyer.addMethod(play);
  const input = { formId: form, invoiceId: buyer.invoiceId, methodId, useFromNowOn };
  const begun = await payInvoice(test.runtime, buyer.viewer, input);
  if (!begun.ok) throw new Error(begun.failure.code);
  const { visitId } = begun.value;
  const attempt = await carryOutPayment(test.runtime, buyer.viewer, visitId, { how: 'send' });
  return { visitId, attempt, methodId };
}

describe('paying with a saved method', () => {
  it('pays the invoice once, issues a receipt, moves what was asked, and lets the subscription run again', async () => {
    const buyer = await aBuyer(test, now);
    const { attempt, methodId } = await pay(buyer, 'succeeds', 'form-pay-once-0001', true);
    expect(attempt).toMatchObject({ status: 'succeeded', amount: 165_390 });
    const invoice = await findInvoice(test.runtime.read, buyer.viewer, buyer.invoiceId);
    expect(invoice).toMatchObject({ status: 'paid', amountPaid: 165_390, chargeId: attempt?.providerReference });
    const planned = await findSubscription(test.runtime.read, buyer.viewer, buyer.subscriptionId);
    expect(planned?.subscription).toMatchObject({ status: 'active', defaultPaymentMethodId: methodId });
    const receipts = await buyer.receipts();
    expect(receipts).toMatchObject([{ number: 'RCP-2026-0001', amount: 165_390 }]);
    const types = await buyer.eventTypes();
    expect(types.filter((one) => one === 'plugipay.invoice.paid.v1')).toHaveLength(1);
    expect(types).toContain('plugipay.subscription.updated.v1');
    expect(await findBrokenAuditLine(test.runtime.read, buyer.viewer)).toBeNull();
  });

  it('the same form twice at once makes one charge', async () => {
    const buyer = await aBuyer(test, now);
    const methodId = await buyer.addMethod('succeeds');
    const before = await charges();
    const input = { formId: 'form-pay-twice-001', invoiceId: buyer.invoiceId, methodId, useFromNowOn: false };
    const send = async () => {
      const begun = await payInvoice(test.runtime, buyer.viewer, input);
      if (!begun.ok) throw new Error(begun.failure.code);
      await carryOutPayment(test.runtime, buyer.viewer, begun.value.visitId, { how: 'send' });
      return begun.value.visitId;
    };
    const [one, other] = await Promise.all([send(), send()]);
    expect(one).toBe(other);
    expect(await charges()).toBe(before + 1);
    expect(await buyer.receipts()).toHaveLength(1);
  });

  it('two forms at once make one charge', async () => {
    const buyer = await aBuyer(test, now);
    const methodId = await buyer.addMethod('succeeds');
    const before = await charges();
    const begin = (formId: string) =>
      payInvoice(test.runtime, buyer.viewer, { formId, invoiceId: buyer.invoiceId, methodId, useFromNowOn: false });
    const begun = await Promise.all([begin('form-pay-two-00001'), begin('form-pay-two-00002')]);
    expect(begun.map((one) => one.ok).sort()).toEqual([false, true]);
    for (const one of begun) {
      if (one.ok) await carryOutPayment(test.runtime, buyer.viewer, one.value.visitId, { how: 'send' });
      else expect(one.failure).toMatchObject({ code: 'conflict', facts: { why: 'waiting' } });
    }
    expect(await charges()).toBe(before + 1);
  });

  it.each([
    'not_enough_money',
    'expired',
    'over_limit',
    'wrong_details',
    'not_allowed',
    'blocked',
    'unsaid',
    'provider_problem',
  ] as const)('a refusal for %s leaves the invoice open and says why', async (reason) => {
    const buyer = await aBuyer(test, now);
    const { attempt } = await pay(buyer, reason, `form-refused-${reason}`);
    expect(attempt).toMatchObject({ status: 'refused', reason });
    const invoice = await findInvoice(test.runtime.read, buyer.viewer, buyer.invoiceId);
    expect(invoice).toMatchObject({ status: 'open', collectionAttempts: 1 });
    expect(await buyer.receipts()).toHaveLength(0);
    expect(await buyer.eventTypes()).toContain('plugipay.invoice.failed.v1');
  });

  it('a crash after the charge was noted and before it was sent charges nothing, and the job says so', async () => {
    const buyer = await aBuyer(test, now);
    const methodId = await buyer.addMethod('succeeds');
    const before = await charges();
    const input = { formId: 'form-crash-before-1', invoiceId: buyer.invoiceId, methodId, useFromNowOn: false };
    const begun = await payInvoice(test.runtime, buyer.viewer, input);
    if (!begun.ok) throw new Error(begun.failure.code);
    test.setTime(now + 40 * secondMs);
    await settleWaitingPayments.run(test.runtime);
    expect(await findAttemptByKey(test.runtime.read, buyer.viewer, begun.value.visitId)).toMatchObject({
      status: 'pending',
    });
    test.setTime(now + 2 * minuteMs);
    await carryOutPayment(test.runtime, buyer.viewer, begun.value.visitId, { how: 'send' });
    expect(await charges()).toBe(before);
    expect(await findAttemptByKey(test.runtime.read, buyer.viewer, begun.value.visitId)).toMatchObject({
      status: 'refused',
      reason: 'provider_problem',
    });
  });

  it('a crash between the charge and the settle is healed by asking with the same key', async () => {
    const buyer = await aBuyer(test, now);
    const methodId = await buyer.addMethod('succeeds');
    const input = { formId: 'form-crash-after-01', invoiceId: buyer.invoiceId, methodId, useFromNowOn: false };
    const begun = await payInvoice(test.runtime, buyer.viewer, input);
    if (!begun.ok) throw new Error(begun.failure.code);
    const dying = { ...test.runtime, write: () => Promise.reject(new Error('killed')) };
    await expect(carryOutPayment(dying, buyer.viewer, begun.value.visitId, { how: 'send' })).rejects.toThrow('killed');
    const charged = await charges();
    test.setTime(now + 20 * secondMs);
    await settleWaitingPayments.run(test.runtime);
    expect(await charges()).toBe(charged);
    expect(await findInvoice(test.runtime.read, buyer.viewer, buyer.invoiceId)).toMatchObject({ status: 'paid' });
    expect(await buyer.receipts()).toHaveLength(1);
  });

  it('a silent provider leaves it unknown, blocks a second try, and the job finds out', async () => {
    const buyer = await aBuyer(test, now);
    const { attempt } = await pay(buyer, 'silent', 'form-silent-00001');
    expect(attempt).toMatchObject({ status: 'pending', providerReference: null });
    const methodId = await buyer.addMethod('succeeds');
    const again = { formId: 'form-silent-00002', invoiceId: buyer.invoiceId, methodId, useFromNowOn: false };
    expect(await payInvoice(test.runtime, buyer.viewer, again)).toMatchObject({
      ok: false,
      failure: { code: 'conflict' },
    });
    test.setTime(now + 2 * minuteMs);
    await settleWaitingPayments.run(test.runtime);
    expect(await findInvoice(test.runtime.read, buyer.viewer, buyer.invoiceId)).toMatchObject({ status: 'paid' });
  });

  it.each([
    ['pending_succeeds', 'paid'],
    ['pending_fails', 'open'],
  ] as const)('%s: what is pending settles by itself', async (play, status) => {
    const buyer = await aBuyer(test, now);
    const { attempt } = await pay(buyer, play, `form-${play}-001`);
    expect(attempt).toMatchObject({ status: 'pending' });
    test.setTime(now + 30 * secondMs);
    await settleWaitingPayments.run(test.runtime);
    expect(await findInvoice(test.runtime.read, buyer.viewer, buyer.invoiceId)).toMatchObject({ status });
  });

  it.each([
    [true, 'paid'],
    [false, 'open'],
  ] as const)('the bank asks; an answer of %s leaves the invoice %s', async (confirms, status) => {
    const buyer = await aBuyer(test, now);
    const { attempt, visitId } = await pay(buyer, 'asks', `form-asks-${confirms}-0001`);
    expect(attempt).toMatchObject({ status: 'needs_confirmation' });
    const page = test.runtime.providers.simulatedPage;
    const row = await test.runtime.read
      .selectFrom('simulatedVisits')
      .select('id')
      .where('reference', '=', visitId)
      .executeTakeFirstOrThrow();
    const visit = await page?.findVisit(row.id);
    if (page === null || visit === null || visit === undefined) throw new Error('no page');
    expect(visit.returnUrl).toContain(visitState(test.runtime.config.rootKeys, visitId));
    await page.answerBank(visit, confirms);
    await carryOutPayment(test.runtime, buyer.viewer, visitId, { how: 'ask' });
    expect(await findInvoice(test.runtime.read, buyer.viewer, buyer.invoiceId)).toMatchObject({ status });
  });

  it('three tries in ten minutes are enough', async () => {
    const buyer = await aBuyer(test, now);
    for (const n of [1, 2, 3]) await pay(buyer, 'unsaid', `form-tries-00000${n}`);
    await expect(pay(buyer, 'succeeds', 'form-tries-000004')).rejects.toThrow('rate_limited');
    test.setTime(now + 11 * minuteMs);
    expect((await pay(buyer, 'succeeds', 'form-tries-000005')).attempt).toMatchObject({ status: 'succeeded' });
  });

  it('an invoice whose collection was stopped can be paid, and that restarts nothing that ended', async () => {
    const buyer = await aBuyer(test, now);
    await test.runtime.write(async (tx) => {
      await tx.updateTable('invoices').set({ collectionStoppedAt: now }).where('id', '=', buyer.invoiceId).execute();
      await tx
        .updateTable('subscriptions')
        .set({ status: 'canceled', endedAt: now, canceledAt: now })
        .where('id', '=', buyer.subscriptionId)
        .execute();
    });
    await pay(buyer, 'succeeds', 'form-stopped-00001');
    expect(await findInvoice(test.runtime.read, buyer.viewer, buyer.invoiceId)).toMatchObject({ status: 'paid' });
    const planned = await findSubscription(test.runtime.read, buyer.viewer, buyer.subscriptionId);
    expect(planned?.subscription.status).toBe('canceled');
  });

  it('a method, invoice or switch that is not the buyer’s to use is refused', async () => {
    const buyer = await aBuyer(test, now);
    const stranger = await aBuyer(test, now);
    const methodId = await buyer.addMethod('succeeds');
    const foreign = await stranger.addMethod('succeeds');
    const base = { invoiceId: buyer.invoiceId, methodId, useFromNowOn: false };
    const send = (more: object, n: number) =>
      payInvoice(test.runtime, buyer.viewer, { ...base, ...more, formId: `form-foreign-0000${n}` });
    expect(await send({ methodId: foreign }, 1)).toMatchObject({ failure: { code: 'not_found' } });
    expect(await send({ invoiceId: stranger.invoiceId }, 2)).toMatchObject({ failure: { code: 'not_found' } });
    await buyer.configure({ invoices: { pay: false } });
    expect(await send({}, 3)).toMatchObject({ failure: { code: 'not_offered' } });
  });

  it('a method whose provider is not deployed is not charged, and nothing is noted', async () => {
    const buyer = await aBuyer(test, now);
    const methodId = await buyer.addMethod('succeeds', { adapter: 'xendit' });
    const input = { formId: 'form-elsewhere-001', invoiceId: buyer.invoiceId, methodId, useFromNowOn: false };
    expect(await payInvoice(test.runtime, buyer.viewer, input)).toMatchObject({
      failure: { code: 'not_offered', facts: { why: 'collected' } },
    });
    expect(await listProviderVisits(test.runtime.read, buyer.viewer, 0)).toEqual([]);
    expect((await pay(buyer, 'succeeds', 'form-elsewhere-002')).attempt).toMatchObject({ status: 'succeeded' });
  });

  it('the simulated provider charges nothing in live mode', () => {
    const { reach } = test.runtime.providers;
    expect([...reach('test').chargeable]).toEqual(['simulated']);
    expect(reach('live')).toEqual({ chargeable: new Set(), savesMethods: false, takesPayments: false });
  });

  it('receipt numbers have no gap when payments are refused in between', async () => {
    const buyer = await aBuyer(test, now);
    await pay(buyer, 'unsaid', 'form-gap-000000001');
    await pay(buyer, 'succeeds', 'form-gap-000000002');
    const second = await buyer.addInvoice();
    const methodId = await buyer.addMethod('succeeds');
    const begun = await payInvoice(test.runtime, buyer.viewer, {
      formId: 'form-gap-000000003',
      invoiceId: second,
      methodId,
      useFromNowOn: false,
    });
    if (begun.ok) await carryOutPayment(test.runtime, buyer.viewer, begun.value.visitId, { how: 'send' });
    expect((await buyer.receipts()).map((one) => one.number)).toEqual(['RCP-2026-0001', 'RCP-2026-0002']);
  });
});

describe('paying on the provider’s page', () => {
  const begin = async (buyer: SeededBuyer, formId: string) => {
    const begun = await beginHostedPayment(test.runtime, buyer.viewer, {
      formId,
      invoiceId: buyer.invoiceId,
      locale: 'id',
    });
    if (!begun.ok) throw new Error(begun.failure.code);
    const [visit] = await listProviderVisits(test.runtime.read, buyer.viewer, 0);
    const page = test.runtime.providers.simulatedPage;
    const hosted = await page?.findVisit(visit?.providerReference ?? '');
    if (visit === undefined || page === null || hosted === null || hosted === undefined) throw new Error('no page');
    return { visit, page, hosted, redirectUrl: begun.value.redirectUrl };
  };
  const invoiceOf = (buyer: SeededBuyer) => findInvoice(test.runtime.read, buyer.viewer, buyer.invoiceId);

  it('a card typed in there pays, and saves nothing', async () => {
    const buyer = await aBuyer(test, now);
    const { visit, page, hosted } = await begin(buyer, 'form-hosted-0000001');
    await page.enterCard(hosted, { number: '4242 4242 4242 4242', expiry: '08/30' });
    await settleProviderVisit(test.runtime, visit, { how: 'ask' });
    await settleProviderVisit(test.runtime, visit, { how: 'ask' });
    expect(await invoiceOf(buyer)).toMatchObject({ status: 'paid' });
    expect(await buyer.receipts()).toHaveLength(1);
    expect(
      await test.runtime.read
        .selectFrom('paymentMethods')
        .selectAll()
        .where('customerId', '=', buyer.viewer.customerId)
        .execute(),
    ).toEqual([]);
  });

  it('a transfer waits with a number and a date, and pays when the money arrives', async () => {
    const buyer = await aBuyer(test, now);
    const { visit, page, hosted } = await begin(buyer, 'form-transfer-00001');
    await page.chooseTransfer(hosted);
    const { visit: waiting } = await settleProviderVisit(test.runtime, visit, { how: 'ask' });
    expect(waiting).toMatchObject({ status: 'pending', outcome: { transfer: { payBefore: now + dayMs } } });
    expect(await findAttemptByKey(test.runtime.read, buyer.viewer, visit.id)).toMatchObject({
      status: 'pending',
      payBefore: now + dayMs,
    });
    const chosen = await page.findVisit(hosted.id);
    if (chosen !== null) await page.receiveTransfer(chosen);
    await settleProviderVisit(test.runtime, waiting, { how: 'ask' });
    expect(await invoiceOf(buyer)).toMatchObject({ status: 'paid' });
  });

  it('a transfer that runs out costs nothing and makes room for another try', async () => {
    const buyer = await aBuyer(test, now);
    const { visit, page, hosted } = await begin(buyer, 'form-ran-out-000001');
    await page.chooseTransfer(hosted);
    await settleProviderVisit(test.runtime, visit, { how: 'ask' });
    now += dayMs + minuteMs;
    test.setTime(now);
    await settleWaitingPayments.run(test.runtime);
    expect(await findAttemptByKey(test.runtime.read, buyer.viewer, visit.id)).toMatchObject({ status: 'expired' });
    expect((await pay(buyer, 'succeeds', 'form-ran-out-000002')).attempt).toMatchObject({ status: 'succeeded' });
  });

  it('a page that was closed takes no money any more', async () => {
    const buyer = await aBuyer(test, now);
    const { visit, page, hosted } = await begin(buyer, 'form-closed-0000001');
    await settleProviderVisit(test.runtime, visit, { how: 'close' });
    await page.enterCard(hosted, { number: '4242424242424242', expiry: '08/30' });
    await settleProviderVisit(test.runtime, visit, { how: 'ask' });
    expect(await invoiceOf(buyer)).toMatchObject({ status: 'open' });
  });

  it('a state belongs to one customer', async () => {
    const buyer = await aBuyer(test, now);
    const stranger = await aBuyer(test, now);
    const { visit } = await begin(buyer, 'form-state-00000001');
    const hash = fingerprint(visitState(test.runtime.config.rootKeys, visit.id));
    expect(await findVisitByState(test.runtime.read, buyer.viewer, hash)).not.toBeNull();
    expect(await findVisitByState(test.runtime.read, stranger.viewer, hash)).toBeNull();
  });
});
