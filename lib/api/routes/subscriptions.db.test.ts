import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered, MerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { openMerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { findCustomer } from '@/lib/data/customers.ts';
import { listUnpaidInvoices } from '@/lib/data/invoices.ts';
import { listPaymentAttempts } from '@/lib/data/payment-attempts.ts';
import { listPaymentMethods } from '@/lib/data/payment-methods.ts';
import { findSubscription } from '@/lib/data/subscriptions.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import { attentionOf } from '@/lib/domain/attention.ts';
import { planCancellation } from '@/lib/domain/cancellation.ts';
import { billingNow } from '@/lib/domain/customer.ts';
import type { CustomerId, SubscriptionId } from '@/lib/domain/ids.ts';
import { nextPaymentOf } from '@/lib/domain/next-payment.ts';
import { standingOf } from '@/lib/domain/subscription-standing.ts';
import { dayMs, hourMs, isoText, minuteMs, secondMs } from '@/lib/domain/time.ts';
import { billingClock } from '@/lib/jobs/billing-clock.ts';
import { settleWaitingPayments } from '@/lib/jobs/settle-waiting-payments.ts';
import type { Play } from '@/lib/providers/simulated/test-numbers.ts';

let side: MerchantSide;
let key: { bearer: string };
beforeAll(async () => {
  side = await openMerchantSide();
  key = await side.makeBearerKey(side.workspaceId, 'test', ['*']);
});
beforeEach(() => side.test.setTime(side.test.runtime.now() + secondMs));

type Json = Record<string, unknown> & { id: string };

async function send(
  method: string,
  path: string,
  body?: unknown,
  more: object = {},
): Promise<Answered & { data: Json }> {
  const answer = await side.send(key, { method, target: `/api/v1${path}`, body, ...more });
  return answer as Answered & { data: Json };
}

const post = (path: string, body: unknown = {}, more: object = {}) => send('POST', path, body, more);
const get = (path: string) => send('GET', path);

let made = 0;

/** A customer with a method that plays this part, or none, and a plan of Rp149.000 a month. */
async function aBuyer(play: Play | null = 'succeeds', plan: object = {}) {
  made += 1;
  const customerId = (await post('/customers', { email: 'dewi@example.com', name: 'Dewi' })).data.id;
  const attach = { customerId, adapter: 'simulated', type: 'card', last4: '4242', expMonth: 9, expYear: 2030 };
  const providerToken = `simtok_${play}_subscriptions_${made}`;
  const method =
    play === null ? null : (await post('/payment-methods', { ...attach, providerToken, makeDefault: true })).data.id;
  const whole = { name: 'Roaster Club', interval: 'month', currency: 'IDR', amount: 149_000, ...plan };
  const { data } = await post('/plans', whole);
  const priceId = (data.prices as unknown as { id: string }[])[0]?.id ?? '';
  const body = { customerId, planId: data.id, priceId };
  return { customerId, method, body, create: (more: object = {}) => post('/subscriptions', { ...body, ...more }) };
}

async function invoicesOf(subscriptionId: string) {
  return side.test.runtime.read
    .selectFrom('invoices')
    .selectAll()
    .where('subscriptionId', '=', subscriptionId)
    .orderBy('periodStart')
    .execute();
}

/** What was told of an object, by name. */
async function eventsOf(aggregateId: string): Promise<string[]> {
  const rows = await side.test.runtime.read
    .selectFrom('outbox')
    .select('type')
    .where('aggregateId', '=', aggregateId)
    .execute();
  return rows.map(({ type }) => type.replace(/^plugipay\.|\.v1$/g, '')).sort();
}

describe('creating', () => {
  it('has exactly the fields of the wire; without a trial the first invoice is written and charged at once', async () => {
    const buyer = await aBuyer();
    const now = side.test.runtime.now();
    const { status, data } = await buyer.create({ metadata: { seat: 'A' } });
    expect(status).toBe(201);
    expect(data).toEqual({
      id: expect.stringMatching(/^sub_[0-9A-Z]{26}$/),
      arn: expect.stringContaining(':subscription/sub_'),
      accountId: side.workspaceId,
      ...buyer.body,
      status: 'active',
      currentPeriodStart: isoText(now),
      currentPeriodEnd: `2026-04-03T08:00:0${isoText(now).slice(18)}`,
      trialEnd: null,
      cancelAt: null,
      canceledAt: null,
      canceledReason: null,
      pausedAt: null,
      defaultPaymentTokenId: null,
      discountCouponId: null,
      collectionMethod: 'charge_automatically',
      metadata: { seat: 'A' },
      createdAt: isoText(now),
      updatedAt: isoText(now),
    });
    expect((await get(`/subscriptions/${data.id}`)).data).toEqual(data);
    const [invoice, ...more] = await invoicesOf(data.id);
    expect(more).toEqual([]);
    expect(invoice).toMatchObject({
      status: 'paid',
      subtotal: 149_000,
      amountPaid: invoice?.total,
      collectionAttempts: 1,
    });
    expect(await eventsOf(data.id)).toEqual(['subscription.created', 'subscription.updated']);
    expect(await eventsOf(invoice?.id ?? '')).toEqual(['invoice.created', 'invoice.finalized', 'invoice.paid']);
    const receipts = await side.test.runtime.read
      .selectFrom('receipts')
      .select('amount')
      .where('sourceId', '=', invoice?.id ?? '')
      .execute();
    expect(receipts).toEqual([{ amount: invoice?.total }]);
  });

  it('a first payment that is refused leaves it incomplete, and that is final for every action', async () => {
    const buyer = await aBuyer('not_enough_money');
    const { status, data } = await buyer.create();
    expect([status, data.status]).toEqual([201, 'incomplete']);
    const [invoice] = await invoicesOf(data.id);
    expect(invoice).toMatchObject({ status: 'open', nextAttemptAt: null, collectionAttempts: 1 });
    expect(await eventsOf(invoice?.id ?? '')).toEqual(['invoice.created', 'invoice.failed', 'invoice.finalized']);
    for (const [act, body] of [
      ['cancel', { at: 'now' }],
      ['pause', {}],
      ['resume', {}],
    ] as const) {
      const refused = await post(`/subscriptions/${data.id}/${act}`, body);
      expect([refused.status, refused.error?.code]).toEqual([409, 'conflict']);
    }
    const changed = await send('PATCH', `/subscriptions/${data.id}`, { metadata: null });
    expect(changed.status).toBe(409);
  });

  it('without a method it waits for its first payment', async () => {
    const { data } = await (await aBuyer(null)).create();
    expect(data.status).toBe('incomplete');
    const [invoice] = await invoicesOf(data.id);
    expect(invoice).toMatchObject({ status: 'open', nextAttemptAt: null, collectionAttempts: 0 });
  });

  it('a payment the bank is still busy with leaves it incomplete until the money is there', async () => {
    const { data } = await (await aBuyer('pending_succeeds')).create();
    expect(data.status).toBe('incomplete');
    side.test.setTime(side.test.runtime.now() + 15 * secondMs);
    await settleWaitingPayments.run(side.test.runtime);
    expect((await get(`/subscriptions/${data.id}`)).data.status).toBe('active');
  });

  it('with a trial no money moves until it ends, and the credit waits for the first invoice', async () => {
    const buyer = await aBuyer('succeeds', { trialDays: 14 });
    const { data } = await buyer.create({ initialDiscount: 49_000 });
    expect(data).toMatchObject({ status: 'trialing', trialEnd: data.currentPeriodEnd });
    expect(await invoicesOf(data.id)).toEqual([]);
    const none = await buyer.create({ trialDays: 0 });
    expect(none.data).toMatchObject({ status: 'active', trialEnd: null });
    const advanced = await post('/test/clocks/advance', { subscriptionId: data.id, days: 15 });
    expect(advanced.data).toMatchObject({ status: 'active', currentPeriodStart: data.trialEnd });
    expect(await invoicesOf(data.id)).toMatchObject([{ status: 'paid', discount: 49_000, subtotal: 149_000 }]);
  });

  it('one that starts later is billed when it starts', async () => {
    const buyer = await aBuyer();
    const startAt = isoText(side.test.runtime.now() + 3 * dayMs);
    const { data } = await buyer.create({ startAt });
    expect(data).toMatchObject({ status: 'active', currentPeriodStart: startAt, currentPeriodEnd: startAt });
    expect(await invoicesOf(data.id)).toEqual([]);
    const { data: begun } = await post('/test/clocks/advance', { subscriptionId: data.id, days: 3 });
    expect(begun.currentPeriodStart).toBe(startAt);
    expect(begun.currentPeriodEnd).not.toBe(startAt);
    expect(await invoicesOf(data.id)).toMatchObject([{ status: 'paid' }]);
    const late = await buyer.create({ startAt: isoText(side.test.runtime.now() - hourMs) });
    expect([late.status, late.error?.field]).toEqual([400, 'startAt']);
  });

  it('a buyer who pays invoices has 14 days, and it runs at once', async () => {
    const { data } = await (await aBuyer(null)).create({ collectionMethod: 'send_invoice' });
    expect(data.status).toBe('active');
    const [invoice] = await invoicesOf(data.id);
    expect(invoice).toMatchObject({ status: 'open', nextAttemptAt: null });
    expect((invoice?.dueAt ?? 0) - (invoice?.issuedAt ?? 0)).toBe(14 * dayMs);
  });

  it('an invoice over nothing is paid at once, with its receipt, and nobody is charged', async () => {
    const { data } = await (await aBuyer('not_enough_money')).create({ initialDiscount: 900_000 });
    expect(data.status).toBe('active');
    const [invoice] = await invoicesOf(data.id);
    expect(invoice).toMatchObject({ status: 'paid', total: 0, collectionAttempts: 0 });
    expect(await eventsOf(invoice?.id ?? '')).toEqual(['invoice.created', 'invoice.finalized', 'invoice.paid']);
  });

  it('asked again with the same key there is one subscription, and the answer says what became of it', async () => {
    const buyer = await aBuyer();
    const first = await post('/subscriptions', buyer.body, { idempotencyKey: 'create-once' });
    const again = await post('/subscriptions', buyer.body, { idempotencyKey: 'create-once' });
    expect(again.data).toEqual(first.data);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.data.status).toBe('active');
    expect((await get(`/subscriptions?customerId=${buyer.customerId}`)).data).toHaveLength(1);
  });

  it('names what is wrong with its field', async () => {
    const buyer = await aBuyer();
    const other = await aBuyer();
    const refused = async (more: object) => {
      const { status, error } = await buyer.create(more);
      return [status, error?.code, error?.field];
    };
    expect(await refused({ customerId: 'cus_unknown' })).toEqual([404, 'not_found', 'customerId']);
    expect(await refused({ planId: 'pln_unknown' })).toEqual([404, 'not_found', 'planId']);
    expect(await refused({ priceId: 'prc_unknown' })).toEqual([404, 'not_found', 'priceId']);
    expect(await refused({ priceId: other.body.priceId })).toEqual([400, 'validation_error', 'priceId']);
    expect(await refused({ paymentTokenId: other.method })).toEqual([400, 'validation_error', 'paymentTokenId']);
    expect(await refused({ quantity: 2 })).toEqual([400, 'validation_error', 'quantity']);
    await send('PATCH', `/prices/${other.body.priceId}`, { active: false });
    const price = await other.create();
    expect([price.status, price.error?.field]).toEqual([409, 'priceId']);
    await post(`/plans/${other.body.planId}/archive`);
    const plan = await other.create();
    expect([plan.status, plan.error?.field]).toEqual([409, 'planId']);
  });
});

