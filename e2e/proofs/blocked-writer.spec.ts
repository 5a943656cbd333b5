import { DatabaseSync } from 'node:sqlite';
import { expect } from '@playwright/test';
import { test } from '@/e2e/fixtures.ts';
import { callApi } from '@/e2e/merchant.ts';
import { layLinks, layMerchant, openBeside, returnUrl } from '@/e2e/portal-data.ts';
import { cookieOf, entryForm, keepAlive, send } from '@/e2e/raw-http.ts';

test('while the database cannot be written every write is a calm 503, pages go on, and nothing is lost', async ({
  startPortal,
}) => {
  test.setTimeout(120_000);
  const portal = await startPortal();
  const on = await openBeside(portal.environment);
  const merchant = await layMerchant(on, 'blocked', 2);
  const [first, second] = await layLinks(on, merchant, 2);
  await on.close();
  const agent = keepAlive(4);
  const ask = (target: string, cookie = '') => send(agent, portal.origin, { target, headers: { Cookie: cookie } });
  const enter = (token = '') => send(agent, portal.origin, entryForm(portal.origin, { token, nonce: 'n'.repeat(22) }));
  const cookie = cookieOf(await enter(first?.token), '__Host-portal') ?? '';
  const blocker = new DatabaseSync(portal.environment.PORTAL_DATABASE_FILE ?? '');
  try {
    blocker.exec('begin immediate');
    expect((await ask('/', cookie)).status).toBe(200);
    const refused = await enter(second?.token);
    expect(refused.status).toBe(503);
    expect(refused.headers['retry-after']).toMatch(/^\d+$/);
    expect(refused.cookies).toEqual([]);
    const minted = await callApi(merchant.key, 'POST', '/api/v1/portal-sessions', {
      customerId: merchant.customers[0],
      returnUrl,
    });
    expect(minted.status).toBe(503);
    expect(await minted.json()).toMatchObject({ data: null, error: { code: 'service_unavailable' } });
    expect((await ask('/readyz')).status).toBe(503);
    expect((await ask('/healthz')).status).toBe(204);
    blocker.exec('rollback');
    expect((await ask('/readyz')).status).toBe(200);
    expect((await enter(second?.token)).status).toBe(303);
  } finally {
    blocker.close();
    agent.destroy();
  }
});
