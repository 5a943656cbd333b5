import { gzipSync } from 'node:zlib';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeHmacSecret } from '@/lib/crypto/api-key.ts';
import * as requestSignature from '@/lib/crypto/request-signature.ts';
import * as sealedBox from '@/lib/crypto/sealed-box.ts';
import { revokeApiKey, rotateHmacSecret } from '@/lib/data/api-keys.ts';
import type { ApiKeyId } from '@/lib/domain/ids.ts';
import { maxBodyBytes } from './body.ts';
import type { Answered, MerchantSide, Sent } from './testing/merchant-side.ts';
import { openMerchantSide, returnUrl } from './testing/merchant-side.ts';

vi.mock('@/lib/crypto/request-signature.ts', { spy: true });
vi.mock('@/lib/crypto/sealed-box.ts', { spy: true });

let side: MerchantSide;
beforeAll(async () => {
  side = await openMerchantSide();
});
beforeEach(() => side.test.setTime(side.test.runtime.now() + 1_000));

const seconds = () => Math.floor(side.test.runtime.now() / 1_000);
const outcome = ({ status, error }: Answered): string => `${status} ${error?.code ?? 'ok'}`;
const mint = async (sent: Sent = {}) => outcome(await side.send(side.key, sent));
const goodBody = () => JSON.stringify({ customerId: side.customerId, returnUrl });

describe('A01: a body that is not the signed one', () => {
  it.each<[string, (body: string) => unknown]>([
    ['one byte more', (body) => `${body} `],
    ['another letter', (body) => body.replace('account', 'accounT')],
    ['another key order', () => JSON.stringify({ returnUrl, customerId: side.customerId })],
    ['an escape', (body) => body.replaceAll('/', '\\/')],
    ['a byte order mark', (body) => new Uint8Array([0xef, 0xbb, 0xbf, ...Buffer.from(body)])],
    ['gzip', (body) => new Uint8Array(gzipSync(body))],
    ['nothing', () => ''],
  ])('%s: invalid_signature', async (_, change) => {
    expect(await mint({ body: change(goodBody()), signAs: { body: goodBody() } })).toBe('401 invalid_signature');
  });
});

describe('A02: a target that is not the signed one', () => {
  it.each([
    ['/api/v1/portal-sessions', '/v1/portal-sessions'],
    ['/v1/portal-sessions', '/api/v1/portal-sessions'],
    ['/api/v1/portal-sessions?a=1&b=2', '/api/v1/portal-sessions?b=2&a=1'],
    ['/api/v1/portal-sessions?a=%2F', '/api/v1/portal-sessions?a=%2f'],
    ['/api/v1/portal-sessions?a=/', '/api/v1/portal-sessions?a=%2F'],
    ['/api/v1/portal-sessions?A=1', '/api/v1/portal-sessions?a=1'],
    ['/api/v1/portal-sessions', '/api/v1/portal-sessions?'],
    ['/api/v1/portal-sessions?', '/api/v1/portal-sessions'],
  ])('signed %s, sent %s: invalid_signature', async (signed, target) => {
    expect(await mint({ target, signAs: { target: signed } })).toBe('401 invalid_signature');
  });
});

describe('A19: the target counts as it was sent', () => {
  it.each(['?a=~', '?a=%7E', '?a=%20', '?a=+', '?a=%2f', '?', '?y', '?a=1&a=2', '?nxtPpath=x', '?%zz', '?a=é'])(
    'portal-sessions%s, signed so, is accepted',
    async (query) => {
      const target = `/api/v1/portal-sessions${Buffer.from(query, 'utf8').toString('latin1')}`;
      expect(await mint({ target })).toBe('201 ok');
    },
  );

  it('without the target from the door nothing is answered but 503', async () => {
    const request = new Request('http://portal.invalid/api/v1/portal-sessions', { method: 'POST', body: goodBody() });
    expect(outcome(await side.sendRaw(request))).toBe('503 service_unavailable');
  });

  it('behind a proxy that strips a prefix, merchants sign the prefix', async () => {
    const prefixed = await openMerchantSide({ PORTAL_STRIPPED_PREFIX: '/billing' });
    const signAs = { target: '/billing/api/v1/portal-sessions' };
    expect(outcome(await prefixed.send(prefixed.key, { signAs }))).toBe('201 ok');
    expect(outcome(await prefixed.send(prefixed.key))).toBe('401 invalid_signature');
  });
});

