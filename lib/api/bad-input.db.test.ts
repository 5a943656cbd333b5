import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { failureStatuses } from '@/lib/domain/failures.ts';
import type { Answered, MerchantSide, Sent } from './testing/merchant-side.ts';
import { openMerchantSide, returnUrl } from './testing/merchant-side.ts';

let side: MerchantSide;
beforeAll(async () => {
  side = await openMerchantSide();
});

const runs = 200;
const headerText = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
  maxLength: 60,
});
const latin1 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

/** An answer is a success, or a failure whose code fits its status; and never a fault of ours. */
function expectSound(answered: Answered): void {
  expect(answered.status).toBeLessThan(500);
  if (answered.error === null) {
    expect([200, 201]).toContain(answered.status);
    return;
  }
  const { code, message } = answered.error;
  expect(failureStatuses[code as keyof typeof failureStatuses]).toBe(answered.status);
  expect(message).not.toBe('');
  expect(message).not.toMatch(/Invalid input|expected/);
  expect(answered.headers.get('x-request-id')).toBe(answered.meta.requestId);
}

async function send(sent: Sent): Promise<Answered> {
  side.test.setTime(side.test.runtime.now() + 1_000);
  const started = performance.now();
  const answered = await side.send(side.key, sent);
  expect(performance.now() - started).toBeLessThan(1_000);
  expectSound(answered);
  return answered;
}

it('whatever JSON a body holds, a refusal names its code and field', async () => {
  await fc.assert(
    fc.asyncProperty(fc.json({ maxDepth: 25, noUnicodeString: false }), async (body) => {
      const { error } = await send({ body });
      expect(error).toMatchObject({ code: 'validation_error', field: expect.stringMatching(/./) });
    }),
    { numRuns: runs },
  );
});

it('whatever bytes a body holds, a refusal names its code and field', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300, minLength: 1 }), async (body) => {
      const { error } = await send({ body: new Uint8Array(body) });
      expect(error).toMatchObject({ code: 'validation_error', field: expect.stringMatching(/./) });
    }),
    { numRuns: runs },
  );
});

it('whatever stands in the fields, it is minted, not found, or refused by field', async () => {
  const customerId = fc.oneof(fc.constant(''), fc.string({ unit: 'binary' }), fc.jsonValue(), fc.constant('KNOWN'));
  const address = fc.oneof(
    fc.constant(returnUrl),
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }).map((text) => `https://${text}`),
    fc.string({ unit: 'grapheme' }).map((text) => `https://shop.example.com/${text}`),
    fc.tuple(fc.ipV4Extended(), fc.webPath()).map(([host, path]) => `https://${host}${path}`),
    fc.jsonValue(),
  );
  await fc.assert(
    fc.asyncProperty(
      customerId,
      address,
      fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 1 }),
      async (id, to, more) => {
        const body = JSON.stringify({ ...more, customerId: id === 'KNOWN' ? side.customerId : id, returnUrl: to });
        const { status, data, error } = await send({ body });
        if (status === 201) {
          expect(data?.customerId).toBe(side.customerId);
          const stored = new URL(data?.returnUrl ?? '');
          expect([stored.href, stored.username, stored.password]).toEqual([data?.returnUrl, '', '']);
          expect(stored.protocol).toMatch(/^https?:$/);
        } else expect([400, 404]).toContain(status);
        if (error !== null) expect(error.field).toMatch(/./);
      },
    ),
    { numRuns: runs },
  );
});

it('whatever stands in the headers, the answer is sound', async () => {
  const names = [
    'authorization',
    'x-plugipay-timestamp',
    'idempotency-key',
    'x-plugipay-on-behalf-of',
    'x-plugipay-mode',
    'content-type',
    'content-encoding',
    'x-peer',
    'accept',
    'cookie',
    'x-refused',
  ];
  const headers = fc.dictionary(fc.constantFrom(...names), headerText, { maxKeys: 4 });
  await fc.assert(
    fc.asyncProperty(headers, async (given) => void (await send({ headers: given }))),
    { numRuns: runs },
  );
});

it('whatever the Authorization header says in the shape of a signature, the answer is sound', async () => {
  const part = fc.oneof(
    headerText,
    fc.constantFrom('keyId=', 'signature=', 'scope=*', ',', '"', side?.key.keyId ?? 'ak'),
  );
  const text = fc.array(part, { maxLength: 8 }).map((parts) => `Plugipay-HMAC-SHA256 ${parts.join('')}`);
  await fc.assert(
    fc.asyncProperty(text, async (authorization) => {
      expect((await send({ headers: { authorization } })).status).toBe(401);
    }),
    { numRuns: runs },
  );
});

it('whatever the target, signed as it is, the answer is sound', async () => {
  const target = fc.oneof(
    fc
      .string({ unit: 'binary' })
      .map((text) => `/api/v1/portal-sessions?${latin1(text).replace(/[^!-~\xa1-\xff]|#/g, '')}`),
    fc.webPath().map((path) => `/api/v1${path}`),
    fc.string().map((text) => `/v1/${encodeURIComponent(text)}`),
  );
  const method = fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS');
  await fc.assert(
    fc.asyncProperty(target, method, async (to, how) => {
      expect([201, 404, 405]).toContain((await send({ target: to, method: how })).status);
    }),
    { numRuns: runs },
  );
});

it('whatever printable key a mint carries, its repeat gets the same answer', async () => {
  const printable = fc.string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    minLength: 1,
    maxLength: 255,
  });
  await fc.assert(
    fc.asyncProperty(printable, async (idempotencyKey) => {
      const first = await send({ idempotencyKey });
      const again = await send({ idempotencyKey });
      expect([again.status, again.data]).toEqual([201, first.data]);
    }),
    { numRuns: 60 },
  );
});
