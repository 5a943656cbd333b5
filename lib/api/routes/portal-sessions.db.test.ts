import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { MerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { openMerchantSide, returnUrl } from '@/lib/api/testing/merchant-side.ts';
import { minuteMs } from '@/lib/domain/time.ts';
import { burnPortalLink } from '@/lib/operations/burn-portal-link.ts';

let side: MerchantSide;
let key: { bearer: string };
beforeAll(async () => {
  side = await openMerchantSide();
  key = await side.makeBearerKey(side.workspaceId, 'test', ['plugipay:portal:write']);
});
beforeEach(() => side.test.setTime(side.test.runtime.now() + 1_000));

const revoke = (body: unknown) => side.send(key, { target: '/api/v1/portal-sessions/revoke', body });

async function mint(customerId = side.customerId): Promise<{ id: string; token: string }> {
  const { data } = await side.send(key, { body: { customerId, returnUrl } });
  return { id: data?.id ?? '', token: data?.url?.split('/p/')[1] ?? '' };
}

async function burn(token: string, nonce = 'nonce-of-this-browser-1234') {
  return burnPortalLink(side.test.runtime, {
    token,
    nonce,
    formerSecret: null,
    maySwitch: false,
    arrival: 'warm',
    agent: 'Chrome on Android',
    binding: 'none',
  });
}

it('a revoked link opens nothing, and the browser sessions born from it end', async () => {
  const open = await mint();
  const used = await mint();
  expect((await burn(used.token)).ok).toBe(true);
  expect((await revoke({ portalSessionId: open.id })).data).toEqual({
    customerId: side.customerId,
    linksRevoked: 1,
    browserSessionsEnded: 0,
  });
  expect(await burn(open.token)).toMatchObject({ ok: false, failure: { code: 'gone' } });
  expect((await revoke({ portalSessionId: used.id })).data).toMatchObject({ linksRevoked: 0, browserSessionsEnded: 1 });
  expect((await revoke({ portalSessionId: used.id })).data).toMatchObject({ linksRevoked: 0, browserSessionsEnded: 0 });
});

it('by customer, everything of that customer goes and nothing of another', async () => {
  const customerId = await side.makeCustomer(side.workspaceId, 'test');
  const [one, two, other] = [await mint(customerId), await mint(customerId), await mint()];
  await burn(two.token, 'nonce-of-that-browser-1234');
  expect((await revoke({ customerId })).data).toMatchObject({ linksRevoked: 1, browserSessionsEnded: 1 });
  expect((await burn(one.token)).ok).toBe(false);
  expect((await burn(other.token)).ok).toBe(true);
  const told = await side.test.runtime.read
    .selectFrom('outbox')
    .select('type')
    .where('aggregateId', '=', one.id)
    .orderBy('occurredAt')
    .execute();
  expect(told.map((event) => event.type)).toEqual([
    'plugipay.portal_session.created.v1',
    'plugipay.portal_session.revoked.v1',
  ]);
});

it('browser sessions stay when the merchant says so; what ran out counts for nothing', async () => {
  const customerId = await side.makeCustomer(side.workspaceId, 'test');
  const used = await mint(customerId);
  await burn(used.token, 'nonce-of-a-third-browser-1234');
  await mint(customerId);
  side.test.setTime(side.test.runtime.now() + 15 * minuteMs);
  expect((await revoke({ customerId, endBrowserSessions: false })).data).toMatchObject({
    linksRevoked: 0,
    browserSessionsEnded: 0,
  });
  expect((await revoke({ customerId })).data).toMatchObject({ browserSessionsEnded: 1 });
});

it('exactly one of the two ids is taken', async () => {
  for (const body of [{}, { customerId: side.customerId, portalSessionId: 'pls_1' }]) {
    const answer = await revoke(body);
    expect([answer.status, answer.error?.field]).toEqual([400, 'portalSessionId']);
  }
  expect((await revoke({ portalSessionId: 'pls_unknown' })).status).toBe(404);
});
