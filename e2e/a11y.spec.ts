import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import type { BuyerWish } from './buyer-lines.ts';
import { test } from './fixtures.ts';
import { listPages } from './page-list.ts';
import { dateOf, signOut } from './reading.ts';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];

const everything: BuyerWish = {
  methods: [{}, { brand: 'mastercard', last4: '4444' }],
  subscriptions: [
    { includes: ['Two bags of beans every month'] },
    { plan: 'Office Barista', amount: 99_000, isPastDue: true },
  ],
};

test.describe.configure({ mode: 'parallel' });

/** Axe finds nothing in light; in dark, where only colours differ, nothing about contrast. */
async function expectClean(page: Page, where: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' });
  await expectNothingFound(new AxeBuilder({ page }).withTags(tags), `${where}, light`);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectNothingFound(new AxeBuilder({ page }).withRules(['color-contrast']), `${where}, dark`);
}

async function expectNothingFound(axe: AxeBuilder, where: string): Promise<void> {
  const { violations } = await axe.analyze();
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
  expect.soft(told, where).toEqual([]);
}

/** Nothing is wider than the window. */
async function expectNoSidewaysScroll(page: Page, where: string): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect.soft(wide, `${where}: pixels too wide`).toBeLessThanOrEqual(0);
}

/**
 * Links and buttons that are too small for a finger: under 44 px high, or under 24 px where they stand in a sentence.
 */
function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [
      ...document.querySelectorAll<HTMLElement>('a, button, summary, input:not([type=hidden]), select, textarea'),
    ].flatMap((element) => {
      const box = (element.closest('label') ?? element).getBoundingClientRect();
      if (box.width === 0 || box.height === 0 || !element.checkVisibility() || element.closest('.sr-only')) return [];
      const parent = element.parentElement;
      const isInSentence =
        parent !== null &&
        getComputedStyle(element).display === 'inline' &&
        [...parent.childNodes].some(
          (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? '').trim() !== '',
        );
      const least = isInSentence ? 0 : 44;
      const is = Math.round(box.height * 10) / 10;
      return is + 0.5 >= least
        ? []
        : [`${element.tagName} "${(element.textContent ?? '').trim().slice(0, 40)}" ${is} px`];
    }),
  );
}

for (const [size, viewport] of Object.entries({
  desktop: { width: 1280, height: 800 },
  phone: { width: 360, height: 640 },
})) {
  test(`axe finds nothing on any page, light or dark, on a ${size}`, async ({ page, shop, enter, beside }) => {
    test.setTimeout(480_000);
    await page.setViewportSize(viewport);
    const buyer = await shop.addBuyer(everything);
    await enter(page, shop, buyer);
    for (const { name, path, status } of await listPages(beside, buyer)) {
      const answer = await page.goto(path);
      expect.soft(answer?.status(), name).toBe(status);
      await expectClean(page, name);
    }
  });
}

test('axe finds nothing where there is no session: entry, used link, signed out, and the done page', async ({
  page,
  browser,
  shop,
  enter,
}) => {
  const buyer = await shop.addBuyer(everything);
  const link = await shop.mint(buyer);
  test.setTimeout(120_000);
  const check = async (where: string): Promise<void> => {
    await expectClean(page, where);
    await expectNoSidewaysScroll(page, where);
  };
  await page.goto(link.url);
  await check('entry');
  const other = await browser.newPage();
  await other.goto(link.url);
  await other.getByRole('button', { name: 'Continue to billing' }).click();
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Your billing');
  await other.close();
  await page.goto(link.url);
  await check('used link');
  await page.goto('/');
  await check('no session');
  await page.goto('/link-problem');
  await check('link problem');
  await enter(page, shop, buyer);
  await page.goto(`/subscriptions/${buyer.subscriptions[0]?.id}/cancel`);
  await page.getByRole('button', { name: 'Cancel subscription' }).click();
  await expect(page.locator('#result')).toBeVisible();
  await check('done page');
  await page.goto(`/subscriptions/${buyer.subscriptions[0]?.id}`);
  await check('subscription that ends');
  await signOut(page);
  await check('signed out');
  await page.goto('/test');
  await check('test tools');
});

