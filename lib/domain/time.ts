/** Milliseconds since 1970 in UTC. Time is always a parameter; a boundary belongs to one side: `now < end`. */
export type Instant = number;

export const secondMs = 1_000;
export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

export type Interval = 'day' | 'week' | 'month' | 'year';

/**
 * The instant `count` intervals after `from`. Months and years keep the day of `anchor` (default `from`) where the
 * month has it, else its last day: 31 January + 1 month is 28 or 29 February, + 2 months is 31 March. In UTC.
 */
export function addInterval(from: Instant, interval: Interval, count: number, anchor: Instant = from): Instant {
  if (interval === 'day') return from + count * dayMs;
  if (interval === 'week') return from + 7 * count * dayMs;
  const start = new Date(from);
  const months = start.getUTCMonth() + count * (interval === 'year' ? 12 : 1);
  const year = start.getUTCFullYear() + Math.floor(months / 12);
  const month = ((months % 12) + 12) % 12;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const day = Math.min(new Date(anchor).getUTCDate(), lastDay);
  return Date.UTC(year, month, day) + (from - Math.floor(from / dayMs) * dayMs);
}

/** ISO 8601 in UTC with milliseconds, as the wire writes it. */
export function isoText(instant: Instant): string {
  return new Date(instant).toISOString();
}

/** Reads ISO 8601 text with a zone ("2026-03-03T08:00:00Z"), or null. */
export function readIsoText(text: unknown): Instant | null {
  if (typeof text !== 'string') return null;
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return null;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? null : instant;
}

/** The instant at which a calendar year begins in a zone (IANA name). */
export function startOfYear(timeZone: string, year: number): Instant {
  const wanted = Date.UTC(year, 0, 1);
  // The offset is asked at the guess, then once more at the instant found: zones shift, and seldom at New Year.
  const guess = wanted - offsetAt(timeZone, wanted);
  return wanted - offsetAt(timeZone, guess);
}

/**
 * An instant on the last day of a period in a zone, its end exclusive: the day before the one the next period begins on,
 * so that no day is named in two periods; never before `start`. An end in the last second of a day closes that day.
 */
export function lastDayOf(timeZone: string, start: Instant, end: Instant): Instant {
  const next = end + secondMs;
  const clock = next + offsetAt(timeZone, next);
  const noonBefore = Math.floor(clock / dayMs) * dayMs - dayMs / 2;
  return Math.max(start, noonBefore - offsetAt(timeZone, noonBefore));
}

/** How far a zone's clock is ahead of UTC at an instant, in ms. */
export function offsetAt(timeZone: string, instant: Instant): number {
  const parts = clockOf(timeZone).formatToParts(instant);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? 0);
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - Math.floor(instant / secondMs) * secondMs;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making one is slow, asking it is not: there is one for each zone that was asked for. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  clocks.set(timeZone, made);
  return made;
}
