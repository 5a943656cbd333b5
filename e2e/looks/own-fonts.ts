import path from 'node:path';
import type { Page } from '@playwright/test';

const fonts: Readonly<Record<string, string>> = {
  '400': '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  '600': '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
  '700': '@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf',
  arabic: '@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf',
};

/**
 * Draws the page with the fonts of the documents in place of the system's, so that a picture does not depend on what
 * the machine has installed. The context needs `bypassCSP`.
 */
export async function serveOwnFonts(page: Page): Promise<void> {
  await page.route('**/looks-font/*', (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
    return route.fulfill({ path: path.resolve('node_modules', fonts[name] ?? ''), contentType: 'font/ttf' });
  });
  await page.addStyleTag({ content: ownFontStyle });
  await page.evaluate(async () => {
    await Promise.all([...document.fonts].map((font) => font.load()));
  });
}

const ownFontStyle = `${[400, 600, 700]
  .map((weight) => `@font-face{font-family:Own;font-weight:${weight};src:url(/looks-font/${weight})}`)
  .join('')}@font-face{font-family:OwnArabic;src:url(/looks-font/arabic)}
*{font-family:Own,OwnArabic,sans-serif!important;caret-color:transparent!important}`;
