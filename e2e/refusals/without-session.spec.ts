import { expect } from '@playwright/test';
import { test } from '@/e2e/fixtures.ts';

test('a browser without a session sees no account, on any page', async ({ page }) => {
  for (const path of ['/', '/payment-methods', '/invoices', '/receipts', '/sessions']) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(401);
    expect(answer?.headers()['cache-control'], path).toContain('no-store');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Open billing from your account');
  }
});

test('an unknown link opens nothing and names no merchant', async ({ page, context }) => {
  const answer = await page.goto(`/p/ps_${'A'.repeat(43)}`);
  expect(answer?.status()).toBe(404);
  expect(await context.cookies()).toEqual([]);
});
