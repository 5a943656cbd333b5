import { expect } from '@playwright/test';
import { test } from '@/e2e/fixtures.ts';
import { enterByHttp, openHttpBrowser, tokenOf } from '@/e2e/http-browser.ts';
import { callApi } from '@/e2e/merchant.ts';
import { openBeside } from '@/e2e/portal-data.ts';
import { listTestRoutes } from '@/e2e/portal-routes.ts';
import { openShop } from '@/e2e/shop.ts';

test('a live host has no test tools, takes https return addresses alone, and no link of test mode', async ({
  startPortal,
  shop,
}) => {
  const portal = await startPortal({ environment: { PORTAL_MODES: 'live', PORTAL_TEST_TOOLS: '' } });
  const beside = await openBeside(portal.environment);
  const live = await openShop(beside, { mode: 'live' });
  try {
    const buyer = await live.addBuyer({ methods: [] });
    const target = '/api/v1/portal-sessions';
    for (const returnUrl of ['http://shop.example.com/account', live.site.accountOf(buyer.customerId)]) {
      const refused = await callApi(
        live.key,
        'POST',
        target,
        { customerId: buyer.customerId, returnUrl },
        returnUrl.slice(-40),
      );
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({ error: { code: 'validation_error', field: 'returnUrl' } });
    }
    const link = await live.mint(buyer, 'https://shop.example.com/account');
    const browser = openHttpBrowser(portal.origin);
    expect((await enterByHttp(browser, link.url)).status).toBe(303);
    const home = await browser.get('/');
    expect(home.body).toContain('Back to Kopi Senja (shop.example.com)');
    expect(home.body).not.toContain('Test mode');
    const ways = listTestRoutes();
    expect(ways.length).toBeGreaterThanOrEqual(6);
    for (const way of ways) {
      for (const who of [browser, openHttpBrowser(portal.origin)]) {
        for (const method of ['GET', 'POST', 'HEAD']) {
          const answer = method === 'POST' ? await who.post(way, {}) : await who.ask(method, way);
          expect(method === 'POST' ? [404, 405] : [404, 401], `${method} ${way}`).toContain(answer.status);
          expect(answer.body, `${method} ${way}`).not.toMatch(/sample|simulated|preview/i);
        }
      }
    }
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const answer = await browser.ask(method, '/provider-notifications/simulated');
      expect(answer.status, method).toBe(404);
    }
    // E18: a link of a test-mode workspace, even were its row here, is of another host and its keys.
    const foreign = await shop.mint(await shop.addBuyer());
    const stranger = await openHttpBrowser(portal.origin).get(`/p/${tokenOf(foreign.url)}`);
    expect(stranger.status).toBe(404);
    expect(stranger.body).not.toContain('Kopi Senja');
  } finally {
    await live.close();
    await beside.close();
  }
});

test('a host without the provider that keeps a method offers no paying and no adding', async ({ startPortal }) => {
  const portal = await startPortal({ environment: { PORTAL_MODES: 'live', PORTAL_TEST_TOOLS: '' } });
  const beside = await openBeside(portal.environment);
  const live = await openShop(beside, { mode: 'live' });
  try {
    const kept = { adapter: 'xendit' };
    const buyer = await live.addBuyer({
      methods: [kept, { ...kept, last4: '4444' }],
      subscriptions: [{ isPastDue: true }],
    });
    const invoice = buyer.subscriptions[0]?.invoices.at(-1)?.id;
    const browser = openHttpBrowser(portal.origin);
    const link = await live.mint(buyer, 'https://shop.example.com/account');
    expect((await enterByHttp(browser, link.url)).status).toBe(303);
    const places = [
      '/',
      '/invoices',
      `/invoices/${invoice}`,
      '/payment-methods',
      `/payment-methods/${buyer.methods[0]}/remove`,
    ];
    for (const place of places) {
      const { status, body } = await browser.get(place);
      expect(status, place).toBe(200);
      expect(body, place).not.toMatch(/href="[^"]*\/(pay|add)["?]/);
    }
    const other = `/payment-methods/${buyer.methods[1]}/default`;
    expect((await browser.get('/payment-methods')).body).toContain(other);
    expect((await browser.get(other)).body).not.toContain('name="pay"');
    const paying = await browser.get(`/invoices/${invoice}/pay`);
    expect(paying.status).toBe(403);
    expect(paying.body).toContain('Kopi Senja collects this.');
    expect(paying.body).not.toContain(`action="/invoices/${invoice}/pay"`);
  } finally {
    await live.close();
    await beside.close();
  }
});

test('E18 a link of a mode this host does not serve is an unknown link', async ({ startPortal }) => {
  const portal = await startPortal({ environment: { PORTAL_MODES: 'live,test', PORTAL_TEST_TOOLS: '' } });
  const beside = await openBeside(portal.environment);
  const shop = await openShop(beside);
  try {
    const link = await shop.mint(await shop.addBuyer());
    expect((await openHttpBrowser(portal.origin).get(new URL(link.url).pathname)).status).toBe(200);
    const other = await startPortal({
      environment: {
        PORTAL_MODES: 'live',
        PORTAL_TEST_TOOLS: '',
        PORTAL_KEYS: portal.environment.PORTAL_KEYS ?? '',
        PORTAL_DATABASE_FILE: portal.environment.PORTAL_DATABASE_FILE ?? '',
      },
    });
    expect((await openHttpBrowser(other.origin).get(new URL(link.url).pathname)).status).toBe(404);
  } finally {
    await shop.close();
    await beside.close();
  }
});
