import { expect } from '@playwright/test';
import { test } from '@/e2e/fixtures.ts';
import { dateOf, expectPdf, rupiah, signOut, timeOf } from '@/e2e/reading.ts';

test('a buyer cancels knowing what happens, keeps the proof, takes it back, cancels again and signs out', async ({
  page,
  context,
  shop,
  enter,
}) => {
  const buyer = await shop.addBuyer({
    email: 'very.private@example.com',
    subscriptions: [{ includes: ['Two bags of beans every month', 'Free delivery'] }, { plan: 'Office Barista' }],
  });
  const [subscription] = buyer.subscriptions;
  const end = subscription?.periodEnd ?? 0;
  const address = `/subscriptions/${subscription?.id}`;
  const when = `on ${dateOf(end)} at ${timeOf(end)}`;
  await enter(page, shop, buyer);

  await page.getByRole('link', { name: 'Manage or cancel Roaster Club' }).click();
  await expect(page).toHaveTitle('Roaster Club · Kopi Senja');
  await page.getByRole('link', { name: 'Cancel subscription' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Cancel Roaster Club');
  const panel = page.locator('main dl').first();
  await expect(panel).toContainText(`It ends`);
  await expect(panel).toContainText(`${when}. Until then nothing changes.`, { ignoreCase: true });
  await expect(panel).toContainText("None. You won't be charged again.");
  await expect(panel).toContainText('None; you can use the days that are paid.');
  await expect(panel).toContainText('Two bags of beans every month');
  await expect(panel).toContainText('Your invoices and receipts.');
  await expect(panel).toContainText('Office Barista goes on.');
  await expect(panel).toContainText('You can undo this here until it ends.');
  const cancel = page.getByRole('button', { name: 'Cancel subscription' });
  const keep = page.getByRole('link', { name: 'Keep subscription' });
  await expect(cancel).toBeInViewport({ ratio: 1 });
  await expect(keep).toBeInViewport({ ratio: 1 });
  // Panel and both buttons fit the smallest phone: nothing of the panel lies under the buttons or below the screen.
  const panelBox = await panel.boundingBox();
  const buttonsTop = (await cancel.boundingBox())?.y ?? 0;
  expect((panelBox?.y ?? 0) + (panelBox?.height ?? 0)).toBeLessThanOrEqual(buttonsTop);
  const [one, other] = [await cancel.boundingBox(), await keep.boundingBox()];
  expect(one?.height).toBe(other?.height);

  const secondTab = await context.newPage();
  await secondTab.goto(`${address}/cancel`);
  await cancel.click();
  await expect(page).toHaveURL(/\/cancel\?done=[\w-]+#result$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Roaster Club ends ${when}`);
  await expect(page.locator('h1')).toBeFocused();
  await expect(page.getByText("You won't be charged again.")).toBeVisible();
  await expect(page.getByText(/^Certificate \S+, /)).toBeVisible();
  await expect(page.getByText('Nothing more was needed.')).toBeHidden();
  await expectPdf(page, page.getByRole('link', { name: 'Download the certificate (PDF)' }), [
    'Test mode',
    'Roaster Club',
    'very.private@example.com',
    dateOf(end),
  ]);

  await secondTab.getByRole('button', { name: 'Cancel subscription' }).click();
  await expect(secondTab.getByRole('heading', { level: 1 })).toHaveText(`Roaster Club ends ${when}`);
  await secondTab.goto(`${address}/cancel`);
  await expect(secondTab.getByText(/^You cancelled on .+ at \d\d:\d\d\. Nothing more was needed\.$/)).toBeVisible();
  await secondTab.close();

  await page.getByRole('group', { name: 'Would you tell Kopi Senja why?' }).getByLabel("I don't use it enough").check();
  await page.getByLabel('Anything to add?').fill('Back in spring.');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByText('Thank you. Kopi Senja has it.')).toBeVisible();

  await page.getByRole('button', { name: 'Undo cancellation' }).click();
  await expect(page.locator('#result')).toHaveText(
    `Roaster Club goes on. Next payment ${rupiah(149_000)} on ${dateOf(end)}.`,
  );
  await page.goto('/');
  await expect(page.getByRole('link', { name: 'Manage or cancel Roaster Club' })).toBeVisible();
  await page.goto(`${address}/cancel`);
  await page.getByRole('button', { name: 'Cancel subscription' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Roaster Club ends ${when}`);
  await page.goto('/');
  await expect(page.getByText(`Ends ${dateOf(end)}`).first()).toBeVisible();

  await signOut(page);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are signed out');
  await expect(page.getByText('Billing with Kopi Senja is closed in this browser.')).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/You are signed out|Open billing from your account/);
  await expect(page.locator('body')).not.toContainText('very.private@example.com');
});

test('a trial, a past-due and a not-offered subscription each say their own truth', async ({ page, shop, enter }) => {
  const trial = await shop.addBuyer({ subscriptions: [{ trialDays: 3 }] });
  const trialEnd = trial.subscriptions[0]?.periodEnd ?? 0;
  await enter(page, shop, trial);
  await page.goto(`/subscriptions/${trial.subscriptions[0]?.id}/cancel`);
  await expect(page.locator('main dl').first()).toContainText(
    `${dateOf(trialEnd)} at ${timeOf(trialEnd)}, with the trial.`,
  );

  const pastDue = await shop.addBuyer({ subscriptions: [{ isPastDue: true }] });
  await page.context().clearCookies();
  await enter(page, shop, pastDue);
  await page.goto(`/subscriptions/${pastDue.subscriptions[0]?.id}/cancel`);
  await expect(page.getByText(`Cancelling also settles what happens to the unpaid ${rupiah(149_000)}:`)).toBeVisible();
  await expect(page.locator('main dl').first()).toContainText('Kopi Senja may still ask you for it.');
  await page.getByRole('button', { name: 'Cancel subscription' }).click();
  await expect(page.getByText('Kopi Senja may still ask you for it.')).toBeVisible();

  const bound = await shop.addBuyer({ subscriptions: [{ features: { selfServeCancel: false } }] });
  await page.context().clearCookies();
  await enter(page, shop, bound);
  await page.goto(`/subscriptions/${bound.subscriptions[0]?.id}`);
  await expect(page.getByRole('link', { name: 'Cancel subscription' })).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Contact Kopi Senja' }).first()).toBeVisible();
  const answer = await page.goto(`/subscriptions/${bound.subscriptions[0]?.id}/cancel`);
  expect(answer?.status()).toBe(403);
  await expect(page.getByRole('button', { name: 'Cancel subscription' })).toHaveCount(0);
});

test('where it can end at once as well, the panel begins with when it ends, past due too, and no text stays under the buttons', async ({
  page,
  openShop,
  enter,
}) => {
  const shop = await openShop({ configuration: { cancel: { timing: ['period_end', 'now'] } } });
  for (const isPastDue of [false, true]) {
    const buyer = await shop.addBuyer({ subscriptions: [{ isPastDue }] });
    await page.context().clearCookies();
    await enter(page, shop, buyer);
    await page.goto(`/subscriptions/${buyer.subscriptions[0]?.id}/cancel`);
    const panel = page.locator('main dl').first();
    await expect(panel.locator('dt').first()).toHaveText('It ends');
    await expect(panel.locator('dd').first()).toHaveText(/ at .+, or now\. You choose below\.$/);
    await page.getByText(/^Open until /).scrollIntoViewIfNeeded();
    const buttonsTop = (await page.getByRole('button', { name: 'Cancel subscription' }).boundingBox())?.y ?? 0;
    const last = await page.locator('main dl').last().boundingBox();
    expect((last?.y ?? 0) + (last?.height ?? 0)).toBeLessThanOrEqual(buttonsTop);
  }
});

test.describe('in Indonesian', () => {
  test.use({ locale: 'id-ID' });

  test('the whole way of a cancellation is in the browser’s language', async ({ page, shop }) => {
    const buyer = await shop.addBuyer();
    const end = buyer.subscriptions[0]?.periodEnd ?? 0;
    const date = dateOf(end, 'id-ID');
    await page.goto((await shop.mint(buyer)).url);
    await expect(page.locator('html')).toHaveAttribute('lang', 'id');
    await page.context().clearCookies();
    await page.goto(shop.site.accountOf(buyer.customerId));
    await page.getByRole('button', { name: 'Manage billing' }).click();
    const ask = page.locator('form[action="/enter"] button');
    if ((await page.locator('#title').count()) === 0 && (await ask.count()) > 0) await ask.click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Tagihan Anda');
    await page.getByRole('link', { name: 'Kelola atau batalkan Roaster Club' }).click();
    await page.getByRole('link', { name: 'Batalkan langganan' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Batalkan Roaster Club');
    await expect(page.locator('main dl').first()).toContainText(date);
    await expect(page.locator('main dl').first()).toContainText('Tidak ada. Anda tidak akan ditagih lagi.');
    await page.getByRole('button', { name: 'Batalkan langganan' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Roaster Club berakhir');
    await expect(page.getByRole('heading', { level: 1 })).toContainText(date);
    await expectPdf(page, page.getByRole('link', { name: 'Unduh sertifikat (PDF)' }), ['Roaster Club', date]);
    await page.getByRole('button', { name: 'Urungkan pembatalan' }).click();
    await expect(page.locator('#result')).toContainText('Rp 149.000');
    await signOut(page);
    await expect(page.locator('html')).toHaveAttribute('lang', 'id');
  });
});

test('the switch in the footer beats the browser’s language and keeps its page', async ({ page, shop, enter }) => {
  const buyer = await shop.addBuyer();
  await enter(page, shop, buyer);
  await page.goto(`/subscriptions/${buyer.subscriptions[0]?.id}/cancel`);
  await page.getByRole('button', { name: 'Bahasa Indonesia' }).click();
  await expect(page).toHaveURL(`/subscriptions/${buyer.subscriptions[0]?.id}/cancel`);
  await expect(page.locator('html')).toHaveAttribute('lang', 'id');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Batalkan Roaster Club');
  await page.getByRole('button', { name: 'Batalkan langganan' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Roaster Club berakhir');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Roaster Club ends');
});
