import path from 'node:path';
import type { Page } from '@playwright/test';
import { test as base, expect } from '@playwright/test';
import { customerIdOf, loadSample } from '@/app/(test-mode)/test/_sample/load-sample.ts';
import { findSampleBuyer } from '@/app/(test-mode)/test/_sample/sample-buyers.ts';
import { sampleScope } from '@/app/(test-mode)/test/_sample/sample-workspace.ts';
import { layLinks, openBeside } from '@/e2e/portal-data.ts';
import { startPortal } from '@/e2e/portal-server.ts';
import type { CustomerId } from '@/lib/domain/ids.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** Thursday, 13 May 2027, 14:05 in Jakarta: the moment every picture is taken at. */
export const looksNow = Date.UTC(2027, 4, 13, 7, 5);

export type Stage = {
  readonly origin: string;
  readonly beside: Runtime;
  /** An open link of a sample buyer. */
  linkOf(slug: string): Promise<string>;
  /** Enters as a sample buyer, in a browser that has no session yet. */
  enterAs(page: Page, slug: string): Promise<void>;
};

/** A portal whose clock stands still, with the sample shop as of that moment. */
export async function setStage(): Promise<Stage & { strike(): Promise<void> }> {
  const clock = path.join(import.meta.dirname, 'frozen-clock.mjs');
  const portal = await startPortal({
    environment: { NODE_OPTIONS: `--import=${clock}`, LOOKS_NOW: String(looksNow) },
  });
  const beside = await openBeside(portal.environment, () => looksNow);
  await loadSample(beside);
  const linkOf = async (slug: string): Promise<string> => {
    const buyer = findSampleBuyer(slug);
    if (buyer === null) throw new Error(`There is no sample buyer ${slug}.`);
    const key = { origin: portal.origin, keyId: '', secret: '' };
    const laid = { scope: sampleScope, customers: [customerIdOf(buyer) as CustomerId], key };
    const [link] = await layLinks(beside, laid, 1);
    return `${portal.origin}/p/${link?.token}`;
  };
  return {
    origin: portal.origin,
    beside,
    linkOf,
    async enterAs(page, slug) {
      await page.goto(await linkOf(slug));
      await page.locator('form[action="/enter"] button').click();
      await expect(page).toHaveURL(`${portal.origin}/`);
    },
    async strike() {
      await beside.close();
      await portal.stop();
    },
  };
}

/** `test` with one stage a worker. */
export const test = base.extend<{ baseURL: string }, { stage: Stage }>({
  stage: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from a pattern.
    async ({}, use) => {
      const stage = await setStage();
      await use(stage);
      await stage.strike();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  baseURL: async ({ stage }, use) => {
    await use(stage.origin);
  },
});
