import fc from 'fast-check';
import { expect, it } from 'vitest';
import { contrast, fitAccent, readColour } from './colour.ts';

const colours = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

it('any accent becomes readable on light and dark pages, as a surface, as text and under its ink', () => {
  fc.assert(
    fc.property(colours, fc.constantFrom('#f6f7f9', '#15171a'), (accent, page) => {
      const fitted = fitAccent(accent, page);
      expect(contrast(fitted.surface, page)).toBeGreaterThanOrEqual(3);
      expect(contrast(fitted.text, page)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(fitted.ink, fitted.surface)).toBeGreaterThanOrEqual(4.5);
    }),
  );
});

it('a colour that is readable already stays as it is', () => {
  expect(fitAccent('#7a4b2a', '#ffffff')).toEqual({ surface: '#7a4b2a', ink: '#ffffff', text: '#7a4b2a' });
});

it.each(['red', '#fff', '#12345g', 'red;background:url()', '#1234567', '', null, 7])('%s is no colour', (text) => {
  expect(readColour(text)).toBeNull();
});