describe('listing', () => {
  it('is narrowed by status, customer and plan, newest first', async () => {
    const buyer = await aBuyer();
    const first = await buyer.create();
    side.test.setTime(side.test.runtime.now() + secondMs);
    const second = await buyer.create();
    await post(`/subscriptions/${first.data.id}/cancel`, { at: 'now' });
    const ids = async (query: string) =>
      ((await get(`/subscriptions?${query}`)).data as unknown as Json[]).map(({ id }) => id);
    expect(await ids(`customerId=${buyer.customerId}`)).toEqual([second.data.id, first.data.id]);
    expect(await ids(`planId=${buyer.body.planId}&status=canceled`)).toEqual([first.data.id]);
    expect(await ids(`planId=${buyer.body.planId}&order=asc`)).toEqual([first.data.id, second.data.id]);
    expect((await get('/subscriptions?status=ended')).status).toBe(400);
  });
});

describe('changing', () => {
  it('another price counts from the next period on; nothing is prorated', async () => {
    const buyer = await aBuyer();
    const { data } = await buyer.create();
    const dearer = await post(`/plans/${buyer.body.planId}/prices`, { currency: 'IDR', unitAmount: 199_000 });
    const changed = await send('PATCH', `/subscriptions/${data.id}`, { priceId: dearer.data.id });
    expect(changed.data).toMatchObject({ priceId: dearer.data.id, currentPeriodEnd: data.currentPeriodEnd });
    expect(await invoicesOf(data.id)).toHaveLength(1);
    await post('/test/clocks/advance', { subscriptionId: data.id, days: 31 });
    expect((await invoicesOf(data.id)).map(({ subtotal }) => subtotal)).toEqual([149_000, 199_000]);
  });

  it('takes a method of its customer alone, and null clears', async () => {
    const buyer = await aBuyer();
    const other = await aBuyer();
    const { data } = await buyer.create();
    const patch = (body: object) => send('PATCH', `/subscriptions/${data.id}`, body);
    const refused = await patch({ defaultPaymentTokenId: other.method });
    expect([refused.status, refused.error?.field]).toEqual([400, 'defaultPaymentTokenId']);
    expect((await patch({ defaultPaymentTokenId: buyer.method })).data.defaultPaymentTokenId).toBe(buyer.method);
    expect((await patch({ defaultPaymentTokenId: null })).data.defaultPaymentTokenId).toBeNull();
    await patch({ defaultPaymentTokenId: null });
    expect((await eventsOf(data.id)).filter((type) => type === 'subscription.updated')).toHaveLength(3);
  });
});

