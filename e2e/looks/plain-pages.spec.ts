import { shoot } from './shoot.ts';
import { test } from './stage.ts';

test.use({ bypassCSP: true });

test('the entry page, cold', async ({ page, stage }) => {
  await page.goto(await stage.linkOf('active'));
  await shoot(page, 'entry');
});

test('a link that was used', async ({ page, browser, stage }) => {
  const link = await stage.linkOf('active');
  const first = await browser.newPage();
  await first.goto(link);
  await first.locator('form[action="/enter"] button').click();
  await first.close();
  await page.goto(link);
  await shoot(page, 'link-used');
});

test('signed out', async ({ page, stage }) => {
  await stage.enterAs(page, 'active');
  await page
    .locator('form[action="/sign-out"] button')
    .first()
    .evaluate((button: HTMLButtonElement) => button.click());
  await page.waitForURL('**/signed-out');
  await shoot(page, 'signed-out');
});
