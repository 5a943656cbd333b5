import type { Currency, Money } from './money.ts';
import { currencyDigits } from './money.ts';

/** How one language writes whole numbers and money out. */
type Numerals = {
  readonly zero: string;
  /** A number from 1 to 999. */
  belowThousand(n: number): string;
  /** `n` groups of a thousand to the `power`: "two thousand", "seribu". */
  group(n: number, power: number): string;
  /** A number from 1 to 999 behind larger groups: "one thousand and five". */
  last(n: number): string;
  readonly minus: string;
  /** Whole units and, where there are any, hundredths: "forty-nine US dollars and fifty cents". */
  money(currency: Currency, whole: string, isOne: boolean, part: string | null, isOnePart: boolean): string;
};

const ones =
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const powers = ['', 'thousand', 'million', 'billion', 'trillion', 'quadrillion'];

const english: Numerals = {
  zero: 'zero',
  belowThousand(n) {
    const rest = n % 100;
    const hundreds = n < 100 ? '' : `${ones[Math.floor(n / 100) - 1]} hundred`;
    const small =
      rest === 0
        ? ''
        : rest < 20
          ? (ones[rest - 1] ?? '')
          : `${tens[Math.floor(rest / 10) - 2]}${rest % 10 === 0 ? '' : `-${ones[(rest % 10) - 1]}`}`;
    return [hundreds, small].filter((part) => part !== '').join(' and ');
  },
  last: (n) => (n < 100 ? `and ${english.belowThousand(n)}` : english.belowThousand(n)),
  group: (n, power) => `${english.belowThousand(n)} ${powers[power]}`,
  minus: 'minus',
  money(currency, whole, isOne, part, isOnePart) {
    const unit = currency === 'IDR' ? 'rupiah' : isOne ? 'US dollar' : 'US dollars';
    return part === null ? `${whole} ${unit}` : `${whole} ${unit} and ${part} ${isOnePart ? 'cent' : 'cents'}`;
  },
};

const satuan = 'satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas'.split(' ');
const pangkat = ['', 'ribu', 'juta', 'miliar', 'triliun', 'kuadriliun'];

const indonesian: Numerals = {
  zero: 'nol',
  belowThousand(n) {
    if (n < 12) return satuan[n - 1] ?? '';
    if (n < 20) return `${satuan[n - 11]} belas`;
    if (n < 100) return `${satuan[Math.floor(n / 10) - 1]} puluh ${indonesian.belowThousand(n % 10)}`.trim();
    const hundreds = n < 200 ? 'seratus' : `${satuan[Math.floor(n / 100) - 1]} ratus`;
    return `${hundreds} ${indonesian.belowThousand(n % 100)}`.trim();
  },
  last: (n) => indonesian.belowThousand(n),
  group: (n, power) => (n === 1 && power === 1 ? 'seribu' : `${indonesian.belowThousand(n)} ${pangkat[power]}`),
  minus: 'minus',
  money(currency, whole, _isOne, part) {
    const unit = currency === 'IDR' ? 'rupiah' : 'dolar Amerika Serikat';
    return part === null ? `${whole} ${unit}` : `${whole} ${unit} ${part} sen`;
  },
};

/**
 * An amount in words, beginning with a capital: "Ninety-nine thousand rupiah", "Sembilan puluh sembilan ribu rupiah".
 * Whole up to the largest safe integer of minor units.
 */
export function amountInWords(locale: 'en' | 'id', { amount, currency }: Money): string {
  const numerals = locale === 'id' ? indonesian : english;
  const digits = currencyDigits[currency];
  const text = String(Math.abs(amount)).padStart(digits + 1, '0');
  const whole = Number(digits === 0 ? text : text.slice(0, -digits));
  const part = Number(digits === 0 ? '0' : text.slice(-digits));
  const words = numerals.money(
    currency,
    numberInWords(numerals, whole),
    whole === 1,
    part === 0 ? null : numberInWords(numerals, part),
    part === 1,
  );
  const signed = amount < 0 ? `${numerals.minus} ${words}` : words;
  return signed.charAt(0).toUpperCase() + signed.slice(1);
}

function numberInWords(numerals: Numerals, n: number): string {
  if (n === 0) return numerals.zero;
  const groups: string[] = [];
  for (let rest = n, power = 0; rest > 0; rest = Math.floor(rest / 1_000), power += 1) {
    const group = rest % 1_000;
    if (group === 0) continue;
    const small = n < 1_000 ? numerals.belowThousand(group) : numerals.last(group);
    groups.unshift(power === 0 ? small : numerals.group(group, power));
  }
  return groups.join(' ');
}
