import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { serveOwnFonts } from './own-fonts.ts';
import { shrinkPicture } from './shrink-picture.ts';

/**
 * Fonts, clock, colour profile and hinting are the same everywhere (own-fonts.ts, stage.ts, playwright.config.ts), so a
 * line breaks at the same word on every machine. What is left to a Chromium build is how an edge is smoothed: a pixel
 * counts as another one only when its colour is clearly another, and five in a thousand may be. A block that moved, a
 * colour that is wrong, or a line more or less is far above that; a page of another height fails at once.
 */
const tolerance = { threshold: 0.2, maxDiffPixelRatio: 0.005 } as const;

const widths = { phone: 360, desktop: 1280 } as const;

/**
 * Compares the page as it stands, whole, with its pictures: on a phone and a desktop (or on one of them), light and dark.
 * The window is as high as the page, so that nothing is scrolled and what sticks to an edge stands in its own place.
 */
export async function shoot(
  page: Page,
  name: string,
  devices: readonly (keyof typeof widths)[] = ['phone', 'desktop'],
): Promise<void> {
  await serveOwnFonts(page);
  for (const device of devices) {
    const width = widths[device];
    await page.setViewportSize({ width, height: 640 });
    const height = await page.evaluate(() => Math.max(640, document.documentElement.scrollHeight));
    await page.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' });
      const file = `${name}-${width}-${colorScheme}.png`;
      expect.soft(shrinkPicture(picture)).toMatchSnapshot(file, tolerance);
    }
  }
}
