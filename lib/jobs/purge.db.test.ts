import { afterAll, beforeAll, expect, it } from 'vitest';
import { appendEvent } from '@/lib/data/outbox.ts';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { openTestRuntime, testNow } from '@/lib/data/testing/test-runtime.ts';
import { dayMs, minuteMs } from '@/lib/domain/time.ts';
import { createWebhookEndpoint } from '@/lib/operations/create-webhook-endpoint.ts';
import { deleteWebhookEndpoint } from '@/lib/operations/delete-webhook-endpoint.ts';
import { handOutEvents } from '@/lib/operations/hand-out-events.ts';
import { aBuyer, type SeededBuyer } from '@/lib/operations/testing/a-buyer.ts';
import { purge } from './purge.ts';

let test: TestRuntime;
beforeAll(async () => {
  test = await openTestRuntime();
});
afterAll(() => test.close());

type Counted = (typeof tables)[number] | 'providerVisits' | 'subscriptions' | 'invoices';

async function count(table: Counted): Promise<number> {
  const { read } = test.runtime;
  const counted = {
    formOutcomes: () => read.selectFrom('formOutcomes').select('act').execute(),
    idempotentAnswers: () => read.selectFrom('idempotentAnswers').select('key').execute(),
    requestSignatures: () => read.selectFrom('requestSignatures').select('keyId').execute(),
    portalSessions: () => read.selectFrom('portalSessions').select('id').execute(),
    browserSessions: () => read.selectFrom('browserSessions').select('id').execute(),
    providerVisits: () => read.selectFrom('providerVisits').select('id').execute(),
    subscriptions: () => read.selectFrom('subscriptions').select('id').execute(),
    invoices: () => read.selectFrom('invoices').select('id').execute(),
  };
  return (await counted[table]()).length;
}

async function aTrail(buyer: SeededBuyer, at: number): Promise<void> {
  const { workspaceId, mode, customerId, browserSessionId } = buyer.viewer;
  const name = `${browserSessionId}-${at}`;
  await test.runtime.write(async (tx) => {
    await tx
      .insertInto('formOutcomes')
      .values({ browserSessionId, formId: name, act: 'cancel', outcome: '', createdAt: at })
      .execute();
    await tx
      .insertInto('idempotentAnswers')
      .values({
        workspaceId,
        mode,
        key: name,
        fingerprint: '',
        state: 'done',
        leaseUntil: at,
        createdAt: at,
        expiresAt: at + dayMs,
      })
      .execute();
    await tx
      .insertInto('requestSignatures')
      .values({ keyId: name, signature: '', unsignedHash: '', method: 'POST', seenAt: at })
      .execute();
    await tx
      .insertInto('portalSessions')
      .values({
        id: `pls_${name}`,
        workspaceId,
        mode,
        customerId,
        tokenHash: name,
        returnUrl: 'https://shop.example.com/',
        createdAt: at,
        expiresAt: at + 10 * minuteMs,
        epoch: 1,
      })
      .execute();
  });
}

const tables = ['formOutcomes', 'idempotentAnswers', 'requestSignatures', 'portalSessions', 'browserSessions'] as const;

async function counts(): Promise<number[]> {
  return Promise.all(tables.map((table) => count(table)));
}

it('rows go when nothing needs them any more, and not a moment before', async () => {
  const buyer = await aBuyer(test, testNow);
  await aTrail(buyer, testNow);
  const at = async (now: number): Promise<number[]> => {
    test.setTime(now);
    await purge.run(test.runtime);
    return counts();
  };
  // Forms, answers, signatures, links (the one that was used and the one that was not), browser sessions.
  expect(await at(testNow + 11 * minuteMs)).toEqual([1, 1, 1, 2, 1]);
  expect(await at(testNow + 11 * minuteMs + 1)).toEqual([1, 1, 0, 2, 1]);
  expect(await at(testNow + dayMs - 1)).toEqual([1, 1, 0, 2, 1]);
  expect(await at(testNow + dayMs + 1)).toEqual([0, 0, 0, 2, 1]);
  expect(await at(testNow + 30 * dayMs + 10 * minuteMs)).toEqual([0, 0, 0, 2, 1]);
  expect(await at(testNow + 30 * dayMs + 10 * minuteMs + 1)).toEqual([0, 0, 0, 1, 1]);
  expect(await at(testNow + 90 * dayMs)).toEqual([0, 0, 0, 1, 1]);
  expect(await at(testNow + 90 * dayMs + 10 * minuteMs + 1)).toEqual([0, 0, 0, 0, 0]);
  expect(await count('subscriptions')).toBe(1);
  expect(await count('invoices')).toBe(1);
});

