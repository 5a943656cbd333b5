import { expect } from '@playwright/test';
import { shoot } from './shoot.ts';
import { test } from './stage.ts';

test.use({ bypassCSP: true });

for (const slug of ['active', 'past-due', 'three', 'nothing', 'long', 'rtl']) {
  test(`the overview of the buyer ${slug}`, async ({ page, stage }) => {
    await stage.enterAs(page, slug);
    await shoot(page, `overview-${slug}`, slug === 'past-due' ? ['phone', 'desktop'] : ['phone']);
  });
}

const pages: readonly (readonly [name: string, buyer: string, path: string])[] = [
  ['payment-methods', 'three', '/payment-methods'],
  ['add-method', 'past-due', '/payment-methods/add'],
  ['make-default', 'three', '/payment-methods/pt_sample_three_gopay/default'],
  ['remove-only-method', 'active', '/payment-methods/pt_sample_active_visa/remove'],
  ['invoices', 'active', '/invoices'],
  ['invoice-overdue', 'past-due', '/invoices/inv_sample_past-due_6'],
  ['pay', 'past-due', '/invoices/inv_sample_past-due_6/pay'],
  ['receipts', 'active', '/receipts'],
  ['subscription', 'active', '/subscriptions/sub_sample_active_main'],
  ['subscription-ending', 'cancelling', '/subscriptions/sub_sample_cancelling_main'],
  ['subscription-contract', 'contract', '/subscriptions/sub_sample_contract_main'],
  ['cancel', 'active', '/subscriptions/sub_sample_active_main/cancel'],
  ['cancel-past-due', 'past-due', '/subscriptions/sub_sample_past-due_main/cancel'],
  ['sessions', 'usd', '/sessions'],
  ['not-found', 'active', '/nothing-here'],
];

for (const [name, buyer, path] of pages) {
  test(`the page ${name}`, async ({ page, stage }) => {
    await stage.enterAs(page, buyer);
    await page.goto(path);
    await shoot(page, name);
  });
}

test('a receipt', async ({ page, stage }) => {
  await stage.enterAs(page, 'active');
  await page.goto('/receipts');
  await page.getByRole('link', { name: /^RCP-/ }).first().click();
  await shoot(page, 'receipt');
});

test('an invoice with its refund', async ({ page, stage }) => {
  await stage.enterAs(page, 'active');
  await page.goto('/invoices?status=refunded');
  await page.getByRole('link', { name: /^INV-/ }).first().click();
  await shoot(page, 'invoice-refunded');
});

test('cancelled, with the certificate', async ({ page, stage }) => {
  await stage.enterAs(page, 'wallet');
  await page.goto('/subscriptions/sub_sample_wallet_main/cancel');
  await page.locator('main form button').first().click();
  await expect(page.locator('#result')).toBeVisible();
  // The order of the reasons is another one in each session.
  await page.locator('fieldset:has(input[name="reason"])').evaluate((list) => {
    const reasonOf = (choice: Element) => choice.querySelector('input')?.value ?? '';
    const choices = [...list.children].filter((one) => reasonOf(one) !== '');
    list.append(...choices.sort((one, other) => reasonOf(one).localeCompare(reasonOf(other))));
  });
  await shoot(page, 'cancel-done');
});

test('test tools', async ({ page }) => {
  await page.goto('/test');
  await shoot(page, 'test-tools');
});

test.describe('in Indonesian', () => {
  test.use({ locale: 'id-ID' });

  for (const [name, path] of [
    ['overview-id', '/'],
    ['cancel-id', '/subscriptions/sub_sample_past-due_main/cancel'],
    ['invoices-id', '/invoices'],
  ] as const) {
    test(`the page ${name}`, async ({ page, stage }) => {
      await stage.enterAs(page, 'past-due');
      await page.goto(path);
      await shoot(page, name, ['phone']);
    });
  }
});
