import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { test } from '@/e2e/fixtures.ts';

// The sample shop is one for all; each project takes a portal of its own, so that no clock is moved twice.
test.describe('the test tools', () => {
  test('a developer sees the portal as a sample buyer, on the day and in the language they chose', async ({
    page,
    startPortal,
    javaScriptEnabled,
  }) => {
    const { origin } = await startPortal();
    await page.goto(`${origin}/test`);
    await page.getByRole('button', { name: 'Load the sample data' }).click();
    await expect(page.locator('#result')).toHaveText('The sample data is loaded.');
    const shop = await openShop(page, { buyer: /^Cancelling/, date: 'Leave it', language: 'Bahasa Indonesia' });
    await expect(shop.getByRole('heading', { level: 1 })).toHaveText('Hello, Agus Wijaya');
    await manageBilling(shop, javaScriptEnabled, 'Lanjutkan');
    await expect(shop.getByRole('heading', { level: 1 })).toHaveText('Tagihan Anda');
    await expect(shop.locator('html')).toHaveAttribute('lang', 'id');
    // By keyboard: the skip link, the way back, and only after the menu the way to the test tools.
    const stops = shop.locator('a[href], button, summary');
    await expect(stops.nth(0)).toHaveAttribute('href', '#main');
    await expect(stops.nth(1)).toHaveAccessibleName(/^Kembali ke Kopi Senja/);
    await expect(shop.getByRole('main').getByRole('link', { name: 'Ubah tampilan' })).toBeVisible();
    await shop.goto(`${origin}/subscriptions/sub_sample_cancelling_main`);
    await shop.getByRole('link', { name: 'Majukan jam' }).click();
    await expect(shop.getByRole('heading', { level: 1 })).toHaveText('Pratinjau portal');
    await expect(shop.getByRole('radio', { name: /^Sedang dibatalkan/ })).toBeChecked();
    await shop.getByRole('button', { name: 'English' }).click();
    await expect(shop.getByRole('heading', { level: 1 })).toHaveText('Preview the portal');
    await expect(shop.getByRole('radio', { name: /^Cancelling/ })).toBeChecked();
    await shop.close();

    // After the period's end the planned cancellation has happened.
    const later = await openShop(page, { buyer: /^Cancelling/, date: 'After the period’s end', language: 'English' });
    await manageBilling(later, javaScriptEnabled, 'Continue to billing');
    await expect(later.getByText('Ended subscriptions (2)')).toBeVisible();
    await later.close();

    await page.goto(`${origin}/test`);
    const choice = page.getByRole('radio', { name: /^Cancelling/ });
    await expect(choice.locator('xpath=..')).toContainText('Their clock:');
    await choice.check();
    await page.getByRole('button', { name: 'Reset the sample' }).click();
    await expect(page.locator('#result')).toContainText('“Cancelling” is as it was');
    await expect(choice.locator('xpath=..')).not.toContainText('Their clock:');
  });
});

async function openShop(page: Page, wish: { buyer: RegExp; date: string; language: string }): Promise<Page> {
  await page.getByRole('radio', { name: wish.buyer }).check();
  await page.getByLabel('Date').selectOption(wish.date);
  await page.getByLabel('Language').selectOption(wish.language);
  const opened = page.context().waitForEvent('page');
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  const shop = await opened;
  await expect(shop).toHaveURL(/\/test\/shop\?buyer=/);
  return shop;
}

async function manageBilling(shop: Page, javaScriptEnabled: boolean, button: string): Promise<void> {
  await shop.getByRole('button', { name: 'Manage billing' }).click();
  if (!javaScriptEnabled) await shop.getByRole('button', { name: new RegExp(`^${button}`) }).click();
  await expect(shop).toHaveURL((url) => url.pathname === '/');
}