it('another method than the signed one, or another idempotency key: invalid_signature', async () => {
  expect(await mint({ signAs: { method: 'PUT' } })).toBe('401 invalid_signature');
  expect(await mint({ idempotencyKey: 'a', signAs: { idempotencyKey: 'b' } })).toBe('401 invalid_signature');
  expect(await mint({ headers: { 'idempotency-key': 'added' } })).toBe('401 invalid_signature');
});

describe('A03: time', () => {
  it.each([
    [-301, '401 timestamp_skew'],
    [-300, '201 ok'],
    [0, '201 ok'],
    [300, '201 ok'],
    [301, '401 timestamp_skew'],
  ])('%i seconds off: %s', async (off, expected) => {
    expect(await mint({ unixSeconds: seconds() + off })).toBe(expected);
  });

  it('300 seconds off counts in whole seconds, whatever the milliseconds', async () => {
    side.test.setTime(side.test.runtime.now() + 999);
    expect(await mint({ unixSeconds: seconds() - 300 })).toBe('201 ok');
  });

  it.each([
    '',
    '1772524800.5',
    '-1772524800',
    '1e3',
    '9'.repeat(30),
    'abc',
    '0x1',
    '１７７２',
    '1772524800,1772524800',
  ])('the text %j: invalid_timestamp', async (unixSeconds) => {
    const headers = { 'x-plugipay-timestamp': Buffer.from(unixSeconds, 'utf8').toString('latin1') };
    expect(await mint({ headers })).toBe('401 invalid_timestamp');
  });
});

describe('A04, A05: a request seen before', () => {
  it('without an idempotency key is refused, and the alarm stands in log and audit', async () => {
    const unixSeconds = seconds();
    expect(await mint({ unixSeconds })).toBe('201 ok');
    side.test.logLines.length = 0;
    expect(await mint({ unixSeconds })).toBe('401 replayed_request');
    expect(side.test.logLines.join('\n')).toContain('request.replay_refused');
    const alarms = await side.test.runtime.read
      .selectFrom('auditLines')
      .select('actor')
      .where('act', '=', 'request.replay_refused')
      .execute();
    expect(alarms).toContainEqual({ actor: `key:${side.key.keyId}` });
  });

  it('with an idempotency key gets the stored answer', async () => {
    const sent = { unixSeconds: seconds(), idempotencyKey: 'twice' };
    const first = await side.send(side.key, sent);
    const second = await side.send(side.key, sent);
    expect(second.data).toEqual(first.data);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
  });

  it.each([{ 'x-plugipay-on-behalf-of': 'acc_other' }, { 'x-plugipay-mode': 'live' }, { 'x-plugipay-mode': 'test' }])(
    'with other unsigned headers %j is refused, idempotency key or not',
    async (headers) => {
      for (const idempotencyKey of [undefined, `unsigned ${JSON.stringify(headers)}`]) {
        const sent: Sent = { unixSeconds: seconds() + 20, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) };
        expect(await mint(sent)).toBe('201 ok');
        const again = await side.send(side.key, { ...sent, headers });
        expect(outcome(again)).toBe('401 replayed_request');
        expect(again.headers.get('idempotency-replayed')).toBeNull();
      }
    },
  );

  it('stays refused with other unsigned headers when the first one was refused', async () => {
    const sent: Sent = { unixSeconds: seconds(), headers: { 'x-plugipay-on-behalf-of': 'acc_a' }, idempotencyKey: 'r' };
    expect(await mint(sent)).toBe('403 insufficient_scope');
    expect(await mint({ ...sent, headers: {} })).toBe('401 replayed_request');
  });

  it('arriving at once with itself goes on once', async () => {
    const sent = { unixSeconds: seconds() };
    const answers = await Promise.all(Array.from({ length: 10 }, () => mint(sent)));
    expect(answers.filter((one) => one === '201 ok')).toHaveLength(1);
    expect(answers.filter((one) => one === '401 replayed_request')).toHaveLength(9);
  });

  it('is remembered on every instance', async () => {
    const sent = { unixSeconds: seconds() };
    expect(await mint(sent)).toBe('201 ok');
    const rows = await side.test.runtime.read.selectFrom('requestSignatures').select('seenAt').execute();
    expect(rows.at(-1)?.seenAt).toBeLessThanOrEqual(side.test.runtime.now());
    expect(await mint(sent)).toBe('401 replayed_request');
  });
});

