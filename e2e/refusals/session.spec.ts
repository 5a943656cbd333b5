import { chromium, expect } from '@playwright/test';
import { test } from '@/e2e/fixtures.ts';
import { enterByHttp, openHttpBrowser } from '@/e2e/http-browser.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { chromiumFlags, findChromium } from '@/scripts/chromium.mjs';

const minute = 60_000;

/** Moves the times of a customer's browser sessions into the past, as if the clock had gone on. */
async function age(beside: Runtime, customerId: string, by: { entered?: number; seen?: number }): Promise<void> {
  const now = beside.now();
  await beside.write((tx) =>
    tx
      .updateTable('browserSessions')
      .set({
        ...(by.entered === undefined ? {} : { enteredAt: now - by.entered }),
        ...(by.seen === undefined ? {} : { lastSeenAt: now - by.seen }),
      })
      .where('customerId', '=', customerId)
      .execute(),
  );
}

test('S05 after sign-out the old cookie opens nothing, on any page', async ({ portal, shop }) => {
  const link = await shop.mint(await shop.addBuyer());
  const browser = openHttpBrowser(portal.origin);
  await enterByHttp(browser, link.url);
  const thief = openHttpBrowser(portal.origin);
  thief.jar.set('__Host-portal', browser.jar.get('__Host-portal') ?? '');
  expect((await thief.get('/')).status).toBe(200);
  const out = await browser.post('/sign-out', {});
  expect([out.status, out.headers.location]).toEqual([303, '/signed-out']);
  expect(out.headers['clear-site-data']).toBe('"cache", "storage"');
  expect(browser.jar.has('__Host-portal')).toBe(false);
  for (const path of ['/', '/invoices', '/payment-methods', '/receipts', '/sessions']) {
    const answer = await thief.get(path);
    expect([303, 401], path).toContain(answer.status);
    expect(answer.body, path).not.toContain('@example.com');
  }
});

test('S06 a session closes after 30 idle minutes and at its limit, and says which', async ({
  page,
  shop,
  enter,
  beside,
}) => {
  const buyer = await shop.addBuyer();
  for (const { by, text } of [
    { by: { entered: 30 * minute }, text: 'It reached its limit of 30 minutes.' },
    { by: { entered: 29 * minute, seen: 30 * minute }, text: 'Nothing happened here for 30 minutes.' },
  ]) {
    await enter(page, shop, buyer);
    await age(beside, buyer.customerId, by);
    await page.goto('/invoices');
    await expect(page).toHaveURL('/signed-out');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your session closed');
    await expect(page.getByText(text)).toBeVisible();
    await expect(page.getByRole('link', { name: /^Back to Kopi Senja/ })).toHaveAttribute(
      'href',
      shop.site.accountOf(buyer.customerId),
    );
    await expect(page.locator('body')).not.toContainText(buyer.email);
  }
});

test('S07 a deleted customer and a suspended workspace end the session at the next request', async ({
  page,
  shop,
  enter,
  beside,
}) => {
  const buyer = await shop.addBuyer();
  await enter(page, shop, buyer);
  await beside.write((tx) =>
    tx.updateTable('workspaces').set({ suspendedAt: beside.now() }).where('id', '=', shop.scope.workspaceId).execute(),
  );
  await page.goto('/');
  await expect(page).toHaveURL('/signed-out');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your session was ended');
  await expect(page.getByText('Billing with Kopi Senja was switched off.')).toBeVisible();
  await expect(page.locator('body')).not.toContainText(buyer.email);
  await page.reload();
  await expect(page.getByText('Billing with Kopi Senja was switched off.'), 'without the cookie too').toBeVisible();
});

test('S08 ending the others on the ledger closes another browser within a second, and leaves this one', async ({
  page,
  browser,
  shop,
  enter,
}) => {
  const buyer = await shop.addBuyer();
  const other = await browser.newContext();
  try {
    const second = await other.newPage();
    await enter(second, shop, buyer);
    await enter(page, shop, buyer);
    await page.goto('/sessions');
    const answered = page.waitForResponse((answer) => answer.request().method() === 'POST');
    await page.getByRole('button', { name: 'End all other sessions' }).click();
    expect((await answered).status()).toBe(303);
    const ended = performance.now();
    const asked = await other.request.get('/invoices', { maxRedirects: 0 });
    expect([asked.status(), asked.headers().location]).toEqual([303, '/signed-out']);
    expect(performance.now() - ended).toBeLessThan(1_000);
    await second.reload();
    await expect(second).toHaveURL('/signed-out');
    await expect(second.getByRole('heading', { level: 1 })).toHaveText('Your session was ended');
    await expect(second.getByText('You ended it from another session')).toBeVisible();
    await expect(second.locator('body')).not.toContainText(buyer.email);
    await expect(page.getByText('1 session was ended.')).toBeVisible();
    await page.goto('/');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your billing');
  } finally {
    await other.close();
  }
});