describe('ending, pausing, resuming', () => {
  it('an end at the end of the period only plans it, a resume takes it back, an end now is final', async () => {
    const { data } = await (await aBuyer()).create();
    const act = (name: string, body: object = {}) => post(`/subscriptions/${data.id}/${name}`, body);
    const planned = await act('cancel', { at: 'period_end' });
    expect(planned.data).toMatchObject({
      status: 'active',
      cancelAt: data.currentPeriodEnd,
      canceledReason: 'user_request',
    });
    expect((await act('cancel', { at: 'period_end' })).data).toEqual(planned.data);
    expect((await act('resume')).data).toMatchObject({ cancelAt: null, canceledAt: null, canceledReason: null });
    expect((await act('resume')).status).toBe(409);
    const ended = await act('cancel', { at: 'now', reason: 'merchant' });
    expect(ended.data).toMatchObject({ status: 'canceled', canceledReason: 'merchant' });
    expect((await act('cancel', { at: 'now' })).error?.code).toBe('conflict');
    expect((await act('cancel')).error?.field).toBe('at');
    expect(await eventsOf(data.id)).toEqual([
      'subscription.cancel_scheduled',
      'subscription.cancel_undone',
      'subscription.canceled',
      'subscription.created',
      ...Array(3).fill('subscription.updated'),
    ]);
  });

  it('a planned end comes at its moment and no invoice after it', async () => {
    const { data } = await (await aBuyer()).create();
    await post(`/subscriptions/${data.id}/cancel`, { at: 'period_end' });
    const { data: ended } = await post('/test/clocks/advance', { subscriptionId: data.id, days: 62 });
    expect(ended).toMatchObject({ status: 'canceled', cancelAt: data.currentPeriodEnd });
    expect(await invoicesOf(data.id)).toHaveLength(1);
  });

  it('a pause stands still: no invoice, no charge, and the paid time that was left runs on after it', async () => {
    const { data } = await (await aBuyer()).create();
    await post('/test/clocks/advance', { subscriptionId: data.id, days: 10 });
    const paused = await post(`/subscriptions/${data.id}/pause`, {});
    expect(paused.data).toMatchObject({ status: 'paused', pausedAt: expect.any(String) });
    expect((await post(`/subscriptions/${data.id}/pause`, {})).status).toBe(409);
    await post('/test/clocks/advance', { subscriptionId: data.id, days: 100 });
    expect(await invoicesOf(data.id)).toHaveLength(1);
    const { data: resumed } = await post(`/subscriptions/${data.id}/resume`);
    const left = Date.parse(String(data.currentPeriodEnd)) - Date.parse(String(paused.data.pausedAt));
    const now = side.test.runtime.now() + 110 * dayMs;
    expect(resumed).toMatchObject({ status: 'active', pausedAt: null });
    expect(Math.abs(Date.parse(String(resumed.currentPeriodEnd)) - now - left)).toBeLessThan(minuteMs);
    expect(await invoicesOf(data.id)).toHaveLength(1);
    await post('/test/clocks/advance', { subscriptionId: data.id, days: 31 });
    expect((await invoicesOf(data.id)).map(({ status }) => status)).toEqual(['paid', 'paid']);
    expect(await eventsOf(data.id)).toContain('subscription.paused');
    expect(await eventsOf(data.id)).toContain('subscription.resumed');
  });

  it('a pause with a date ends by itself', async () => {
    const { data } = await (await aBuyer()).create();
    const resumeAt = isoText(side.test.runtime.now() + 40 * dayMs);
    const past = await post(`/subscriptions/${data.id}/pause`, { resumeAt: isoText(side.test.runtime.now()) });
    expect([past.status, past.error?.field]).toEqual([400, 'resumeAt']);
    await post(`/subscriptions/${data.id}/pause`, { resumeAt });
    const { data: resumed } = await post('/test/clocks/advance', { subscriptionId: data.id, days: 41 });
    expect(resumed).toMatchObject({ status: 'active', pausedAt: null });
    // All of the month was left.
    const end = Date.parse(resumeAt) + Date.parse(String(data.currentPeriodEnd)) - Date.parse(String(data.createdAt));
    expect(Math.abs(Date.parse(String(resumed.currentPeriodEnd)) - end)).toBeLessThan(minuteMs);
  });
});

