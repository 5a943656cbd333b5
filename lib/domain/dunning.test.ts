import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dunningEndOf, nextTryAt } from './dunning.ts';
import { ruleNow } from './testing/billing-nouns.ts';
import { dayMs } from './time.ts';

it('a charge that failed is tried again after 1, 3, 5 and 7 days, and then no more', () => {
  const days: (number | null)[] = [];
  let now = ruleNow;
  for (let tries = 1; ; tries += 1) {
    const next = nextTryAt(ruleNow, tries, now);
    days.push(next === null ? null : (next - ruleNow) / dayMs);
    if (next === null) break;
    now = next;
  }
  expect(days).toEqual([1, 3, 5, 7, null]);
});

it('however late tries come, there is a day between two of them', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 * dayMs }), { minLength: 4, maxLength: 4 }), (delays) => {
      let now = ruleNow;
      for (const [index, late] of delays.entries()) {
        const next = nextTryAt(ruleNow, index + 1, now);
        if (next === null) throw new Error('There are four tries more.');
        expect(next - now).toBeGreaterThanOrEqual(dayMs);
        now = next + late;
      }
      expect(nextTryAt(ruleNow, 5, now)).toBeNull();
    }),
  );
});

it('the last failure cancels, unless the plan says that it stays past due', () => {
  expect(dunningEndOf({ metadata: null })).toBe('canceled');
  expect(dunningEndOf({ metadata: { dunningEnd: 'anything' } })).toBe('canceled');
  expect(dunningEndOf({ metadata: { dunningEnd: 'past_due' } })).toBe('past_due');
});
