import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { MerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { openMerchantSide } from '@/lib/api/testing/merchant-side.ts';

let side: MerchantSide;
let key: { bearer: string };
beforeAll(async () => {
  side = await openMerchantSide();
  key = await side.makeBearerKey(side.workspaceId, 'test', ['plugipay:customer:*']);
});
beforeEach(() => side.test.setTime(side.test.runtime.now() + 1_000));

const create = (body: unknown) => side.send(key, { target: '/api/v1/customers', body });
const call = (method: string, path: string, body?: unknown) =>
  side.send(key, { method, target: `/api/v1/customers${path}`, body });

it('a new customer has exactly the fields of the wire, and can be read again', async () => {
  const made = await create({ externalId: 'shop-7731', name: 'Dewi Lestari', metadata: { tier: 'gold' } });
  expect(made.status).toBe(201);
  expect(made.data).toEqual({
    id: expect.stringMatching(/^cus_[0-9A-Z]{26}$/),
    arn: expect.stringContaining(':customer/cus_'),
    accountId: side.workspaceId,
    externalId: 'shop-7731',
    email: null,
    name: 'Dewi Lestari',
    phone: null,
    taxId: null,
    defaultPaymentTokenId: null,
    metadata: { tier: 'gold' },
    createdAt: expect.any(String),
    updatedAt: expect.any(String),
  });
  expect((await call('GET', `/${made.data?.id}`)).data).toEqual(made.data);
});

it('an external id belongs to one customer, and is free again after a delete', async () => {
  const first = await create({ externalId: 'one' });
  const second = await create({ externalId: 'one' });
  expect([second.status, second.error?.code, second.error?.field]).toEqual([409, 'conflict', 'externalId']);
  const other = await create({});
  const moved = await call('PATCH', `/${other.data?.id}`, { externalId: 'one' });
  expect([moved.status, moved.error?.code]).toEqual([409, 'conflict']);
  expect((await call('DELETE', `/${first.data?.id}`)).status).toBe(204);
  expect((await call('GET', `/${first.data?.id}`)).status).toBe(404);
  expect((await call('PATCH', `/${other.data?.id}`, { externalId: 'one' })).status).toBe(200);
});

it('a change touches only the keys that were sent, null clears, and the event names what differs', async () => {
  const { data } = await create({ email: 'dewi@example.com', name: 'Dewi', phone: '0812' });
  const changed = await call('PATCH', `/${data?.id}`, { name: null, email: 'dewi@example.com' });
  expect(changed.data).toMatchObject({ name: null, email: 'dewi@example.com', phone: '0812' });
  await call('PATCH', `/${data?.id}`, { phone: '0812' });
  const events = await side.test.runtime.read
    .selectFrom('outbox')
    .select(['type', 'data'])
    .where('aggregateId', '=', data?.id ?? '')
    .orderBy('occurredAt')
    .execute();
  expect(events.map((event) => event.type)).toEqual(['plugipay.customer.created.v1', 'plugipay.customer.updated.v1']);
  expect(JSON.parse(events[1]?.data ?? '')).toMatchObject({ changed: ['name'], object: { name: null } });
});

it('a list walks every row once, forwards and backwards, and its cursor holds to its filters', async () => {
  const mine = await openMerchantSide();
  const reader = await mine.makeKey(mine.workspaceId, 'test', ['plugipay:customer:*']);
  for (let i = 0; i < 7; i += 1) {
    if (i % 2 === 0) mine.test.setTime(mine.test.runtime.now() + 1_000);
    await mine.send(reader, {
      target: '/v1/customers',
      body: { email: i < 5 ? 'a@example.com' : null, name: `C${i}` },
    });
  }
  const walk = async (query: string): Promise<string[]> => {
    const ids: string[] = [];
    for (let cursor = '', more = true; more; ) {
      const target = `/v1/customers?limit=2&${query}${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const answer = await mine.send(reader, { method: 'GET', target });
      expect(answer.status).toBe(200);
      ids.push(...(answer.data as unknown as { id: string }[]).map((row) => row.id));
      const meta = answer.meta as unknown as { cursor: string; hasMore: boolean; page: { nextCursor: string } };
      expect(meta.page).toEqual({ limit: 2, hasMore: meta.hasMore, nextCursor: meta.cursor });
      cursor = meta.cursor;
      more = meta.hasMore;
    }
    return ids;
  };
  const newest = await walk('order=desc');
  expect(new Set(newest).size).toBe(8);
  expect(await walk('direction=asc')).toEqual([...newest].reverse());
  expect(await walk('email=a%40example.com')).toHaveLength(5);
  const first = await mine.send(reader, { method: 'GET', target: '/v1/customers?limit=2' });
  const { cursor } = first.meta as unknown as { cursor: string };
  const other = await mine.send(reader, { method: 'GET', target: `/v1/customers?email=x&cursor=${cursor}` });
  expect([other.status, other.error?.field]).toEqual([400, 'cursor']);
  const limits = await Promise.all(
    ['0', '-1', 'x', '1e3'].map((limit) =>
      mine.send(reader, { method: 'GET', target: `/v1/customers?limit=${limit}` }),
    ),
  );
  expect(limits.map((answer) => [answer.status, answer.error?.field])).toEqual(Array(4).fill([400, 'limit']));
  const large = await mine.send(reader, { method: 'GET', target: '/v1/customers?limit=1000' });
  expect(large.meta).toMatchObject({ page: { limit: 100 } });
});

it('a default method must be an active one of this customer', async () => {
  const { data } = await create({});
  const answer = await call('PATCH', `/${data?.id}`, { defaultPaymentTokenId: 'pt_unknown' });
  expect([answer.status, answer.error?.field]).toEqual([400, 'defaultPaymentTokenId']);
  expect((await call('PATCH', `/${data?.id}`, { defaultPaymentTokenId: null })).status).toBe(200);
});

it('text that looks like a card number is refused in every field', async () => {
  for (const body of [{ name: '4242 4242 4242 4242' }, { metadata: { card: '4242424242424242' } }]) {
    const answer = await create(body);
    expect([answer.status, answer.error?.code]).toEqual([400, 'validation_error']);
  }
});
