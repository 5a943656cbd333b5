import { expect } from '@playwright/test';
import { test } from '@/e2e/fixtures.ts';
import { listPages } from '@/e2e/page-list.ts';
import { knownAttacks } from '@/lib/domain/testing/attack-texts.ts';

/** A text of at most so many characters, a different attack for each place. */
function attackOn(place: number, most: number): string {
  const fitting = knownAttacks.filter((text) => text.length <= most);
  return fitting[place % fitting.length] ?? '<b>';
}

test('W04 no text of a merchant or a customer runs, or is taken for markup, on any page', async ({
  page,
  openShop,
  beside,
}) => {
  test.setTimeout(180_000);
  const dialogs: string[] = [];
  const complaints: string[] = [];
  const strangers: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    return dialog.dismiss();
  });
  page.on('console', (message) => {
    if (/content security policy|refused to/i.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (problem) => complaints.push(problem.message));
  for (let turn = 0; turn < knownAttacks.length; turn += 4) {
    const text = (place: number, most: number): string => attackOn(turn + place, most);
    const shop = await openShop({
      name: `K ${text(0, 100)}`,
      brand: {
        legalName: text(1, 255),
        address: `${text(2, 200)}\n${text(3, 200)}`,
        taxId: text(4, 60),
        phone: text(5, 60),
        receipt: { taxLabel: text(6, 38), thankYouText: text(7, 200), footerText: text(8, 200) },
      },
      configuration: { cancel: { disabledMessage: text(9, 200) } },
    });
    page.on('request', (request) => {
      const { origin } = new URL(request.url());
      if (![shop.key.origin, shop.site.origin].includes(origin) && !request.url().startsWith('data:'))
        strangers.push(request.url());
    });
    const buyer = await shop.addBuyer({
      name: text(10, 200),
      email: `"${turn}<img/src=x>"@example.com`,
      legalName: text(11, 200),
      address: `${text(12, 200)}\n${text(13, 200)}`,
      taxId: text(14, 60),
      metadata: { locale: text(15, 38), note: text(16, 200) },
      methods: [{ brand: text(17, 38) }, { brand: text(18, 38), last4: '4444' }],
      subscriptions: [
        { plan: text(19, 100), includes: [text(20, 200), text(21, 200)], lineText: text(22, 200) },
        { plan: text(23, 100), amount: 99_000, isPastDue: true, features: { selfServeCancel: false } },
      ],
    });
    const link = await shop.mint(buyer);
    await page.context().clearCookies();
    await page.goto(link.url);
    await page.locator('form[action="/enter"] button').click();
    await expect(page).toHaveURL('/');
    for (const { name, path } of await listPages(beside, buyer)) {
      await page.goto(path);
      const planted = await page.evaluate(
        () =>
          document.querySelectorAll(
            '[onerror], [onload], [onfocus], [onmouseover], [autofocus], iframe, object, embed, base, meta[http-equiv], link[href*="evil"], form[action*="evil"], a[href^="javascript:"], main img',
          ).length,
      );
      expect.soft(planted, `${name}: elements made of text`).toBe(0);
      const scripts = await page.locator('script').evaluateAll((all) => all.map((one) => one.getAttribute('src')));
      expect
        .soft(
          scripts.every((source) => source?.includes('/portal.js') === true),
          `${name}: scripts`,
        )
        .toBe(true);
    }
  }
  expect(dialogs).toEqual([]);
  expect(complaints).toEqual([]);
  expect(strangers).toEqual([]);
});

test('Z09 what the merchant switched off is refused by the server too, and nothing changes', async ({
  page,
  openShop,
  beside,
}) => {
  const shop = await openShop({
    configuration: {
      features: { selfServeCancel: false, updatePaymentMethod: false },
      paymentMethods: { add: false, remove: false, setDefault: false },
      invoices: { pdf: false, pay: false },
      receipts: { pdf: false },
    },
  });
  const buyer = await shop.addBuyer({
    methods: [{}, { brand: 'mastercard', last4: '4444' }],
    subscriptions: [{}, { plan: 'Office Barista', isPastDue: true }],
  });
  await page.goto((await shop.mint(buyer)).url);
  await page.getByRole('button', { name: 'Continue to billing' }).click();
  await expect(page).toHaveURL('/');
  const [first, second] = buyer.subscriptions;
  const [method, other] = buyer.methods;
  const forms: [string, Record<string, string>][] = [
    [`/subscriptions/${first?.id}/cancel`, { timing: 'period_end' }],
    [`/payment-methods/${other}/default`, { use: first?.id ?? '' }],
    [`/payment-methods/${other}/use`, { use: first?.id ?? '' }],
    [`/payment-methods/${method}/remove`, { to: other ?? '' }],
    ['/payment-methods/add', { use: first?.id ?? '' }],
    [`/invoices/${second?.invoices.at(-1)?.id}/pay`, { method: method ?? '' }],
  ];
  for (const [path, fields] of forms) {
    const status = await page.evaluate(
      async ({ address, body }) => {
        const answer = await fetch(address, { method: 'POST', body: new URLSearchParams(body), redirect: 'manual' });
        return answer.type === 'opaqueredirect' ? 303 : answer.status;
      },
      { address: path, body: { ...fields, form: crypto.randomUUID().replaceAll('-', '') } },
    );
    expect.soft(status, path).toBe(403);
  }
  for (const path of [`/invoices/${first?.invoices[0]?.id}/pdf`]) {
    const answer = await page.request.get(path);
    expect.soft(answer.status(), path).toBe(403);
  }
  const rows = await beside.read
    .selectFrom('subscriptions')
    .select(['cancelAt', 'defaultPaymentMethodId'])
    .where('customerId', '=', buyer.customerId)
    .execute();
  expect(rows.every((row) => row.cancelAt === null && row.defaultPaymentMethodId === null)).toBe(true);
});
