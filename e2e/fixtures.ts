import type { Page } from '@playwright/test';
import { test as base, expect } from '@playwright/test';
import type { Runtime } from '@/lib/runtime.ts';
import type { Buyer } from './buyer-lines.ts';
import { openBeside } from './portal-data.ts';
import type { PortalOptions, PortalServer } from './portal-server.ts';
import { operate, startPortal } from './portal-server.ts';
import type { Shop, ShopWish } from './shop.ts';
import { openShop } from './shop.ts';

type SharedPortal = Pick<PortalServer, 'origin' | 'environment' | 'operate'>;

type TestFixtures = {
  /** The portal that most specs share: test mode with the sample data. */
  readonly portal: SharedPortal;
  /** Starts a portal of the spec's own (another engine, live mode, to be killed, …); it is stopped after the test. */
  readonly startPortal: (options?: PortalOptions) => Promise<PortalServer>;
  /** A workspace of the test's own on the shared portal, with its site; closed after the test. */
  readonly shop: Shop;
  /** Opens further workspaces on the shared portal; closed after the test. */
  readonly openShop: (wish?: ShopWish) => Promise<Shop>;
  /** Goes the buyer's way: the merchant's account page, its button, the link, the overview. */
  readonly enter: (page: Page, shop: Pick<Shop, 'site'>, buyer: Buyer) => Promise<void>;
};

type WorkerFixtures = {
  /** The shared portal's database, opened beside it. */
  readonly beside: Runtime;
};

/** `test` with the shared portal's address as baseURL. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from a pattern.
  portal: async ({}, use) => {
    const environment = sharedEnvironment();
    await use({
      origin: process.env.PORTAL_E2E_ORIGIN ?? '',
      environment,
      operate: (...args) => operate(environment, ...args),
    });
  },
  baseURL: async ({ portal }, use) => {
    await use(portal.origin);
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from a pattern.
  startPortal: async ({}, use) => {
    const started: PortalServer[] = [];
    await use(async (options) => {
      const portal = await startPortal(options);
      started.push(portal);
      return portal;
    });
    await Promise.all(started.map((portal) => portal.stop()));
  },
  beside: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from a pattern.
    async ({}, use) => {
      const beside = await openBeside(sharedEnvironment());
      await use(beside);
      await beside.close();
    },
    { scope: 'worker' },
  ],
  openShop: async ({ beside }, use) => {
    const shops: Shop[] = [];
    await use(async (wish) => {
      const shop = await openShop(beside, wish);
      shops.push(shop);
      return shop;
    });
    await Promise.all(shops.map((shop) => shop.close()));
  },
  shop: async ({ openShop: open }, use) => {
    await use(await open());
  },
  enter: async ({ javaScriptEnabled }, use) => {
    await use(async (page, shop, buyer) => {
      await page.goto(shop.site.accountOf(buyer.customerId));
      await page.getByRole('button', { name: 'Manage billing' }).click();
      if (!javaScriptEnabled) await page.getByRole('button', { name: 'Continue to billing' }).click();
      await expect(page).toHaveURL((url) => url.pathname === '/');
      await expect(page.locator('#title')).toBeVisible();
    });
  },
});

function sharedEnvironment(): Record<string, string> {
  return JSON.parse(process.env.PORTAL_E2E_ENVIRONMENT ?? '{}');
}
