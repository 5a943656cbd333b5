import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { MerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { openMerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { publishedEventTypes } from '@/lib/domain/event-types.ts';
import { secondMs } from '@/lib/domain/time.ts';

let side: MerchantSide;
let key: { bearer: string };
beforeAll(async () => {
  side = await openMerchantSide();
  key = await side.makeBearerKey(side.workspaceId, 'test', ['*']);
});
beforeEach(() => side.test.setTime(side.test.runtime.now() + secondMs));

type Event = { id: string; type: string; occurredAt: string; data: { object: Record<string, unknown> } };
const call = (method: string, target: string, body?: unknown) =>
  side.send(key, { method, target: `/api/v1${target}`, body });
const list = async (query: string) => (await call('GET', `/events?${query}`)).data as unknown as Event[];

it('a change can be read as an event with exactly the fields of the wire', async () => {
  const made = await call('POST', '/customers', { name: 'Dewi' });
  const [event] = await list('type=customer.created');
  expect(event).toEqual({
    id: expect.stringMatching(/^evt_[0-9A-Z]{26}$/),
    type: 'plugipay.customer.created.v1',
    accountId: side.workspaceId,
    mode: 'test',
    occurredAt: made.data?.createdAt,
    data: { object: made.data, aggregateType: 'customer', aggregateId: made.data?.id },
    metadata: {
      idempotencyKey: null,
      mode: 'test',
      requestId: made.meta.requestId,
      source: 'api',
      replayOf: null,
    },
    createdAt: made.data?.createdAt,
    publishedAt: null,
  });
  expect((await call('GET', `/events/${event?.id}`)).data).toEqual(event);
});

it('the list is narrowed by type in any spelling and by exclusive bounds of time', async () => {
  for (const name of ['A', 'B', 'C']) {
    side.test.setTime(side.test.runtime.now() + secondMs);
    await call('POST', '/customers', { name });
  }
  const all = await list('type=plugipay.customer.created.v1&order=asc');
  const [, b, c] = all.slice(-3);
  const between = await list(`type=customer.created&occurredAfter=${b?.occurredAt}`);
  expect(between.map((one) => one.id)).toEqual([c?.id]);
  const since = await list(`type=customer.created&since=${b?.occurredAt}&until=${c?.occurredAt}`);
  expect(since).toEqual([]);
  expect(await list('type=invoice.paid')).toEqual([]);
  const refused = await call('GET', '/events?type=invoice.pied');
  expect([refused.status, refused.error?.field]).toEqual([400, 'type']);
});

it('the names of the published types are listed', async () => {
  expect((await call('GET', '/events/types')).data).toEqual(publishedEventTypes);
});

it('a replay is a new event with the stored data, named in order, once for an idempotency key', async () => {
  await call('POST', '/customers', { name: 'Sari', metadata: { b: '1', a: '2' } });
  const [old] = await list('type=customer.created');
  const [before] = await list('type=customer.created&limit=2&order=asc');
  const body = { eventIds: [old?.id, before?.id] };
  const order = { method: 'POST', target: '/api/v1/events/replay', body, idempotencyKey: 'again' };
  const answer = await side.send(key, order);
  const made = answer.data as unknown as Event[];
  expect(answer.status).toBe(200);
  expect(made.map((one) => one.data)).toEqual([old?.data, before?.data]);
  expect(made[0]).toMatchObject({
    type: old?.type,
    metadata: { replayOf: old?.id, source: 'replay', requestId: answer.meta.requestId, idempotencyKey: 'again' },
  });
  expect(made[0]?.id).not.toBe(old?.id);
  const count = (await list('limit=100')).length;
  expect((await side.send(key, order)).data).toEqual(made);
  expect(await list('limit=100')).toHaveLength(count);
});

it('a replay that names an unknown event replays none', async () => {
  const [old] = await list('limit=1');
  const before = await list('limit=100');
  const body = { eventIds: [old?.id, 'evt_unknown'] };
  const answer = await side.send(key, { target: '/api/v1/events/replay', body, idempotencyKey: 'unknown' });
  expect([answer.status, answer.error?.code, answer.error?.field]).toEqual([404, 'not_found', 'eventIds']);
  expect(await list('limit=100')).toEqual(before);
});

it('a replay counts against the few heavy requests of a minute', async () => {
  const strict = await openMerchantSide({}, 'real');
  const other = await strict.makeBearerKey(strict.workspaceId, 'test', ['*']);
  const statuses: number[] = [];
  for (let at = 0; at < 6; at += 1) {
    const answer = await strict.send(other, { target: '/api/v1/events/replay', body: { eventIds: ['evt_x'] } });
    statuses.push(answer.status);
  }
  expect(statuses).toEqual([404, 404, 404, 404, 404, 429]);
});

it('a triggered event tells the object as it stands, or the one it is given', async () => {
  const made = await call('POST', '/customers', { name: 'Rini' });
  const id = made.data?.id;
  const plain = await call('POST', '/events/trigger', { type: 'customer.updated', aggregateId: id });
  expect([plain.status, plain.data]).toMatchObject([
    201,
    {
      type: 'plugipay.customer.updated.v1',
      data: { object: made.data, aggregateType: 'customer', aggregateId: id },
      metadata: { source: 'trigger' },
    },
  ]);
  const data = { object: { id: 'po_1', amount: 5 }, reason: 'trying' };
  const given = await call('POST', '/events/trigger', { type: 'payout.failed', aggregateId: 'po_1', data });
  expect(given.data).toMatchObject({ data: { ...data, aggregateType: 'payout', aggregateId: 'po_1' } });
  const none = await call('POST', '/events/trigger', { type: 'payout.failed', aggregateId: 'po_2' });
  expect([none.status, none.error?.field]).toEqual([404, 'aggregateId']);
});
