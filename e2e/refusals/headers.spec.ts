import { Agent } from 'node:http';
import { expect } from '@playwright/test';
import { test } from '@/e2e/fixtures.ts';
import { enterByHttp, openHttpBrowser } from '@/e2e/http-browser.ts';
import type { RawAnswer } from '@/e2e/raw-http.ts';
import { send } from '@/e2e/raw-http.ts';

/** What is missing of the whole set on an answer, in words; empty when nothing is. */
function missingOf({ headers }: RawAnswer): string[] {
  const policy = String(headers['content-security-policy'] ?? '');
  const rules: Record<string, boolean> = {
    nosniff: headers['x-content-type-options'] === 'nosniff',
    'referrer policy': headers['referrer-policy'] === 'strict-origin',
    'opener policy': headers['cross-origin-opener-policy'] === 'same-origin',
    'resource policy': headers['cross-origin-resource-policy'] === 'same-origin',
    'permissions policy': String(headers['permissions-policy']).includes('camera=()'),
    'strict transport': String(headers['strict-transport-security']).includes('max-age=63072000'),
    'no framing': policy.includes("frame-ancestors 'none'"),
    'nothing by default': policy.includes("default-src 'none'"),
    'no wide source': !/unsafe|\*/.test(policy),
    'no product name': headers['x-powered-by'] === undefined,
    'no sharing with other origins': headers['access-control-allow-origin'] === undefined,
  };
  return Object.keys(rules).filter((name) => rules[name] === false);
}

test('W10 every answer carries the whole set of headers, whatever its status', async ({ portal, shop }) => {
  const buyer = await shop.addBuyer();
  const [subscription] = buyer.subscriptions;
  const [invoice] = subscription?.invoices ?? [];
  const inside = openHttpBrowser(portal.origin);
  const entered = await enterByHttp(inside, (await shop.mint(buyer)).url);
  expect(missingOf(entered)).toEqual([]);
  const unburned = await shop.mint(buyer);
  const paths = [
    '/',
    '/payment-methods',
    '/payment-methods/add',
    '/invoices',
    `/invoices/${invoice?.id}`,
    `/invoices/${invoice?.id}/pdf`,
    '/invoices/inv_unknown/pdf',
    '/receipts',
    `/subscriptions/${subscription?.id}`,
    `/subscriptions/${subscription?.id}/cancel`,
    '/sessions',
    '/nothing/here',
    '/signed-out',
    '/link-problem',
    '/sign-out',
    '/enter',
    '/language',
    new URL(unburned.url).pathname,
    '/p/ps_unknown',
    '/test',
    '/healthz',
    '/readyz',
    '/api/v1/nothing',
    '/v1/portal-sessions',
    '/speculation.json',
    '/portal.js',
    '/icon.svg',
    '/favicon.ico',
    '/assets/nothing.css',
    '/_next/nothing',
    '/invoices/',
  ];
  const found: string[] = [];
  for (const path of paths) {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      for (const browser of [inside, openHttpBrowser(portal.origin)]) {
        if (method === 'POST' && path === '/sign-out') continue;
        const answer = await browser.ask(method, path);
        const isBroken = answer.status >= 500 && answer.status !== 503;
        const missing = [...missingOf(answer), ...(isBroken ? ['an answer that is no failure of ours'] : [])];
        if (missing.length > 0) found.push(`${method} ${path} ${answer.status}: ${missing.join(', ')}`);
      }
    }
  }
  expect(found).toEqual([]);
});

test('W10 what is private is never stored by anybody', async ({ portal, shop }) => {
  const buyer = await shop.addBuyer();
  const browser = openHttpBrowser(portal.origin);
  await enterByHttp(browser, (await shop.mint(buyer)).url);
  for (const path of ['/', '/payment-methods', '/invoices', '/receipts', '/sessions', '/nothing', '/signed-out']) {
    expect((await browser.get(path)).headers['cache-control'], path).toContain('no-store');
  }
});

test('W06 what a client says about policies and nonces is not repeated', async ({ portal, shop }) => {
  const browser = openHttpBrowser(portal.origin);
  await enterByHttp(browser, (await shop.mint(await shop.addBuyer())).url);
  for (const path of ['/', '/signed-out', '/invoices', '/nothing']) {
    const answer = await browser.get(path, {
      'Content-Security-Policy': "script-src 'nonce-planted' 'unsafe-inline'",
      'Content-Security-Policy-Report-Only': "script-src 'nonce-planted'",
      'X-Nonce': 'planted',
    });
    expect(JSON.stringify(answer.headers) + answer.body, path).not.toContain('planted');
    expect(missingOf(answer), path).toEqual([]);
  }
});