describe('A07: an unknown key id', () => {
  it('gets the answer of a wrong signature', async () => {
    const unknown = await side.send({ keyId: 'ak_test_unknown', secret: 'x' });
    const wrong = await side.send({ keyId: side.key.keyId, secret: 'x' });
    expect(unknown.error).toEqual(wrong.error);
    expect(unknown.status).toBe(401);
    const names = (one: Answered) => [...one.headers.keys()].sort();
    expect(names(unknown)).toEqual(names(wrong));
  });

  it('costs the work of a wrong signature: as many reads, opened secrets and signatures', async () => {
    const reads = vi.spyOn(side.test.runtime.read, 'selectFrom');
    const work = async (keyId: string): Promise<number[]> => {
      const spies = [reads, vi.mocked(sealedBox.openSealedText), vi.mocked(requestSignature.isSignedWith)];
      for (const spy of spies) spy.mockClear();
      expect(outcome(await side.send({ keyId, secret: 'x' }))).toBe('401 invalid_signature');
      return spies.map((spy) => spy.mock.calls.length);
    };
    const rotating = await side.makeKey(side.workspaceId, 'test', ['*']);
    await rotate(rotating.id, 60_000);
    const revoked = await side.makeKey(side.workspaceId, 'test', ['*']);
    await revoke(revoked.id);
    const known = await work(side.key.keyId);
    expect(known).toEqual([1, 2, 2]);
    for (const keyId of ['ak_test_unknown', rotating.keyId, revoked.keyId]) expect(await work(keyId)).toEqual(known);
    reads.mockRestore();
  });

  it('no secret of nobody opens a door: the dummy secret signs for no key', async () => {
    const dummy = `sk_live_${'0'.repeat(48)}`;
    for (const keyId of ['ak_test_unknown', 'akey_dummy', side.key.keyId]) {
      expect(outcome(await side.send({ keyId, secret: dummy }))).toBe('401 invalid_signature');
    }
  });
});

async function rotate(id: string, overlapMs: number): Promise<string> {
  const { runtime } = side.test;
  const secret = makeHmacSecret('test', runtime.random).reveal();
  const secretSealed = sealedBox.sealText(runtime.config.rootKeys, secret, id, runtime.random);
  const scope = { workspaceId: side.workspaceId, mode: 'test' } as const;
  const change = { secretSealed, previousSecretUntil: runtime.now() + overlapMs };
  expect(await runtime.write((tx) => rotateHmacSecret(tx, scope, id as ApiKeyId, change))).toBe(true);
  return secret;
}

async function revoke(id: string): Promise<void> {
  const scope = { workspaceId: side.workspaceId, mode: 'test' } as const;
  await side.test.runtime.write((tx) => revokeApiKey(tx, scope, id as ApiKeyId, side.test.runtime.now()));
}

describe('A11: keys that change', () => {
  it('a revoked key opens nothing, of either kind', async () => {
    const key = await side.makeKey(side.workspaceId, 'test', ['*']);
    expect(outcome(await side.send(key))).toBe('201 ok');
    await revoke(key.id);
    side.test.setTime(side.test.runtime.now() + 1_000);
    expect(outcome(await side.send(key))).toBe('401 invalid_signature');
  });

  it('both secrets work during a rotation; the old one ends with the overlap', async () => {
    const old = await side.makeKey(side.workspaceId, 'test', ['*']);
    const fresh = { keyId: old.keyId, secret: await rotate(old.id, 60_000) };
    expect(outcome(await side.send(fresh))).toBe('201 ok');
    expect(outcome(await side.send(old))).toBe('201 ok');
    side.test.setTime(side.test.runtime.now() + 59_999);
    expect(outcome(await side.send(old))).toBe('201 ok');
    side.test.setTime(side.test.runtime.now() + 1);
    expect(outcome(await side.send(old))).toBe('401 invalid_signature');
    expect(outcome(await side.send(fresh))).toBe('201 ok');
  });

  it('a key of a mode this host does not serve is refused like an unknown one', async () => {
    const testHost = await openMerchantSide({ PORTAL_MODES: 'test' });
    const live = await testHost.makeKey(testHost.workspaceId, 'live', ['*']);
    const bearer = await testHost.makeBearerKey(testHost.workspaceId, 'live', ['*']);
    expect(outcome(await testHost.send(live))).toBe('401 invalid_signature');
    expect(outcome(await testHost.send(bearer))).toBe('401 invalid_key');
    expect(outcome(await testHost.send(testHost.key))).toBe('201 ok');
  });
});

