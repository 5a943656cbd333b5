import { expect } from '@playwright/test';
import { test } from '@/e2e/fixtures.ts';

test('a buyer goes from the merchant’s page to the overview and back to the site', async ({ page, shop, enter }) => {
  const buyer = await shop.addBuyer({ email: 'dewi@example.com' });
  await enter(page, shop, buyer);
  await expect(page).toHaveTitle('Your billing · Kopi Senja');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your billing');
  await expect(page.getByText('Test mode. No real money moves.')).toBeVisible();
  const back = page.getByRole('link', { name: `Back to Kopi Senja (${new URL(shop.site.origin).host})` });
  await expect(back).toBeVisible();
  await back.click();
  await expect(page).toHaveURL(shop.site.accountOf(buyer.customerId));
  await expect(page.getByRole('heading', { name: 'Your account' })).toBeVisible();
  expect(shop.site.visits.at(-1)?.referer, 'the portal sends no Referer').toBeNull();
});
