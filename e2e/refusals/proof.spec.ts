import { expect } from '@playwright/test';
import type { Buyer } from '@/e2e/buyer-lines.ts';
import { test } from '@/e2e/fixtures.ts';
import type { HttpBrowser } from '@/e2e/http-browser.ts';
import { enterByHttp, freshFormId, openHttpBrowser, tokenOf } from '@/e2e/http-browser.ts';
import type { Shop } from '@/e2e/shop.ts';
import type { Runtime } from '@/lib/runtime.ts';

const minute = 60_000;

/** Enters, and lets the entry be so many minutes old. */
async function enterSince(beside: Runtime, shop: Shop, buyer: Buyer, minutes: number): Promise<HttpBrowser> {
  const browser = openHttpBrowser(shop.key.origin);
  await enterByHttp(browser, (await shop.mint(buyer)).url);
  await beside.write((tx) =>
    tx
      .updateTable('browserSessions')
      .set({ enteredAt: beside.now() - minutes * minute })
      .where('customerId', '=', buyer.customerId)
      .execute(),
  );
  return browser;
}

async function traces(beside: Runtime, buyer: Buyer): Promise<unknown> {
  const of = { customerId: buyer.customerId };
  const visits = await beside.read
    .selectFrom('providerVisits')
    .select('purpose')
    .where('customerId', '=', of.customerId)
    .execute();
  const { defaultPaymentMethodId } = await beside.read
    .selectFrom('customers')
    .select('defaultPaymentMethodId')
    .where('id', '=', of.customerId)
    .executeTakeFirstOrThrow();
  return { visits, defaultPaymentMethodId };
}

test('ten minutes after the entry, a method that would become the default is not begun, like any change of default', async ({
  shop,
  beside,
}) => {
  const withOne = () => shop.addBuyer({ methods: [{}, { brand: 'mastercard', last4: '4444' }] });
  const without = () => shop.addBuyer({ methods: [] });
  for (const { about, buyer, path, fields } of [
    {
      about: 'another saved method is made the default',
      buyer: await withOne(),
      path: (one: Buyer) => `/payment-methods/${one.methods[1]}/default`,
      fields: () => ({}),
    },
    {
      about: 'the first method becomes the default by itself',
      buyer: await without(),
      path: () => '/payment-methods/add',
      fields: () => ({}),
    },
    {
      about: 'the new method takes over what the default pays',
      buyer: await withOne(),
      path: () => '/payment-methods/add',
      fields: (one: Buyer) => ({ use: one.subscriptions[0]?.id ?? '' }),
    },
  ]) {
    const before = await traces(beside, buyer);
    const late = await enterSince(beside, shop, buyer, 10);
    const refused = await late.post(path(buyer), { ...fields(buyer), form: freshFormId() });
    expect(refused.status, about).toBe(403);
    expect(refused.body, about).toContain('href="http://shop.localhost');
    expect(await traces(beside, buyer), about).toEqual(before);
    // What was chosen is kept for the next entry, which leads back to it and may act.
    expect(late.jar.has('__Host-portal-kept'), about).toBe(true);
    const again = await enterByHttp(late, (await shop.mint(buyer)).url);
    expect(again.headers.location, about).toBe(`${path(buyer)}?kept=1#result`);
    const landed = await late.get(`${path(buyer)}?kept=1`);
    expect([landed.status, late.jar.has('__Host-portal-kept')], `${about}: led back to once`).toEqual([200, false]);
    const acted = await late.post(path(buyer), { ...fields(buyer), form: freshFormId() });
    expect(acted.status, about).toBe(303);
    expect(await traces(beside, buyer), about).not.toEqual(before);
    const later = await enterByHttp(late, (await shop.mint(buyer)).url);
    expect(later.headers.location, `${about}: and never again`).toBe('/');
  }
});

