import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { deleteIdempotentAnswers } from '@/lib/data/dead-rows.ts';
import { dayMs } from '@/lib/domain/time.ts';
import { beginMerchantRequest } from '@/lib/operations/begin-merchant-request.ts';
import type { Answered, MerchantSide, Sent } from './testing/merchant-side.ts';
import { openMerchantSide, returnUrl } from './testing/merchant-side.ts';
import { twoStepsRoute } from './testing/two-steps.ts';

let side: MerchantSide;
let number = 0;
let idempotencyKey = '';
beforeAll(async () => {
  side = await openMerchantSide({}, 'none', [twoStepsRoute]);
});
beforeEach(() => {
  number += 1;
  idempotencyKey = `idem_${number}`;
  side.test.setTime(side.test.runtime.now() + 1_000);
});

const mint = (sent: Sent = {}) => side.send(side.key, { idempotencyKey, ...sent });
const outcome = ({ status, error }: Answered): string => `${status} ${error?.code ?? 'ok'}`;
const later = (ms: number) => side.test.setTime(side.test.runtime.now() + ms);
const rows = () =>
  side.test.runtime.read.selectFrom('idempotentAnswers').selectAll().where('key', '=', idempotencyKey).execute();
const sessions = async () => (await side.test.runtime.read.selectFrom('portalSessions').select('id').execute()).length;

describe('the same key and the same request', () => {
  it('get the stored answer with the same link, alive or dead, under a request id of their own', async () => {
    const first = await mint();
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    const before = await sessions();
    for (const ms of [1_000, 60_000, 15 * 60_000, dayMs - 20 * 60_000]) {
      later(ms);
      const again = await mint();
      expect([again.status, again.data]).toEqual([201, first.data]);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect(again.meta.requestId).not.toBe(first.meta.requestId);
    }
    expect(await sessions()).toBe(before);
  });

  it('are the same under both prefixes', async () => {
    const first = await mint();
    expect((await mint({ target: '/v1/portal-sessions' })).data).toEqual(first.data);
  });

  it('I07: are a new request after 24 hours, purged or not', async () => {
    const first = await mint();
    later(dayMs - 1);
    expect((await mint()).data).toEqual(first.data);
    later(1);
    const second = await mint();
    expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([201, null]);
    expect(second.data?.id).not.toBe(first.data?.id);
    await side.test.runtime.write((tx) => deleteIdempotentAnswers(tx, side.test.runtime.now(), 100));
    later(1_000);
    expect((await mint()).data).toEqual(second.data);
    expect(await rows()).toHaveLength(1);
  });
});

it('I01: 50 at once make one portal session, and each gets its answer', async () => {
  const before = await sessions();
  // Each is signed in a second of its own, as 50 processes of one merchant would not agree on the time.
  const start = Math.floor(side.test.runtime.now() / 1_000);
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => mint({ unixSeconds: start - i })));
  expect(new Set(answers.map(outcome))).toEqual(new Set(['201 ok']));
  const links = new Set(answers.flatMap(({ data }) => (data === null ? [] : [data.url])));
  expect(links.size).toBe(1);
  expect(await sessions()).toBe(before + 1);
  expect(await rows()).toHaveLength(1);
  later(1_000);
  expect((await mint()).data?.url).toBe([...links][0]);
});

describe('I02, I03: the same key and anything different', () => {
  it('another body: idempotency_key_reused', async () => {
    await mint();
    const other = { customerId: side.customerId, returnUrl: `${returnUrl}?x` };
    expect(outcome(await mint({ body: other }))).toBe('409 idempotency_key_reused');
    const spaced = `${JSON.stringify({ customerId: side.customerId, returnUrl })} `;
    expect(outcome(await mint({ body: spaced }))).toBe('409 idempotency_key_reused');
  });

  it('another workspace or mode: independent', async () => {
    const first = await mint();
    const workspaceId = await side.makeWorkspace('Neighbour');
    for (const [workspace, mode] of [
      [workspaceId, 'test'],
      [side.workspaceId, 'live'],
    ] as const) {
      const key = await side.makeKey(workspace, mode, ['*']);
      const customerId = await side.makeCustomer(workspace, mode);
      const other = await side.send(key, { idempotencyKey, body: { customerId, returnUrl } });
      expect([other.status, other.headers.get('idempotency-replayed')]).toEqual([201, null]);
      expect(other.data?.url).not.toBe(first.data?.url);
    }
  });

  it('by the workspace itself or a platform for it: refused, never the answer', async () => {
    const scopes = ['plugipay:platform:admin', 'plugipay:portal:create'];
    const platform = await side.makeKey(await side.makeWorkspace('Platform'), 'test', scopes);
    const headers = { 'x-plugipay-on-behalf-of': side.workspaceId };
    await mint();
    expect(outcome(await side.send(platform, { idempotencyKey, headers }))).toBe('409 idempotency_key_reused');
  });

  it('X-Idempotency-Key has no effect', async () => {
    const headers = { 'x-idempotency-key': idempotencyKey };
    const first = await side.send(side.key, { headers });
    later(1_000);
    expect((await side.send(side.key, { headers })).data?.id).not.toBe(first.data?.id);
  });
});

