import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fingerprint } from '@/lib/crypto/secret.ts';
import { findBrokenAuditLine } from '@/lib/data/audit-lines.ts';
import { testNow } from '@/lib/data/testing/test-runtime.ts';
import type { MerchantSide } from './testing/merchant-side.ts';
import { openMerchantSide, returnUrl } from './testing/merchant-side.ts';

let side: MerchantSide;
beforeAll(async () => {
  side = await openMerchantSide();
});
beforeEach(() => side.test.setTime(side.test.runtime.now() + 1_000));

const count = async (table: 'portalSessions' | 'outbox' | 'auditLines') =>
  (await side.test.runtime.read.selectFrom(table).selectAll().execute()).length;

describe('a mint', () => {
  it('answers 201 with exactly the fields of the wire, in the envelope', async () => {
    const now = side.test.runtime.now();
    const { status, data, error, meta, headers } = await side.send(side.key);
    expect(error).toBeNull();
    expect(status).toBe(201);
    expect(data).toEqual({
      id: expect.stringMatching(/^pls_[0-9A-HJKMNP-TV-Z]{26}$/),
      arn: `arn:plugipay:test:${side.workspaceId}:portal-session/${data?.id}`,
      accountId: side.workspaceId,
      customerId: side.customerId,
      url: expect.stringMatching(/^http:\/\/localhost:4100\/p\/[\w.-]+$/),
      returnUrl,
      expiresAt: new Date(now + 600_000).toISOString(),
      createdAt: new Date(now).toISOString(),
    });
    expect(meta).toEqual({ requestId: expect.stringMatching(/^req_/), timestamp: new Date(now).toISOString() });
    expect(headers.get('x-request-id')).toBe(meta.requestId);
  });

  it('works the same on the short prefix, signed as such', async () => {
    expect((await side.send(side.key, { target: '/v1/portal-sessions' })).status).toBe(201);
  });

  it('stores the fingerprint of the token and nothing that opens the link', async () => {
    const { data } = await side.send(side.key, { idempotencyKey: 'at-rest' });
    const token = data?.url?.split('/p/')[1] ?? '';
    const row = await side.test.runtime.read
      .selectFrom('portalSessions')
      .selectAll()
      .where('id', '=', data?.id ?? '')
      .executeTakeFirstOrThrow();
    expect(token).toMatch(/^ps_[\w-]+\.[\w-]+\.[\w-]{43}$/);
    expect(row).toMatchObject({ tokenHash: fingerprint(token), mintedByKeyId: side.key.keyId, burnedAt: null });
    const { read } = side.test.runtime;
    const everything = JSON.stringify([
      await read.selectFrom('portalSessions').selectAll().execute(),
      await read.selectFrom('idempotentAnswers').selectAll().execute(),
      await read.selectFrom('auditLines').selectAll().execute(),
      await read.selectFrom('outbox').selectAll().execute(),
      await read.selectFrom('requestSignatures').selectAll().execute(),
    ]);
    expect(everything).not.toContain(token);
    expect(everything).not.toContain(token.split('.')[1]);
    expect(everything).not.toContain(token.split('.')[2]);
  });

  it('leaves one audit line on an unbroken chain and one event without the link', async () => {
    const { data, meta } = await side.send(side.key);
    const scope = { workspaceId: side.workspaceId, mode: 'test' } as const;
    expect(await findBrokenAuditLine(side.test.runtime.read, scope)).toBeNull();
    const lines = await side.test.runtime.read
      .selectFrom('auditLines')
      .selectAll()
      .where('object', '=', data?.id ?? '')
      .execute();
    expect(lines).toMatchObject([{ actor: `key:${side.key.keyId}`, act: 'portal_session.minted' }]);
    const events = await side.test.runtime.read
      .selectFrom('outbox')
      .selectAll()
      .where('aggregateId', '=', data?.id ?? '')
      .execute();
    expect(events).toMatchObject([{ type: 'plugipay.portal_session.created.v1', publishedAt: null }]);
    const { url: _, ...withoutLink } = data ?? {};
    expect(JSON.parse(events[0]?.data ?? '')).toEqual({
      object: withoutLink,
      aggregateType: 'portal_session',
      aggregateId: data?.id,
      flow: null,
      configurationVersion: expect.any(Number),
    });
    const metadata = { mode: 'test', source: 'api', requestId: meta.requestId, idempotencyKey: null, replayOf: null };
    expect(JSON.parse(events[0]?.metadata ?? '')).toEqual(metadata);
  });

  it('leaves one log line, with the facts and without the token', async () => {
    side.test.logLines.length = 0;
    const { data, meta } = await side.send(side.key);
    expect(side.test.logLines).toHaveLength(1);
    expect(JSON.parse(side.test.logLines[0] ?? '')).toEqual({
      time: expect.any(String),
      level: 'info',
      event: 'portal_session.minted',
      requestId: meta.requestId,
      method: 'POST',
      route: '/api/v1/portal-sessions',
      keyId: side.key.keyId,
      workspaceId: side.workspaceId,
      mode: 'test',
      customerId: side.customerId,
      portalSessionId: data?.id,
      expiresAt: data?.expiresAt,
      returnOrigin: 'https://shop.example.com',
      status: 201,
      durationMs: 0,
    });
  });

  it('is served to a Bearer key, named in the log by its row', async () => {
    const bearer = await side.makeBearerKey(side.workspaceId, 'test', ['plugipay:portal:write']);
    side.test.logLines.length = 0;
    expect((await side.send(bearer)).status).toBe(201);
    expect(JSON.parse(side.test.logLines[0] ?? '').keyId).toMatch(/^akey_/);
    expect(side.test.logLines.join()).not.toContain(bearer.bearer);
  });
});

