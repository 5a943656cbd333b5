import { expect } from '@playwright/test';
import { test } from '@/e2e/fixtures.ts';
import { expectPdf, rupiah } from '@/e2e/reading.ts';

test('a buyer whose payment failed pays it and sees the receipt', async ({ page, shop, enter }) => {
  const buyer = await shop.addBuyer({ subscriptions: [{ isPastDue: true }] });
  const invoice = buyer.subscriptions[0]?.invoices.at(-1);
  await enter(page, shop, buyer);
  await expect(page.getByRole('heading', { name: 'Needs your attention (1)' })).toBeVisible();
  await expect(
    page.getByText(`Payment of ${rupiah(149_000)} for Roaster Club didn't go through.`).first(),
  ).toBeVisible();
  await expect(page.getByText("There wasn't enough money on Visa ending 4242.").first()).toBeVisible();
  await page.goto('/receipts');
  await expect(page.getByText(`Payment of ${rupiah(149_000)} for Roaster Club didn't go through.`)).toBeVisible();
  await page.getByRole('link', { name: 'Fix this' }).click();

  await page.goto('/');
  await page
    .getByRole('link', { name: /^Pay Rp.149,000/ })
    .first()
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Pay invoice ${invoice?.number}`);
  await page.getByRole('radio', { name: /Visa ending 4242/ }).check();
  await page.getByRole('button', { name: 'Pay Rp 149,000' }).click();
  await expect(page).toHaveURL((url) => url.pathname === `/invoices/${invoice?.id}` && url.hash === '#result');
  await expect(page.locator('#result')).toContainText(`Paid. ${rupiah(149_000)} was charged to Visa ending 4242.`);
  await expectPdf(page, page.locator('#result').getByRole('link', { name: /Receipt PDF/ }), [
    '149,000',
    'Roaster Club',
  ]);

  await page.goto('/');
  await expect(page.getByText("didn't go through")).toHaveCount(0);
  await expect(page.getByText('Active').first()).toBeVisible();
  await page.goto(`/invoices/${invoice?.id}/pay`);
  await expect(page.getByText(/^Paid on /).first()).toBeVisible();
  await expect(page.getByRole('button', { name: /^Pay/ })).toHaveCount(0);
});

test('a refusal says why and keeps the way open; another method pays at the provider', async ({
  page,
  shop,
  enter,
}) => {
  const buyer = await shop.addBuyer({
    methods: [{ play: 'over_limit' }],
    subscriptions: [{ isPastDue: true }],
  });
  const invoice = buyer.subscriptions[0]?.invoices.at(-1);
  await enter(page, shop, buyer);
  await page.goto(`/invoices/${invoice?.id}/pay`);
  await page.getByRole('radio', { name: /Visa ending 4242/ }).check();
  await page.getByRole('button', { name: 'Pay Rp 149,000' }).click();
  await expect(
    page.getByText(`${rupiah(149_000)} wasn't paid. It is over a limit your bank set.`).first(),
  ).toBeVisible();
  await page.getByRole('radio', { name: 'Another method' }).check();
  await page
    .getByRole('button', { name: /Pay|Continue/ })
    .first()
    .click();
  await expect(page.getByText('This page plays a payment provider.')).toBeVisible();
  await page.getByLabel('Test card number').fill('4242424242424242');
  await page.getByRole('button', { name: 'Pay with this card' }).click();
  await expect(page.locator('#result')).toContainText(`Paid. ${rupiah(149_000)} was charged to Visa ending 4242.`);
});

test('a card that is added can pay what is owed in the same breath', async ({ page, shop, enter }) => {
  const buyer = await shop.addBuyer({ subscriptions: [{ isPastDue: true }] });
  await enter(page, shop, buyer);
  await page.goto('/payment-methods/add');
  await expect(page.getByText(/^You owe Rp.149,000 for .+ \(invoice INV-\d+-\d+\)\.$/)).toBeVisible();
  await page.getByRole('button', { name: 'Save and pay Rp 149,000' }).click();
  await page.getByLabel('Test card number').fill('5555555555554444');
  await page.getByRole('button', { name: 'Save this card' }).click();
  await expect(page.locator('#result')).toContainText(
    `Mastercard ending 4444 was added and ${rupiah(149_000)} was paid.`,
  );
  await page
    .locator('#result')
    .getByRole('link', { name: /^Receipt / })
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Receipt /);
});

test('whoever owes and cancels sees every fact and both buttons on the first screen', async ({
  page,
  openShop,
  enter,
}) => {
  const shop = await openShop({ configuration: { cancel: { timing: ['period_end', 'now'] } } });
  const buyer = await shop.addBuyer({ subscriptions: [{ isPastDue: true }] });
  await enter(page, shop, buyer);
  await page.setViewportSize({ width: 360, height: 640 });
  await page.goto(`/subscriptions/${buyer.subscriptions[0]?.id}/cancel`);
  const panel = await page.locator('main dl').first().boundingBox();
  const button = await page.getByRole('button', { name: 'Cancel subscription' }).boundingBox();
  expect((panel?.y ?? 0) + (panel?.height ?? 640)).toBeLessThanOrEqual(button?.y ?? 0);
  expect((button?.y ?? 640) + (button?.height ?? 0)).toBeLessThanOrEqual(640);
  await expect(page.getByRole('link', { name: 'Keep subscription' })).toBeInViewport({ ratio: 1 });
});
