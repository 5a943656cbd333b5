import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addInterval, isoText, lastDayOf, readIsoText } from './time.ts';

const at = (text: string) => Date.parse(text);

it('a month after the last day of January is the last day of February, and two are the 31st again', () => {
  const january = at('2027-01-31T10:00:00Z');
  expect(isoText(addInterval(january, 'month', 1))).toBe('2027-02-28T10:00:00.000Z');
  expect(isoText(addInterval(at('2028-01-31T10:00:00Z'), 'month', 1))).toBe('2028-02-29T10:00:00.000Z');
  expect(isoText(addInterval(addInterval(january, 'month', 1), 'month', 1, january))).toBe('2027-03-31T10:00:00.000Z');
  expect(isoText(addInterval(at('2028-02-29T00:00:00Z'), 'year', 1))).toBe('2029-02-28T00:00:00.000Z');
});

it('twelve months are a year, and the time of day stays', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (from) => {
      expect(addInterval(from, 'month', 12)).toBe(addInterval(from, 'year', 1));
      expect(addInterval(from, 'month', 1) % 86_400_000).toBe(from % 86_400_000);
      expect(addInterval(from, 'month', 1)).toBeGreaterThan(from);
    }),
  );
});

it('reads what it writes, and nothing without a zone', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (instant) => {
      expect(readIsoText(isoText(instant))).toBe(instant);
    }),
  );
  for (const text of ['2027-01-01', '2027-01-01T00:00:00', 'tomorrow', '2027-13-01T00:00:00Z', '', null, 5]) {
    expect(readIsoText(text)).toBeNull();
  }
});

it('the last day of a period is the one before the next period begins', () => {
  const day = (zone: string, start: string, end: string) =>
    new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(lastDayOf(zone, at(start), at(end)));
  expect(day('Asia/Jakarta', '2026-11-19T03:00:00Z', '2026-12-19T03:00:00Z')).toBe('2026-12-18');
  expect(day('Asia/Jakarta', '2026-11-30T17:00:00Z', '2026-12-31T17:00:00Z')).toBe('2026-12-31');
  expect(day('Asia/Jakarta', '2026-11-30T17:00:00Z', '2026-12-31T16:59:59Z')).toBe('2026-12-31');
  expect(day('Asia/Jakarta', '2026-11-19T10:00:00Z', '2026-11-20T10:00:00Z')).toBe('2026-11-19');
  expect(day('Asia/Jakarta', '2026-11-19T03:00:00Z', '2026-11-19T09:00:00Z')).toBe('2026-11-19');
  // The clocks of New York go back on 1 November 2026: that day has 25 hours.
  expect(day('America/New_York', '2026-10-02T03:30:00Z', '2026-11-02T04:30:00Z')).toBe('2026-10-31');
});