test('every page fits 360 pixels and 400 % zoom, and its targets fit a finger', async ({
  page,
  shop,
  enter,
  beside,
}) => {
  test.setTimeout(120_000);
  const buyer = await shop.addBuyer({
    ...everything,
    name: 'Raden Mas Bambang Soesilo Adiwinata Kusumadiningrat',
    email: 'raden.mas.bambang.soesilo.adiwinata.kusumadiningrat@a-rather-long-subdomain.example.com',
    subscriptions: [
      { plan: 'Single-Origin Micro-Lot Discovery Club with Grinder Care Pro', amount: 9_999_999_999 },
      { plan: 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch', amount: 99_000, isPastDue: true },
    ],
  });
  await enter(page, shop, buyer);
  for (const { name, path } of await listPages(beside, buyer)) {
    await page.setViewportSize({ width: 360, height: 640 });
    await page.goto(path);
    await expectNoSidewaysScroll(page, `${name} at 360`);
    expect.soft(await smallTargets(page), `${name}: targets`).toEqual([]);
    await page.locator('header details > summary').filter({ visible: true }).click();
    await expectNoSidewaysScroll(page, `${name} at 360, menu open`);
    expect.soft(await smallTargets(page), `${name}: targets of the menu`).toEqual([]);
    await page.setViewportSize({ width: 320, height: 256 });
    await expectNoSidewaysScroll(page, `${name} at 320`);
  }
});

/**
 * Words and amounts that stand on more than one line although nothing in them lets them break. Words of more than 18
 * letters may, where they are longer than their cell; amounts never.
 */
function brokenWords(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const amount = /(?:Rp|IDR|USD|US\$|\$)\u00a0?[\d.,]+/g;
    const word = /[\p{L}\p{N}]+/gu;
    const broken: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = node.textContent ?? '';
      const element = node.parentElement;
      if (element === null || !element.checkVisibility() || element.closest('.sr-only, script, style') !== null)
        continue;
      const found = [
        ...text.matchAll(amount),
        ...(element.closest('table') === null ? [] : [...text.matchAll(word)].filter(([one]) => one.length <= 18)),
      ];
      for (const match of found) {
        const range = document.createRange();
        range.setStart(node, match.index);
        range.setEnd(node, match.index + match[0].length);
        const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
        if (lines.size > 1) broken.push(match[0]);
      }
    }
    return broken;
  });
}

for (const language of ['English', 'Bahasa Indonesia']) {
  test(`no page scrolls sideways or breaks a word at any width, in ${language}`, async ({
    page,
    openShop,
    enter,
    beside,
  }) => {
    test.setTimeout(300_000);
    const shop = await openShop({ configuration: { cancel: { timing: ['period_end', 'now'] } } });
    const long = {
      name: 'Raden Mas Bambang Soesilo Adiwinata Kusumadiningrat',
      email: 'raden.mas.bambang.soesilo.adiwinata.kusumadiningrat@a-rather-long-subdomain.example.com',
      methods: [
        { brand: 'mastercard', last4: '4444' },
        { brand: 'amex', last4: '0005' },
      ],
      subscriptions: [
        { plan: 'Single-Origin Micro-Lot Discovery Club with Grinder Care Pro', amount: 9_999_999_999 },
        { plan: 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch', amount: 1_653_900, isPastDue: true },
      ],
    };
    for (const wish of [everything, long]) {
      const buyer = await shop.addBuyer(wish);
      await page.context().clearCookies();
      await enter(page, shop, buyer);
      const button = page.getByRole('button', { name: language });
      if ((await button.count()) > 0) await button.click();
      for (const { name, path } of await listPages(beside, buyer)) {
        await page.goto(path);
        for (const width of [320, 360, 640, 700, 768, 896, 1024, 1280]) {
          await page.setViewportSize({ width, height: 800 });
          await expectNoSidewaysScroll(page, `${name} at ${width}`);
          expect.soft(await brokenWords(page), `${name} at ${width}: broken`).toEqual([]);
        }
      }
    }
  });
}

/** What has the focus, and whether its middle can be seen; null where nothing has it. */
function focusedInView(page: Page): Promise<{ what: string; isRadio: boolean; isSeen: boolean } | null> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return null;
    const box = element.getBoundingClientRect();
    const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return {
      what: `${element.tagName} ${(element.closest('label') ?? element).textContent?.trim().slice(0, 30)}`,
      isRadio: element.matches('[type=radio]'),
      isSeen: at !== null && (element.contains(at) || at.contains(element)),
    };
  });
}

