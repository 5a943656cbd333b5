import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import type { ApiClient, Wire } from '@/e2e/api-client.ts';
import { apiClient } from '@/e2e/api-client.ts';
import { test } from '@/e2e/fixtures.ts';
import type { MerchantKey } from '@/e2e/merchant.ts';
import { signedHeaders } from '@/e2e/merchant.ts';
import { createApiKey } from '@/lib/operations/create-api-key.ts';
import { createWorkspace } from '@/lib/operations/create-workspace.ts';
import type { Runtime } from '@/lib/runtime.ts';

type Merchant = {
  readonly api: ApiClient;
  readonly key: MerchantKey;
  readonly accountId: string;
  readonly bearer: string;
};

async function aMerchant(beside: Runtime, scopes: readonly string[] = ['*']): Promise<Merchant> {
  const created = await createWorkspace(beside, {
    name: 'Kopi Senja',
    brand: { name: 'Kopi Senja', email: 'halo@example.com' },
  });
  if (!created.ok) throw new Error(created.failure.message);
  const scope = { workspaceId: created.value.workspaceId, mode: 'test' } as const;
  const make = async (kind: 'hmac' | 'bearer') => {
    const made = await createApiKey(beside, scope, { kind, scopes });
    if (!made.ok) throw new Error(made.failure.message);
    return { keyId: made.value.keyId, secret: made.value.secret.reveal() };
  };
  const key = { origin: beside.config.origin, ...(await make('hmac')) };
  return { api: apiClient(key), key, accountId: scope.workspaceId, bearer: (await make('bearer')).secret };
}

async function aPlan(api: ApiClient): Promise<{ plan: Wire; price: Wire }> {
  const plan = await api.post('/plans', {
    name: 'Roaster Club',
    interval: 'month',
    prices: [{ currency: 'IDR', unitAmount: 149_000 }],
  });
  return { plan, price: (plan.prices as Wire[])[0] as Wire };
}

/** Lets the buyer in: mints over the API, opens the link, presses the button. */
async function letIn(page: Page, api: ApiClient, customerId: string, flow?: object): Promise<void> {
  const minted = await api.post('/portal-sessions', {
    customerId,
    returnUrl: 'https://shop.example.com/account',
    ...(flow === undefined ? {} : { flow }),
  });
  await page.goto(String(minted.url));
  await page.getByRole('button', { name: 'Continue to billing' }).click();
  await expect(page.locator('h1')).toBeVisible();
}

const seen = (page: Page, text: string | RegExp) =>
  expect(page.getByText(text).filter({ visible: true }).first()).toBeVisible();

