import { expect } from '@playwright/test';
import { test } from '@/e2e/fixtures.ts';
import { enterByHttp, openHttpBrowser, tokenOf } from '@/e2e/http-browser.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** What the row says of a link: whether it was burned, and how many browser sessions it opened. */
async function stateOf(beside: Runtime, id: string): Promise<{ isBurned: boolean; sessions: number }> {
  const link = await beside.read
    .selectFrom('portalSessions')
    .select('burnedAt')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const sessions = await beside.read
    .selectFrom('browserSessions')
    .select('id')
    .where('portalSessionId', '=', id)
    .execute();
  return { isBurned: link.burnedAt !== null, sessions: sessions.length };
}

const untouched = { isBurned: false, sessions: 0 };

test('E01 a hundred HEADs leave the link open', async ({ portal, shop, beside }) => {
  const link = await shop.mint(await shop.addBuyer());
  const { pathname } = new URL(link.url);
  for (let time = 0; time < 100; time += 1) {
    const answer = await openHttpBrowser(portal.origin).ask('HEAD', pathname);
    expect(answer.status).toBe(200);
    expect(answer.cookies).toEqual([]);
    expect(answer.body).toBe('');
  }
  expect(await stateOf(beside, link.id)).toEqual(untouched);
  const entered = await enterByHttp(openHttpBrowser(portal.origin), link.url);
  expect([entered.status, entered.headers.location]).toEqual([303, '/']);
});

test('E03 a GET that only looks ahead gets nothing and burns nothing', async ({ portal, shop, beside }) => {
  const link = await shop.mint(await shop.addBuyer());
  for (const headers of [
    { 'Sec-Purpose': 'prefetch' },
    { 'Sec-Purpose': 'prefetch;prerender' },
    { Purpose: 'prefetch' },
    { 'X-Moz': 'prefetch' },
  ]) {
    const answer = await openHttpBrowser(portal.origin).get(new URL(link.url).pathname, headers);
    expect(answer.status, JSON.stringify(headers)).toBe(503);
    expect(answer.cookies).toEqual([]);
    expect(answer.headers['cache-control']).toContain('no-store');
  }
  expect(await stateOf(beside, link.id)).toEqual(untouched);
});