test('what has the focus is never hidden under a bar that stays in view', async ({ page, openShop, enter, beside }) => {
  test.setTimeout(180_000);
  const shop = await openShop({ configuration: { cancel: { timing: ['period_end', 'now'] } } });
  const buyer = await shop.addBuyer(everything);
  await enter(page, shop, buyer);
  let pages = 0;
  for (const { name, path } of await listPages(beside, buyer)) {
    await page.goto(path);
    if ((await page.locator('.button-bar').count()) === 0) continue;
    pages += 1;
    for (const viewport of [
      { width: 360, height: 640 },
      { width: 320, height: 480 },
      { width: 320, height: 256 },
    ]) {
      await page.setViewportSize(viewport);
      for (const key of ['Tab', 'Shift+Tab']) {
        await page.goto(path);
        for (let stop = 0; stop < 40; stop += 1) {
          await page.keyboard.press(key);
          const seen = await focusedInView(page);
          if (seen === null) break;
          const where = `${name} at ${viewport.width} by ${viewport.height}, ${key}`;
          expect.soft(seen.isSeen, `${where}: ${seen.what}`).toBe(true);
          if (!seen.isRadio) continue;
          for (const arrow of ['ArrowDown', 'ArrowDown']) {
            await page.keyboard.press(arrow);
            const next = await focusedInView(page);
            expect.soft(next?.isSeen, `${where}, ${arrow}: ${next?.what}`).toBe(true);
          }
        }
      }
    }
  }
  expect(pages).toBeGreaterThanOrEqual(2);
});

test('every page says its language, its title and one heading', async ({ page, shop, enter, beside }) => {
  const buyer = await shop.addBuyer(everything);
  await enter(page, shop, buyer);
  for (const { name, path, status } of await listPages(beside, buyer)) {
    await page.goto(path);
    await expect.soft(page.locator('html'), name).toHaveAttribute('lang', 'en');
    await expect.soft(page.getByRole('heading', { level: 1 }), name).toHaveCount(1);
    const heading = (await page.getByRole('heading', { level: 1 }).textContent())?.trim() ?? '';
    const title = `${heading} · Kopi Senja`;
    expect.soft(await page.title(), name).toBe(status === 200 ? title : `Error: ${title}`);
    await expect.soft(page.getByRole('main'), name).toHaveCount(1);
  }
});

/** What has the focus, by its name; and whether a ring shows where it is. */
async function focused(page: Page): Promise<{ name: string; isSeen: boolean }> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    if (element === null || element === document.body) return { name: '', isSeen: true };
    const style = getComputedStyle(element);
    const hasRing = style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2;
    const label =
      element.closest('label')?.textContent ?? document.querySelector(`label[for="${element.id}"]`)?.textContent;
    const name = element.getAttribute('aria-label') ?? label ?? element.textContent ?? '';
    return { name: name.replace(/\s+/g, ' ').trim(), isSeen: hasRing };
  });
}

