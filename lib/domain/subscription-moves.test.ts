import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Subscription } from './subscription.ts';
import {
  cancelMove,
  changeMove,
  type Move,
  pauseMove,
  resumeMove,
  type SubscriptionAct,
  statusAfter,
  takeBackMove,
} from './subscription-moves.ts';
import { aSubscription, ruleNow } from './testing/billing-nouns.ts';
import { dayMs } from './time.ts';

const statuses = ['trialing', 'active', 'past_due', 'canceled', 'paused', 'incomplete'] as const;

function moved(subscription: Subscription, move: Move): Subscription {
  if (!move.can) throw new Error(move.why);
  return { ...subscription, ...move.changes };
}

describe('the moves of a subscription', () => {
  it('are those of the wire, and no others', () => {
    const acts: SubscriptionAct[] = ['end', 'pause', 'resume', 'renew', 'fail', 'pay'];
    const seen = statuses.flatMap((from) =>
      acts.flatMap((act) => {
        const to = statusAfter(from, act);
        return to === null || to === from ? [] : [`${from} ${act} ${to}`];
      }),
    );
    expect(seen.sort()).toEqual(
      [
        'active end canceled',
        'active fail past_due',
        'active pause paused',
        'incomplete pay active',
        'past_due end canceled',
        'past_due pay active',
        'paused end canceled',
        'paused resume active',
        'trialing end canceled',
        'trialing fail past_due',
        'trialing renew active',
      ].sort(),
    );
  });

  it('canceled and incomplete are final for whoever asks', () => {
    for (const status of ['canceled', 'incomplete'] as const) {
      const subscription = aSubscription({ status, endedAt: status === 'canceled' ? ruleNow - 1 : null });
      const all = [
        pauseMove(subscription, null, ruleNow),
        resumeMove(subscription, ruleNow),
        takeBackMove(subscription, ruleNow),
        changeMove(subscription, ruleNow),
        cancelMove(subscription, 'now', 'user_request', ruleNow),
        cancelMove(subscription, 'period_end', 'user_request', ruleNow),
      ];
      expect(all.map((move) => move.can)).toEqual(Array(6).fill(false));
    }
  });

  it('an end whose moment has come is final, whether or not the clock came by', () => {
    const subscription = aSubscription({ cancelAt: ruleNow });
    expect(takeBackMove(subscription, ruleNow).can).toBe(false);
    expect(takeBackMove(subscription, ruleNow - 1).can).toBe(true);
  });

  it('an end at the end of the period only sets when; an end now ends it', () => {
    const subscription = aSubscription();
    const planned = moved(subscription, cancelMove(subscription, 'period_end', 'user_request', ruleNow));
    expect(planned).toMatchObject({ status: 'active', cancelAt: subscription.currentPeriodEnd, endedAt: null });
    const ended = moved(planned, cancelMove(planned, 'now', 'merchant', ruleNow + 1));
    expect(ended).toMatchObject({ status: 'canceled', endedAt: ruleNow + 1, canceledReason: 'merchant' });
  });

  it('a trial ends with its trial, and what does not run ends now', () => {
    const trialEnd = ruleNow + dayMs;
    const trial = aSubscription({ status: 'trialing', trialEnd, currentPeriodEnd: trialEnd });
    expect(moved(trial, cancelMove(trial, 'period_end', 'user_request', ruleNow)).cancelAt).toBe(trialEnd);
    const paused = aSubscription({ status: 'paused', pausedAt: ruleNow - dayMs });
    expect(moved(paused, cancelMove(paused, 'period_end', 'user_request', ruleNow)).status).toBe('canceled');
    const later = aSubscription({ startedAt: ruleNow + dayMs });
    expect(moved(later, cancelMove(later, 'period_end', 'user_request', ruleNow)).status).toBe('canceled');
  });

  it('only a running, begun subscription without a planned end is paused', () => {
    expect(pauseMove(aSubscription(), null, ruleNow).can).toBe(true);
    for (const more of [
      { status: 'trialing' },
      { status: 'past_due' },
      { status: 'paused' },
      { cancelAt: ruleNow + dayMs },
      { startedAt: ruleNow + dayMs },
    ] as const) {
      expect(pauseMove(aSubscription(more), null, ruleNow).can).toBe(false);
    }
  });

  it('a pause of any length leaves exactly the paid time that was left when it began', () => {
    const moment = fc.integer({ min: 0, max: 60 * dayMs });
    fc.assert(
      fc.property(moment, moment, (before, length) => {
        const subscription = aSubscription();
        const pausedAt = subscription.currentPeriodStart + before;
        const paused = moved(subscription, pauseMove(subscription, null, pausedAt));
        const resumedAt = pausedAt + length;
        const resumed = moved(paused, resumeMove(paused, resumedAt));
        const left = Math.max(0, subscription.currentPeriodEnd - pausedAt);
        expect(resumed.currentPeriodEnd - resumedAt).toBe(left);
        expect(resumed).toMatchObject({ status: 'active', pausedAt: null, resumeAt: null });
        expect(resumed.billingAnchor).toBe(resumed.currentPeriodEnd);
        if (left === 0) expect(resumed.currentPeriodStart).toBe(resumedAt);
      }),
    );
  });
});