test('S09 every cookie is of this host alone, secure, out of reach of scripts, and Lax', async ({ portal, shop }) => {
  const link = await shop.mint(await shop.addBuyer());
  const browser = openHttpBrowser(portal.origin);
  await enterByHttp(browser, link.url);
  await browser.post('/language', { locale: 'id', back: '/' });
  await browser.post('/sign-out', {});
  await browser.get('/signed-out');
  expect(browser.received.length).toBeGreaterThanOrEqual(4);
  for (const line of browser.received) {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    expect(pair).toMatch(/^__Host-portal(-note|-kept|-lang)?=|^__Host-pe=/);
    expect(attributes, pair.split('=')[0]).toEqual(
      expect.arrayContaining(['Secure', 'HttpOnly', 'Path=/', 'SameSite=Lax']),
    );
    expect(attributes.some((one) => /^domain/i.test(one))).toBe(false);
  }
});

test('S10 a page of another host cannot plant a session cookie', async ({ page, shop, portal }) => {
  const buyer = await shop.addBuyer();
  await page.goto(shop.site.accountOf(buyer.customerId));
  await page.evaluate(() => {
    for (const more of ['Domain=localhost', 'Domain=shop.localhost', 'Path=/']) {
      // biome-ignore lint/suspicious/noDocumentCookie: what an attacking page would do.
      document.cookie = `__Host-portal=planted; Path=/; Secure; SameSite=Lax; ${more}`;
    }
  });
  await page.goto(portal.origin);
  const planted = await page.context().cookies(portal.origin);
  expect(planted.filter((cookie) => cookie.value === 'planted')).toEqual([]);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Open billing from your account');
});

test('S11 Back after sign-out shows nothing private, from the back/forward cache or anew', async ({ shop, portal }) => {
  const buyer = await shop.addBuyer({ email: 'very.private@example.com' });
  const executablePath = findChromium();
  const browser = await chromium.launch({
    args: chromiumFlags,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
    ...(executablePath === null ? {} : { executablePath }),
  });
  try {
    const page = await browser.newPage({ baseURL: portal.origin });
    await page.goto(shop.site.accountOf(buyer.customerId));
    await page.getByRole('button', { name: 'Manage billing' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your billing');
    await page.goto('/invoices');
    await page.locator('summary:visible').first().click();
    await page.getByRole('button', { name: 'Sign out' }).filter({ visible: true }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are signed out');
    for (let steps = 0; steps < 2; steps += 1) {
      await page.evaluate(() => history.back());
      await expect(page.locator('h1')).toHaveText(
        /^(You are signed out|Your session closed|Open billing from your account)$/,
      );
      await expect(page.locator('body')).not.toContainText(buyer.email);
    }
  } finally {
    await browser.close();
  }
});

test('a form on its way when the session ended is told that nothing was carried out', async ({
  portal,
  shop,
  beside,
}) => {
  const buyer = await shop.addBuyer();
  const browser = openHttpBrowser(portal.origin);
  await enterByHttp(browser, (await shop.mint(buyer)).url);
  await age(beside, buyer.customerId, { entered: 30 * minute });
  const answer = await browser.post(`/subscriptions/${buyer.subscriptions[0]?.id}/cancel`, { form: 'a'.repeat(22) });
  expect(answer.status).toBe(401);
  expect(answer.body).toContain('What you sent last was not carried out.');
  expect(answer.body).not.toContain(buyer.email);
});

test('a form that was carried out and is sent again after the session ended is told so, and nothing happens twice', async ({
  portal,
  shop,
  beside,
}) => {
  const buyer = await shop.addBuyer();
  const browser = openHttpBrowser(portal.origin);
  await enterByHttp(browser, (await shop.mint(buyer)).url);
  const form = 'b'.repeat(22);
  expect((await browser.post('/sessions', { form })).status).toBe(303);
  await age(beside, buyer.customerId, { entered: 30 * minute });
  const answer = await browser.post('/sessions', { form });
  expect(answer.status).toBe(401);
  expect(answer.body).toContain('What you sent last was carried out.');
  expect(answer.body).not.toContain('not carried out');
});
