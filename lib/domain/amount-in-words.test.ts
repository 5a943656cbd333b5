import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amountInWords } from './amount-in-words.ts';

const rupiah = (locale: 'en' | 'id', amount: number) => amountInWords(locale, { currency: 'IDR', amount });

const values: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas'.split(' ').map((word, at) => [word, at + 1]),
  ),
  ...Object.fromEntries(
    'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'
      .split(' ')
      .map((word, at) => [word, at + 1]),
  ),
  ...Object.fromEntries(
    'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ').map((word, at) => [word, 10 * (at + 2)]),
  ),
  seratus: 100,
};

const scale: Readonly<Record<string, number>> = {
  ribu: 1e3,
  juta: 1e6,
  miliar: 1e9,
  triliun: 1e12,
  thousand: 1e3,
  million: 1e6,
  billion: 1e9,
  trillion: 1e12,
};

/** Reads words back by their meaning, knowing nothing of how they were made. */
function readWords(text: string): number {
  let sum = 0;
  let group = 0;
  let small = 0;
  for (const word of text
    .toLowerCase()
    .replace(/ rupiah$/, '')
    .split(/[ -]/)) {
    if (word === 'and' || word === 'zero' || word === 'nol') continue;
    if (word === 'belas') small += 10;
    else if (word === 'puluh') small *= 10;
    else if (word === 'ratus' || word === 'hundred') {
      group += small * 100;
      small = 0;
    } else if (word === 'seribu') sum += 1_000;
    else if (scale[word] !== undefined) {
      sum += (group + small) * scale[word];
      group = 0;
      small = 0;
    } else if (values[word] !== undefined) {
      group += small;
      small = values[word];
    } else throw new Error(`unknown word ${word}`);
  }
  return sum + group + small;
}

describe('amounts in words', () => {
  it('Indonesian writes se- for one hundred and one thousand, satu before the rest', () => {
    expect(rupiah('id', 0)).toBe('Nol rupiah');
    expect(rupiah('id', 11)).toBe('Sebelas rupiah');
    expect(rupiah('id', 17)).toBe('Tujuh belas rupiah');
    expect(rupiah('id', 100)).toBe('Seratus rupiah');
    expect(rupiah('id', 1_000)).toBe('Seribu rupiah');
    expect(rupiah('id', 1_111)).toBe('Seribu seratus sebelas rupiah');
    expect(rupiah('id', 99_000)).toBe('Sembilan puluh sembilan ribu rupiah');
    expect(rupiah('id', 101_000)).toBe('Seratus satu ribu rupiah');
    expect(rupiah('id', 1_000_000)).toBe('Satu juta rupiah');
    expect(rupiah('id', 2_001_001_000)).toBe('Dua miliar satu juta seribu rupiah');
    expect(rupiah('id', 9_999_999_999_999)).toBe(
      'Sembilan triliun sembilan ratus sembilan puluh sembilan miliar sembilan ratus sembilan puluh sembilan juta sembilan ratus sembilan puluh sembilan ribu sembilan ratus sembilan puluh sembilan rupiah',
    );
  });

  it('English joins tens by a hyphen and hundreds by "and"', () => {
    expect(rupiah('en', 99_000)).toBe('Ninety-nine thousand rupiah');
    expect(rupiah('en', 165_390)).toBe('One hundred and sixty-five thousand three hundred and ninety rupiah');
    expect(rupiah('en', 1_000_012)).toBe('One million and twelve rupiah');
  });

  it('a currency with hundredths names them, one of each in the singular', () => {
    expect(amountInWords('en', { currency: 'USD', amount: 4_950 })).toBe('Forty-nine US dollars and fifty cents');
    expect(amountInWords('en', { currency: 'USD', amount: 101 })).toBe('One US dollar and one cent');
    expect(amountInWords('en', { currency: 'USD', amount: 4_900 })).toBe('Forty-nine US dollars');
    expect(amountInWords('id', { currency: 'USD', amount: 4_950 })).toBe(
      'Empat puluh sembilan dolar Amerika Serikat lima puluh sen',
    );
    expect(amountInWords('en', { currency: 'USD', amount: 5 })).toBe('Zero US dollars and five cents');
  });

  it('a minus is said', () => {
    expect(rupiah('id', -5_000)).toBe('Minus lima ribu rupiah');
  });

  it('every amount up to 9,999,999,999,999 reads back as itself in both languages', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('en' as const, 'id' as const),
        fc.oneof(
          fc.integer({ min: 0, max: 9_999_999_999_999 }),
          fc.integer({ min: 0, max: 100_000 }),
          fc.integer({ min: 1, max: 13 }).map((n) => 10 ** n - 1),
        ),
        (locale, amount) => {
          expect(readWords(rupiah(locale, amount))).toBe(amount);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('every amount below 2,000 reads back as itself in both languages', () => {
    for (let amount = 0; amount < 2_000; amount += 1) {
      expect(readWords(rupiah('id', amount))).toBe(amount);
      expect(readWords(rupiah('en', amount))).toBe(amount);
    }
  });

  it('two different amounts never have the same words', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.nat(10_000_000), (a, b) => {
        fc.pre(a !== b);
        expect(rupiah('id', a)).not.toBe(rupiah('id', b));
      }),
    );
  });
});