describe('credentials', () => {
  it.each([
    '',
    'Basic eDp5',
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Plugipay-HMAC-SHA256',
    'Plugipay-HMAC-SHA256 keyId=x',
    'Plugipay-HMAC-SHA256 signature=x',
    'Plugipay-HMAC-SHA256 keyId=, signature=x',
    'Plugipay-HMAC-SHA256 keyId=x, keyId=y, signature=z',
    'Plugipay-HMAC-SHA256 keyId=x; signature=z',
    `Plugipay-HMAC-SHA256 keyId=${'x'.repeat(500)}, signature=z`,
    'Plugipay-HMAC-SHA512 keyId=x, signature=y',
  ])('%j is unauthorized', async (authorization) => {
    expect(outcome(await side.send(null, { headers: { authorization } }))).toBe('401 unauthorized');
  });

  it('none at all is unauthorized', async () => {
    expect(outcome(await side.send(null))).toBe('401 unauthorized');
  });

  it.each(['pk_test_x', 'pk_live_x', `pk_test_${'0'.repeat(48)}`, 'sk_test_x'])(
    'the Bearer key %s is not known',
    async (bearer) => {
      expect(outcome(await side.send({ bearer }))).toBe('401 invalid_key');
    },
  );

  it('an HMAC secret is no Bearer key, and a key id is none', async () => {
    expect(outcome(await side.send({ bearer: side.key.secret }))).toBe('401 invalid_key');
    expect(outcome(await side.send({ bearer: side.key.keyId }))).toBe('401 invalid_key');
  });

  it('the scope in the header grants nothing and may be anything', async () => {
    const reader = await side.makeKey(side.workspaceId, 'test', ['plugipay:read']);
    expect(outcome(await side.send(reader))).toBe('403 insufficient_scope');
  });

  it.each(['', 'é', '\u0001', 'k'.repeat(256)])('the idempotency key %j is refused with its name', async (key) => {
    const { status, error } = await side.send(side.key, {
      headers: { 'idempotency-key': Buffer.from(key, 'utf8').toString('latin1') },
    });
    expect([status, error?.code, error?.field]).toEqual([400, 'validation_error', 'Idempotency-Key']);
  });
});

describe('A12: acting for a merchant', () => {
  it('needs the right by its own name, and an account that exists', async () => {
    const merchant = await side.makeWorkspace('Merchant');
    const customerId = await side.makeCustomer(merchant, 'test');
    const obo = (accountId: string, more: Record<string, string> = {}): Sent => ({
      body: { customerId, returnUrl },
      headers: { 'x-plugipay-on-behalf-of': accountId, ...more },
    });
    const star = await side.makeKey(side.workspaceId, 'test', ['*']);
    expect(outcome(await side.send(star, obo(merchant)))).toBe('403 insufficient_scope');
    const onlyPlatform = await side.makeKey(side.workspaceId, 'test', ['plugipay:platform:admin']);
    expect(outcome(await side.send(onlyPlatform, obo(merchant)))).toBe('403 insufficient_scope');

    const platform = await side.makeKey(side.workspaceId, 'test', [
      'plugipay:platform:admin',
      'plugipay:portal:create',
    ]);
    const minted = await side.send(platform, obo(merchant));
    expect([outcome(minted), minted.data?.accountId]).toEqual(['201 ok', merchant]);
    for (const unknown of ['acc_unknown', 'ws_1', '', 'acc_a, acc_b', "'"]) {
      side.test.setTime(side.test.runtime.now() + 1_000);
      expect(outcome(await side.send(platform, obo(unknown)))).toBe('404 not_found');
    }
    side.test.setTime(side.test.runtime.now() + 1_000);
    expect(outcome(await side.send(platform, obo(merchant, { 'x-plugipay-mode': 'live' })))).toBe(
      '403 insufficient_scope',
    );
    side.test.setTime(side.test.runtime.now() + 1_000);
    expect(outcome(await side.send(platform, obo(merchant, { 'x-plugipay-mode': 'x' })))).toBe('400 validation_error');
  });

  it('a live platform key reaches the mode it names, and its own when it names none', async () => {
    const merchant = await side.makeWorkspace('Both modes');
    const platform = await side.makeKey(side.workspaceId, 'live', [
      'plugipay:platform:admin',
      'plugipay:portal:create',
    ]);
    for (const [mode, headers] of [
      ['test', { 'x-plugipay-mode': 'test' }],
      ['live', { 'x-plugipay-mode': 'live' }],
      ['live', {}],
    ] as const) {
      side.test.setTime(side.test.runtime.now() + 1_000);
      const customerId = await side.makeCustomer(merchant, mode);
      const { status, data } = await side.send(platform, {
        body: { customerId, returnUrl },
        headers: { 'x-plugipay-on-behalf-of': merchant, ...headers },
      });
      expect(status).toBe(201);
      expect(data?.arn).toContain(`:${mode}:`);
    }
  });

  it('the mode header means nothing on an ordinary key', async () => {
    expect(await mint({ headers: { 'x-plugipay-mode': 'live' } })).toBe('201 ok');
  });
});

