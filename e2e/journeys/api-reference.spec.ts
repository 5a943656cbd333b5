import { expect } from '@playwright/test';
import { test } from '@/e2e/fixtures.ts';

test('the reference of the merchant API is drawn from its own description, and fetches nothing elsewhere', async ({
  page,
  portal,
  javaScriptEnabled,
}) => {
  const elsewhere: string[] = [];
  const blocked: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(portal.origin) && !request.url().startsWith('data:')) elsewhere.push(request.url());
  });
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) blocked.push(message.text());
  });
  await page.goto('/docs');
  if (javaScriptEnabled) {
    await expect(page.getByText('Mint a portal session')).toBeVisible();
    await expect(page.getByText('Create a customer')).toBeVisible();
  } else {
    await expect(page.getByRole('link', { name: 'openapi.json' })).toBeVisible();
  }
  expect(elsewhere).toEqual([]);
  expect(blocked).toEqual([]);
});
