import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aChargedInvoice } from '@/lib/api/testing/invoice-samples.ts';
import type { Answered, MerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { openMerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { withStanding } from '@/lib/data/invoice-standings.ts';
import { findInvoice } from '@/lib/data/invoices.ts';
import type { InvoiceId } from '@/lib/domain/ids.ts';
import { minuteMs, secondMs } from '@/lib/domain/time.ts';
import { invoiceStatusWords } from '@/lib/i18n/invoice-status.ts';
import { makeWords } from '@/lib/i18n/words.ts';
import { settleWaitingRefunds } from '@/lib/jobs/settle-waiting-refunds.ts';
import { carryOutPayment } from '@/lib/operations/carry-out-payment.ts';
import { payInvoice } from '@/lib/operations/pay-invoice.ts';
import { aBuyer } from '@/lib/operations/testing/a-buyer.ts';
import type { Play } from '@/lib/providers/simulated/test-numbers.ts';

let side: MerchantSide;
let key: { bearer: string };
beforeAll(async () => {
  side = await openMerchantSide();
  key = await side.makeBearerKey(side.workspaceId, 'test', ['*']);
});
beforeEach(() => side.test.setTime(side.test.runtime.now() + minuteMs));

type Wire = Record<string, unknown> & { id: string; status: string };
const wire = (answer: Answered) => answer.data as unknown as Wire;
const said = (answer: Answered) => [answer.status, answer.error?.code ?? null, answer.error?.field ?? null];
const place = () => ({ side, workspaceId: side.workspaceId, mode: 'test', customerId: side.customerId }) as const;
const refund = (body: object, idempotencyKey?: string) =>
  side.send(key, { target: '/api/v1/refunds', body, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) });
const read = (path: string) => side.send(key, { method: 'GET', target: `/api/v1/refunds${path}` });
const ofInvoice = (id: string, more: object = {}) => ({ sourceType: 'invoice', sourceId: id, ...more });

const given = (chargeId: string) =>
  side.test.runtime.read
    .selectFrom('simulatedRefunds')
    .select(['amount', 'status'])
    .where('chargeReference', '=', chargeId)
    .execute();

async function eventsOf(id: string): Promise<string[]> {
  const query = side.test.runtime.read.selectFrom('outbox').select('type').where('aggregateId', '=', id);
  return (await query.orderBy('occurredAt').execute()).map((row) => row.type);
}

async function chip(id: InvoiceId): Promise<string> {
  const { read: reader, now } = side.test.runtime;
  const scope = { workspaceId: side.workspaceId, mode: 'test', customerId: side.customerId } as const;
  const invoice = await findInvoice(reader, scope, id);
  const [standing] = invoice === null ? [] : await withStanding(reader, scope, [invoice]);
  const words = makeWords('en', 'Asia/Jakarta');
  return standing === undefined ? '' : invoiceStatusWords(words, 'Kopi Senja', standing, now()).word;
}

it('a refund has exactly the fields of the wire, is given back once, and the buyer sees it at once', async () => {
  const { invoiceId, chargeId } = await aChargedInvoice(place());
  const made = await refund(ofInvoice(invoiceId, { amount: 50_000, reason: 'duplicate', metadata: { why: 'twice' } }));
  expect(made.status).toBe(201);
  expect(wire(made)).toEqual({
    id: expect.stringMatching(/^rf_[0-9A-Z]{26}$/),
    arn: expect.stringContaining(':refund/rf_'),
    accountId: side.workspaceId,
    chargeId,
    invoiceId,
    amount: 50_000,
    currency: 'IDR',
    reason: 'duplicate',
    status: 'succeeded',
    failureCode: null,
    failureMessage: null,
    metadata: { why: 'twice' },
    createdAt: expect.any(String),
    updatedAt: expect.any(String),
  });
  expect(wire(await read(`/${wire(made).id}`))).toEqual(wire(made));
  expect(await given(chargeId)).toEqual([{ amount: 50_000, status: 'succeeded' }]);
  expect(await eventsOf(wire(made).id)).toEqual(['plugipay.refund.issued.v1']);
  expect(await chip(invoiceId)).toBe('Partly refunded');
  const rest = await refund({ chargeId });
  expect(wire(rest)).toMatchObject({ amount: 115_390, reason: 'other', status: 'succeeded' });
  expect(await chip(invoiceId)).toBe('Refunded');
});

it('of many refunds at once none goes above what was captured', async () => {
  const { invoiceId, chargeId, amount } = await aChargedInvoice(place());
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, at) =>
      refund(at % 2 === 0 ? ofInvoice(invoiceId, { amount: 40_000 }) : { chargeId, amount: 30_000 }),
    ),
  );
  const taken = answers.filter((one) => one.status === 201).reduce((sum, one) => sum + Number(wire(one).amount), 0);
  expect(answers.every((one) => one.status === 201 || one.status === 400)).toBe(true);
  expect(taken).toBeLessThanOrEqual(amount);
  expect(amount - taken).toBeLessThan(40_000);
  const all = await given(chargeId);
  expect(all.reduce((sum, one) => sum + one.amount, 0)).toBe(taken);
  const wholes = await Promise.all([refund({ chargeId }), refund({ chargeId }), refund({ chargeId })]);
  expect(wholes.map((one) => one.status).sort()).toEqual([201, 409, 409]);
  expect((await given(chargeId)).reduce((sum, one) => sum + one.amount, 0)).toBe(amount);
});

