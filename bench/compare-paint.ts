import { chromium } from '@playwright/test';
import { chromiumFlags, findChromium } from '@/scripts/chromium.mjs';
import type { Figure } from './report.ts';
import { spreadOf } from './timing.ts';

const loads = 7;

/**
 * Largest contentful paint of the overview and of the same bytes from the bare handler, in a browser, in turns. Nothing
 * where no Chromium is found. The yardstick's /page holds the bytes of the overview.
 */
export async function comparePaint(portal: string, yardstick: string, token: string): Promise<Figure[]> {
  const executablePath = findChromium();
  if (executablePath === null) return [];
  const browser = await chromium.launch({ executablePath, args: chromiumFlags });
  try {
    const page = await browser.newPage();
    await page.goto(`${portal}/p/${token}`);
    await page.locator('form[action="/enter"] button').click();
    await page.waitForURL(`${portal}/**`);
    const paint = async (address: string): Promise<number> => {
      await page.goto('about:blank');
      await page.goto(address);
      return page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? Number.NaN)).observe({
              type: 'largest-contentful-paint',
              buffered: true,
            });
          }),
      );
    };
    const [own, bare, ratio]: [number[], number[], number[]] = [[], [], []];
    await paint(`${portal}/`);
    await paint(`${yardstick}/page`);
    for (let load = 0; load < loads; load += 1) {
      const one = await paint(`${portal}/`);
      const other = await paint(`${yardstick}/page`);
      own.push(one);
      bare.push(other);
      ratio.push(one / other);
    }
    return [
      { id: 'P6', what: 'overview: largest contentful paint, loopback', value: spreadOf(own), unit: 'ms' },
      { id: 'P6', what: 'the same bytes from the bare handler', value: spreadOf(bare), unit: 'ms' },
      { id: 'P6', what: 'paint against bare HTML', value: spreadOf(ratio), unit: 'x', budget: 1.15 },
    ];
  } finally {
    await browser.close();
  }
}
