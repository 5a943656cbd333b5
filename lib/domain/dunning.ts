import type { Plan } from './plan.ts';
import { dayMs, type Instant } from './time.ts';

/** Days after the first try at which a charge that failed is tried again. */
export const dunningDays = [1, 3, 5, 7] as const;

/**
 * When to try again after `tries` tries have failed, the last of them now; null when that was the last one. A try that
 * came late moves the next one on: there is a day between two of them at least.
 */
export function nextTryAt(beganAt: Instant, tries: number, now: Instant): Instant | null {
  const days = dunningDays[tries - 1];
  return days === undefined ? null : Math.max(beganAt + days * dayMs, now + dayMs);
}

/**
 * What becomes of a subscription when the last try has failed: it is canceled, or where the plan's metadata says
 * `dunningEnd: past_due` it stays past due and goes on.
 */
export function dunningEndOf(plan: Pick<Plan, 'metadata'>): 'canceled' | 'past_due' {
  return plan.metadata?.dunningEnd === 'past_due' ? 'past_due' : 'canceled';
}
