import type { Subscription } from './subscription.ts';
import { dayMs, type Instant, type Interval, offsetAt } from './time.ts';

/** A billing period: `start` belongs to it, `end` to the next one. */
export type Period = { readonly start: Instant; readonly end: Instant };

/**
 * The instant `count` intervals after `from` by the calendar and clock of a zone. Months and years keep the day of
 * `anchor` where the month has it, else its last day: 31 January + 1 month is 28 or 29 February, + 2 months is 31 March.
 * The time of day is the anchor's, whatever the clocks did in between; one that the clocks skip comes as much later, of
 * one that comes twice it is the first.
 */
export function addIntervalIn(
  timeZone: string,
  from: Instant,
  interval: Interval,
  count: number,
  anchor: Instant = from,
): Instant {
  const start = clockTimeOf(timeZone, from);
  const kept = clockTimeOf(timeZone, anchor);
  const timeOfDay = kept - startOfDay(kept);
  if (interval === 'day' || interval === 'week') {
    return instantOf(timeZone, startOfDay(start) + count * (interval === 'week' ? 7 : 1) * dayMs + timeOfDay);
  }
  const date = new Date(start);
  const months = date.getUTCMonth() + count * (interval === 'year' ? 12 : 1);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), months + 1, 0)).getUTCDate();
  const day = Math.min(new Date(kept).getUTCDate(), lastDay);
  return instantOf(timeZone, Date.UTC(date.getUTCFullYear(), months, day) + timeOfDay);
}

/** The period that follows the running one. It begins where that one ends; nothing lies between. */
export function periodAfter(
  subscription: Pick<Subscription, 'currentPeriodEnd' | 'billingAnchor' | 'trialEnd' | 'startedAt'>,
  plan: { readonly interval: Interval; readonly intervalCount: number },
  timeZone: string,
): Period {
  const start = subscription.currentPeriodEnd;
  const anchor = subscription.billingAnchor ?? subscription.trialEnd ?? subscription.startedAt;
  const { interval, intervalCount } = plan;
  const counted = isCountedFrom(timeZone, start, interval, anchor) ? anchor : start;
  return { start, end: addIntervalIn(timeZone, start, interval, intervalCount, counted) };
}

/** Do two instants lie on the same day of a zone? */
export function isSameDayIn(timeZone: string, one: Instant, other: Instant): boolean {
  return startOfDay(clockTimeOf(timeZone, one)) === startOfDay(clockTimeOf(timeZone, other));
}

/** Does a period that begins at `start` keep the day and the time of `anchor`? Periods that came in may have moved. */
function isCountedFrom(timeZone: string, start: Instant, interval: Interval, anchor: Instant): boolean {
  const is = new Date(clockTimeOf(timeZone, start));
  const kept = new Date(clockTimeOf(timeZone, anchor));
  const offDay = Math.abs(timeOfDayOf(is) - timeOfDayOf(kept));
  // Two hours are more than any change of the clocks.
  if (Math.min(offDay, dayMs - offDay) > 2 * 3_600_000) return false;
  if (interval === 'day' || interval === 'week') return true;
  const lastDay = new Date(Date.UTC(is.getUTCFullYear(), is.getUTCMonth() + 1, 0)).getUTCDate();
  return is.getUTCDate() === Math.min(kept.getUTCDate(), lastDay);
}

function timeOfDayOf(clockTime: Date): number {
  return clockTime.getTime() - startOfDay(clockTime.getTime());
}

/** What a zone's clock shows at an instant, as if it were UTC. */
function clockTimeOf(timeZone: string, instant: Instant): number {
  return instant + offsetAt(timeZone, instant);
}

/** The instant at which a zone's clock shows `clockTime`. */
function instantOf(timeZone: string, clockTime: number): Instant {
  const before = offsetAt(timeZone, clockTime - dayMs);
  const after = offsetAt(timeZone, clockTime + dayMs);
  const first = clockTime - Math.max(before, after);
  const second = clockTime - Math.min(before, after);
  if (clockTimeOf(timeZone, first) === clockTime) return first;
  if (clockTimeOf(timeZone, second) === clockTime) return second;
  return clockTime - before;
}

function startOfDay(clockTime: number): number {
  return Math.floor(clockTime / dayMs) * dayMs;
}