describe('A13: bodies', () => {
  const hostile = (): [string, unknown, string][] => {
    const { customerId } = side;
    const good = goodBody();
    return [
      ['a name twice', good.replace('{', '{"customerId":"cus_x",'), '400 customerId'],
      ['a name twice, escaped', good.replace('{', '{"customer\\u0049d":"cus_x",'), '400 customerId'],
      ['__proto__', good.replace('{', '{"__proto__":{"polluted":1},'), '400 __proto__'],
      ['constructor', good.replace('{', '{"constructor":{"prototype":{"polluted":1}},'), '400 constructor'],
      ['an unknown field', { customerId, returnUrl, flow: 'x' }, '400 flow'],
      ['a missing field', { customerId }, '400 returnUrl'],
      ['a number as id', { customerId: 5, returnUrl }, '400 customerId'],
      ['null as id', { customerId: null, returnUrl }, '400 customerId'],
      ['an array as address', { customerId, returnUrl: [returnUrl] }, '400 returnUrl'],
      ['an object as address', { customerId, returnUrl: { href: returnUrl } }, '400 returnUrl'],
      ['null', 'null', '400 body'],
      ['an array', '[]', '400 body'],
      ['a text', '"x"', '400 body'],
      ['nothing', '', '400 customerId'],
      ['half of it', good.slice(0, 40), '400 body'],
      ['two of it', good + good, '400 body'],
      ['a comment', `${good}//x`, '400 body'],
      ['depth 21', `${'['.repeat(21)}${']'.repeat(21)}`, '400 body'],
      ['depth 10,000', '['.repeat(10_000), '400 body'],
      ['a byte order mark', new Uint8Array([0xef, 0xbb, 0xbf, ...Buffer.from(good)]), '400 body'],
      ['UTF-16', new Uint8Array(Buffer.from(good, 'utf16le')), '400 body'],
      ['broken UTF-8', new Uint8Array([...Buffer.from(good.slice(0, -2)), 0xc3, 0x28, 0x22, 0x7d]), '400 body'],
      ['a text of 1 MB', { customerId, returnUrl: `https://shop.example.com/${'a'.repeat(1_000_000)}` }, '413 body'],
    ];
  };

  it('are refused with the field, and no prototype changes', async () => {
    for (const [name, body, expected] of hostile()) {
      side.test.setTime(side.test.runtime.now() + 1_000);
      const { status, error } = await side.send(side.key, { body });
      expect([name, `${status} ${error?.field}`]).toEqual([name, expected]);
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('of exactly 256 KiB are read, one byte more is not', async () => {
    const filled = (bytes: number) => goodBody().padEnd(bytes, ' ');
    expect(await mint({ body: filled(maxBodyBytes) })).toBe('201 ok');
    expect(await mint({ body: filled(maxBodyBytes + 1) })).toBe('413 payload_too_large');
  });

  it('without a length are counted while they arrive, and reading stops at the limit', async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const request = new Request('http://portal.invalid/api/v1/portal-sessions', {
      method: 'POST',
      body: endless,
      duplex: 'half',
      headers: { 'x-raw-target': '/api/v1/portal-sessions', 'content-type': 'application/json' },
    } as RequestInit);
    expect(outcome(await side.sendRaw(request))).toBe('413 payload_too_large');
    expect(pulled).toBeLessThan(20);
  });

  it('that break off are no 500', async () => {
    const broken = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('reset')) });
    const request = new Request('http://portal.invalid/api/v1/portal-sessions', {
      method: 'POST',
      body: broken,
      duplex: 'half',
      headers: { 'x-raw-target': '/api/v1/portal-sessions' },
    } as RequestInit);
    expect(outcome(await side.sendRaw(request))).toBe('400 validation_error');
  });

  it.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['multipart/form-data; boundary=x', 401],
    ['application/json; charset=utf-16', 415],
    ['application/jsonp', 415],
    ['application/json, text/plain', 415],
    ['application/json', 201],
    ['Application/JSON;charset="UTF-8"', 201],
    ['application/json; charset=utf-8', 201],
  ])('of the type %s: %i', async (type, status) => {
    expect((await side.send(side.key, { headers: { 'content-type': type } })).status).toBe(status);
  });

  it('with a content encoding are refused', async () => {
    expect(await mint({ headers: { 'content-encoding': 'gzip' } })).toBe('415 unsupported_media_type');
    expect(await mint({ headers: { 'content-encoding': 'identity' }, unixSeconds: seconds() + 1 })).toBe('201 ok');
  });
});

