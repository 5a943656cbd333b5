/**
 * Makes the pictures of the README, docs/screenshots/*.png, from the sample shop at a standing clock:
 *
 *   npm run build && npm run screenshots
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { serveOwnFonts } from '@/e2e/looks/own-fonts.ts';
import { shrinkPicture } from '@/e2e/looks/shrink-picture.ts';
import { setStage } from '@/e2e/looks/stage.ts';
import { chromiumFlags, findChromium } from './chromium.mjs';

type Shot = {
  readonly name: string;
  readonly buyer: string | null;
  readonly path: string;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly colorScheme: 'light' | 'dark';
};

const desktop = { width: 1120, height: 900 };
const phone = { width: 360, height: 720 };

const shots: readonly Shot[] = [
  { name: 'overview-desktop', buyer: 'past-due', path: '/', viewport: desktop, colorScheme: 'light' },
  { name: 'overview-phone', buyer: 'three', path: '/', viewport: phone, colorScheme: 'dark' },
  {
    name: 'cancel',
    buyer: 'active',
    path: '/subscriptions/sub_sample_active_main/cancel',
    viewport: { width: 1120, height: 760 },
    colorScheme: 'light',
  },
  { name: 'test-tools', buyer: null, path: '/test', viewport: desktop, colorScheme: 'light' },
];

const folder = path.resolve(import.meta.dirname, '../docs/screenshots');
const executablePath = findChromium();
const browser = await chromium.launch({
  args: [...chromiumFlags, '--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb'],
  ...(executablePath === null ? {} : { executablePath }),
});
const stage = await setStage();
try {
  mkdirSync(folder, { recursive: true });
  for (const shot of shots) {
    const page = await browser.newPage({ bypassCSP: true, viewport: shot.viewport, colorScheme: shot.colorScheme });
    writeFileSync(path.join(folder, `${shot.name}.png`), await take(page, shot));
    await page.close();
    process.stdout.write(`docs/screenshots/${shot.name}.png\n`);
  }
} finally {
  await stage.strike();
  await browser.close();
}

async function take(page: Page, shot: Shot): Promise<Buffer> {
  if (shot.buyer !== null) await stage.enterAs(page, shot.buyer);
  await page.goto(stage.origin + shot.path);
  await serveOwnFonts(page);
  return shrinkPicture(await page.screenshot({ animations: 'disabled', caret: 'hide' }));
}
