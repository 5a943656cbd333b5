import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { serveOwnFonts } from './own-fonts.ts';
import { shrinkPicture } from './shrink-picture.ts';

const sizes = [
  { width: 360, height: 640 },
  { width: 1280, height: 800 },
] as const;

/** Compares the page as it stands with its pictures: on a phone and a desktop, light and dark. */
export async function shoot(page: Page, name: string): Promise<void> {
  await serveOwnFonts(page);
  for (const size of sizes) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme });
      const picture = await page.screenshot({ fullPage: true, animations: 'disabled', caret: 'hide' });
      const file = `${name}-${size.width}-${colorScheme}.png`;
      expect.soft(shrinkPicture(picture)).toMatchSnapshot(file, { threshold: 0.2, maxDiffPixelRatio: 0.003 });
    }
  }
}
