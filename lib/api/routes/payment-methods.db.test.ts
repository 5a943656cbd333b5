import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { MerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { openMerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { everyText } from '@/lib/data/testing/every-text.ts';

let side: MerchantSide;
let key: { bearer: string };
beforeAll(async () => {
  side = await openMerchantSide();
  key = await side.makeBearerKey(side.workspaceId, 'test', ['plugipay:paymentmethod:*', 'plugipay:customer:*']);
});
beforeEach(() => side.test.setTime(side.test.runtime.now() + 1_000));

const target = '/api/v1/payment-methods';
const card = { adapter: 'simulated', type: 'card', brand: 'visa', last4: '4242', expMonth: 9, expYear: 2099 };
const attach = (more: object) => side.send(key, { target, body: { ...card, customerId: side.customerId, ...more } });
const list = async (query: string) => {
  const answer = await side.send(key, { method: 'GET', target: `${target}?${query}` });
  return (answer.data as unknown as { id: string }[]).map((row) => row.id);
};

it('a method that is moved in has exactly the fields of the wire, and its token is nowhere', async () => {
  const made = await attach({
    providerToken: 'simtok_succeeds_moved_in',
    makeDefault: true,
    metadata: { from: 'old' },
  });
  expect(made.status).toBe(201);
  expect(made.data).toEqual({
    id: expect.stringMatching(/^pt_/),
    arn: expect.any(String),
    accountId: side.workspaceId,
    customerId: side.customerId,
    ...card,
    label: null,
    status: 'active',
    isDefault: true,
    metadata: { from: 'old' },
    createdAt: expect.any(String),
    updatedAt: expect.any(String),
    detachedAt: null,
  });
  const customer = await side.send(key, { method: 'GET', target: `/v1/customers/${side.customerId}` });
  expect(customer.data?.defaultPaymentTokenId).toBe(made.data?.id);
  expect(await everyText(side.test.runtime)).not.toContain('moved_in');
});

it('one token belongs to one customer; the provider has to know it', async () => {
  const token = 'simtok_succeeds_once';
  expect((await attach({ providerToken: token })).status).toBe(201);
  expect((await attach({ providerToken: token })).error).toMatchObject({ code: 'conflict' });
  const customerId = await side.makeCustomer(side.workspaceId, 'test');
  const other = await attach({ providerToken: token, customerId });
  expect([other.status, other.error?.field]).toEqual([409, 'providerToken']);
  const unknown = await attach({ providerToken: 'tok_of_nobody' });
  expect([unknown.status, unknown.error?.code]).toEqual([422, 'provider_refused']);
  const elsewhere = await attach({ providerToken: 'x', adapter: 'xendit' });
  expect([elsewhere.status, elsewhere.error?.field]).toEqual([400, 'adapter']);
});

it('a card number is refused wherever it stands', async () => {
  for (const more of [
    { providerToken: '4242424242424242' },
    { providerToken: 'simtok_1', label: '4242 4242 4242 4242' },
  ]) {
    const answer = await attach(more);
    expect([answer.status, answer.error?.code]).toEqual([400, 'validation_error']);
  }
});

it('a list holds what can pay; expired and detached ones are there when asked for', async () => {
  const customerId = await side.makeCustomer(side.workspaceId, 'test');
  const good = await attach({ customerId, providerToken: 'simtok_good' });
  const old = await attach({ customerId, providerToken: 'simtok_old', expMonth: 1, expYear: 2020 });
  const gone = await attach({ customerId, providerToken: 'simtok_gone' });
  const removed = await side.send(key, { method: 'DELETE', target: `${target}/${gone.data?.id}` });
  expect(removed.status).toBe(204);
  expect(await list(`customerId=${customerId}&order=asc`)).toHaveLength(2);
  expect(await list(`customerId=${customerId}&status=active`)).toEqual([good.data?.id]);
  expect(await list(`customerId=${customerId}&status=expired`)).toEqual([old.data?.id]);
  expect(await list(`customerId=${customerId}&status=detached`)).toEqual([gone.data?.id]);
  const again = await side.send(key, { method: 'DELETE', target: `${target}/${gone.data?.id}?again=1` });
  expect(again.status).toBe(204);
});

it('without a customer there is no list', async () => {
  const answer = await side.send(key, { method: 'GET', target });
  expect([answer.status, answer.error?.field]).toEqual([400, 'customerId']);
});

it('a method a running subscription is charged on stays until another one takes over', async () => {
  const customerId = await side.makeCustomer(side.workspaceId, 'test');
  const method = await attach({ customerId, providerToken: 'simtok_needed', makeDefault: true });
  const { runtime } = side.test;
  const now = runtime.now();
  const place = { workspaceId: side.workspaceId, mode: 'test' as const };
  await runtime.write(async (tx) => {
    const stamps = { createdAt: now, updatedAt: now };
    const plan = { id: 'pln_1', ...place, name: 'Club', interval: 'month' as const, intervalCount: 1, trialDays: 0 };
    await tx
      .insertInto('plans')
      .values({ ...plan, portalFeatures: '{}', active: 1, ...stamps })
      .execute();
    const period = { startedAt: now, currentPeriodStart: now, currentPeriodEnd: now + 1e9 };
    const what = { customerId, planId: 'pln_1', status: 'active' as const, quantity: 1 };
    const how = { collectionMethod: 'charge_automatically' as const };
    await tx
      .insertInto('subscriptions')
      .values({ id: 'sub_1', ...place, ...what, ...period, ...how, ...stamps })
      .execute();
  });
  const refused = await side.send(key, { method: 'DELETE', target: `${target}/${method.data?.id}` });
  expect([refused.status, refused.error?.code]).toEqual([409, 'conflict']);
  await attach({ customerId, providerToken: 'simtok_other', makeDefault: true });
  const freed = await side.send(key, { method: 'DELETE', target: `${target}/${method.data?.id}?now=1` });
  expect(freed.status).toBe(204);
});
