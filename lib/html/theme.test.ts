import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { contrast } from '@/lib/domain/colour.ts';
import { completeConfiguration } from '@/lib/domain/workspace.ts';
import { themeStyles } from './theme.ts';

const stylesheet = readFileSync(path.resolve(import.meta.dirname, '../../app/globals.css'), 'utf8');

/** The grounds text stands on, from the first block of the stylesheet that begins with `start`. */
function groundsOf(start: string): string[] {
  const from = stylesheet.indexOf(start);
  const part = stylesheet.slice(from, stylesheet.indexOf('}', from));
  return [...part.matchAll(/--(?:page|card|[a-z]+-soft): (#[0-9a-f]{6});/g)].map(([, colour]) => colour ?? '');
}

const brand = {
  name: 'Kopi Senja',
  logoPath: null,
  legalName: null,
  address: null,
  taxId: null,
  email: null,
  phone: null,
  country: null,
  receipt: {
    showTax: false,
    taxLabel: 'PPN',
    taxRateBasisPoints: 1_100,
    thankYouText: null,
    footerText: null,
    showMerchantAddress: true,
    merchantAddress: null,
    merchantTaxId: null,
  },
};

it.each([
  ['light', ':root {'],
  ['dark', ':root[data-scheme="dark"] {'],
] as const)('links in the accent of a workspace can be read on every ground of the %s scheme', (scheme, start) => {
  const grounds = groundsOf(start);
  expect(grounds).toHaveLength(6);
  const hex = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
  fc.assert(
    fc.property(hex, (accentColor) => {
      const configuration = { ...completeConfiguration, theme: { scheme, corners: 'soft' } as const };
      const styles = themeStyles({ brand: { ...brand, accentColor }, configuration });
      const text = [...styles.matchAll(/--accent-text:(#[0-9a-f]{6})/g)].at(-1)?.[1] ?? '';
      for (const ground of grounds) expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
    }),
  );
});
