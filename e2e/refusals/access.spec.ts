import { expect } from '@playwright/test';
import type { Buyer } from '@/e2e/buyer-lines.ts';
import { test } from '@/e2e/fixtures.ts';
import type { HttpBrowser } from '@/e2e/http-browser.ts';
import { enterByHttp, freshFormId, openHttpBrowser } from '@/e2e/http-browser.ts';
import { layLinks } from '@/e2e/portal-data.ts';
import type { Noun } from '@/e2e/portal-routes.ts';
import { listPortalRoutes } from '@/e2e/portal-routes.ts';
import type { RawAnswer } from '@/e2e/raw-http.ts';
import { openShop } from '@/e2e/shop.ts';
import type { CustomerId } from '@/lib/domain/ids.ts';
import type { Runtime } from '@/lib/runtime.ts';

const routes = listPortalRoutes();

/** One id of each noun that belongs to this buyer. */
async function idsOf(beside: Runtime, buyer: Buyer): Promise<Record<Noun, string>> {
  const receipt = await beside.read
    .selectFrom('receipts')
    .select('id')
    .where('customerId', '=', buyer.customerId)
    .executeTakeFirstOrThrow();
  const [subscription] = buyer.subscriptions;
  return {
    invoices: subscription?.invoices[0]?.id ?? '',
    receipts: receipt.id,
    subscriptions: subscription?.id ?? '',
    'payment-methods': buyer.methods[0] ?? '',
  };
}

/** The words of an answer, without what differs each time. */
function wordsOf(answer: RawAnswer): string {
  return answer.body
    .replace(/<(style|script)[^>]*>.*?<\/\1>/gs, '')
    .replace(/<input[^>]*>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\d\d:\d\d/g, 'time')
    .replace(/\s+/g, ' ');
}

test('Z01 what is not the viewer’s own does not exist, on every page, form and download', async ({
  portal,
  shop,
  openShop: openAnother,
  beside,
}) => {
  const mine = await shop.addBuyer();
  const other = await shop.addBuyer();
  const elsewhere = await (await openAnother({ name: 'Teh Sore' })).addBuyer();
  const live = await openShop(beside, { mode: 'live' });
  const otherMode = await live.addBuyer({ methods: [] });
  await live.close();
  const own = await idsOf(beside, mine);
  const strangers: Record<string, Partial<Record<Noun, string>>> = {
    'another customer': await idsOf(beside, other),
    'another workspace': await idsOf(beside, elsewhere),
    'another mode': { ...(await idsOf(beside, otherMode)), 'payment-methods': 'pt_live' },
  };
  const malformed = ['x', 'inv_', '0', '-1', "'", '%20', '%F0%9F%92%A9', 'a'.repeat(300), '__proto__', 'constructor'];
  // A session does ten acts a minute: each form is tried in one of its own.
  const customers = [mine.customerId as CustomerId];
  const enter = async (): Promise<HttpBrowser> => {
    const fresh = openHttpBrowser(portal.origin);
    const [link] = await layLinks(beside, { scope: shop.scope, key: shop.key, customers }, 1);
    await enterByHttp(fresh, `${portal.origin}/p/${link?.token}`);
    return fresh;
  };
  let browser = await enter();
  const unknown = wordsOf(await browser.get('/nothing-here'));
  expect(unknown).toContain("We can't find that here".replace("'", '&#x27;'));

  const named = routes.filter((route) => route.noun !== null);
  expect(named.length).toBeGreaterThanOrEqual(10);
  for (const { pattern, noun, methods } of named) {
    if (noun === null) continue;
    const ids: [string, string][] = [
      ...Object.entries(strangers).map(([who, theirs]): [string, string] => [who, theirs[noun] ?? 'x']),
      ...malformed.map((text): [string, string] => ['malformed', text]),
    ];
    for (const method of methods) {
      if (method === 'POST') browser = await enter();
      for (const [who, id] of method === 'POST' ? ids.slice(0, 7) : ids) {
        const target = pattern.replace('{id}', id);
        const first =
          method === 'GET' ? await browser.get(target) : await browser.post(target, { form: freshFormId() });
        // An address that shows nothing of its own leads to the page it belongs to, whatever is asked for.
        const answer =
          method === 'GET' && first.status === 303 ? await browser.get(first.headers.location ?? '') : first;
        expect(answer.status, `${method} ${target} (${who})`).toBe(404);
        expect(wordsOf(answer), `${method} ${target} (${who})`).toBe(unknown);
      }
      if (method === 'GET') {
        const answer = await browser.get(pattern.replace('{id}', own[noun]));
        expect([200, 303, 404], `GET ${pattern} (own)`).toContain(answer.status);
      }
    }
  }
});

