import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { routes } from '@/lib/api/routes/all.ts';
import type { Mode } from '@/lib/domain/viewer.ts';
import type { AnyRoute } from './route.ts';
import type { MerchantSide, Sent, TestKey } from './testing/merchant-side.ts';
import { openMerchantSide } from './testing/merchant-side.ts';
import { sendForm } from './testing/multipart-body.ts';
import type { RouteSample, SamplePlace } from './testing/route-samples.ts';
import { routeSamples } from './testing/route-samples.ts';

let side: MerchantSide;
let own: SamplePlace;
let full: TestKey;
beforeAll(async () => {
  side = await openMerchantSide();
  own = { side, workspaceId: side.workspaceId, mode: 'test', customerId: side.customerId };
  full = await side.makeKey(side.workspaceId, 'test', ['*']);
});
beforeEach(() => side.test.setTime(side.test.runtime.now() + 1_000));

const nameOf = (route: AnyRoute) => `${route.method} ${route.path}`;
const table = routes.map((route) => [nameOf(route), route] as const);
const withId = table.filter(([, route]) => route.path.includes('{'));

async function sampleOf(route: AnyRoute, place: SamplePlace): Promise<RouteSample> {
  const make = routeSamples[nameOf(route)];
  if (make === undefined) throw new Error(`No sample for ${nameOf(route)}.`);
  return make(place);
}

function requestOf(route: AnyRoute, sample: RouteSample): Sent & { target: string } {
  const path = route.path.replace(/\{(\w+)\}/g, (_all, name: string) => sample.params?.[name] ?? '');
  const target = `/api/v1${path}${sample.query === undefined ? '' : `?${sample.query}`}`;
  if (sample.file !== undefined) return { ...sendForm([['file', sample.file]]), target };
  return { method: route.method, target, body: sample.body };
}

async function elsewhere(mode: Mode): Promise<SamplePlace> {
  const workspaceId = mode === 'live' ? side.workspaceId : await side.makeWorkspace('Teh Sore');
  return { side, workspaceId, mode, customerId: await side.makeCustomer(workspaceId, mode) };
}

it('every route has a sample, and every sample a route', () => {
  expect(Object.keys(routeSamples).sort()).toEqual(table.map(([name]) => name).sort());
});

describe.each(table)('%s', (_name, route) => {
  it('is not served without credentials', async () => {
    const answer = await side.send(null, requestOf(route, await sampleOf(route, own)));
    expect([answer.status, answer.error?.code]).toEqual([401, 'unauthorized']);
  });

  it('is not served to a key that lacks its scope', async () => {
    const needed = typeof route.scope === 'string' ? [route.scope] : route.scope;
    const nouns = needed.map((scope) => scope.split(':')[1]);
    const others = ['customer', 'webhook', 'portal', 'plan'].filter((noun) => !nouns.includes(noun));
    const key = await side.makeKey(
      side.workspaceId,
      'test',
      others.map((noun) => `plugipay:${noun}:*`),
    );
    const answer = await side.send(key, requestOf(route, await sampleOf(route, own)));
    expect([answer.status, answer.error?.code]).toEqual([403, 'insufficient_scope']);
  });

  it('is served to a key with exactly its scope, in the envelope of the wire', async () => {
    for (const scope of typeof route.scope === 'string' ? [route.scope] : route.scope) {
      const place = { ...own, customerId: await side.makeCustomer(side.workspaceId, 'test') };
      const key = await side.makeKey(side.workspaceId, 'test', [scope]);
      const answer = await side.send(key, requestOf(route, await sampleOf(route, place)));
      expect([answer.status, answer.error]).toEqual([route.successStatus, null]);
      expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
      if (route.toMeta !== undefined) {
        expect(answer.meta).toMatchObject({ hasMore: expect.any(Boolean), page: { limit: expect.any(Number) } });
      }
    }
  });

  it('refuses an unknown field by its name', async () => {
    const sample = await sampleOf(route, own);
    const sent =
      route.method === 'GET'
        ? requestOf(route, { ...sample, query: [sample.query, 'nonsense=1'].filter(Boolean).join('&') })
        : requestOf(route, { ...sample, body: { ...sample.body, nonsense: 1 } });
    if (sample.file !== undefined)
      Object.assign(
        sent,
        sendForm([
          ['file', sample.file],
          ['nonsense', '1'],
        ]),
      );
    const answer = await side.send(full, sent);
    expect([answer.status, answer.error?.code, answer.error?.field]).toEqual([400, 'validation_error', 'nonsense']);
  });

  it('refuses a method it does not take, and says which it takes', async () => {
    const answer = await side.send(full, { ...requestOf(route, await sampleOf(route, own)), method: 'PUT' });
    expect([answer.status, answer.error?.code]).toEqual([405, 'method_not_allowed']);
    expect(answer.headers.get('allow')?.split(', ')).toContain(route.method);
  });

  it('is the same under the short prefix', async () => {
    const sent = requestOf(route, await sampleOf(route, own));
    const answer = await side.send(null, { ...sent, target: sent.target.replace('/api/v1', '/v1') });
    expect(answer.status).toBe(401);
  });

  it.skipIf(route.method === 'GET')('refuses a body over its limit', async () => {
    const sent = requestOf(route, await sampleOf(route, own));
    const { maxBytes } = route.upload ?? { maxBytes: 256 * 1_024 };
    const answer = await side.send(full, { ...sent, body: { nonsense: 'x'.repeat(maxBytes + 16_384) } });
    expect([answer.status, answer.error?.code]).toEqual([413, 'payload_too_large']);
  });

  it.skipIf(route.testOnly !== true)('is not found with a live key', async () => {
    const live = await side.makeKey(side.workspaceId, 'live', ['*']);
    const answer = await side.send(live, requestOf(route, await sampleOf(route, own)));
    expect([answer.status, answer.error?.code]).toEqual([404, 'not_found']);
  });
});

describe.each(withId)('%s of somebody else', (_name, route) => {
  it('is not found: another workspace, another mode, unknown, and text that is no id', async () => {
    const places = [await elsewhere('test'), ...(route.testOnly === true ? [] : [await elsewhere('live')])];
    const samples = await Promise.all(places.map((place) => sampleOf(route, place)));
    const mine = await sampleOf(route, own);
    const ids = ['unknown_1', 'x'.repeat(65), '%F0%9F%92%A9', "'"];
    samples.push(...ids.map((id) => ({ ...mine, params: { id } })));
    for (const sample of samples) {
      const answer = await side.send(full, requestOf(route, { ...mine, params: sample.params ?? {} }));
      expect([answer.status, answer.error?.code]).toEqual([404, 'not_found']);
    }
  });
});
