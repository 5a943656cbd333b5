import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addIntervalIn, periodAfter } from './billing-calendar.ts';
import { addInterval, dayMs, hourMs, type Instant, isoText } from './time.ts';

const zones = [
  'UTC',
  'Asia/Jakarta',
  'Asia/Jayapura',
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'America/St_Johns',
] as const;

const instants = fc.integer({ min: Date.UTC(2012, 0, 1), max: Date.UTC(2060, 0, 1) });
const intervals = fc.constantFrom('day', 'week', 'month', 'year');

/** Year, month, day, hour, minute and second a zone's clock shows, read from its own text. */
function clock(timeZone: string, instant: Instant) {
  const text = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(instant);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text.split(/\D/).map(Number);
  return { year, month, day, hour, minute, second };
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

describe('adding an interval in a zone', () => {
  it('is the plain rule where clocks never change', () => {
    fc.assert(
      fc.property(instants, intervals, fc.integer({ min: 0, max: 40 }), (from, interval, count) => {
        expect(addIntervalIn('UTC', from, interval, count)).toBe(addInterval(from, interval, count));
      }),
    );
  });

  it('lands on the day of the anchor, or on the last day of a shorter month, at the time of day of the anchor', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, fc.integer({ min: 1, max: 36 }), (zone, anchor, count) => {
        const [was, is] = [clock(zone, anchor), clock(zone, addIntervalIn(zone, anchor, 'month', count))];
        const months = was.year * 12 + was.month - 1 + count;
        // Samoa left a whole day out in December 2011; later years have all their days.
        expect(is.year * 12 + is.month - 1).toBe(months);
        expect(is.day).toBe(Math.min(was.day, daysIn(Math.floor(months / 12), (months % 12) + 1)));
        const seconds = (one: typeof is) => one.hour * 3_600 + one.minute * 60 + one.second;
        const late = seconds(is) - seconds(was);
        // A time of day that the clocks skip comes as much later as they skip.
        if (late !== 0) expect([1_800, 3_600]).toContain(late);
      }),
      { numRuns: 500 },
    );
  });

  it('bills the 31st, then the last day of February, then the 31st again', () => {
    const from = Date.parse('2027-01-31T10:00:00+07:00');
    const one = addIntervalIn('Asia/Jakarta', from, 'month', 1);
    expect(isoText(one)).toBe('2027-02-28T03:00:00.000Z');
    expect(isoText(addIntervalIn('Asia/Jakarta', one, 'month', 1, from))).toBe('2027-03-31T03:00:00.000Z');
  });

  it('counts days of the zone: the last of a month in Jakarta is another day in UTC', () => {
    const from = Date.parse('2027-01-31T02:00:00+07:00');
    expect(isoText(addIntervalIn('Asia/Jakarta', from, 'month', 1))).toBe('2027-02-27T19:00:00.000Z');
  });

  it('keeps the time of day across a change of the clocks, skipped and repeated hours too', () => {
    const at = (text: string) => Date.parse(text);
    const next = (text: string) => isoText(addIntervalIn('America/New_York', at(text), 'day', 1));
    expect(next('2027-03-13T10:00:00-05:00')).toBe('2027-03-14T14:00:00.000Z');
    // 02:30 does not exist on 14 March: an hour later; and it is 02:30 again on the day after.
    expect(next('2027-03-13T02:30:00-05:00')).toBe('2027-03-14T07:30:00.000Z');
    const anchor = at('2027-03-13T02:30:00-05:00');
    const skipped = addIntervalIn('America/New_York', anchor, 'day', 1);
    expect(isoText(addIntervalIn('America/New_York', skipped, 'day', 1, anchor))).toBe('2027-03-15T06:30:00.000Z');
    // 01:30 comes twice on 7 November: the first one.
    expect(next('2027-11-06T01:30:00-04:00')).toBe('2027-11-07T05:30:00.000Z');
  });
});

describe('the next period', () => {
  it('follows without a gap, never drifts from its anchor, and is as long as the plan says', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        instants,
        intervals,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 30 }),
        (zone, anchor, interval, intervalCount, periods) => {
          let end = anchor;
          for (let n = 1; n <= periods; n += 1) {
            const subscription = { currentPeriodEnd: end, billingAnchor: anchor, trialEnd: null, startedAt: 0 };
            const next = periodAfter(subscription, { interval, intervalCount }, zone);
            expect(next.start).toBe(end);
            expect(next.end).toBeGreaterThan(next.start);
            // Stepping n times is adding n intervals at once.
            expect(next.end).toBe(addIntervalIn(zone, anchor, interval, n * intervalCount, anchor));
            end = next.end;
          }
        },
      ),
    );
  });

  it('of a subscription that came in with another day than it began on keeps the day it is billed on', () => {
    const startedAt = Date.parse('2026-01-05T09:00:00+07:00');
    const currentPeriodEnd = Date.parse('2026-03-20T14:00:00+07:00');
    const next = periodAfter(
      { currentPeriodEnd, billingAnchor: null, trialEnd: null, startedAt },
      { interval: 'month', intervalCount: 1 },
      'Asia/Jakarta',
    );
    expect(next.end).toBe(Date.parse('2026-04-20T14:00:00+07:00'));
  });

  it('of a subscription that came in after 31 January goes on with the 31st', () => {
    const startedAt = Date.parse('2026-01-31T09:00:00+07:00');
    const currentPeriodEnd = Date.parse('2026-02-28T09:00:00+07:00');
    const next = periodAfter(
      { currentPeriodEnd, billingAnchor: null, trialEnd: null, startedAt },
      { interval: 'month', intervalCount: 1 },
      'Asia/Jakarta',
    );
    expect(next.end).toBe(Date.parse('2026-03-31T09:00:00+07:00'));
    expect(next.end - next.start).toBe(31 * dayMs);
    expect(next.end % hourMs).toBe(startedAt % hourMs);
  });
});
