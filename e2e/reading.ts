import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import type { Instant } from '@/lib/domain/time.ts';

/** "12 June 2027" (or "12 Juni 2027") in the billing zone. */
export function dateOf(at: Instant, locale = 'en-GB'): string {
  const format = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'Asia/Jakarta' } as const;
  return new Intl.DateTimeFormat(locale, format).format(at);
}

/** "14:05" in the billing zone. */
export function timeOf(at: Instant): string {
  const format = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'Asia/Jakarta' } as const;
  return new Intl.DateTimeFormat('en-GB', format).format(at);
}

/** "Rp 149,000", as screens write it. */
export function rupiah(amount: number): string {
  return `Rp ${amount.toLocaleString('en-US')}`;
}

/** Clicks something that downloads, and answers its name, its bytes and, where pdftotext is at hand, its text. */
export async function download(
  page: Page,
  link: Locator,
): Promise<{ name: string; bytes: Buffer; text: string | null }> {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
  const bytes = readFileSync(await file.path());
  return { name: file.suggestedFilename(), bytes, text: textOf(bytes) };
}

/** A download that is a PDF: its bytes begin so, and its text holds these words. */
export async function expectPdf(page: Page, link: Locator, words: readonly string[]): Promise<void> {
  const { name, bytes, text } = await download(page, link);
  expect(name).toMatch(/^[A-Za-z0-9._-]+\.pdf$/);
  expect(bytes.subarray(0, 5).toString('latin1')).toBe('%PDF-');
  if (text === null) return;
  for (const word of words) expect(text.replace(/\s+/g, ' ')).toContain(word);
}

function textOf(bytes: Buffer): string | null {
  const read = spawnSync('pdftotext', ['-', '-'], { input: bytes, encoding: 'utf8' });
  return read.error === undefined && read.status === 0 ? read.stdout : null;
}

/** Opens the menu that holds the account: "Menu" on a phone, "Account" on a desktop. */
export async function openAccountMenu(page: Page): Promise<void> {
  await page.locator('header details > summary').filter({ visible: true }).click();
}

/** The button in the menu that signs out, in the page's language. */
export async function signOut(page: Page): Promise<void> {
  await openAccountMenu(page);
  await page.locator('form[action="/sign-out"] button').filter({ visible: true }).click();
}