describe('the billing clock', () => {
  it('renews at the end of the period with a new invoice and receipt, without any test clock', async () => {
    const { data } = await (await aBuyer()).create();
    side.test.setTime(Date.parse(String(data.currentPeriodEnd)) - 1);
    await billingClock.run(side.test.runtime);
    expect(await invoicesOf(data.id)).toHaveLength(1);
    side.test.setTime(Date.parse(String(data.currentPeriodEnd)));
    await billingClock.run(side.test.runtime);
    const after = (await get(`/subscriptions/${data.id}`)).data;
    expect(after).toMatchObject({ status: 'active', currentPeriodStart: data.currentPeriodEnd });
    expect((await invoicesOf(data.id)).map(({ status }) => status)).toEqual(['paid', 'paid']);
    expect(await eventsOf(data.id)).toContain('subscription.renewed');
    expect(await billingClock.run(side.test.runtime)).toBe(0);
  });

  it('catches up every period that was missed, one by one', async () => {
    const { data } = await (await aBuyer()).create();
    side.test.setTime(Date.parse(String(data.currentPeriodEnd)) + 100 * dayMs);
    await billingClock.run(side.test.runtime);
    const invoices = await invoicesOf(data.id);
    expect(invoices).toHaveLength(5);
    for (const [index, invoice] of invoices.entries()) {
      expect(invoice.status).toBe('paid');
      if (index > 0) expect(invoice.periodStart).toBe(invoices[index - 1]?.periodEnd);
    }
  });

  it('tries a refused charge again after 1, 3, 5 and 7 days, then cancels for failed payment', async () => {
    const buyer = await aBuyer('succeeds');
    const { data } = await buyer.create();
    const bad = await post('/payment-methods', {
      customerId: buyer.customerId,
      adapter: 'simulated',
      type: 'card',
      last4: '0341',
      expMonth: 9,
      expYear: 2030,
      providerToken: `simtok_not_enough_money_dunning_${made}`,
      makeDefault: true,
    });
    expect(bad.status).toBe(201);
    const end = Date.parse(String(data.currentPeriodEnd));
    const seen: unknown[] = [];
    for (const days of [0, 1, 2, 3, 5, 7]) {
      side.test.setTime(end + days * dayMs + minuteMs);
      await billingClock.run(side.test.runtime);
      const { status, canceledReason } = (await get(`/subscriptions/${data.id}`)).data;
      const invoice = (await invoicesOf(data.id)).at(-1);
      seen.push([days, status, canceledReason, invoice?.collectionAttempts, invoice?.status]);
    }
    expect(seen).toEqual([
      [0, 'past_due', null, 1, 'open'],
      [1, 'past_due', null, 2, 'open'],
      [2, 'past_due', null, 2, 'open'],
      [3, 'past_due', null, 3, 'open'],
      [5, 'past_due', null, 4, 'open'],
      [7, 'canceled', 'failed_payment', 5, 'open'],
    ]);
    expect((await invoicesOf(data.id)).at(-1)).toMatchObject({
      nextAttemptAt: null,
      collectionStoppedAt: expect.any(Number),
    });
  });

  it('leaves it past due where the plan says so, and a good retry makes it active again', async () => {
    const buyer = await aBuyer(null, { metadata: { dunningEnd: 'past_due' }, trialDays: 3 });
    const { data } = await buyer.create();
    const advance = (days: number) => post('/test/clocks/advance', { subscriptionId: data.id, days });
    expect((await advance(4)).data.status).toBe('past_due');
    expect((await advance(8)).data.status).toBe('past_due');
    const [invoice] = await invoicesOf(data.id);
    expect(invoice).toMatchObject({ status: 'open', nextAttemptAt: null, collectionAttempts: 0 });
    const events = await eventsOf(invoice?.id ?? '');
    expect(events.filter((type) => type === 'invoice.failed')).toHaveLength(5);
  });

  it('an expired card is not asked for: the try is refused with its reason', async () => {
    const buyer = await aBuyer();
    const { data } = await buyer.create();
    await side.test.runtime.write((tx) =>
      tx.updateTable('paymentMethods').set({ expMonth: 3, expYear: 2026 }).where('id', '=', buyer.method).execute(),
    );
    await post('/test/clocks/advance', { subscriptionId: data.id, days: 32 });
    const attempts = await side.test.runtime.read
      .selectFrom('paymentAttempts')
      .select(['status', 'reason', 'providerReference'])
      .where('customerId', '=', buyer.customerId)
      .where('status', '=', 'refused')
      .execute();
    expect(attempts[0]).toEqual({ status: 'refused', reason: 'expired', providerReference: null });
    expect((await get(`/subscriptions/${data.id}`)).data.status).toBe('past_due');
  });

  it('a test clock sends the whole subscription with the days it went', async () => {
    const { data } = await (await aBuyer()).create();
    await post('/test/clocks/advance', { subscriptionId: data.id, days: 31 });
    const row = await side.test.runtime.read
      .selectFrom('outbox')
      .select('data')
      .where('aggregateId', '=', data.id)
      .where('type', '=', 'plugipay.subscription.renewed.v1')
      .executeTakeFirstOrThrow();
    expect(JSON.parse(row.data)).toMatchObject({ daysAdvanced: 31, object: { id: data.id, arn: data.arn } });
  });

  it('a test clock wants 1 to 366 days and a subscription that is not final', async () => {
    const { data } = await (await aBuyer()).create();
    for (const days of [0, 367, 1.5, '3']) {
      const refused = await post('/test/clocks/advance', { subscriptionId: data.id, days });
      expect([refused.status, refused.error?.field]).toEqual([400, 'days']);
    }
    await post(`/subscriptions/${data.id}/cancel`, { at: 'now' });
    const final = await post('/test/clocks/advance', { subscriptionId: data.id, days: 1 });
    expect([final.status, final.error?.code]).toEqual([409, 'conflict']);
    expect((await post('/test/clocks/advance', { subscriptionId: 'sub_x', days: 1 })).status).toBe(404);
  });
});

