import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { test } from '@/e2e/fixtures.ts';
import { openHttpBrowser, tokenOf } from '@/e2e/http-browser.ts';
import { openBeside } from '@/e2e/portal-data.ts';
import { openShop } from '@/e2e/shop.ts';

test('E25 no token, cookie or secret stands in the log, and no live link in the database', async ({
  startPortal,
  browser,
}) => {
  const portal = await startPortal();
  const beside = await openBeside(portal.environment);
  const shop = await openShop(beside);
  const secrets = [shop.key.secret];
  try {
    const buyer = await shop.addBuyer();
    for (let time = 0; time < 3; time += 1) {
      const link = await shop.mint(buyer);
      // The signed form behind the prefix: it may stand nowhere either, with ps_ or without.
      expect(tokenOf(link.url)).toMatch(/^ps_/);
      secrets.push(tokenOf(link.url).slice('ps_'.length));
      const context = await browser.newContext({ baseURL: portal.origin });
      const page = await context.newPage();
      await page.goto(link.url);
      await page.getByRole('button', { name: 'Continue to billing' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your billing');
      for (const cookie of await context.cookies()) secrets.push(cookie.value);
      await page.goto('/invoices');
      await context.close();
      const stranger = openHttpBrowser(portal.origin);
      await stranger.get(new URL(link.url).pathname);
      await stranger.get(`${new URL(link.url).pathname}x`);
      await stranger.post('/enter', { token: tokenOf(link.url) });
      await stranger.post('/enter', { token: tokenOf(link.url) }, { Origin: 'https://evil.example' });
    }
    const file = portal.environment.PORTAL_DATABASE_FILE ?? '';
    const places = {
      log: portal.log(),
      database: readFileSync(file, 'latin1'),
      journal: readFileSync(`${file}-wal`, 'latin1'),
    };
    expect(places.log).toContain(buyer.customerId);
    for (const [name, text] of Object.entries(places)) {
      for (const secret of secrets) expect(text.includes(secret), `${name}: ${secret.slice(0, 6)}…`).toBe(false);
    }
  } finally {
    await shop.close();
    await beside.close();
  }
});
