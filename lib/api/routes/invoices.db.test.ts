import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered, MerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { openMerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { listInvoicePage } from '@/lib/data/invoice-standings.ts';
import { listReceiptPage } from '@/lib/data/receipts.ts';
import { readInvoiceFilter } from '@/lib/domain/invoice-filter.ts';
import { isoText, secondMs } from '@/lib/domain/time.ts';
import { carryOutPayment } from '@/lib/operations/carry-out-payment.ts';
import { payInvoice } from '@/lib/operations/pay-invoice.ts';
import { aBuyer } from '@/lib/operations/testing/a-buyer.ts';

let side: MerchantSide;
let key: { bearer: string };
beforeAll(async () => {
  side = await openMerchantSide();
  key = await side.makeBearerKey(side.workspaceId, 'test', ['plugipay:invoice:*']);
});
beforeEach(() => side.test.setTime(side.test.runtime.now() + secondMs));

type Wire = Record<string, unknown> & { id: string; number: string; status: string; lines: Record<string, unknown>[] };
const wire = (answer: Answered) => answer.data as unknown as Wire;
const line = { description: 'Roaster Club, March 2026', quantity: 1, unitAmount: 149_000 };
const create = (more: object = {}) =>
  side.send(key, {
    target: '/api/v1/invoices',
    body: { customerId: side.customerId, currency: 'IDR', lines: [line], ...more },
  });
const read = (path: string) => side.send(key, { method: 'GET', target: `/api/v1/invoices${path}` });
const move = (id: string, what: string) => side.send(key, { target: `/api/v1/invoices/${id}/${what}`, body: {} });
const said = (answer: Answered) => [answer.status, answer.error?.code ?? null, answer.error?.field ?? null];

async function eventsOf(id: string): Promise<string[]> {
  const rows = await side.test.runtime.read
    .selectFrom('outbox')
    .select(['type', 'data'])
    .where('aggregateId', '=', id)
    .orderBy('occurredAt')
    .orderBy('id')
    .execute();
  return rows.map((row) => row.type.replace('plugipay.invoice.', '').replace('.v1', '')).sort();
}

const buyerSees = async (): Promise<string[]> => {
  const scope = { workspaceId: side.workspaceId, mode: 'test', customerId: side.customerId } as const;
  const question = {
    filter: readInvoiceFilter(new URLSearchParams()),
    now: side.test.runtime.now(),
    timeZone: 'Asia/Jakarta',
  };
  return (await listInvoicePage(side.test.runtime.read, scope, question, 1)).map((one) => one.invoice.number);
};

describe('writing an invoice', () => {
  it('an issued one has exactly the fields of the wire, its sums, the next number, and the buyer sees it at once', async () => {
    const made = await create({ status: 'open', discount: 9_000, tax: 15_400, metadata: { order: '7731' } });
    expect(made.status).toBe(201);
    const now = isoText(side.test.runtime.now());
    expect(wire(made)).toEqual({
      id: expect.stringMatching(/^inv_[0-9A-Z]{26}$/),
      arn: expect.stringContaining(':invoice/inv_'),
      accountId: side.workspaceId,
      customerId: side.customerId,
      subscriptionId: null,
      status: 'open',
      number: expect.stringMatching(/^INV-2026-\d{4}$/),
      currency: 'IDR',
      subtotal: 149_000,
      discount: 9_000,
      tax: 15_400,
      total: 155_400,
      amountPaid: 0,
      amountDue: 155_400,
      dueAt: now,
      issuedAt: now,
      paidAt: null,
      voidedAt: null,
      hostedInvoiceUrl: null,
      chargeId: null,
      collectionAttempts: 0,
      lines: [{ ...line, id: expect.stringMatching(/^il_/), amount: 149_000, priceId: null, metadata: null }],
      metadata: { order: '7731' },
      createdAt: now,
      updatedAt: now,
    });
    expect(wire(await read(`/${wire(made).id}`))).toEqual(wire(made));
    expect(await buyerSees()).toContain(wire(made).number);
    expect(await eventsOf(wire(made).id)).toEqual(['created', 'finalized']);
  });

  it('a line may name its amount alone, and quantities are multiplied', async () => {
    const lines = [
      { description: 'Beans', amount: 50_000 },
      { ...line, quantity: 3 },
    ];
    const made = wire(await create({ lines, currency: 'USD' }));
    expect(made.lines.map((one) => [one.quantity, one.unitAmount, one.amount])).toEqual([
      [1, 50_000, 50_000],
      [3, 149_000, 447_000],
    ]);
    expect(made).toMatchObject({ subtotal: 497_000, total: 497_000, currency: 'USD' });
  });

  it('a draft has a draft number, and the buyer never sees it; issuing it gives the next number', async () => {
    const draft = wire(await create({ memo: 'Thank you, Dewi', templateId: 'tpl_1' }));
    expect(draft).toMatchObject({ status: 'draft', issuedAt: null, dueAt: null, amountDue: 149_000 });
    expect(draft.number).toMatch(/^DRAFT-\d{4}$/);
    expect(await buyerSees()).not.toContain(draft.number);
    const before = wire(await create({ status: 'open' })).number;
    const issued = wire(await move(draft.id, 'finalize'));
    expect(issued).toMatchObject({ status: 'open', amountDue: 149_000 });
    expect(Number(issued.number.slice(-4))).toBe(Number(before.slice(-4)) + 1);
    expect(await buyerSees()).toContain(issued.number);
    expect(await eventsOf(draft.id)).toEqual(['created', 'finalized']);
  });

  it.each([
    [{ customerId: undefined }, 400, 'validation_error', 'customerId'],
    [{ customerId: 'cus_unknown' }, 404, 'not_found', 'customerId'],
    [{ subscriptionId: 'sub_unknown' }, 404, 'not_found', 'subscriptionId'],
    [{ currency: 'SGD' }, 400, 'validation_error', 'currency'],
    [{ lines: [] }, 400, 'validation_error', 'lines'],
    [{ lines: [{ description: 'Beans' }] }, 400, 'validation_error', 'lines.0.unitAmount'],
    [{ lines: [{ ...line, quantity: 0 }] }, 400, 'validation_error', 'lines.0.quantity'],
    [{ lines: [{ ...line, unitAmount: -1 }] }, 400, 'validation_error', 'lines.0.unitAmount'],
    [{ lines: [{ ...line, unitAmount: 1.5 }] }, 400, 'validation_error', 'lines.0.unitAmount'],
    [{ lines: [{ ...line, colour: 'red' }] }, 400, 'validation_error', 'lines.0.colour'],
    [{ lines: [{ ...line, description: '' }] }, 400, 'validation_error', 'lines.0.description'],
    [{ discount: 149_001 }, 400, 'validation_error', 'discount'],
    [{ tax: -1 }, 400, 'validation_error', 'tax'],
    [{ status: 'paid' }, 400, 'validation_error', 'status'],
    [{ dueAt: 'tomorrow' }, 400, 'validation_error', 'dueAt'],
    [{ number: 'INV-1' }, 400, 'validation_error', 'number'],
    [
      { lines: [{ ...line, quantity: 1_000_000, unitAmount: 999_999_999_999_999 }] },
      400,
      'validation_error',
      'lines.0.unitAmount',
    ],
  ])('%o is refused by its field', async (more, ...wanted) => {
    expect(said(await create(more))).toEqual(wanted);
  });

  it('numbers of issued invoices have no gap, whatever else is drafted, refused or voided, and however many come at once', async () => {
    const mine = await openMerchantSide();
    const own = await mine.makeBearerKey(mine.workspaceId, 'test', ['*']);
    const body = { customerId: mine.customerId, currency: 'IDR', lines: [line] };
    const send = (more: object) => mine.send(own, { target: '/v1/invoices', body: { ...body, ...more } });
    const answers = await Promise.all([
      ...Array.from({ length: 10 }, () => send({ status: 'open' })),
      ...Array.from({ length: 4 }, () => send({})),
      ...Array.from({ length: 4 }, () => send({ status: 'open', discount: 149_001 })),
    ]);
    const drafts = answers.map(wire).filter((one) => one?.status === 'draft');
    const finalized = await Promise.all(
      [...drafts, ...drafts].map(({ id }) => mine.send(own, { target: `/v1/invoices/${id}/finalize`, body: {} })),
    );
    expect(finalized.map((one) => one.status).sort()).toEqual([...Array(4).fill(200), ...Array(4).fill(409)]);
    const rows = await mine.test.runtime.read.selectFrom('invoices').select('number').execute();
    expect(rows.map((row) => row.number).sort()).toEqual(
      Array.from({ length: 14 }, (_, at) => `INV-2026-${String(at + 1).padStart(4, '0')}`),
    );
  });

  it('an invoice with nothing to pay is paid when it is issued, with its receipt', async () => {
    const free = wire(await create({ status: 'open', discount: 149_000 }));
    expect(free).toMatchObject({ status: 'paid', total: 0, amountPaid: 0, amountDue: 0 });
    const draft = wire(await create({ discount: 149_000 }));
    expect(wire(await move(draft.id, 'finalize'))).toMatchObject({ status: 'paid' });
    for (const { id } of [free, draft]) expect(await receiptsOf(id)).toMatchObject([{ amount: 0, methodName: null }]);
  });
});

const receiptsOf = (id: string) =>
  side.test.runtime.read.selectFrom('receipts').selectAll().where('sourceId', '=', id).execute();

describe('moves', () => {
  it('paying elsewhere charges nobody, issues one receipt by the name of the method, and is done once', async () => {
    const { id } = wire(await create({ status: 'open' }));
    const [one, other] = await Promise.all([move(id, 'pay'), move(id, 'pay')]);
    expect([one.status, other.status].sort()).toEqual([200, 409]);
    const paid = wire(await read(`/${id}`));
    expect(paid).toMatchObject({
      status: 'paid',
      amountPaid: 149_000,
      amountDue: 0,
      chargeId: null,
      collectionAttempts: 0,
      paidAt: isoText(side.test.runtime.now()),
    });
    const receipts = await receiptsOf(id);
    expect(receipts).toMatchObject([{ amount: 149_000, adapter: 'manual', providerReference: null }]);
    expect(JSON.parse(receipts[0]?.methodName ?? '')).toMatchObject({ type: 'manual' });
    expect(await eventsOf(id)).toEqual(['created', 'finalized', 'paid']);
    const { runtime } = side.test;
    expect(await runtime.read.selectFrom('simulatedCharges').select('id').execute()).toEqual([]);
    const scope = { workspaceId: side.workspaceId, mode: 'test', customerId: side.customerId } as const;
    const { receipts: seen } = await listReceiptPage(runtime.read, scope, null, 1);
    expect(seen.map((receipt) => receipt.sourceId)).toContain(id);
  });

  it('a void invoice stays, keeps its number, and its draft was never issued', async () => {
    const issued = wire(await create({ status: 'open' }));
    const gone = wire(await move(issued.id, 'void'));
    expect(gone).toMatchObject({ status: 'void', number: issued.number, amountPaid: 0 });
    expect(gone.voidedAt).not.toBeNull();
    expect(await eventsOf(issued.id)).toEqual(['created', 'finalized', 'voided']);
    const draft = wire(await create());
    expect(wire(await move(draft.id, 'void'))).toMatchObject({ status: 'void', issuedAt: null });
    expect(await buyerSees()).toContain(issued.number);
    expect(await buyerSees()).not.toContain(draft.number);
  });

  it('a wrong move is a conflict and changes nothing', async () => {
    const draft = wire(await create());
    const open = wire(await create({ status: 'open' }));
    const paid = wire(await create({ status: 'open' }));
    await move(paid.id, 'pay');
    const gone = wire(await create({ status: 'open' }));
    await move(gone.id, 'void');
    for (const [id, what] of [
      [draft.id, 'pay'],
      [open.id, 'finalize'],
      ...['finalize', 'pay', 'void'].flatMap((one) => [paid.id, gone.id].map((id) => [id, one])),
    ] as [string, string][]) {
      const before = wire(await read(`/${id}`));
      expect(said(await move(id, what)), `${before.status} ${what}`).toEqual([409, 'conflict', null]);
      expect(wire(await read(`/${id}`))).toEqual(before);
    }
  });

  it('past due is what the clock says of an open one: after its due date, at it not yet', async () => {
    const dueAt = side.test.runtime.now() + 60 * secondMs;
    const { id } = wire(await create({ status: 'open', dueAt: isoText(dueAt) }));
    side.test.setTime(dueAt);
    expect(wire(await read(`/${id}`)).status).toBe('open');
    side.test.setTime(dueAt + 1);
    expect(wire(await read(`/${id}`)).status).toBe('past_due');
    const listed = async (status: string) =>
      ((await read(`?status=${status}`)).data as unknown as Wire[]).map((one) => one.id);
    expect(await listed('past_due')).toContain(id);
    expect(await listed('open')).not.toContain(id);
    expect((await move(id, 'pay')).status).toBe(200);
    expect(await listed('paid')).toContain(id);
  });
});

describe('a payment that is under way', () => {
  const own = async () => {
    const { runtime } = side.test;
    const buyer = await aBuyer(side.test, runtime.now());
    const bearer = await side.makeBearerKey(buyer.viewer.workspaceId, 'test', ['*']);
    const act = (what: string) =>
      side.send(bearer, { target: `/api/v1/invoices/${buyer.invoiceId}/${what}`, body: {} });
    return { buyer, act };
  };
  const begin = async (buyer: Awaited<ReturnType<typeof aBuyer>>, play: 'asks' | 'pending_succeeds') => {
    const methodId = await buyer.addMethod(play);
    const input = { formId: 'form-under-way-0001', invoiceId: buyer.invoiceId, methodId, useFromNowOn: false };
    const begun = await payInvoice(side.test.runtime, buyer.viewer, input);
    if (!begun.ok) throw new Error(begun.failure.code);
    await carryOutPayment(side.test.runtime, buyer.viewer, begun.value.visitId, { how: 'send' });
    return begun.value.visitId;
  };

  it('is given up where the bank still asks, so that it cannot be paid twice; the subscription runs again', async () => {
    const { buyer, act } = await own();
    const visitId = await begin(buyer, 'asks');
    expect((await act('pay')).status).toBe(200);
    const attempt = await carryOutPayment(side.test.runtime, buyer.viewer, visitId, { how: 'ask' });
    expect(attempt).toMatchObject({ status: 'refused' });
    expect(await buyer.receipts()).toHaveLength(1);
    const row = await side.test.runtime.read
      .selectFrom('subscriptions')
      .select('status')
      .where('id', '=', buyer.subscriptionId)
      .executeTakeFirst();
    expect(row?.status).toBe('active');
  });

  it.each(['pay', 'void'])('a charge that is on its way keeps the invoice from %s until it has ended', async (what) => {
    const { buyer, act } = await own();
    const visitId = await begin(buyer, 'pending_succeeds');
    expect(said(await act(what))).toEqual([409, 'conflict', null]);
    side.test.setTime(side.test.runtime.now() + 10 * secondMs);
    await carryOutPayment(side.test.runtime, buyer.viewer, visitId, { how: 'ask' });
    expect(said(await act(what))).toEqual([409, 'conflict', null]);
    expect(await buyer.receipts()).toHaveLength(1);
  });

  it('voiding the only overdue invoice lets a past due subscription run again', async () => {
    const { buyer, act } = await own();
    expect((await act('void')).status).toBe(200);
    const row = await side.test.runtime.read
      .selectFrom('subscriptions')
      .select('status')
      .where('id', '=', buyer.subscriptionId)
      .executeTakeFirst();
    expect(row?.status).toBe('active');
  });
});

it('a list is narrowed by status, customer and subscription, and names no charge', async () => {
  const buyer = await aBuyer(side.test, side.test.runtime.now());
  const bearer = await side.makeBearerKey(buyer.viewer.workspaceId, 'test', ['*']);
  await buyer.addInvoice();
  const list = async (query: string) => {
    const answer = await side.send(bearer, { method: 'GET', target: `/v1/invoices?${query}` });
    expect(answer.status).toBe(200);
    return answer.data as unknown as Wire[];
  };
  await side.test.runtime.write((tx) =>
    tx.updateTable('invoices').set({ chargeId: 'simch_1', status: 'paid' }).where('id', '=', buyer.invoiceId).execute(),
  );
  expect(await list(`customerId=${buyer.viewer.customerId}`)).toHaveLength(2);
  expect(await list(`subscriptionId=${buyer.subscriptionId}&status=past_due`)).toHaveLength(1);
  const [paid] = await list('status=paid');
  expect(paid?.chargeId).toBeNull();
  const one = await side.send(bearer, { method: 'GET', target: `/v1/invoices/${buyer.invoiceId}` });
  expect(wire(one).chargeId).toBe('simch_1');
  expect(await list('customerId=cus_other')).toEqual([]);
  const wrong = await side.send(bearer, { method: 'GET', target: '/v1/invoices?status=late' });
  expect(said(wrong)).toEqual([400, 'validation_error', 'status']);
});