test('Z01 an address that nothing of the viewer’s waits under has the words of every unknown one, without script', async ({
  portal,
  shop,
}) => {
  const browser = openHttpBrowser(portal.origin);
  await enterByHttp(browser, (await shop.mint(await shop.addBuyer())).url);
  const unknown = wordsOf(await browser.get('/nothing-here'));
  for (const id of ['pv_01M8373ZTK219YY2T4N8B4E7JF', 'x', '%20', 'a'.repeat(300)]) {
    const answer = await browser.get(`/waiting/${id}`);
    expect(answer.status, id).toBe(404);
    expect(wordsOf(answer).replaceAll(`/waiting/${id}`, ''), id).toBe(unknown);
  }
});

test('Z06 without a session no address gives anything away, however it is asked', async ({ portal, shop, beside }) => {
  const buyer = await shop.addBuyer({ email: 'very.private@example.com' });
  const own = await idsOf(beside, buyer);
  for (const { pattern, noun } of routes) {
    const target = pattern.replace('{id}', noun === null ? '' : own[noun]);
    for (const headers of [
      {},
      { RSC: '1' },
      { 'Next-Router-Prefetch': '1', RSC: '1' },
      { Accept: 'text/x-component' },
    ]) {
      for (const suffix of ['', '?_rsc=abc']) {
        const answer = await openHttpBrowser(portal.origin).get(target + suffix, headers);
        expect([307, 401, 404, 405], `${target}${suffix} ${JSON.stringify(headers)}`).toContain(answer.status);
        expect(answer.body, target).not.toMatch(/very\.private|Roaster Club|4242|Kopi Senja/);
      }
    }
  }
});

test('W02 no form acts that does not say it comes from the portal', async ({ portal, shop, beside }) => {
  const buyer = await shop.addBuyer();
  const own = await idsOf(beside, buyer);
  const browser = openHttpBrowser(portal.origin);
  await enterByHttp(browser, (await shop.mint(buyer)).url);
  const listed = routes.filter(({ methods }) => methods.includes('POST'));
  const forms = [...listed, { pattern: '/sign-out', noun: null }, { pattern: '/language', noun: null }];
  expect(forms.length).toBeGreaterThanOrEqual(6);
  for (const { pattern, noun } of forms) {
    const target = pattern.replace('{id}', noun === null ? '' : own[noun]);
    for (const headers of [
      { Origin: '' },
      { Origin: 'null' },
      { Origin: 'https://evil.example' },
      { Origin: portal.origin.replace('localhost', 'shop.localhost') },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
    ]) {
      const answer = await browser.post(target, { form: freshFormId(), locale: 'id', back: '/' }, headers);
      expect(answer.status, `${target} ${JSON.stringify(headers)}`).toBe(403);
      expect(answer.body, `${target} ${JSON.stringify(headers)}`).toContain('This form came from somewhere else');
    }
    if (noun === null && !listed.some((route) => route.pattern === pattern)) continue;
    const typed = await browser.post(target, { form: freshFormId() }, { 'Content-Type': 'application/json' });
    expect([400, 403, 415], `${target} as JSON`).toContain(typed.status);
  }
  expect((await browser.get('/')).status).toBe(200);
  const subscription = await beside.read
    .selectFrom('subscriptions')
    .select(['status', 'cancelAt'])
    .where('id', '=', own.subscriptions)
    .executeTakeFirst();
  expect(subscription).toEqual({ status: 'active', cancelAt: null });
});

