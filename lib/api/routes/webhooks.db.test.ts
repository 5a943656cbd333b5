import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { MerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { openMerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { anEvent } from '@/lib/api/testing/webhook-samples.ts';
import { openSealedText } from '@/lib/crypto/sealed-box.ts';
import { everyText } from '@/lib/data/testing/every-text.ts';
import { secondMs } from '@/lib/domain/time.ts';
import { handOutEvents } from '@/lib/operations/hand-out-events.ts';

let side: MerchantSide;
let key: { bearer: string };
beforeAll(async () => {
  side = await openMerchantSide();
  key = await side.makeBearerKey(side.workspaceId, 'test', ['plugipay:webhook:*']);
});
beforeEach(() => side.test.setTime(side.test.runtime.now() + secondMs));

type Row = Readonly<Record<string, unknown>>;
const call = (method: string, path: string, body?: unknown) =>
  side.send(key, { method, target: `/api/v1${path}`, body });
const create = (body: unknown) => call('POST', '/webhooks', body);
const url = 'https://shop.example.com/hooks/billing';

async function handOne(): Promise<void> {
  await anEvent({ side, workspaceId: side.workspaceId, mode: 'test', customerId: side.customerId });
  await handOutEvents(side.test.runtime);
}

const deliveries = async (query: string) => {
  const answer = await call('GET', `/webhooks/deliveries?${query}`);
  return answer.data as unknown as Row[];
};

it('a new endpoint has exactly the fields of the wire; its secret is told once and rests sealed', async () => {
  const made = await create({ url, events: ['invoice.paid', 'invoice.payment_failed'] });
  const shown = {
    id: expect.stringMatching(/^whep_[0-9A-Z]{26}$/),
    mode: 'test',
    url,
    events: ['plugipay.invoice.paid.v1', 'plugipay.invoice.failed.v1'],
    description: null,
    active: true,
    status: 'active',
    consecutiveFailures: 0,
    failingSince: null,
    disabledAt: null,
    disabledReason: null,
    createdAt: expect.any(String),
    updatedAt: expect.any(String),
  };
  const secret = made.data?.secret ?? '';
  expect(secret).toMatch(/^whsec_[A-Za-z0-9_-]{43}$/);
  expect([made.status, made.data]).toEqual([
    201,
    { ...shown, accountId: side.workspaceId, secret, signingSecret: secret },
  ]);
  const list = (await call('GET', '/webhooks')).data as unknown as Row[];
  expect(list[0]).toEqual(shown);
  expect((await call('PATCH', `/webhooks/${made.data?.id}`, { description: 'Shop' })).data).toEqual({
    ...shown,
    description: 'Shop',
  });
  const row = await side.test.runtime.read
    .selectFrom('webhookEndpoints')
    .select('secretSealed')
    .where('id', '=', made.data?.id ?? '')
    .executeTakeFirstOrThrow();
  expect(openSealedText(side.test.runtime.config.rootKeys, row.secretSealed, made.data?.id ?? '')).toBe(secret);
  const stored = (await everyText(side.test.runtime)).join('\n');
  expect(stored).toContain(made.data?.id);
  expect(stored).not.toContain(secret);
  expect(side.test.logLines.join('\n')).not.toContain(secret);
});

it('a create that is sent again with its key tells the same secret and makes no second endpoint', async () => {
  const order = { target: '/api/v1/webhooks', body: { url }, idempotencyKey: 'endpoint-once' };
  const [first, second] = [await side.send(key, order), await side.send(key, order)];
  expect(second.data).toEqual(first.data);
  expect(second.headers.get('idempotency-replayed')).toBe('true');
});

it('the same handlers answer under both names', async () => {
  const made = await call('POST', '/webhook-endpoints', { url });
  expect(made.status).toBe(201);
  expect((await call('GET', '/webhook-endpoints')).data).toEqual((await call('GET', '/webhooks')).data);
  expect((await call('DELETE', `/webhook-endpoints/${made.data?.id}`)).status).toBe(204);
  expect((await call('PATCH', `/webhooks/${made.data?.id}`, {})).status).toBe(404);
});

it('no list means every published type; a name that is none is refused', async () => {
  expect((await create({ url })).data?.events).toEqual(['*']);
  expect((await create({ url, events: ['*'] })).data?.events).toEqual(['*']);
  for (const events of [['invoice.pied'], [], 'invoice.paid', [5]]) {
    const refused = await create({ url, events });
    expect([refused.status, refused.error?.field?.split('.')[0]]).toEqual([400, 'events']);
  }
});

it('a live endpoint must be https, and none may be private; the field is named', async () => {
  const liveKey = await side.makeBearerKey(side.workspaceId, 'live', ['*']);
  const send = (who: { bearer: string }, address: string) =>
    side.send(who, { target: '/v1/webhooks', body: { url: address } });
  expect((await send(key, 'http://shop.example.com/')).status).toBe(201);
  for (const [who, address] of [
    [liveKey, 'http://shop.example.com/'],
    [liveKey, 'https://10.0.0.1/'],
    [key, 'http://localhost:3000/'],
    [key, 'http://0x7f.1/'],
  ] as const) {
    const refused = await send(who, address);
    expect([refused.status, refused.error?.code, refused.error?.field]).toEqual([400, 'validation_error', 'url']);
  }
  const made = await create({ url });
  const moved = await call('PATCH', `/webhooks/${made.data?.id}`, { url: 'http://169.254.169.254/latest' });
  expect([moved.status, moved.error?.field]).toEqual([400, 'url']);
});

it('an event goes to the endpoints of its own workspace and mode that want it', async () => {
  const wants = await create({ url, events: ['customer.updated'] });
  const wantsNot = await create({ url, events: ['invoice.paid'] });
  const paused = await create({ url, events: ['customer.updated'] });
  await call('PATCH', `/webhooks/${paused.data?.id}`, { active: false });
  const liveKey = await side.makeBearerKey(side.workspaceId, 'live', ['*']);
  const live = await side.send(liveKey, { target: '/v1/webhooks', body: { url } });
  await handOne();
  expect(await deliveries(`endpointId=${wants.data?.id}`)).toHaveLength(1);
  expect(await deliveries(`endpointId=${wantsNot.data?.id}`)).toHaveLength(0);
  expect(await deliveries(`endpointId=${paused.data?.id}`)).toHaveLength(0);
  const elsewhere = await side.send(liveKey, {
    method: 'GET',
    target: `/v1/webhooks/deliveries?endpointId=${live.data?.id}`,
  });
  expect(elsewhere.data).toEqual([]);
});

it('a delivery has exactly the fields of the wire and is found by its filters', async () => {
  const made = await create({ url, events: ['customer.updated'] });
  await handOne();
  const [one] = await deliveries(`endpointId=${made.data?.id}&status=pending&type=customer.updated`);
  expect(one).toEqual({
    id: expect.stringMatching(/^whd_[0-9A-Z]{26}$/),
    endpointId: made.data?.id,
    eventId: expect.stringMatching(/^evt_/),
    type: 'plugipay.customer.updated.v1',
    body: expect.stringContaining('"type":"plugipay.customer.updated.v1"'),
    status: 'pending',
    attempts: 0,
    nextRetryAt: null,
    lastAttemptAt: null,
    deliveredAt: null,
    responseCode: null,
    lastError: null,
    attemptLog: [],
    createdAt: expect.any(String),
    updatedAt: expect.any(String),
  });
  expect((await call('GET', `/webhooks/deliveries/${one?.id}`)).data).toEqual(one);
  expect(JSON.parse(String(one?.body))).toMatchObject({ id: one?.eventId, accountId: side.workspaceId });
  expect(await deliveries(`endpointId=${made.data?.id}&status=failed`)).toEqual([]);
  expect(await deliveries(`endpointId=${made.data?.id}&type=invoice.paid`)).toEqual([]);
  expect((await call('GET', '/webhooks/deliveries?status=sent')).error?.field).toBe('status');
});

it('a queued delivery is not queued twice; pausing fails it; a paused endpoint takes no retry', async () => {
  const made = await create({ url, events: ['customer.updated'] });
  await handOne();
  const [one] = await deliveries(`endpointId=${made.data?.id}`);
  const retry = () => call('POST', `/webhooks/deliveries/${one?.id}/retry`, {});
  expect([(await retry()).status, (await retry()).error?.code]).toEqual([409, 'already_queued']);
  const paused = await call('PATCH', `/webhooks/${made.data?.id}`, { active: false });
  expect(paused.data).toMatchObject({ active: false, status: 'disabled', disabledReason: 'paused' });
  expect(await deliveries(`endpointId=${made.data?.id}`)).toMatchObject([
    { status: 'failed', nextRetryAt: null, lastError: 'The endpoint was paused.' },
  ]);
  const refused = await retry();
  expect([refused.status, refused.error?.code]).toEqual([409, 'endpoint_disabled']);
  const on = await call('PATCH', `/webhooks/${made.data?.id}`, { active: true });
  expect(on.data).toMatchObject({ active: true, status: 'active', disabledAt: null, disabledReason: null });
  const again = await retry();
  expect([again.status, again.data]).toMatchObject([200, { status: 'pending', id: one?.id, body: one?.body }]);
  await call('DELETE', `/webhooks/${made.data?.id}`);
  expect(await deliveries(`endpointId=${made.data?.id}`)).toMatchObject([{ status: 'failed' }]);
  expect((await retry()).error?.code).toBe('endpoint_disabled');
});