describe('what the buyer sees', () => {
  /** What the overview, the subscription page and the cancel page are drawn from. */
  async function seen(buyer: { customerId: string }, id: string) {
    const { read } = side.test.runtime;
    const scope = { workspaceId: side.workspaceId, mode: 'test', customerId: buyer.customerId as CustomerId } as const;
    const customer = await findCustomer(read, scope);
    const workspace = await findWorkspace(read, scope);
    const planned = await findSubscription(read, scope, id as SubscriptionId);
    if (customer === null || workspace === null || planned === null) throw new Error('There is nothing to see.');
    const now = billingNow(customer, side.test.runtime.now());
    const unpaid = await listUnpaidInvoices(read, scope);
    const attempts = await listPaymentAttempts(
      read,
      scope,
      unpaid.map((invoice) => invoice.id),
    );
    const methods = await listPaymentMethods(read, scope);
    const facts = { subscriptions: [planned], unpaid, attempts, methods, customer, taxRateBasisPoints: 0 };
    const cancellation = planCancellation(
      { ...planned, invoices: unpaid, configuration: workspace.configuration },
      now,
    );
    return {
      standing: standingOf(planned.subscription, now).is,
      next: nextPaymentOf(planned, 0, now)?.kind ?? null,
      attention: attentionOf(facts, now).map((item) => item.is),
      cancelling: cancellation.can ? cancellation.options.map(({ endsWith }) => endsWith) : cancellation.why,
    };
  }

  it('follows every write at once', async () => {
    const buyer = await aBuyer();
    const { data } = await buyer.create();
    const act = (name: string, body: object = {}) => post(`/subscriptions/${data.id}/${name}`, body);
    const quiet = { attention: [] };
    expect(await seen(buyer, data.id)).toEqual({
      standing: 'active',
      next: 'regular',
      cancelling: ['period'],
      ...quiet,
    });
    await act('cancel', { at: 'period_end' });
    expect(await seen(buyer, data.id)).toEqual({
      standing: 'ends',
      next: null,
      cancelling: 'already_scheduled',
      ...quiet,
    });
    await act('resume');
    await act('pause', { resumeAt: isoText(side.test.runtime.now() + 5 * dayMs) });
    expect(await seen(buyer, data.id)).toEqual({ standing: 'paused', next: 'regular', cancelling: ['now'], ...quiet });
    await act('resume');
    await send('PATCH', `/customers/${buyer.customerId}`, { defaultPaymentTokenId: null });
    await post('/test/clocks/advance', { subscriptionId: data.id, days: 31 });
    const late = await seen(buyer, data.id);
    expect(late).toMatchObject({ standing: 'past_due', attention: ['payment_failed', 'no_method'] });
    await act('cancel', { at: 'now' });
    expect(await seen(buyer, data.id)).toEqual({
      standing: 'ended',
      next: null,
      cancelling: 'already_ended',
      ...quiet,
    });
  });

  it('a subscription that waits for its first payment asks the buyer to pay it', async () => {
    const buyer = await aBuyer(null);
    const { data } = await buyer.create();
    const waiting = await seen(buyer, data.id);
    expect(waiting).toMatchObject({ standing: 'incomplete', next: null, attention: ['invoice_due'] });
    const [invoice] = await invoicesOf(data.id);
    await post('/test/clocks/advance', { subscriptionId: data.id, days: 3 });
    await post(`/invoices/${invoice?.id}/pay`);
    const begun = (await get(`/subscriptions/${data.id}`)).data;
    // Paid three days later: it begins then, for a whole month.
    expect(
      Date.parse(String(begun.currentPeriodStart)) - Date.parse(String(data.currentPeriodStart)),
    ).toBeGreaterThanOrEqual(3 * dayMs);
    expect(await seen(buyer, data.id)).toMatchObject({ standing: 'active', next: 'regular' });
  });
});
