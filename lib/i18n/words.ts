import { createTranslator } from 'use-intl/core';
import type { MethodName, RefusalReason } from '@/lib/domain/invoice.ts';
import { currencyDigits, decimalText, type Money } from '@/lib/domain/money.ts';
import type { Instant, Interval } from '@/lib/domain/time.ts';
import type { Locale } from './locale.ts';
import { english } from './messages-en.ts';
import { indonesian } from './messages-id.ts';

/** Messages by screen and slot; English is the source text, so its shape is the type. */
export type Messages = typeof english;

/** Everything that turns values into words, bound to one language and one billing zone: screen and document alike. */
export type Words = {
  readonly locale: Locale;
  readonly zone: string;
  /** A message by its key (`cancel.title`) with its named values. */
  readonly t: Translate;
  /** "Rp 99,000", "$49.00"; with `mixed` the code: "IDR 99,000". Sign and digits never break apart. */
  money(money: Money, style?: 'sign' | 'mixed'): string;
  /** "12 March 2027" in the billing zone. */
  date(instant: Instant): string;
  /** "14:05" in the billing zone. */
  time(instant: Instant): string;
  /** "March 2027". */
  period(instant: Instant): string;
  /** "on 12 June 2027 at 14:05", or for midnight "at the end of 11 June 2027". */
  when(instant: Instant): string;
  /** The same where a sentence or a row begins with it: "On 12 June 2027 at 14:05". */
  whenFirst(instant: Instant): string;
  /** "a month", "every 3 months". */
  per(interval: Interval, count: number): string;
  /** "08/27". */
  expiry(month: number, year: number): string;
  /** "Visa ending 4242", "GoPay 0812•••89". */
  method(name: MethodName): string;
  /** The same where it stands alone: "Bank transfer". */
  methodFirst(name: MethodName): string;
  /** Why a payment did not go through, a whole sentence. */
  reason(reason: RefusalReason | null, method: MethodName): string;
  /** "A, B and C". */
  list(items: readonly string[]): string;
  /** "Jakarta time (WIB)". */
  zoneName(now: Instant): string;
  /** "WIB", or the offset of a zone without a short name. */
  zoneShort(now: Instant): string;
};

type Translator = ReturnType<typeof createTranslator<Messages>>;
type Translate = (key: Parameters<Translator>[0], values?: Readonly<Record<string, string | number>>) => string;

const translators = new Map<Locale, Translate>();

/** The words of one language and billing zone (IANA name). */
export function makeWords(locale: Locale, zone: string): Words {
  const t = translatorOf(locale);
  const dates = formatsOf(locale, zone);
  const words: Words = {
    locale,
    zone,
    t,
    money: (money, style = 'sign') => moneyText(locale, money, style),
    date: (instant) => dates.day.format(instant),
    time: (instant) => dates.time.format(instant),
    period: (instant) => dates.month.format(instant),
    when(instant) {
      if (dates.clock.format(instant) === '00:00:00')
        return t('common.whenEndOf', { date: dates.day.format(instant - 1) });
      return t('common.whenAt', { date: dates.day.format(instant), time: dates.time.format(instant) });
    },
    whenFirst: (instant) => withCapital(locale, words.when(instant)),
    per: (interval, count) => t('common.per', { interval, count }),
    expiry: (month, year) => `${String(month).padStart(2, '0')}/${String(year % 100).padStart(2, '0')}`,
    method: (name) => methodText(t, name),
    methodFirst: (name) => withCapital(locale, methodText(t, name)),
    reason: (reason, method) => t('common.reason', { reason: reason ?? 'unsaid', method: methodText(t, method) }),
    list(items) {
      const last = items.at(-1) ?? '';
      return items.length < 2 ? last : t('common.and', { list: items.slice(0, -1).join(', '), last });
    },
    zoneShort: (now) =>
      zoneShortNames[zone] ??
      dates.offset.formatToParts(now).find((part) => part.type === 'timeZoneName')?.value ??
      zone,
    zoneName(now) {
      const short = words.zoneShort(now);
      const city = zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone;
      return t('common.zoneNamed', { city, short });
    },
  };
  return words;
}

function withCapital(locale: Locale, phrase: string): string {
  return phrase.charAt(0).toLocaleUpperCase(locale) + phrase.slice(1);
}

