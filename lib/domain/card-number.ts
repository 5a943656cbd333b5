/**
 * Finds what looks like a full card number: 13 to 19 digits, spaces, dots, dashes or invisible characters between them,
 * with a right check digit. Digits of any script count. The portal has no place for such a number and refuses it in
 * every free text. Left alone, because they are common and no card: numbers that begin with 0, E.164 phone numbers
 * (a plus sign, up to 15 digits, or Indonesian ones without it), and 13-digit epoch milliseconds.
 */
export function findCardNumber(text: string): { readonly start: number; readonly end: number } | null {
  const digits = readDigits(text);
  for (let first = 0; first < digits.length; ) {
    let after = first + 1;
    while (after < digits.length && isJoined(text, digits[after - 1], digits[after])) after += 1;
    const run = digits.slice(first, after);
    const found = findInRun(text, run);
    if (found !== null) return found;
    first = after;
  }
  return null;
}

export function containsCardNumber(text: string): boolean {
  return findCardNumber(text) !== null;
}

/**
 * Is this a tax id in one of the Indonesian forms that are as long as a card number: the dotted NPWP, or 16 digits built
 * like a citizen's number (province, and a birth date in digits 7 to 12)? Those may pass the check digit by chance.
 */
export function isIndonesianTaxId(text: string): boolean {
  if (/^\d{2}\.\d{3}\.\d{3}\.\d-\d{3}\.\d{3}$/.test(text)) return true;
  const match = /^(\d{2})\d{4}(\d{2})(\d{2})\d{6}$/.exec(text);
  if (match === null) return false;
  const [, province = '', dayText, monthText] = match;
  const day = Number(dayText) > 40 ? Number(dayText) - 40 : Number(dayText);
  const month = Number(monthText);
  return provinces.test(province) && day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

const provinces = /^(1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])$/;

type Digit = { readonly value: number; readonly start: number; readonly end: number };

function readDigits(text: string): Digit[] {
  const digits: Digit[] = [];
  for (const match of text.matchAll(/\p{Nd}/gu)) {
    digits.push({ value: digitValue(match[0]), start: match.index, end: match.index + match[0].length });
  }
  return digits;
}

/** Decimal digits of every script stand in runs of ten that begin at a code point whose neighbour below is no digit. */
function digitValue(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x80) return point - 0x30;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(point - value - 1))) value += 1;
  return value;
}

/** Up to three separators may stand between two digits of one number. */
function isJoined(text: string, one: Digit | undefined, next: Digit | undefined): boolean {
  if (one === undefined || next === undefined) return false;
  const between = text.slice(one.end, next.start);
  return between.length <= 3 && /^[\s\p{Cf}\p{Pd}._·•/\\|,'+]*$/u.test(between);
}

function findInRun(text: string, run: readonly Digit[]): { start: number; end: number } | null {
  for (const unit of splitAtPlus(text, run)) {
    const first = unit[0];
    const last = unit.at(-1);
    if (first === undefined || last === undefined || unit.length < 13) continue;
    // A run longer than 19 digits may hold a number inside; a shorter one is judged whole.
    const lengths = unit.length > 19 ? [13, 14, 15, 16, 17, 18, 19] : [unit.length];
    for (const length of lengths) {
      for (let at = 0; at + length <= unit.length; at += 1) {
        const part = unit.slice(at, at + length);
        const start = part[0]?.start ?? 0;
        if (hasRightCheckDigit(part) && !isSomethingElse(text, part)) return { start, end: part.at(-1)?.end ?? start };
      }
    }
  }
  return null;
}

/** A plus sign begins a new number. */
function splitAtPlus(text: string, run: readonly Digit[]): Digit[][] {
  const units: Digit[][] = [];
  for (const [at, digit] of run.entries()) {
    const before = run[at - 1];
    const current = units.at(-1);
    if (current === undefined || (before !== undefined && text.slice(before.end, digit.start).includes('+'))) {
      units.push([digit]);
    } else {
      current.push(digit);
    }
  }
  return units;
}

function isSomethingElse(text: string, digits: readonly Digit[]): boolean {
  const [one, two] = [digits[0]?.value, digits[1]?.value];
  if (one === 0) return true;
  if (one === 1 && digits.length === 13) return true;
  if (one === 6 && two === 2 && digits.length <= 14) return true;
  return digits.length <= 15 && text.slice(0, digits[0]?.start).trimEnd().endsWith('+');
}

function hasRightCheckDigit(digits: readonly Digit[]): boolean {
  let sum = 0;
  for (const [at, { value }] of digits.entries()) {
    const isDoubled = (digits.length - at) % 2 === 0;
    const doubled = value * 2;
    sum += isDoubled ? (doubled > 9 ? doubled - 9 : doubled) : value;
  }
  // All zeros have a right check digit and are nobody's number.
  return sum > 0 && sum % 10 === 0;
}
