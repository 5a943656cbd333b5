import { expect } from '@playwright/test';
import type { Buyer } from '@/e2e/buyer-lines.ts';
import { test } from '@/e2e/fixtures.ts';
import type { HttpBrowser } from '@/e2e/http-browser.ts';
import { enterByHttp, freshFormId, openHttpBrowser } from '@/e2e/http-browser.ts';
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
    const acted = await late.post(path(buyer), { ...fields(buyer), form: freshFormId() });
    expect(acted.status, about).toBe(303);
    expect(await traces(beside, buyer), about).not.toEqual(before);
  }
});

test('ten minutes after the entry, a method that only joins the list can still be added', async ({ shop, beside }) => {
  const buyer = await shop.addBuyer();
  const late = await enterSince(beside, shop, buyer, 11);
  const begun = await late.post('/payment-methods/add', { form: freshFormId() });
  expect(begun.status).toBe(303);
  expect(begun.headers.location).toMatch(/^http:\/\/localhost:\d+\/test\/provider\//);
});