describe('the life of a link', () => {
  it.each([
    [300, 300],
    [900, 900],
    [60, 300],
    [86_400, 900],
  ])('configured as %i seconds is %i seconds', async (configured, lived) => {
    const workspaceId = await side.makeWorkspace('Life');
    await side.test.runtime.write((tx) =>
      tx
        .updateTable('workspaceModes')
        .set({ configuration: JSON.stringify({ linkLifetimeSeconds: configured }) })
        .where('workspaceId', '=', workspaceId)
        .execute(),
    );
    const key = await side.makeKey(workspaceId, 'test', ['*']);
    const customerId = await side.makeCustomer(workspaceId, 'test');
    const { data } = await side.send(key, { body: { customerId, returnUrl } });
    expect(Date.parse(data?.expiresAt ?? '') - Date.parse(data?.createdAt ?? '')).toBe(lived * 1_000);
  });
});

describe('a customer is 404', () => {
  it('of another workspace, of the other mode, deleted, unknown, malformed: all alike', async () => {
    const other = await side.makeWorkspace('Other');
    const deleted = await side.makeCustomer(side.workspaceId, 'test');
    await side.test.runtime.write((tx) =>
      tx.updateTable('customers').set({ deletedAt: testNow }).where('id', '=', deleted).execute(),
    );
    const before = await count('portalSessions');
    const foreign = [
      await side.makeCustomer(other, 'test'),
      await side.makeCustomer(side.workspaceId, 'live'),
      deleted,
      'cus_01KE8MNV20K93YTXQPXJRTN16Z',
      "cus_' or 1=1 --",
      'é',
      'c'.repeat(5_000),
      '\u0000',
    ];
    for (const customerId of foreign) {
      const { status, error } = await side.send(side.key, { body: { customerId, returnUrl } });
      expect([status, error]).toEqual([
        404,
        { code: 'not_found', message: 'There is no such customer.', field: 'customerId' },
      ]);
    }
    expect(await count('portalSessions')).toBe(before);
  });
});

describe('a return address', () => {
  it('is refused with its field, before anything is written', async () => {
    const before = [await count('portalSessions'), await count('outbox')];
    for (const bad of ['javascript:alert(1)', '//evil.example', 'https://a@b.example', 'https:\\\\evil.example', '']) {
      const { status, error } = await side.send(side.key, { body: { customerId: side.customerId, returnUrl: bad } });
      expect([status, error?.code, error?.field]).toEqual([400, 'validation_error', 'returnUrl']);
    }
    expect([await count('portalSessions'), await count('outbox')]).toEqual(before);
  });

  it('may be http in test mode and must be https with a name in live mode', async () => {
    const liveKey = await side.makeKey(side.workspaceId, 'live', ['*']);
    const customerId = await side.makeCustomer(side.workspaceId, 'live');
    const http = 'http://shop.example.com/';
    expect((await side.send(side.key, { body: { customerId: side.customerId, returnUrl: http } })).status).toBe(201);
    for (const bad of [http, 'https://127.0.0.1/', 'https://2130706433/']) {
      expect((await side.send(liveKey, { body: { customerId, returnUrl: bad } })).error?.field).toBe('returnUrl');
    }
    expect((await side.send(liveKey, { body: { customerId, returnUrl } })).status).toBe(201);
  });

  it('comes back in its parsed form', async () => {
    const { data } = await side.send(side.key, {
      body: { customerId: side.customerId, returnUrl: 'HTTPS://Shop.example.com:443/a/../b' },
    });
    expect(data?.returnUrl).toBe('https://shop.example.com/b');
  });

  it('must have an allowed origin where the workspace lists them', async () => {
    const workspaceId = await side.makeWorkspace('Listed');
    await side.test.runtime.write((tx) =>
      tx
        .updateTable('workspaceModes')
        .set({ configuration: JSON.stringify({ allowedReturnOrigins: ['https://shop.example.com'] }) })
        .where('workspaceId', '=', workspaceId)
        .execute(),
    );
    const key = await side.makeKey(workspaceId, 'test', ['*']);
    const customerId = await side.makeCustomer(workspaceId, 'test');
    const near = await side.send(key, { body: { customerId, returnUrl: 'https://shop.example.com.evil.example/' } });
    expect([near.status, near.error?.field]).toEqual([400, 'returnUrl']);
    expect((await side.send(key, { body: { customerId, returnUrl } })).status).toBe(201);
  });
});

it('a suspended workspace mints nothing', async () => {
  const workspaceId = await side.makeWorkspace('Suspended');
  const key = await side.makeKey(workspaceId, 'test', ['*']);
  const customerId = await side.makeCustomer(workspaceId, 'test');
  await side.test.runtime.write((tx) =>
    tx.updateTable('workspaces').set({ suspendedAt: testNow }).where('id', '=', workspaceId).execute(),
  );
  const { status, error } = await side.send(key, { body: { customerId, returnUrl } });
  expect([status, error?.code]).toEqual([409, 'conflict']);
});

it('the address of the link is the configured origin, whatever Host and forwarded headers say', async () => {
  const { data } = await side.send(side.key, {
    headers: {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'gopher',
      forwarded: 'host=evil.example',
    },
  });
  expect(new URL(data?.url ?? '').origin).toBe('http://localhost:4100');
});