function translatorOf(locale: Locale): Translate {
  const known = translators.get(locale);
  if (known !== undefined) return known;
  const messages: Messages = locale === 'id' ? (indonesian as Messages) : english;
  const translate = createTranslator<Messages>({
    locale,
    messages,
    onError: (problem) => {
      throw problem;
    },
  });
  const made: Translate = (key, values) => translate(key, isolateAll(values) as never);
  translators.set(locale, made);
  return made;
}

/** Buyer and merchant words never reorder the sentence around them: controls go, right-to-left text is isolated. */
function isolateAll(values: Readonly<Record<string, string | number>> | undefined) {
  if (values === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? isolateText(value) : value]),
  );
}

/** Strips direction controls and wraps right-to-left text in first-strong isolates. */
export function isolateText(text: string): string {
  const plain = text.replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, '');
  return /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/.test(plain) ? `\u2068${plain}\u2069` : plain;
}

const zoneShortNames: Readonly<Record<string, string>> = {
  'Asia/Jakarta': 'WIB',
  'Asia/Pontianak': 'WIB',
  'Asia/Makassar': 'WITA',
  'Asia/Jayapura': 'WIT',
};

type Formats = {
  day: Intl.DateTimeFormat;
  month: Intl.DateTimeFormat;
  time: Intl.DateTimeFormat;
  clock: Intl.DateTimeFormat;
  offset: Intl.DateTimeFormat;
};

const formats = new Map<string, Formats>();

function formatsOf(locale: Locale, timeZone: string): Formats {
  const known = formats.get(`${locale} ${timeZone}`);
  if (known !== undefined) return known;
  // British order: day, month, year, and a 24-hour clock.
  const tag = locale === 'en' ? 'en-GB' : 'id-ID';
  const calendar = { timeZone, calendar: 'gregory', numberingSystem: 'latn' } as const;
  const made: Formats = {
    day: new Intl.DateTimeFormat(tag, { ...calendar, day: 'numeric', month: 'long', year: 'numeric' }),
    month: new Intl.DateTimeFormat(tag, { ...calendar, month: 'long', year: 'numeric' }),
    time: new Intl.DateTimeFormat(tag, { ...calendar, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    clock: new Intl.DateTimeFormat('en-GB', {
      ...calendar,
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    }),
    offset: new Intl.DateTimeFormat('en-GB', { ...calendar, timeZoneName: 'shortOffset' }),
  };
  formats.set(`${locale} ${timeZone}`, made);
  return made;
}

function moneyText(locale: Locale, money: Money, style: 'sign' | 'mixed'): string {
  const digits = currencyDigits[money.currency];
  const plain = decimalText({ ...money, amount: Math.abs(money.amount) });
  const number = new Intl.NumberFormat(locale === 'en' ? 'en-GB' : 'id-ID', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    numberingSystem: 'latn',
  }).format(plain as `${number}`);
  const minus = money.amount < 0 ? '−' : '';
  if (style === 'mixed') return `${minus}${money.currency}\u00A0${number}`;
  if (money.currency === 'IDR') return `${minus}Rp\u00A0${number}`;
  return locale === 'en' ? `${minus}$${number}` : `${minus}US$\u00A0${number}`;
}

/** A map, because any text may be a brand: `constructor` is none that an object should answer for. */
const brandNames: ReadonlyMap<string, string> = new Map([
  ['visa', 'Visa'],
  ['mastercard', 'Mastercard'],
  ['amex', 'American Express'],
  ['jcb', 'JCB'],
  ['gpn', 'GPN'],
  ['unionpay', 'UnionPay'],
  ['gopay', 'GoPay'],
  ['ovo', 'OVO'],
  ['dana', 'DANA'],
  ['shopeepay', 'ShopeePay'],
  ['linkaja', 'LinkAja'],
]);

function methodText(t: Translate, name: MethodName): string {
  if (name.type === 'va') return t('common.methodVa');
  if (name.type === 'qris') return t('common.methodQris');
  if (name.type === 'retail') return t('common.methodRetail');
  if (name.type === 'manual') return t('common.methodManual');
  const kind = { card: 'common.methodCard', ewallet: 'common.methodEwallet', paypal: 'common.methodPaypal' } as const;
  const brand = name.brand === null ? t(kind[name.type]) : (brandNames.get(name.brand) ?? name.brand);
  if (name.last4 !== null) return t('common.methodEnding', { brand, last4: name.last4 });
  return name.label === null ? brand : t('common.methodLabelled', { brand, label: name.label });
}