describe('what is refused', () => {
  it('more than is left is 400, nothing left is a conflict, no provider charge is a conflict', async () => {
    const { invoiceId, chargeId, amount } = await aChargedInvoice(place());
    expect(said(await refund({ chargeId, amount: amount + 1 }))).toEqual([400, 'validation_error', 'amount']);
    expect((await refund({ chargeId })).status).toBe(201);
    expect(said(await refund(ofInvoice(invoiceId)))).toEqual([409, 'conflict', null]);
    const lines = [{ description: 'Beans', amount: 5_000 }];
    const body = { customerId: side.customerId, currency: 'IDR', lines, status: 'open' };
    const { data } = await side.send(key, { target: '/v1/invoices', body });
    expect(said(await refund(ofInvoice(data?.id ?? '')))).toEqual([409, 'conflict', null]);
    await side.send(key, { target: `/v1/invoices/${data?.id}/pay`, body: {} });
    expect(said(await refund(ofInvoice(data?.id ?? '')))).toEqual([409, 'conflict', null]);
  });

  it.each([
    [{}, 400, 'sourceId'],
    [{ sourceId: 'inv_1' }, 400, 'sourceType'],
    [{ sourceType: 'invoice' }, 400, 'sourceId'],
    [{ sourceType: 'invoice', sourceId: 'inv_1', chargeId: 'simch_1' }, 400, 'chargeId'],
    [{ chargeId: 'simch_1', amount: 0 }, 400, 'amount'],
    [{ chargeId: 'simch_1', amount: 1.5 }, 400, 'amount'],
    [{ chargeId: 'simch_1', reason: 'bored' }, 400, 'reason'],
    [{ chargeId: 'simch_1', currency: 'IDR' }, 400, 'currency'],
    [{ chargeId: 'simch_unknown' }, 404, 'chargeId'],
    [{ sourceType: 'invoice', sourceId: 'inv_unknown' }, 404, 'sourceId'],
    [{ sourceType: 'checkout_session', sourceId: 'cs_unknown' }, 404, 'sourceId'],
  ])('%o by its field', async (body, status, field) => {
    expect(said(await refund(body))).toEqual([status, status === 400 ? 'validation_error' : 'not_found', field]);
  });

  it('what the provider refuses is 422 with the refund named; the row stays, failed, and frees its amount', async () => {
    const { invoiceId, chargeId, amount } = await aChargedInvoice(place(), 'refund_refused');
    const refused = await refund({ chargeId }, 'refund-refused-1');
    const details = refused.error as unknown as { code: string; details: { refundId: string } };
    expect([refused.status, details.code]).toEqual([422, 'provider_refused']);
    const row = wire(await read(`/${details.details.refundId}`));
    expect(row).toMatchObject({ status: 'failed', amount, failureCode: 'refund_refused' });
    expect(row.failureMessage).not.toBeNull();
    expect(await eventsOf(row.id)).toEqual(['plugipay.refund.failed.v1']);
    expect(await chip(invoiceId)).toBe('Paid');
    const again = await refund({ chargeId }, 'refund-refused-1');
    expect([again.status, again.error]).toEqual([422, refused.error]);
    expect((await refund({ chargeId, amount })).status).toBe(422);
  });
});

