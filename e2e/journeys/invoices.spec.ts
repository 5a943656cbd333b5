import { expect } from '@playwright/test';
import { test } from '@/e2e/fixtures.ts';
import { expectPdf, rupiah } from '@/e2e/reading.ts';

test('a buyer finds an invoice by filter, search and page, and downloads it with its receipt', async ({
  page,
  isMobile,
  shop,
  enter,
}) => {
  const buyer = await shop.addBuyer({
    legalName: 'PT Dewi Makmur',
    address: 'Jl. Braga 12\nBandung 40111',
    subscriptions: [
      { paidMonths: 23 },
      { plan: 'Office Barista', amount: 99_000, paidMonths: 2 },
      { plan: 'Tasting Pass', amount: 77_000, paidMonths: 0, isPastDue: true },
    ],
  });
  const [roaster, office, tasting] = buyer.subscriptions;
  await enter(page, shop, buyer);
  await page.goto('/invoices');
  await expect(page).toHaveTitle('Invoices · Kopi Senja');
  const sum = 23 * 149_000 + 2 * 99_000 + 77_000;
  const count = page.locator('#count');
  await expect(count).toHaveText(`26 invoices, ${rupiah(sum)} in all`);
  await expect(page.getByRole('link', { name: /Overdue Rp 77,000/ })).toBeVisible();
  await expect(page.getByText('Page 1 of 2')).toBeVisible();
  await page.getByRole('link', { name: 'Earlier' }).click();
  await expect(page.getByText('Page 2 of 2')).toBeVisible();
  await expect(page.getByRole('link', { name: roaster?.invoices[0]?.number ?? '', exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'Later' }).click();
  await expect(page.getByText('Page 1 of 2')).toBeVisible();

  const openFilter = async (): Promise<void> => {
    const filter = page.locator('main details > summary').filter({ hasText: 'Filter' });
    if (isMobile && !(await page.getByLabel('Status').isVisible())) await filter.click();
  };
  await openFilter();
  await page.getByLabel('Subscription').selectOption('Office Barista');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(count).toHaveText(`2 invoices, ${rupiah(198_000)} in all`);
  await expect(page).toHaveURL((url) => url.searchParams.get('subscription') === office?.id);
  await page.goto('/invoices');
  await openFilter();
  await page.getByLabel('Status').selectOption('Overdue');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(count).toHaveText(`1 invoice, ${rupiah(77_000)} in all`);
  await expect(page.getByRole('link', { name: `Pay invoice ${tasting?.invoices[0]?.number}` })).toBeVisible();
  for (const typed of ['99,000', '99.000', '99000']) {
    await page.goto('/invoices');
    await openFilter();
    await page.getByLabel('Number or amount').fill(typed);
    await page.getByRole('button', { name: 'Show' }).click();
    await expect(count, typed).toHaveText(`2 invoices, ${rupiah(198_000)} in all`);
  }
  await openFilter();
  await page.getByLabel('Number or amount').fill('nothing like it');
  await page.getByRole('button', { name: 'Show' }).click();
  await expect(page.getByText('No invoice matches.')).toBeVisible();
  await page.getByRole('link', { name: 'Clear the filters' }).click();

  const wanted = office?.invoices[1];
  await openFilter();
  await page.getByLabel('Number or amount').fill(wanted?.number ?? '');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.getByRole('link', { name: wanted?.number ?? '', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Invoice ${wanted?.number}`);
  await expect(page.getByRole('heading', { name: 'What happened' })).toBeVisible();
  await expect(page.getByText(/^Paid on .+ with Visa ending 4242$/)).toBeVisible();
  await expectPdf(page, page.getByRole('link', { name: /^Download PDF/ }), [
    wanted?.number ?? '',
    'PT Dewi Makmur',
    'Office Barista',
    '99,000',
    'Test mode',
  ]);

  await page
    .getByRole('link', { name: /^Receipt \S+$/ })
    .first()
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Receipt \S+$/);
  await expect(page.getByText(/^Rp.99,000 paid on .+ at \d\d:\d\d \(WIB\)/)).toBeVisible();
  await expectPdf(page, page.getByRole('link', { name: /^Download PDF/ }), [
    'PT Dewi Makmur',
    '99,000',
    wanted?.number ?? '',
  ]);
  await page.goto('/receipts');
  await expect(page.getByText('25 receipts')).toBeVisible();
});