test('E04 speculation rules of another page burn nothing, and the click afterwards enters once', async ({
  page,
  shop,
  beside,
}) => {
  const buyer = await shop.addBuyer();
  const link = await shop.mint(buyer);
  const attempts: string[] = [];
  const devtools = await page.context().newCDPSession(page);
  const settled = new Promise<void>((resolve) => {
    devtools.on('Preload.prefetchStatusUpdated', ({ status }) => {
      attempts.push(status);
      if (status === 'Failure' || status === 'Success') resolve();
    });
  });
  await devtools.send('Preload.enable');
  await page.goto(shop.site.accountOf(buyer.customerId));
  await page.evaluate((url) => {
    const rules = document.createElement('script');
    rules.type = 'speculationrules';
    rules.textContent = JSON.stringify({
      prefetch: [{ source: 'list', urls: [url], eagerness: 'immediate' }],
      prerender: [{ source: 'list', urls: [url], eagerness: 'immediate' }],
    });
    const anchor = document.createElement('a');
    anchor.href = url;
    anchor.textContent = 'Billing';
    document.body.append(rules, anchor);
  }, link.url);
  await settled;
  expect(attempts).toContain('Failure');
  expect(await stateOf(beside, link.id)).toEqual(untouched);
  await page.getByRole('link', { name: 'Billing' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your billing');
  expect(await stateOf(beside, link.id)).toEqual({ isBurned: true, sessions: 1 });
});

test('E05 a cold link waits for a click, however long a script-running opener waits', async ({
  page,
  shop,
  beside,
}) => {
  const link = await shop.mint(await shop.addBuyer({ email: 'dewi@example.com' }));
  await page.clock.install();
  await page.goto(link.url);
  await page.clock.fastForward('00:30');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Open your billing with Kopi Senja');
  await expect(page.getByText('This link opens once, in this browser.')).toBeVisible();
  await expect(page.getByText('d•••@e•••.com')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Continue to billing' })).toBeVisible();
  expect(await stateOf(beside, link.id)).toEqual(untouched);
});

test('E06 a link inside an image, a frame, an object or a fetch of another site opens nothing', async ({
  page,
  shop,
  beside,
}) => {
  const buyer = await shop.addBuyer();
  const link = await shop.mint(buyer);
  await page.goto(shop.site.accountOf(buyer.customerId));
  const statuses: number[] = [];
  page.on('response', (answer) => {
    if (answer.url() === link.url) statuses.push(answer.status());
  });
  await page.evaluate(async (url) => {
    const loaded = ['img', 'iframe', 'object', 'embed'].map((name) => {
      const element = document.createElement(name);
      element.setAttribute(name === 'object' ? 'data' : 'src', url);
      const done = new Promise((resolve) => {
        element.addEventListener('load', resolve);
        element.addEventListener('error', resolve);
      });
      document.body.append(element);
      return done;
    });
    const fetched = fetch(url, { mode: 'no-cors', credentials: 'include' }).catch(() => undefined);
    await Promise.all([...loaded, fetched]);
  }, link.url);
  expect(statuses.length).toBeGreaterThanOrEqual(3);
  expect(new Set(statuses)).toEqual(new Set([403]));
  expect(await page.context().cookies()).toEqual([]);
  expect(await stateOf(beside, link.id)).toEqual(untouched);
});

test('E07 E08 a merchant’s button and a merchant’s script both lead in without a further click', async ({
  page,
  shop,
  beside,
  enter,
}) => {
  const buyer = await shop.addBuyer();
  await enter(page, shop, buyer);
  const link = await shop.mint(buyer);
  await page.context().clearCookies();
  await page.goto(shop.site.accountOf(buyer.customerId));
  await page.evaluate((url) => location.assign(url), link.url);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your billing');
  expect(await stateOf(beside, link.id)).toEqual({ isBurned: true, sessions: 1 });
});

test('E07 from the press of the merchant’s button to the overview it takes less than a second', async ({
  page,
  shop,
}) => {
  test.setTimeout(120_000);
  const buyer = await shop.addBuyer();
  const times: number[] = [];
  // What the product itself takes, on a machine that has other things to do: the best of nine, and often the first. A buyer has ten links a minute.
  while (times.length < 9 && !times.some((ms) => ms < 1_000)) {
    await page.context().clearCookies();
    await page.goto(shop.site.accountOf(buyer.customerId));
    const begun = performance.now();
    await page.getByRole('button', { name: 'Manage billing' }).click();
    await page.getByRole('heading', { level: 1, name: 'Your billing', exact: true }).waitFor();
    times.push(performance.now() - begun);
  }
  expect(Math.min(...times), `entries in ms: ${times.map(Math.round).join(', ')}`).toBeLessThan(1_000);
});

test('E11 the same browser may send the entry form again and gets the same session', async ({
  portal,
  shop,
  beside,
}) => {
  const link = await shop.mint(await shop.addBuyer());
  const browser = openHttpBrowser(portal.origin);
  await browser.get(new URL(link.url).pathname);
  const fields = { token: tokenOf(link.url), arrival: 'cold' };
  const answers = await Promise.all([
    browser.post('/enter', fields),
    browser.post('/enter', fields),
    browser.post('/enter', fields),
  ]);
  expect(answers.map((answer) => answer.status)).toEqual([303, 303, 303]);
  expect(await stateOf(beside, link.id)).toEqual({ isBurned: true, sessions: 1 });
  expect((await browser.get('/')).status).toBe(200);
});

test('E12 the link opened again after a minute leads the same browser in, without a second burn', async ({
  page,
  shop,
  beside,
}) => {
  const link = await shop.mint(await shop.addBuyer());
  await page.goto(link.url);
  await page.getByRole('button', { name: 'Continue to billing' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your billing');
  await beside.write((tx) =>
    tx
      .updateTable('portalSessions')
      .set((row) => ({ burnedAt: row('burnedAt', '-', 61_000) }))
      .where('id', '=', link.id)
      .execute(),
  );
  await page.goto(link.url);
  await expect(page).toHaveURL('/');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your billing');
  expect(await stateOf(beside, link.id)).toEqual({ isBurned: true, sessions: 1 });
});

test('E13 a second browser is shown the way back, the first one goes on', async ({ page, browser, shop, beside }) => {
  const buyer = await shop.addBuyer();
  const link = await shop.mint(buyer);
  await page.goto(link.url);
  await page.getByRole('button', { name: 'Continue to billing' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your billing');
  const other = await browser.newContext();
  const stranger = await other.newPage();
  for (let time = 0; time < 3; time += 1) {
    const answer = await stranger.goto(link.url);
    expect(answer?.status()).toBe(410);
    await expect(stranger.getByRole('heading', { level: 1 })).toHaveText('This link was already used');
    await expect(stranger.getByRole('link', { name: /^Back to Kopi Senja/ })).toHaveAttribute(
      'href',
      shop.site.accountOf(buyer.customerId),
    );
    await expect(stranger.locator('body')).not.toContainText(buyer.email);
  }
  await other.close();
  const audits = () =>
    beside.read
      .selectFrom('auditLines')
      .select('id')
      .where('workspaceId', '=', shop.scope.workspaceId)
      .where('act', '=', 'portal_session.reuse_refused')
      .execute();
  expect(await audits(), 'looking changes nothing').toHaveLength(0);
  const posts = openHttpBrowser(shop.key.origin);
  expect((await posts.post('/enter', { token: tokenOf(link.url) })).status).toBe(410);
  expect(await audits(), 'a second use is noted, also without a cookie').toHaveLength(1);
  posts.jar.set('__Host-pe', 'another-browser-entirely');
  for (let time = 0; time < 3; time += 1) {
    expect((await posts.post('/enter', { token: tokenOf(link.url) })).status).toBe(410);
  }
  expect(await audits(), 'and once a minute').toHaveLength(1);
  expect((await page.reload())?.status()).toBe(200);
});

test('E19 a form that does not come from the portal burns nothing', async ({ portal, shop, beside }) => {
  const link = await shop.mint(await shop.addBuyer());
  const browser = openHttpBrowser(portal.origin);
  await browser.get(new URL(link.url).pathname);
  const fields = { token: tokenOf(link.url), arrival: 'cold' };
  for (const headers of [
    { Origin: '' },
    { Origin: 'null' },
    { Origin: 'https://evil.example' },
    { Origin: `${portal.origin}.evil.example` },
    { Origin: portal.origin, 'Sec-Fetch-Site': 'cross-site' },
    { Origin: portal.origin, 'Sec-Fetch-Site': 'same-site' },
  ]) {
    const answer = await browser.post('/enter', fields, headers);
    expect(answer.status, JSON.stringify(headers)).toBe(403);
    expect(answer.body).toContain('This page was opened in an unusual way');
  }
  expect(await stateOf(beside, link.id)).toEqual(untouched);
});

test('E20 a browser that blocks cookies is told so and does not lose its link', async ({ portal, shop, beside }) => {
  const link = await shop.mint(await shop.addBuyer());
  const fields = { token: tokenOf(link.url), arrival: 'cold' };
  const first = await openHttpBrowser(portal.origin).post('/enter', fields);
  expect(first.status).toBe(403);
  expect(first.body).toContain('Continue to billing');
  expect(first.cookies.some((line) => line.startsWith('__Host-pe='))).toBe(true);
  const second = await openHttpBrowser(portal.origin).post('/enter', { ...fields, again: '1' });
  expect(second.status).toBe(400);
  expect(second.body).toContain('Your browser blocked a cookie we need');
  expect(await stateOf(beside, link.id)).toEqual(untouched);
});

test('E23 another customer’s link asks before it ends the session that is open', async ({
  page,
  shop,
  openShop,
  beside,
  enter,
}) => {
  const mine = await shop.addBuyer({ email: 'dewi@example.com' });
  const evilShop = await openShop({ name: 'Teh Sore' });
  const theirs = await evilShop.addBuyer({ email: 'mallory@evil.example' });
  await enter(page, shop, mine);
  const link = await evilShop.mint(theirs);
  await page.goto(evilShop.site.accountOf(theirs.customerId));
  await page.evaluate((url) => location.assign(url), link.url);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Switch to another billing account?');
  await expect(page.getByText('Open now: d•••@e•••.com with Kopi Senja')).toBeVisible();
  await expect(page.getByText('This link: m•••@e•••.example with Teh Sore')).toBeVisible();
  expect(await stateOf(beside, link.id)).toEqual(untouched);
  await page.getByRole('link', { name: 'Stay with d•••@e•••.com' }).click();
  await expect(page).toHaveTitle('Your billing · Kopi Senja');
  await page.goto(link.url);
  await page.getByRole('button', { name: 'Switch account' }).click();
  await expect(page).toHaveTitle('Your billing · Teh Sore');
  const ended = await beside.read
    .selectFrom('browserSessions')
    .select('endedReason')
    .where('customerId', '=', mine.customerId)
    .execute();
  expect(ended).toEqual([{ endedReason: 'replaced' }]);
});

test('E24 no request after the link carries its token', async ({ page, shop, portal, enter }) => {
  const buyer = await shop.addBuyer();
  const sent: { url: string; method: string; headers: Record<string, string> }[] = [];
  const reading: Promise<void>[] = [];
  page.on('request', (request) => {
    reading.push(
      request.allHeaders().then((headers) => void sent.push({ url: request.url(), method: request.method(), headers })),
    );
  });
  await enter(page, shop, buyer);
  await page.goto('/invoices');
  await page.getByRole('link', { name: /^Back to/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your account');
  await Promise.all(reading);
  const link = sent.find(({ url }) => url.startsWith(`${portal.origin}/p/`));
  const token = tokenOf(link?.url ?? portal.origin);
  expect(token.length).toBeGreaterThan(40);
  for (const { url, headers } of sent) {
    expect(headers.referer ?? '', url).not.toContain(token);
    if (url !== link?.url) expect(url).not.toContain(token);
  }
  const post = sent.find(({ url, method }) => method === 'POST' && url === `${portal.origin}/enter`);
  expect(post?.headers.origin).toBe(portal.origin);
});

test('E26 Back, Forward, reload and a second tab never show an error, and the link is not in the history', async ({
  page,
  shop,
  enter,
}) => {
  const buyer = await shop.addBuyer();
  await enter(page, shop, buyer);
  await page.goBack();
  await expect(page).toHaveURL(shop.site.accountOf(buyer.customerId));
  await page.goForward();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your billing');
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your billing');
  const second = await page.context().newPage();
  await second.goto('/');
  await expect(second.getByRole('heading', { level: 1 })).toHaveText('Your billing');
});

test('E29 two arrivals of one browser with one link end in the same session', async ({
  context,
  page,
  shop,
  beside,
}) => {
  const buyer = await shop.addBuyer();
  const link = await shop.mint(buyer);
  const second = await context.newPage();
  const pages = [page, second];
  for (const one of pages) await one.goto(shop.site.accountOf(buyer.customerId));
  await Promise.all(pages.map((one) => one.evaluate((url) => location.assign(url), link.url)));
  for (const one of pages) await expect(one.getByRole('heading', { level: 1 })).toHaveText('Your billing');
  expect(await stateOf(beside, link.id)).toEqual({ isBurned: true, sessions: 1 });
});

test('E29 a second arrival whose nonce came later still ends in the session of its browser', async ({
  portal,
  shop,
  beside,
}) => {
  const link = await shop.mint(await shop.addBuyer());
  const browser = openHttpBrowser(portal.origin);
  const late = openHttpBrowser(portal.origin);
  await browser.get(new URL(link.url).pathname);
  await late.get(new URL(link.url).pathname);
  expect((await browser.post('/enter', { token: tokenOf(link.url), arrival: 'warm' })).status).toBe(303);
  browser.jar.set('__Host-pe', late.jar.get('__Host-pe') ?? '');
  const again = await browser.post('/enter', { token: tokenOf(link.url), arrival: 'warm' });
  expect([again.status, again.headers.location]).toEqual([303, '/']);
  expect(await stateOf(beside, link.id)).toEqual({ isBurned: true, sessions: 1 });
  expect((await browser.get('/')).status).toBe(200);
});
