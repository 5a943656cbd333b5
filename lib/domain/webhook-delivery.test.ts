import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dayMs, hourMs, secondMs } from './time.ts';
import { gapAfter } from './webhook-delivery.ts';
import { addFailure } from './webhook-endpoint.ts';

it('gaps grow from ten seconds to half a day and end after about three days', () => {
  const gaps: number[] = [];
  for (let gap = gapAfter(1, 0.5); gap !== null; gap = gapAfter(gaps.length + 1, 0.5)) gaps.push(gap);
  expect(gaps[0]).toBe(10 * secondMs);
  expect(gaps.every((gap, at) => at === 0 || gap >= (gaps[at - 1] ?? 0))).toBe(true);
  expect(Math.max(...gaps)).toBe(12 * hourMs);
  const whole = gaps.reduce((sum, gap) => sum + gap, 0);
  expect(whole / dayMs).toBeGreaterThan(2.5);
  expect(whole / dayMs).toBeLessThan(3.5);
});

it('chance moves a gap by a tenth at most, so that endpoints that fell together do not rise together', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 13 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempts, chance) => {
      const [gap, middle] = [gapAfter(attempts, chance) ?? 0, gapAfter(attempts, 0.5) ?? 0];
      expect(Math.abs(gap - middle)).toBeLessThanOrEqual(middle / 10 + 1);
    }),
  );
  expect(gapAfter(3, 0)).not.toBe(gapAfter(3, 0.9));
  expect(gapAfter(14, 0)).toBeNull();
});

it('a streak is too long with twenty failures over a day, and with neither alone', () => {
  const since = 1_000;
  const after = (failures: number, now: number) =>
    addFailure({ consecutiveFailures: failures - 1, failingSince: since }, now).isTooMany;
  expect(after(20, since + dayMs)).toBe(true);
  expect(after(20, since + dayMs - 1)).toBe(false);
  expect(after(19, since + 9 * dayMs)).toBe(false);
  expect(after(500, since + hourMs)).toBe(false);
  expect(addFailure({ consecutiveFailures: 0, failingSince: null }, since)).toEqual({
    streak: { consecutiveFailures: 1, failingSince: since },
    isTooMany: false,
  });
});