test('a merchant runs its billing over the API, and its buyer sees each step at once', async ({ page, beside }) => {
  const { api } = await aMerchant(beside);
  const { plan, price } = await aPlan(api);
  const customer = await api.post('/customers', { name: 'Dewi Lestari', email: 'dewi@example.com' });
  await letIn(page, api, customer.id);
  await seen(page, /You have no subscriptions/);

  const method = await api.post('/payment-methods', {
    customerId: customer.id,
    adapter: 'simulated',
    providerToken: 'simtok_succeeds_whole_api',
    type: 'card',
    brand: 'visa',
    last4: '4242',
    expMonth: 9,
    expYear: 2099,
    makeDefault: true,
  });
  await page.goto('/payment-methods');
  await seen(page, 'Visa ending 4242');

  const subscription = await api.post('/subscriptions', {
    customerId: customer.id,
    planId: plan.id,
    priceId: price.id,
  });
  expect((await api.get(`/subscriptions/${subscription.id}`)).status).toBe('active');
  await page.goto('/');
  await seen(page, 'Roaster Club');
  await seen(page, 'Active');
  const [invoice] = await api.list(`/invoices?subscriptionId=${subscription.id}`);
  expect(invoice).toMatchObject({ status: 'paid', total: 149_000, amountDue: 0 });
  await seen(page, String(invoice?.number));

  await api.post('/refunds', { sourceType: 'invoice', sourceId: invoice?.id, amount: 49_000 });
  await page.goto(`/invoices/${invoice?.id}`);
  await seen(page, /Partly refunded/);
  expect(await api.refused('POST', '/refunds', { sourceType: 'invoice', sourceId: invoice?.id, amount: 100_001 })).toBe(
    '400 validation_error amount',
  );

  await api.patch(`/plans/${plan.id}`, { name: 'Barista Club' });
  await api.patch('/checkout/settings', { brandName: 'Kopi Pagi' });
  await page.goto('/');
  await seen(page, 'Barista Club');
  await expect(page).toHaveTitle('Your billing · Kopi Pagi');

  await api.post('/test/clocks/advance', { subscriptionId: subscription.id, days: 31 });
  expect(await api.list(`/invoices?subscriptionId=${subscription.id}`)).toHaveLength(2);
  await page.goto('/invoices');
  await seen(page, /2 invoices/);

  await api.post(`/subscriptions/${subscription.id}/cancel`, { at: 'period_end' });
  await page.goto('/');
  await seen(page, /^Ends /);
  await api.post(`/subscriptions/${subscription.id}/resume`);
  await page.goto('/');
  await seen(page, 'Active');
  await api.post(`/subscriptions/${subscription.id}/pause`);
  await page.goto('/');
  await seen(page, 'Paused');
  await api.post(`/subscriptions/${subscription.id}/resume`);

  const own = await api.post('/invoices', {
    customerId: customer.id,
    currency: 'IDR',
    lines: [{ description: 'One bag of beans', quantity: 2, unitAmount: 60_000 }],
  });
  await page.goto('/invoices');
  await expect(page.getByText('One bag of beans')).toHaveCount(0);
  await api.post(`/invoices/${own.id}/finalize`);
  await page.goto('/invoices');
  await seen(page, 'One bag of beans');
  await api.post(`/invoices/${own.id}/pay`);
  const receipt = await api.get(`/invoices/${own.id}/receipt`);
  await page.goto(`/receipts/${receipt.id}`);
  await seen(page, String(receipt.number));

  await api.patch('/portal/configuration', { receipts: { view: false } });
  await page.goto('/');
  await expect(page.locator('nav a[href="/receipts"]')).toHaveCount(0);

  expect(await api.refused('DELETE', `/payment-methods/${method.id}`)).toBe('409 conflict');
  expect(await api.refused('DELETE', `/customers/${customer.id}`)).toBe('409 conflict');
  await api.post(`/subscriptions/${subscription.id}/cancel`, { at: 'now', reason: 'merchant' });
  await api.remove(`/payment-methods/${method.id}`);
  const revoked = await api.post('/portal-sessions/revoke', { customerId: customer.id });
  expect(revoked).toMatchObject({ browserSessionsEnded: 1 });
  await page.goto('/invoices');
  await expect(page).toHaveURL(/\/signed-out$/);

  const types = (await api.list('/events', 20)).map((event) => event.type);
  for (const type of [
    'customer.created',
    'plan.created',
    'subscription.renewed',
    'subscription.paused',
    'invoice.paid',
    'refund.issued',
  ]) {
    expect(types).toContain(`plugipay.${type}.v1`);
  }
});

test('every list can be walked to its end, and a row stands in it once', async ({ beside }) => {
  const { api } = await aMerchant(beside);
  const { plan, price } = await aPlan(api);
  for (let i = 0; i < 5; i += 1) {
    const customer = await api.post('/customers', { name: `Buyer ${i}` });
    const body = { customerId: customer.id, planId: plan.id, priceId: price.id, collectionMethod: 'send_invoice' };
    const subscription = await api.post('/subscriptions', body);
    const [invoice] = await api.list(`/invoices?subscriptionId=${subscription.id}`);
    await api.post(`/invoices/${invoice?.id}/pay`);
  }
  for (const [list, least] of [
    ['customers', 5],
    ['subscriptions', 5],
    ['invoices', 5],
    ['receipts', 5],
    ['plans', 1],
    ['events', 15],
  ] as const) {
    const [down, up] = [await api.list(`/${list}`, 2), await api.list(`/${list}?order=asc`, 3)];
    expect(new Set(down.map((row) => row.id)).size, list).toBe(down.length);
    expect(down.length, list).toBeGreaterThanOrEqual(least);
    expect(up.map((row) => row.id).reverse(), list).toEqual(down.map((row) => row.id));
  }
});

test('a Bearer key does what a signed one does; a platform key acts for its merchant and nobody else may', async ({
  beside,
}) => {
  const merchant = await aMerchant(beside);
  const platform = await aMerchant(beside, ['*', 'plugipay:platform:admin']);
  const bearer = apiClient({ origin: beside.config.origin, bearer: merchant.bearer });
  const customer = await bearer.post('/customers', { name: 'Dewi' });
  expect((await merchant.api.get(`/customers/${customer.id}`)).name).toBe('Dewi');
  expect(await platform.api.refused('GET', `/customers/${customer.id}`)).toBe('404 not_found');
  const actFor = async (key: MerchantKey) => {
    const target = `/v1/customers/${customer.id}`;
    const timestamp = String(Math.floor(beside.now() / 1_000));
    const headers = signedHeaders(key, { method: 'GET', target, timestamp, body: '' });
    const answer = await fetch(new URL(target, key.origin), {
      headers: { ...headers, 'X-Plugipay-On-Behalf-Of': merchant.accountId },
    });
    return answer.status;
  };
  expect(await actFor(platform.key)).toBe(200);
  expect(await actFor((await aMerchant(beside)).key)).toBe(403);
});