test('W01 forms, images and scripts of another site change nothing for a buyer who is inside', async ({
  page,
  context,
  shop,
  portal,
  enter,
  beside,
}) => {
  const buyer = await shop.addBuyer();
  await enter(page, shop, buyer);
  const own = await idsOf(beside, buyer);
  const targets = [
    `/subscriptions/${own.subscriptions}/cancel`,
    `/payment-methods/${own['payment-methods']}/remove`,
    '/sign-out',
  ].map((target) => portal.origin + target);
  // A foreign site, and a sibling: the same host on another port is the same site to a browser.
  for (const origin of [shop.site.origin, shop.site.origin.replace('shop.localhost', 'localhost')]) {
    for (const target of targets) {
      const evil = await context.newPage();
      await evil.goto(`${origin}/account`);
      await evil.evaluate(
        async ({ address, form }) => {
          const body = new URLSearchParams({ form });
          await fetch(address, { method: 'POST', mode: 'no-cors', credentials: 'include', body }).catch(
            () => undefined,
          );
          await new Promise((resolve) => {
            const image = new Image();
            image.onload = resolve;
            image.onerror = resolve;
            image.src = address;
          });
        },
        { address: target, form: freshFormId() },
      );
      const answered = evil.waitForResponse(target);
      await evil.evaluate(
        ({ address, form }) => {
          const element = document.createElement('form');
          element.method = 'post';
          element.action = address;
          element.innerHTML = `<input name="form" value="${form}">`;
          document.body.append(element);
          element.submit();
        },
        { address: target, form: freshFormId() },
      );
      expect((await answered).status(), `${origin} → ${target}`).toBe(403);
      await evil.close();
    }
  }
  expect((await page.goto('/'))?.status()).toBe(200);
  const subscription = await beside.read
    .selectFrom('subscriptions')
    .select(['status', 'cancelAt'])
    .where('id', '=', own.subscriptions)
    .executeTakeFirst();
  expect(subscription).toEqual({ status: 'active', cancelAt: null });
});

test('Z09 no file is given to another site that asks for it, on any address that answers with a PDF', async ({
  portal,
  shop,
  beside,
}) => {
  const buyer = await shop.addBuyer();
  const own = await idsOf(beside, buyer);
  const browser = openHttpBrowser(portal.origin);
  await enterByHttp(browser, (await shop.mint(buyer)).url);
  const place = `/subscriptions/${own.subscriptions}/cancel`;
  const promised = /name="(promised_period_end)" value="([^"]*)"/.exec((await browser.get(place)).body);
  const form = { form: freshFormId(), timing: 'period_end', promised_period_end: promised?.[2] ?? '' };
  expect((await browser.post(place, form)).status).toBe(303);
  const files: string[] = [];
  for (const { pattern, noun, methods } of routes) {
    if (!methods.includes('GET') || noun === null) continue;
    const target = pattern.replace('{id}', own[noun]);
    const answer = await browser.get(target, { 'Sec-Fetch-Site': 'same-origin' });
    if (answer.headers['content-type'] !== 'application/pdf') continue;
    files.push(pattern);
    for (const site of ['cross-site', 'same-site']) {
      const foreign = await browser.get(target, { 'Sec-Fetch-Site': site });
      expect([foreign.status, foreign.headers['content-type']], `${target} ${site}`).toEqual([
        403,
        'text/html; charset=utf-8',
      ]);
      expect(foreign.body, `${target} ${site}`).not.toContain('%PDF');
    }
  }
  expect(files).toEqual(['/invoices/{id}/pdf', '/receipts/{id}/pdf', '/subscriptions/{id}/cancel/certificate']);
});