describe('what takes its time', () => {
  const later = async (ms: number) => {
    side.test.setTime(side.test.runtime.now() + ms);
    await settleWaitingRefunds.run(side.test.runtime);
  };

  it.each([
    ['refund_pending_succeeds', 'succeeded', 'issued'],
    ['refund_pending_fails', 'failed', 'failed'],
  ])('%s: pending first, then the job finds out', async (play, status, event) => {
    const { invoiceId, chargeId } = await aChargedInvoice(place(), play);
    const made = await refund({ chargeId });
    expect([made.status, wire(made).status]).toEqual([201, 'pending']);
    expect(await eventsOf(wire(made).id)).toEqual([]);
    expect(await chip(invoiceId)).toBe('Paid');
    expect(said(await refund({ chargeId, amount: 1 }))).toEqual([400, 'validation_error', 'amount']);
    await later(15 * secondMs);
    expect(wire(await read(`/${wire(made).id}`)).status).toBe(status);
    expect(await eventsOf(wire(made).id)).toEqual([`plugipay.refund.${event}.v1`]);
    await later(15 * secondMs);
    expect(await eventsOf(wire(made).id)).toHaveLength(1);
  });

  it('no answer is 502 and stays pending; asked again with its key it is not given back twice', async () => {
    const { chargeId, amount } = await aChargedInvoice(place(), 'refund_silent');
    const first = await refund({ chargeId }, 'refund-silent-1');
    expect([first.status, first.error?.code]).toEqual([502, 'upstream_error']);
    const { refundId } = (first.error as unknown as { details: { refundId: string } }).details;
    expect(wire(await read(`/${refundId}`)).status).toBe('pending');
    const second = await refund({ chargeId }, 'refund-silent-1');
    expect((second.error as unknown as { details: object }).details).toEqual({ refundId });
    const other = await refund({ chargeId, amount: 1_000 }, 'refund-silent-1');
    expect(said(other)).toEqual([409, 'idempotency_key_reused', 'Idempotency-Key']);
    await later(30 * secondMs);
    expect(wire(await read(`/${refundId}`)).status).toBe('pending');
    await later(minuteMs);
    expect(wire(await read(`/${refundId}`)).status).toBe('succeeded');
    const third = await refund({ chargeId }, 'refund-silent-1');
    expect([third.status, wire(third).id]).toEqual([201, refundId]);
    expect(await given(chargeId)).toEqual([{ amount, status: 'silent' }]);
  });
});

it.each([
  ['succeeds', 201, 'succeeded'],
  ['refund_pending_succeeds', 201, 'pending'],
  ['refund_refused', 422, null],
  ['refund_silent', 502, null],
] as [Play, number, string | null][])(
  'a charge of a method that plays %s is answered %i',
  async (play, status, state) => {
    const buyer = await aBuyer(side.test, side.test.runtime.now());
    const bearer = await side.makeBearerKey(buyer.viewer.workspaceId, 'test', ['*']);
    const methodId = await buyer.addMethod(play);
    const input = { formId: `form-${play}-00001`, invoiceId: buyer.invoiceId, methodId, useFromNowOn: false };
    const begun = await payInvoice(side.test.runtime, buyer.viewer, input);
    if (!begun.ok) throw new Error(begun.failure.code);
    await carryOutPayment(side.test.runtime, buyer.viewer, begun.value.visitId, { how: 'send' });
    const made = await side.send(bearer, { target: '/v1/refunds', body: ofInvoice(buyer.invoiceId) });
    expect([made.status, made.data?.status ?? null]).toEqual([status, state]);
  },
);

it('a list is narrowed by status and charge', async () => {
  const { chargeId } = await aChargedInvoice(place());
  await refund({ chargeId, amount: 1_000 });
  await refund({ chargeId, amount: 2_000 });
  const list = async (query: string) => ((await read(`?${query}`)).data as unknown as Wire[]).map((one) => one.amount);
  expect((await list(`chargeId=${chargeId}`)).sort()).toEqual([1_000, 2_000]);
  expect(await list(`chargeId=${chargeId}&status=failed`)).toEqual([]);
  expect(said(await read('?status=lost'))).toEqual([400, 'validation_error', 'status']);
});
