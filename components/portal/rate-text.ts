import type { Words } from '@/lib/i18n/words.ts';

/** A rate in basis points as buyers read it: 1100 is "11%", 1150 is "11.5%". */
export function rateText(words: Words, basisPoints: number): string {
  const format = new Intl.NumberFormat(words.locale === 'en' ? 'en-GB' : 'id-ID', {
    style: 'percent',
    maximumFractionDigits: 2,
    numberingSystem: 'latn',
  });
  return format.format(basisPoints / 10_000);
}
