import { expect } from '@playwright/test';
import { test } from '@/e2e/fixtures.ts';
import { mintPortalSession } from '@/e2e/merchant.ts';

test('a flow lands on its page, hides what is beside it, and ends with the merchant’s line and the way back', async ({
  page,
  shop,
  javaScriptEnabled,
}) => {
  const buyer = await shop.addBuyer();
  const [subscription] = buyer.subscriptions;
  const account = shop.site.accountOf(buyer.customerId);
  const flow = { type: 'subscription_cancel', subscriptionId: subscription?.id ?? '', message: 'We will miss you!' };
  const { url } = await mintPortalSession(shop.key, buyer.customerId, account, flow);
  await page.goto(url);
  await page.getByRole('button', { name: 'Continue to billing' }).click();
  await expect(page).toHaveURL((at) => at.pathname === `/subscriptions/${subscription?.id}/cancel`);
  const menu = page.locator('nav a[href="/receipts"]');
  await expect(menu).toHaveCount(0);
  await expect(page.getByRole('link', { name: /^Back to Kopi Senja/ }).first()).toBeVisible();
  await page
    .getByRole('button', { name: /^Cancel/ })
    .first()
    .click();
  await expect(page).toHaveURL(/done=/);
  await expect(page.getByText('We will miss you!')).toBeVisible();
  await page.getByRole('link', { name: 'See all of your billing' }).click();
  await expect(page).toHaveURL((at) => at.pathname === '/');
  if (javaScriptEnabled) await expect(page.locator('#title')).toBeVisible();
  await expect(menu).not.toHaveCount(0);
});
