import { registerHooks } from 'node:module';
import { defineConfig, devices } from '@playwright/test';
import { chromiumFlags, findChromium } from './scripts/chromium.mjs';

// Proofs open the server's database beside it. What is for the server alone is no component of a browser here either:
// the package's own empty module, as for every other program of the project. Workers read this file as well.
const empty = new URL('node_modules/server-only/empty.js', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === 'server-only'
      ? { url: empty, format: 'commonjs', shortCircuit: true }
      : nextResolve(specifier, context),
});

const executablePath = findChromium();

/**
 * The journeys run three times: on a desktop, on a phone of 360 by 640, and without JavaScript. Everything else runs
 * once. `looks` compares pictures and is a step of its own (`npm run looks`).
 */
export default defineConfig({
  testDir: './e2e',
  testMatch: '**/*.spec.ts',
  outputDir: './test-results',
  snapshotPathTemplate: '{testDir}/looks/pictures-snapshots/{arg}{ext}',
  // Pictures are made and renewed on demand: npm run looks -- --update-snapshots
  updateSnapshots: 'none',
  globalSetup: './e2e/global-setup.ts',
  fullyParallel: false,
  workers: 2,
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: process.env.PLAYWRIGHT_REPORT ?? '.cache/test/e2e.json' }]],
  use: {
    ...devices['Desktop Chrome'],
    locale: 'en-GB',
    timezoneId: 'Asia/Kathmandu',
    trace: 'retain-on-failure',
    actionTimeout: 10_000,
    launchOptions: { args: chromiumFlags, ...(executablePath === null ? {} : { executablePath }) },
  },
  projects: [
    { name: 'chromium', testIgnore: 'looks/**' },
    {
      name: 'phone',
      testMatch: 'journeys/**/*.spec.ts',
      use: { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true },
    },
    { name: 'noscript', testMatch: 'journeys/**/*.spec.ts', grepInvert: /@script/, use: { javaScriptEnabled: false } },
    {
      name: 'looks',
      testMatch: 'looks/**/*.spec.ts',
      fullyParallel: true,
      use: {
        timezoneId: 'UTC',
        launchOptions: {
          args: [...chromiumFlags, '--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb'],
          ...(executablePath === null ? {} : { executablePath }),
        },
      },
    },
  ],
});
