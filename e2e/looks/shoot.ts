import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { ownFontStyle, useOwnFonts } from './stage.ts';

const sizes = [
  { width: 360, height: 640 },
  { width: 1280, height: 800 },
] as const;

/** Compares the page as it stands with its pictures: on a phone and a desktop, light and dark. */
export async function shoot(page: Page, name: string): Promise<void> {
  await useOwnFonts(page);
  await page.addStyleTag({ content: ownFontStyle });
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  for (const size of sizes) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      await expect.soft(page).toHaveScreenshot(`${name}-${size.width}-${colorScheme}.png`, { fullPage: true });
    }
  }
}