test('W08 another site learns the same from a browser with and without a session', async ({
  page,
  shop,
  portal,
  enter,
}) => {
  const buyer = await shop.addBuyer();
  const probe = async (): Promise<unknown> => {
    await page.goto(shop.site.accountOf(buyer.customerId));
    return page.evaluate(async (origin) => {
      const seen: Record<string, unknown> = {};
      for (const path of ['/', '/invoices', '/portal.js']) {
        seen[path] = await fetch(origin + path, { mode: 'no-cors', credentials: 'include' }).then(
          (answer) => answer.type,
          () => 'blocked',
        );
      }
      const image = new Image();
      seen.image = await new Promise((resolve) => {
        image.onload = () => resolve('load');
        image.onerror = () => resolve('error');
        image.src = `${origin}/invoices`;
      });
      const frame = document.createElement('iframe');
      frame.src = origin;
      document.body.append(frame);
      await new Promise((resolve) => {
        frame.onload = resolve;
      });
      seen.frames = frame.contentWindow?.length;
      return seen;
    }, portal.origin);
  };
  const without = await probe();
  await enter(page, shop, buyer);
  expect(await probe()).toEqual(without);
});

test('W08 a window another site opened cannot be looked into', async ({ page, context, shop, portal, enter }) => {
  const buyer = await shop.addBuyer();
  await enter(page, shop, buyer);
  const evil = await context.newPage();
  await evil.goto(shop.site.accountOf(buyer.customerId));
  const opened = context.waitForEvent('page');
  await evil.evaluate((origin) => {
    Object.assign(window, { reference: window.open(origin) });
  }, portal.origin);
  const portalPage = await opened;
  await expect(portalPage.getByRole('heading', { level: 1 })).toHaveText('Your billing');
  await expect
    .poll(() => evil.evaluate(() => (window as unknown as { reference: Window | null }).reference?.closed ?? true))
    .toBe(true);
  expect(await portalPage.evaluate(() => window.opener)).toBeNull();
});

test('R04 whatever host a client names, answers speak of the configured origin alone', async ({ portal, shop }) => {
  const buyer = await shop.addBuyer();
  const link = await shop.mint(buyer);
  const evil = {
    Host: 'evil.example',
    'X-Forwarded-Host': 'evil.example',
    'X-Forwarded-Proto': 'https',
    Forwarded: 'host=evil.example;proto=https',
    'X-Original-Host': 'evil.example',
  };
  const browser = openHttpBrowser(portal.origin);
  const paths = [
    new URL(link.url).pathname,
    '/p/ps_unknown',
    '/',
    '/nothing',
    '/invoices/',
    '/link-problem',
    '/signed-out',
  ];
  for (const path of paths) {
    const answer = await browser.get(path, evil);
    expect(JSON.stringify(answer.headers) + answer.body, path).not.toContain('evil.example');
  }
  await enterByHttp(browser, link.url);
  for (const path of ['/', '/invoices', '/sessions', '/payment-methods/add']) {
    const answer = await browser.get(path, evil);
    expect(JSON.stringify(answer.headers) + answer.body, path).not.toContain('evil.example');
  }
  const absolute = await send(new Agent(), portal.origin, { target: 'http://evil.example/invoices/' });
  expect(absolute.status).toBeLessThan(500);
  expect(JSON.stringify(absolute.headers)).not.toContain('evil.example');
});

test('R02 a return address in the portal’s own query is ignored', async ({ page, shop, enter }) => {
  const buyer = await shop.addBuyer();
  await enter(page, shop, buyer);
  const evil = encodeURIComponent('https://evil.example/');
  await page.goto(`/?return=${evil}&returnUrl=${evil}&return_url=${evil}&next=${evil}`);
  await expect(page.getByRole('link', { name: /^Back to/ })).toHaveAttribute(
    'href',
    shop.site.accountOf(buyer.customerId),
  );
  expect(await page.locator('a[href*="evil.example"]').count()).toBe(0);
});