describe('what is kept', () => {
  it('a 404, which came of looking', async () => {
    const body = { customerId: 'cus_unknown', returnUrl };
    expect(outcome(await mint({ body }))).toBe('404 not_found');
    later(1_000);
    const again = await mint({ body });
    expect([outcome(again), again.headers.get('idempotency-replayed')]).toEqual(['404 not_found', 'true']);
  });

  it.each<[string, Sent]>([
    ['400', { body: '{}' }],
    ['400', { body: { customerId: 'cus_x', returnUrl: 'ftp://x' } }],
    ['401', { signAs: { body: 'x' } }],
    ['403', { headers: { 'x-plugipay-on-behalf-of': 'acc_x' } }],
    ['413', { body: 'x'.repeat(300_000) }],
    ['415', { headers: { 'content-type': 'text/plain' } }],
  ])('not a %s: the corrected request goes through', async (status, sent) => {
    expect(String((await mint(sent)).status)).toBe(status);
    expect(await rows()).toEqual([]);
    later(1_000);
    expect(outcome(await mint())).toBe('201 ok');
  });

  it('not a 429', async () => {
    const limited = await openMerchantSide({}, 'real');
    for (let i = 0; i < 10; i += 1) {
      expect((await limited.send(limited.key, { idempotencyKey: `fill ${i}` })).status).toBe(201);
    }
    const refused = await limited.send(limited.key, { idempotencyKey: 'limited' });
    expect([outcome(refused), refused.headers.get('retry-after')]).toEqual(['429 rate_limited', '6']);
    limited.test.setTime(limited.test.runtime.now() + 6_000);
    const after = await limited.send(limited.key, { idempotencyKey: 'limited' });
    expect([after.status, after.headers.get('idempotency-replayed')]).toEqual([201, null]);
  });

  it('not a 500: the retry goes through at once', async () => {
    const { runtime } = side.test;
    const write = runtime.write;
    let calls = 0;
    const broken = vi.spyOn(runtime, 'write').mockImplementation((work) => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Error('disk')) : write(work);
    });
    expect(outcome(await mint())).toBe('500 internal_error');
    broken.mockRestore();
    later(1_000);
    expect(outcome(await mint())).toBe('201 ok');
  });

  it('I08: sealed, so that the link is not readable, and for its own row alone', async () => {
    const { data } = await mint();
    const [row] = await rows();
    expect(row?.state).toBe('done');
    expect(row?.answerSealed).not.toContain(data?.url?.split('/p/')[1]);
    expect(row?.answerSealed).not.toContain(
      Buffer.from(data?.url ?? '')
        .toString('base64url')
        .slice(4, 40),
    );
    const moved = `${idempotencyKey}_moved`;
    await side.test.runtime.write(async (tx) => {
      await tx.updateTable('idempotentAnswers').set({ key: moved }).where('key', '=', idempotencyKey).execute();
    });
    later(1_000);
    expect(outcome(await mint({ idempotencyKey: moved }))).toBe('503 service_unavailable');
  });
});

it('I04: a run that dies in its one transaction leaves nothing, and the same request goes through at once', async () => {
  const { runtime } = side.test;
  const write = runtime.write;
  const before = await sessions();
  // The process dies before the commit: of signature, claim, effect and answer nothing is there.
  const dead = vi.spyOn(runtime, 'write').mockImplementation(async (work) => {
    await write(async (tx) => {
      await work(tx);
      throw new Error('killed');
    });
    throw new Error('unreachable');
  });
  await mint();
  dead.mockRestore();
  expect([await sessions(), await rows()]).toEqual([before, []]);
  expect(outcome(await mint())).toBe('201 ok');
  expect(await sessions()).toBe(before + 1);
});

