import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from '@playwright/test';
import { buyerLines, newOwn } from '@/e2e/buyer-lines.ts';
import { test } from '@/e2e/fixtures.ts';
import { startShopSite } from '@/e2e/shop-site.ts';

test('an operator sets a merchant up; its buyer goes from its page to the overview and back', async ({
  page,
  portal,
  enter,
  beside,
}) => {
  const own = newOwn();
  const workspace = ['--workspace', `acc_${own}`, '--mode', 'test'];
  const { lines, buyer } = buyerLines(own, beside.now(), { email: 'dewi@example.com' });
  const folder = mkdtempSync(path.join(tmpdir(), 'billing-portal-import-'));
  const file = path.join(folder, 'billing.jsonl');
  writeFileSync(file, `${lines.join('\n')}\n`);
  await portal.operate('workspace', 'create', '--id', `acc_${own}`, '--name', 'Kopi Senja');
  const key = await portal.operate(
    'key',
    'create',
    ...workspace,
    '--kind',
    'hmac',
    '--scopes',
    'plugipay:portal:create',
  );
  expect(await portal.operate('import', ...workspace, file)).toMatch(/^7 objects in 6 lines: 7 new, 0 changed/);
  rmSync(folder, { recursive: true });
  const site = await startShopSite({
    origin: /PLUGIPAY_BASE_URL=(.+)/.exec(key)?.[1] ?? '',
    keyId: /PLUGIPAY_KEY_ID=(.+)/.exec(key)?.[1] ?? '',
    secret: /PLUGIPAY_SECRET=(.+)/.exec(key)?.[1] ?? '',
  });
  try {
    await enter(page, { site }, buyer);
    await expect(page).toHaveTitle('Your billing · Kopi Senja');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your billing');
    await expect(page.getByText('Test mode. No real money moves.')).toBeVisible();
    await expect(page.getByText('Roaster Club').filter({ visible: true }).first()).toBeVisible();
    await expect(page.getByText('Rp 149,000').filter({ visible: true }).first()).toBeVisible();
    const back = page.getByRole('link', { name: `Back to Kopi Senja (${new URL(site.origin).host})` });
    await expect(back).toHaveAttribute('rel', 'noreferrer');
    await back.click();
    await expect(page).toHaveURL(site.accountOf(buyer.customerId));
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your account');
    expect(site.visits.at(-1), 'no Referer tells where the buyer was').toMatchObject({ referer: null });
  } finally {
    await site.stop();
  }
});

test('a buyer changes the language on the entry page: nothing is opened by it, and the page stays small', async ({
  page,
  shop,
  beside,
}) => {
  const link = await shop.mint(await shop.addBuyer());
  const answer = await page.goto(link.url);
  expect((await answer?.body())?.byteLength).toBeLessThan(4_096);
  await page.getByRole('button', { name: 'Bahasa Indonesia' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'id');
  await expect(page.getByText('Tautan ini terbuka satu kali, di peramban ini.')).toBeVisible();
  const row = await beside.read
    .selectFrom('portalSessions')
    .select('burnedAt')
    .where('id', '=', link.id)
    .executeTakeFirstOrThrow();
  expect(row.burnedAt, 'coming back from the switch is no arrival from a site').toBeNull();
  await page.locator('form[action="/enter"] button').click();
  await expect(page).toHaveURL('/');
  await expect(page.locator('html')).toHaveAttribute('lang', 'id');
});
