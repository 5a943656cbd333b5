import { test as base } from '@playwright/test';
import type { PortalOptions, PortalServer } from './portal-server.ts';
import { operate, startPortal } from './portal-server.ts';

type TestFixtures = {
  /** The portal that most specs share: test mode with the sample data. */
  readonly portal: Pick<PortalServer, 'origin' | 'environment' | 'operate'>;
  /** Starts a portal of the spec's own (another engine, live mode, to be killed, …); it is stopped after the test. */
  readonly startPortal: (options?: PortalOptions) => Promise<PortalServer>;
};

/** `test` with the shared portal's address as baseURL. */
export const test = base.extend<TestFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's needs from a pattern.
  portal: async ({}, use) => {
    const environment: Record<string, string> = JSON.parse(process.env.PORTAL_E2E_ENVIRONMENT ?? '{}');
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
});
