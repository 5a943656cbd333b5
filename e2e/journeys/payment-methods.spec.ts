import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { test } from '@/e2e/fixtures.ts';
import { dateOf, rupiah } from '@/e2e/reading.ts';

/** From the list to the provider's own page; `uses` are the plans left ticked, all of them when left out. */
async function goToProvider(page: Page, uses?: readonly string[]): Promise<void> {
  await page.goto('/payment-methods');
  await page.getByRole('link', { name: 'Add a payment method', exact: true }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Add a payment method');
  if (uses !== undefined) {
    for (const tick of await page.getByRole('group', { name: 'Use it for' }).getByRole('checkbox').all()) {
      await tick.uncheck();
    }
    for (const plan of uses) await page.getByRole('checkbox', { name: plan }).check();
  }
  await page.getByRole('button', { name: 'Continue to Simulated Pay' }).click();
  await expect(page.getByText('This page plays a payment provider.')).toBeVisible();
  await expect(page).toHaveURL(/\/test\/provider\//);
}

async function saveCard(page: Page, number: string): Promise<void> {
  await page.getByLabel('Test card number').fill(number);
  await page.getByRole('button', { name: 'Save this card' }).click();
}

test('a buyer adds methods at the provider and reads in words what became of each', async ({ page, shop, enter }) => {
  const buyer = await shop.addBuyer({ subscriptions: [{}, { plan: 'Office Barista', amount: 99_000 }] });
  await enter(page, shop, buyer);

  await goToProvider(page);
  await saveCard(page, '5555 5555 5555 4444');
  const result = page.locator('#result');
  await expect(page).toHaveURL(/\/payment-methods\?.*#result$/);
  await expect(result).toHaveText('Mastercard ending 4444 was added. It now pays Office Barista and Roaster Club.');
  await expect(result).toBeFocused();
  const row = page.getByRole('listitem').filter({ hasText: 'Mastercard ending 4444' });
  await expect(row).toContainText(
    `Pays Roaster Club: ${rupiah(149_000)} on ${dateOf(buyer.subscriptions[0]?.periodEnd ?? 0)}`,
  );

  await goToProvider(page, []);
  await saveCard(page, '4000000000009995');
  await expect(result).toContainText("Visa ending 9995 wasn't added. There wasn't enough money on Visa ending 9995.");
  await expect(result.getByRole('link', { name: 'Try again' })).toBeVisible();

  await goToProvider(page, []);
  await saveCard(page, '4000002500003155');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your bank asks');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(result).toHaveText('Visa ending 3155 was added. It pays nothing at the moment.');

  await goToProvider(page, []);
  await page.getByRole('button', { name: 'Go back without finishing' }).click();
  await expect(result).toContainText('You left before finishing. Nothing changed.');
});

test('a method that is pending is shown as such, and joins the list when the provider says so', async ({
  page,
  shop,
  enter,
}) => {
  await enter(page, shop, await shop.addBuyer());
  await goToProvider(page);
  await saveCard(page, '4000000000007718');
  await expect(
    page.getByText("Simulated Pay is still setting this up. We'll show it here when it's ready."),
  ).toBeVisible();
  await expect(async () => {
    await page.goto('/payment-methods');
    const row = page.getByRole('listitem').filter({ hasText: 'Visa ending 7718' });
    const again = row.getByRole('link', { name: 'Check again' });
    if ((await again.count()) > 0) await again.click();
    await page.goto('/payment-methods');
    await expect(row).toContainText('Pays Roaster Club', { timeout: 500 });
  }).toPass({ timeout: 30_000 });
});

test('the page that waits says one thing at a time, and nothing of looking by itself without script', async ({
  page,
  shop,
  enter,
  javaScriptEnabled,
}) => {
  const buyer = await shop.addBuyer();
  await enter(page, shop, buyer);
  await goToProvider(page);
  await saveCard(page, '4000000000007718');
  const heading = page.getByRole('heading', { level: 1 });
  await expect(heading).toHaveText('Being set up');
  await expect(page).toHaveTitle('Being set up · Kopi Senja');
  await expect(page.getByText("We're checking by ourselves.")).toHaveCount(javaScriptEnabled ? 1 : 0);
  if (!javaScriptEnabled) return;
  await expect(heading).toHaveText('There is news about this.', { timeout: 30_000 });
  await expect(page).toHaveTitle('There is news about this. · Kopi Senja');
  await expect(page.getByText('is still setting this up')).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Check again' })).toHaveCount(0);
  await expect(page.getByText("We're checking by ourselves.")).toHaveCount(0);
  await page.getByRole('link', { name: 'See the result' }).click();
  await expect(page.locator('#result')).toContainText('Visa ending 7718 was added.');
});

test('where one method is all there is, choosing what it pays leads to adding another', async ({
  page,
  shop,
  enter,
}) => {
  const buyer = await shop.addBuyer();
  await enter(page, shop, buyer);
  await page.goto(`/payment-methods/${buyer.methods[0]}/use`);
  await expect(page.getByText('Nothing else can pay Roaster Club. Add another method first.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Add a payment method', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Add a payment method');
});

test('a number that is no test number stays at the provider and is not repeated', async ({ page, shop, enter }) => {
  await enter(page, shop, await shop.addBuyer());
  await goToProvider(page, []);
  await saveCard(page, '4111 1111 1111 1111');
  await expect(page.getByText('Enter one of the test numbers below.')).toBeVisible();
  await expect(page.locator('body')).not.toContainText('1111 1111');
  await expect(page.getByLabel('Test card number')).toHaveValue('');
});

test('a buyer makes another method the default and moves one subscription with it', async ({ page, shop, enter }) => {
  const buyer = await shop.addBuyer({
    methods: [{}, { brand: 'mastercard', last4: '4444' }],
    subscriptions: [{}, { plan: 'Office Barista', amount: 99_000 }],
  });
  await enter(page, shop, buyer);
  await page.goto('/payment-methods');
  await page.getByRole('link', { name: /^Make default: .*Mastercard ending 4444$/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Make .*Mastercard ending 4444 your default\?/);
  await page.getByRole('checkbox', { name: 'Roaster Club' }).uncheck();
  await page.getByRole('button', { name: 'Make default' }).click();
  await expect(page.locator('#result')).toHaveText(
    'Mastercard ending 4444 is now your default. It pays Office Barista.',
  );
  await expect(page.getByRole('listitem').filter({ hasText: 'Mastercard ending 4444' })).toContainText('Default');
  await expect(page.getByRole('listitem').filter({ hasText: 'Visa ending 4242' })).toContainText('Pays Roaster Club');
});

test('a buyer removes a method: an unused one, one that pays, and the only one', async ({ page, shop, enter }) => {
  const buyer = await shop.addBuyer({
    methods: [{}, { brand: 'mastercard', last4: '4444' }, { brand: 'jcb', last4: '0505' }],
  });
  await enter(page, shop, buyer);
  await page.goto('/payment-methods');
  await page.getByRole('link', { name: /^Remove .*JCB ending 0505$/ }).click();
  await expect(page.getByText('No subscription uses it.')).toBeVisible();
  await page.getByRole('button', { name: /^Remove .*JCB ending 0505$/ }).click();
  await expect(page.getByText('JCB ending 0505 was removed.')).toBeVisible();

  await page.getByRole('link', { name: /^Remove .*Visa ending 4242$/ }).click();
  await expect(page.getByText(/Visa ending 4242 pays Roaster Club\. Choose what pays instead\./)).toBeVisible();
  await page.getByRole('radio', { name: /Mastercard ending 4444/ }).check();
  await page.getByRole('button', { name: /^Move and remove/ }).click();
  await expect(page.getByText('Visa ending 4242 was removed.')).toBeVisible();
  const last = page.getByRole('listitem').filter({ hasText: 'Mastercard ending 4444' });
  await expect(last).toContainText('Pays Roaster Club');

  await page.getByRole('link', { name: /^Remove .*Mastercard ending 4444$/ }).click();
  await expect(page.getByText(/is the only way to pay for Roaster Club\. You have these ways:/)).toBeVisible();
  await expect(page.getByRole('link', { name: 'Add another method, then remove this one' })).toBeVisible();
  await expect(
    page.getByRole('link', { name: 'Cancel Roaster Club, and remove it when Roaster Club ends' }),
  ).toBeVisible();
  await expect(page.getByRole('button', { name: /^Remove/ })).toHaveCount(0);
  await page.getByRole('link', { name: 'Cancel Roaster Club, and remove it when Roaster Club ends' }).click();
  await page.getByRole('button', { name: 'Cancel subscription' }).click();
  await page.goto(`/payment-methods/${buyer.methods[1]}/remove`);
  await page.getByRole('button', { name: /^Remove it by itself/ }).click();
  await expect(page.locator('#result')).toContainText('will be removed');
  await expect(page.getByRole('button', { name: /^Keep it after all: .*Mastercard ending 4444$/ })).toBeVisible();
});
