import { expect, it } from 'vitest';
import { readLogoType } from './logo.ts';

it('a logo is known by its first bytes', () => {
  expect(readLogoType(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0))).toBe('image/png');
  expect(readLogoType(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))).toBe('image/jpeg');
  expect(readLogoType(new TextEncoder().encode('RIFF????WEBPVP8 '))).toBe('image/webp');
});

it('SVG, HTML, other RIFF files and short files are no logo', () => {
  for (const text of [
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    '<!doctype html>',
    'RIFF????WAVEfmt ',
    'GIF89a',
    '',
  ]) {
    expect(readLogoType(new TextEncoder().encode(text))).toBeNull();
  }
});