/** Presses Tab until the thing has the focus; every stop on the way must be seen. Fails when it never comes. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab');
    const stop = await focused(page);
    expect(stop.isSeen, `a focus ring on "${stop.name}"`).toBe(true);
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error('The keyboard never gets there.');
}

test('by keyboard alone a buyer cancels: skip link first, no trap, focus on what changed', async ({
  page,
  shop,
  enter,
}) => {
  const buyer = await shop.addBuyer();
  await enter(page, shop, buyer);
  await page.goto('/invoices');
  await page.keyboard.press('Tab');
  expect((await focused(page)).name).toBe('Skip to content');
  await page.keyboard.press('Tab');
  expect((await focused(page)).name).toMatch(/^Back to Kopi Senja \(/);
  await page.goto('/');
  await tabTo(page, page.getByRole('link', { name: 'Manage or cancel Roaster Club' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Roaster Club');
  await tabTo(page, page.getByRole('link', { name: 'Cancel subscription' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Cancel Roaster Club');
  expect((await focused(page)).name, 'focus never starts on the danger button').not.toBe('Cancel subscription');
  await tabTo(page, page.getByRole('button', { name: 'Cancel subscription' }));
  await page.keyboard.press('Enter');
  await expect(page.locator('#result')).toBeFocused();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(
    `Roaster Club ends on ${dateOf(buyer.subscriptions[0]?.periodEnd ?? 0)}`,
  );
  await tabTo(page, page.getByRole('button', { name: 'Undo cancellation' }));
  await page.keyboard.press('Enter');
  await expect(page.locator('#result')).toBeFocused();
  await expect(page.locator('#result')).toContainText('Roaster Club goes on.');
});

test('by keyboard alone a buyer adds a method and comes back to the result', async ({ page, shop, enter }) => {
  await enter(page, shop, await shop.addBuyer());
  await page.goto('/payment-methods');
  await tabTo(page, page.getByRole('link', { name: 'Add a payment method', exact: true }).first());
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Add a payment method');
  await tabTo(page, page.getByRole('button', { name: /^Continue to/ }));
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Test card number')).toBeVisible();
  await tabTo(page, page.getByLabel('Test card number'));
  await page.keyboard.type('5555555555554444');
  await page.keyboard.press('Enter');
  await expect(page.locator('#result')).toBeFocused();
  await expect(page.locator('#result')).toContainText('Mastercard ending 4444 was added.');
});

test('a refused form is drawn again: the title says Error, the summary has the focus and leads to the field', async ({
  page,
  shop,
  enter,
}) => {
  const buyer = await shop.addBuyer({ methods: [{}, { brand: 'mastercard', last4: '4444' }] });
  await enter(page, shop, buyer);
  await page.goto(`/payment-methods/${buyer.methods[0]}/remove`);
  for (const radio of await page.getByRole('radio').all()) {
    await radio.evaluate((element: HTMLInputElement) => {
      element.checked = false;
      element.required = false;
    });
  }
  await page.getByRole('button', { name: /^Move and remove/ }).click();
  await expect(page).toHaveTitle(/^Error: .+ · Kopi Senja$/);
  const summary = page.locator('#problems');
  await expect(summary).toHaveRole('alert');
  await expect(summary).toBeFocused();
  await expect(summary).toContainText('1 thing to fix');
  const target = await summary.getByRole('link').getAttribute('href');
  expect(target).toMatch(/^#/);
  await expect(page.locator(target ?? '#none')).toHaveCount(1);
  await expectClean(page, 'refused form');
});

test('pages stand in forced colours and without motion', async ({ page, shop, enter, beside }) => {
  const buyer = await shop.addBuyer(everything);
  await enter(page, shop, buyer);
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  for (const { name, path } of (await listPages(beside, buyer)).slice(0, 4)) {
    await page.goto(path);
    const moving = await page.evaluate(() => document.getAnimations().length);
    expect.soft(moving, name).toBe(0);
    const lost = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('main a, main button')]
        .filter(
          (element) =>
            element.checkVisibility() &&
            getComputedStyle(element).color === getComputedStyle(document.body).backgroundColor,
        )
        .map((element) => element.textContent),
    );
    expect.soft(lost, name).toEqual([]);
  }
});