it('a session whose trip to the provider is still pending stays with what it came from', async () => {
  const now = testNow + 200 * dayMs;
  test.setTime(now);
  const buyer = await aBuyer(test, now);
  const { workspaceId, mode, customerId, browserSessionId } = buyer.viewer;
  const visit = (id: string, status: 'pending' | 'succeeded') => ({
    id,
    workspaceId,
    mode,
    customerId,
    browserSessionId,
    adapter: 'simulated',
    purpose: 'add_method' as const,
    stateHash: id,
    wishes: '{}',
    status,
    createdAt: now,
    expiresAt: now,
  });
  await test.runtime.write((tx) =>
    tx
      .insertInto('providerVisits')
      .values([visit('pv_1', 'pending'), visit('pv_2', 'succeeded')])
      .execute(),
  );
  test.setTime(now + 100 * dayMs);
  await purge.run(test.runtime);
  expect(await count('providerVisits')).toBe(1);
  expect(await count('browserSessions')).toBe(1);
  expect(await count('portalSessions')).toBe(1);
});

it('more rows than fit one batch all go in one run', async () => {
  const now = testNow + 400 * dayMs;
  test.setTime(now);
  await test.runtime.write(async (tx) => {
    for (let i = 0; i < 1_050; i += 1) {
      await tx
        .insertInto('requestSignatures')
        .values({ keyId: 'k', signature: String(i), unsignedHash: '', method: 'GET', seenAt: now - dayMs })
        .execute();
    }
  });
  expect(await purge.run(test.runtime)).toBe(1_050);
  expect(await purge.run(test.runtime)).toBe(0);
});

it('deliveries go 30 days after their end, deleted endpoints with them, events 400 days after they were handed out', async () => {
  const now = testNow + 800 * dayMs;
  test.setTime(now);
  const { runtime } = test;
  const buyer = await aBuyer(test, now);
  const { workspaceId, mode } = buyer.viewer;
  const scope = { workspaceId, mode };
  const by = { keyName: 'ak_test', requestId: 'req_test', idempotencyKey: null };
  const order = { url: 'https://shop.example.com/', events: ['*'], description: null };
  const made = await createWebhookEndpoint(runtime, scope, by, order);
  const told = { what: 'invoice.paid', aggregateType: 'invoice', aggregateId: 'inv_1', object: {}, source: 'job' };
  await runtime.write((tx) => appendEvent(tx, scope, told, now, runtime.random));
  await handOutEvents(runtime);
  if (made.ok) await deleteWebhookEndpoint(runtime, scope, by, made.value.id);
  const at = async (instant: number): Promise<number[]> => {
    test.setTime(instant);
    await purge.run(runtime);
    const deliveries = await runtime.read.selectFrom('webhookDeliveries').select('id').execute();
    const endpoints = await runtime.read.selectFrom('webhookEndpoints').select('id').execute();
    const events = await runtime.read.selectFrom('outbox').select('id').where('aggregateId', '=', 'inv_1').execute();
    return [deliveries.length, endpoints.length, events.length];
  };
  expect(await at(now + 30 * dayMs)).toEqual([1, 1, 1]);
  expect(await at(now + 30 * dayMs + 1)).toEqual([0, 0, 1]);
  expect(await at(now + 400 * dayMs)).toEqual([0, 0, 1]);
  expect(await at(now + 400 * dayMs + 1)).toEqual([0, 0, 0]);
});
