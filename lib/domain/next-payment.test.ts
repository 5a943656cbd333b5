import { describe, expect, it } from 'vitest';
import { nextPaymentOf } from './next-payment.ts';
import type { Price } from './plan.ts';
import type { Subscription } from './subscription.ts';
import { aPlanned, ruleNow } from './testing/billing-nouns.ts';
import { dayMs } from './time.ts';

const end = ruleNow + 20 * dayMs;

function next(subscription: Partial<Subscription>, price: Partial<Price> = {}) {
  return nextPaymentOf(aPlanned({ subscription, price }), 1_100, ruleNow);
}

describe('the next payment', () => {
  it('of a running subscription comes at the end of its period, with its total', () => {
    expect(next({})).toMatchObject({ kind: 'regular', at: end, cost: { total: 165_390 }, selfPaid: false });
  });

  it('of a trial is the first one, when the trial ends', () => {
    const trialEnd = ruleNow + 2 * dayMs;
    expect(next({ status: 'trialing', trialEnd })).toMatchObject({ kind: 'trial', at: trialEnd });
  });

  it('is none once the end is planned for the end of what is paid', () => {
    expect(next({ cancelAt: end })).toBeNull();
    expect(next({ status: 'trialing', trialEnd: end, cancelAt: end })).toBeNull();
    expect(next({ status: 'past_due', cancelAt: end })).toBeNull();
  });

  it('is the final one where the end comes one period later', () => {
    expect(next({ cancelAt: end + 25 * dayMs })).toMatchObject({ kind: 'final', at: end });
    expect(next({ cancelAt: end + 95 * dayMs })).toMatchObject({ kind: 'regular', at: end });
  });

  it('of usage is one last payment of an unknown amount when it ends, except in a trial', () => {
    const usage = { model: 'usage', unitAmount: 10 } as const;
    expect(next({ cancelAt: end }, usage)).toMatchObject({ kind: 'final', at: end, cost: null });
    expect(next({ status: 'trialing', trialEnd: end, cancelAt: end }, usage)).toBeNull();
  });

  it('of a paused subscription comes when it restarts, and is none without a date', () => {
    const resumeAt = ruleNow + 40 * dayMs;
    const over = { status: 'paused', currentPeriodEnd: ruleNow } as const;
    expect(next({ ...over, pausedAt: ruleNow, resumeAt })).toMatchObject({ kind: 'restart', at: resumeAt });
    // Twenty paid days were left when it was paused: they run on first.
    const left = { status: 'paused', pausedAt: ruleNow, resumeAt } as const;
    expect(next(left)).toMatchObject({ kind: 'regular', at: resumeAt + 20 * dayMs });
    expect(next({ status: 'paused', pausedAt: ruleNow })).toBeNull();
    expect(next({ status: 'paused', pausedAt: ruleNow, resumeAt, cancelAt: ruleNow + dayMs })).toBeNull();
  });

  it('is none for what has ended or never began to run', () => {
    expect(next({ status: 'canceled', endedAt: ruleNow - 1 })).toBeNull();
    expect(next({ status: 'incomplete' })).toBeNull();
    expect(next({ cancelAt: ruleNow })).toBeNull();
  });

  it('of a subscription that starts later comes at its start', () => {
    const startedAt = ruleNow + 3 * dayMs;
    expect(next({ startedAt })).toMatchObject({ kind: 'first', at: startedAt });
  });

  it('is due now where the period is over and nobody renewed it yet', () => {
    expect(next({ currentPeriodEnd: ruleNow - dayMs })).toMatchObject({ kind: 'regular', at: ruleNow });
  });

  it('is paid by the buyer where invoices are sent, and has the discount of its own day', () => {
    expect(next({ collectionMethod: 'send_invoice' })?.selfPaid).toBe(true);
    const discount = { label: 'Early bird', amount: 49_000, until: end };
    expect(next({ discount })?.cost?.total).toBe(165_390);
    expect(next({ discount: { ...discount, until: end + 1 } })?.cost?.total).toBe(111_000);
  });
});