it('an effect and the answer to keep are there with one commit', async () => {
  const writes = vi.spyOn(side.test.runtime, 'write');
  expect(outcome(await mint())).toBe('201 ok');
  expect(writes).toHaveBeenCalledTimes(1);
  writes.mockRestore();
  expect((await rows()).map((row) => row.state)).toEqual(['done']);
});

describe('I04: a run of more than one transaction that dies', () => {
  const take = () => side.send(side.key, { idempotencyKey, target: '/api/v1/two-steps', body: {} });
  const last = async () => {
    const row = await side.test.runtime.read
      .selectFrom('numberSequences')
      .select('last')
      .where('name', '=', 'two-steps')
      .executeTakeFirst();
    return row?.last ?? 0;
  };

  it('before its effect leaves a claim that the same request takes over after its lease', async () => {
    const { runtime } = side.test;
    const write = runtime.write;
    // The process dies between the claim and the effect: neither the effect nor the release happens.
    let calls = 0;
    const dead = vi.spyOn(runtime, 'write').mockImplementation((work) => {
      calls += 1;
      return calls === 1 ? write(work) : Promise.reject(new Error('killed'));
    });
    await take();
    dead.mockRestore();
    const before = await last();
    later(29_000);
    const waiting = await take();
    expect([outcome(waiting), waiting.error?.field]).toEqual(['409 idempotency_in_progress', 'Idempotency-Key']);
    later(2_000);
    expect(outcome(await take())).toBe('201 ok');
    expect(await last()).toBe(before + 1);
  });

  it('is not taken over by another request', async () => {
    await beginMerchantRequest(side.test.runtime, {
      usedKey: 'akey_x' as never,
      signature: null,
      idempotency: { workspaceId: side.workspaceId, mode: 'test', key: idempotencyKey, fingerprint: 'other' },
    });
    later(31_000);
    expect(outcome(await take())).toBe('409 idempotency_key_reused');
    expect(outcome(await mint())).toBe('409 idempotency_key_reused');
  });

  it('and comes back after a takeover commits nothing', async () => {
    const { runtime } = side.test;
    const write = runtime.write;
    let calls = 0;
    let second: Answered | undefined;
    const slow = vi.spyOn(runtime, 'write').mockImplementation(async (work) => {
      calls += 1;
      if (calls === 2) {
        slow.mockRestore();
        later(31_000);
        second = await take();
      }
      return write.call(runtime, work) as never;
    });
    const before = await last();
    expect(outcome(await take())).toBe('409 idempotency_in_progress');
    expect(second?.status).toBe(201);
    expect(await last()).toBe(before + 1);
    later(1_000);
    expect((await take()).data).toEqual(second?.data);
  });

  it('50 at once have one effect; each gets its answer, or hears that it still runs', async () => {
    const before = await last();
    const start = Math.floor(side.test.runtime.now() / 1_000);
    const all = Array.from({ length: 50 }, (_, i) =>
      side.send(side.key, { idempotencyKey, target: '/api/v1/two-steps', body: {}, unixSeconds: start - i }),
    );
    const kinds = new Set((await Promise.all(all)).map(outcome));
    expect([...kinds].filter((one) => one !== '201 ok' && one !== '409 idempotency_in_progress')).toEqual([]);
    expect(await last()).toBe(before + 1);
  });
});

describe('the strict setting', () => {
  it('demands the key on a mint', async () => {
    const strict = await openMerchantSide({ PORTAL_STRICT_IDEMPOTENCY: '1' });
    const without = await strict.send(strict.key);
    expect([without.status, without.error?.code, without.error?.field]).toEqual([
      400,
      'validation_error',
      'Idempotency-Key',
    ]);
    expect((await strict.send(strict.key, { idempotencyKey: 'k' })).status).toBe(201);
  });

  it('off, two mints without a key are two links', async () => {
    const first = await side.send(side.key);
    later(1_000);
    expect((await side.send(side.key)).data?.url).not.toBe(first.data?.url);
  });
});
