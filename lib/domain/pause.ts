import type { Subscription } from './subscription.ts';

/** How much of the paid time was left when a pause began, in ms: it stands still until the pause ends. */
export function timeLeftOf({
  pausedAt,
  currentPeriodEnd,
}: Pick<Subscription, 'pausedAt' | 'currentPeriodEnd'>): number {
  return pausedAt === null ? 0 : Math.max(0, currentPeriodEnd - pausedAt);
}
