import { expect, it } from 'vitest';
import type { Subscription } from './subscription.ts';
import { isEnded, standingOf } from './subscription-standing.ts';
import { aSubscription, ruleNow } from './testing/billing-nouns.ts';
import { dayMs } from './time.ts';

const later = ruleNow + 5 * dayMs;

it.each<[Partial<Subscription>, ReturnType<typeof standingOf>]>([
  [{ status: 'incomplete' }, { is: 'incomplete', date: null }],
  [{ startedAt: later }, { is: 'starts', date: later }],
  [
    { status: 'trialing', trialEnd: later },
    { is: 'trialing', date: later },
  ],
  [
    { status: 'trialing', trialEnd: later, cancelAt: later },
    { is: 'trialEnds', date: later },
  ],
  [{}, { is: 'active', date: ruleNow + 20 * dayMs }],
  [{ cancelAt: later }, { is: 'ends', date: later }],
  [{ status: 'past_due' }, { is: 'past_due', date: null }],
  [
    { status: 'past_due', cancelAt: later },
    { is: 'pastDueEnds', date: later },
  ],
  [
    { status: 'paused', pausedAt: ruleNow },
    { is: 'paused', date: null },
  ],
  [
    { status: 'paused', pausedAt: ruleNow, resumeAt: later },
    { is: 'paused', date: later },
  ],
  [
    { status: 'canceled', endedAt: ruleNow - 1, canceledAt: ruleNow - 9 },
    { is: 'ended', date: ruleNow - 1 },
  ],
  [
    { status: 'canceled', canceledAt: ruleNow - 9 },
    { is: 'ended', date: ruleNow - 9 },
  ],
])('%o stands as %o', (more, standing) => {
  expect(standingOf(aSubscription(more), ruleNow)).toEqual(standing);
});

it('a planned end is the end from its very moment, whether or not a job came by', () => {
  const subscription = aSubscription({ cancelAt: ruleNow });
  expect(isEnded(subscription, ruleNow - 1)).toBe(false);
  expect(isEnded(subscription, ruleNow)).toBe(true);
  expect(standingOf(subscription, ruleNow)).toEqual({ is: 'ended', date: ruleNow });
});