test('ten minutes after the entry, a method that only joins the list can still be added', async ({ shop, beside }) => {
  const buyer = await shop.addBuyer();
  const late = await enterSince(beside, shop, buyer, 11);
  const begun = await late.post('/payment-methods/add', { form: freshFormId() });
  expect(begun.status).toBe(303);
  expect(begun.headers.location).toMatch(/^http:\/\/localhost:\d+\/test\/provider\//);
});

test('every sensitive page says before its button why it will be refused: too late, or the link was tried elsewhere', async ({
  shop,
  beside,
}) => {
  const buyer = await shop.addBuyer({
    methods: [{}, { brand: 'mastercard', last4: '4444' }],
    subscriptions: [{ isPastDue: true }],
  });
  const subscription = buyer.subscriptions[0];
  const pages = [
    `/subscriptions/${subscription?.id}/cancel`,
    `/payment-methods/${buyer.methods[1]}/default`,
    `/payment-methods/${buyer.methods[1]}/use`,
    `/payment-methods/${buyer.methods[0]}/remove`,
    '/payment-methods/add',
    `/invoices/${subscription?.invoices.at(-1)?.id}/pay`,
  ];
  const late = 'changes like this are possible for 10 minutes after you open billing';
  const contested = 'Somebody tried to open the link to your billing again';
  const browser = await enterSince(beside, shop, buyer, 1);
  for (const place of pages) {
    const { body } = await browser.get(place);
    expect(body, place).toContain('You can do this here until');
    expect(body, place).not.toContain(late);
    expect(body, place).not.toContain(contested);
  }
  const old = await enterSince(beside, shop, buyer, 11);
  for (const place of pages) expect((await old.get(place)).body, place).toContain(late);
  const link = await shop.mint(buyer);
  const tried = openHttpBrowser(shop.key.origin);
  const other = openHttpBrowser(shop.key.origin);
  // Both have the link open; the first to press is in, the second is refused.
  await other.get(new URL(link.url).pathname);
  await enterByHttp(tried, link.url);
  expect((await other.post('/enter', { token: tokenOf(link.url), arrival: 'cold' })).status).toBe(410);
  for (const place of pages) {
    const { body } = await tried.get(place);
    expect(body, place).toContain(contested);
    expect(body, place).not.toContain(late);
  }
  const refused = await tried.post(pages[1] ?? '', { form: freshFormId() });
  expect(refused.status).toBe(403);
  expect(refused.body).toContain(contested);
  expect(refused.body).not.toContain(late);
});

test('a form that comes too often is drawn again as it was filled in, and nothing of it is carried out', async ({
  shop,
  beside,
}) => {
  const buyer = await shop.addBuyer({
    methods: [{}, { brand: 'mastercard', last4: '4444' }],
    subscriptions: [{}, { plan: 'Office Barista', amount: 99_000 }],
  });
  const [first, second] = buyer.subscriptions;
  const browser = openHttpBrowser(shop.key.origin);
  await enterByHttp(browser, (await shop.mint(buyer)).url);
  for (let acts = 0; acts < 10; acts += 1) {
    expect((await browser.post('/sessions', { form: freshFormId() })).status).toBe(303);
  }
  const before = await traces(beside, buyer);
  const place = `/payment-methods/${buyer.methods[1]}/default`;
  const held = await browser.post(place, { form: freshFormId(), use: second?.id ?? '' });
  expect(held.status).toBe(429);
  expect(Number(held.headers['retry-after'])).toBeGreaterThan(0);
  expect(held.body).toMatch(/Too many tries\. Try again in \d+ seconds?\./);
  const tick = (id: string | undefined) => new RegExp(`<input[^>]*value="${id}"[^>]*>`).exec(held.body)?.[0] ?? '';
  expect(tick(second?.id)).toContain('checked');
  expect(tick(first?.id)).not.toContain('checked');
  expect(await traces(beside, buyer)).toEqual(before);
  const cancelling = await browser.post(`/subscriptions/${first?.id}/cancel`, { form: freshFormId(), timing: 'now' });
  expect(cancelling.status).toBe(429);
  expect(cancelling.body).toContain('Cancel Roaster Club');
  const listed = await browser.post('/sessions', { form: freshFormId() });
  expect(listed.status).toBe(429);
  expect(listed.body).toContain('href="/sessions"');
});