describe('methods and routes', () => {
  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    '%s on a route of POST: 405 with Allow',
    async (method) => {
      const { status, headers } = await side.send(side.key, { method });
      expect([status, headers.get('allow')]).toEqual([405, 'POST']);
    },
  );

  it.each(['x-http-method-override', 'x-method-override', 'x-http-method'])('A15: %s changes nothing', async (name) => {
    const { status } = await side.send(side.key, { method: 'GET', headers: { [name]: 'POST' } });
    expect(status).toBe(405);
    expect(await mint({ headers: { [name]: 'DELETE' } })).toBe('201 ok');
  });

  it.each([
    '/api/v1/',
    '/api/v1/nothing',
    '/v1/portal-sessions/x',
    '/api/v1/PORTAL-SESSIONS',
    '/api/v1/portal%2Dsessions',
    '/api/v1/__proto__',
    '/api/v2/portal-sessions',
  ])('%s is 404 in the envelope', async (target) => {
    expect(await mint({ target })).toBe('404 not_found');
  });

  it('health and the description of the API need no key', async () => {
    expect((await side.send(null, { method: 'GET', target: '/v1/health' })).data).toEqual({ status: 'ok' });
    const request = new Request('http://portal.invalid/api/v1/openapi.json', {
      headers: { 'x-raw-target': '/api/v1/openapi.json' },
    });
    expect((await side.sendRaw(request)).status).toBe(200);
  });
});

it('every answer has the envelope, the request id, the rate figures, no-store and the security headers', async () => {
  const sent: [Parameters<MerchantSide['send']>[0], Sent][] = [
    [side.key, {}],
    [null, {}],
    [side.key, { method: 'GET' }],
    [side.key, { target: '/api/v1/nothing' }],
    [side.key, { body: '{' }],
    [side.key, { body: 'x'.repeat(300_000) }],
    [null, { headers: { 'x-refused': 'target' } }],
    [null, { headers: { 'x-refused': 'method' } }],
    [null, { headers: { 'x-refused': 'path' } }],
  ];
  const ids = new Set<string>();
  for (const [who, what] of sent) {
    const { headers, meta, data, error } = await side.send(who, what);
    expect((data === null) !== (error === null)).toBe(true);
    expect(headers.get('x-request-id')).toBe(meta.requestId);
    ids.add(meta.requestId);
    for (const name of ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset']) {
      expect(headers.get(name)).toMatch(/^\d+$/);
    }
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('strict-transport-security')).toContain('max-age=63072000');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  }
  expect(ids.size).toBe(sent.length);
});

it('a fault behind the gate is 503 or 500 with the request id alone, and leaves nothing half done', async () => {
  const { runtime } = side.test;
  const write = vi.spyOn(runtime, 'write').mockRejectedValueOnce(new Error('secret detail'));
  const broken = await side.send(side.key, { idempotencyKey: 'fault' });
  write.mockRestore();
  expect(outcome(broken)).toBe('500 internal_error');
  expect(JSON.stringify(broken)).not.toContain('secret detail');
  expect(await mint({ idempotencyKey: 'fault' })).toBe('201 ok');
});

it('no secret and no link stands in any log line', async () => {
  const bearer = await side.makeBearerKey(side.workspaceId, 'test', ['*']);
  side.test.logLines.length = 0;
  const minted = [await side.send(side.key), await side.send(bearer, { idempotencyKey: 'logs' })];
  await side.send({ bearer: 'pk_live_wrong' });
  await side.send({ ...side.key, secret: 'sk_live_wrong' });
  const log = side.test.logLines.join('\n');
  for (const one of minted) expect(log).not.toContain(one.data?.url?.split('/p/')[1]);
  for (const text of [side.key.secret, bearer.bearer, 'pk_live_wrong', 'sk_live_wrong']) {
    expect(log).not.toContain(text);
  }
});
