import { shoot } from './shoot.ts';
import { test } from './stage.ts';

test.use({ bypassCSP: true });

for (const slug of [
  'active',
  'trial',
  'past-due',
  'three',
  'cancelling',
  'nothing',
  'contract',
  'long',
  'rtl',
  'usd',
]) {
  test(`the overview of the buyer ${slug}`, async ({ page, stage }) => {
    await stage.enterAs(page, slug);
    await shoot(page, `overview-${slug}`);
  });
}
