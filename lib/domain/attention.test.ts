import { describe, expect, it } from 'vitest';
import { type AttentionFacts, attentionOf } from './attention.ts';
import { aMethod, anAttempt, anId, anInvoice, aPlanned, ruleNow } from './testing/billing-nouns.ts';
import { dayMs, hourMs } from './time.ts';

function facts(more: Partial<AttentionFacts> = {}): AttentionFacts {
  return {
    subscriptions: [aPlanned()],
    unpaid: [],
    attempts: [],
    methods: [aMethod()],
    customer: { defaultPaymentMethodId: anId('pt_1') },
    taxRateBasisPoints: 1_100,
    ...more,
  };
}

const say = (more: Partial<AttentionFacts>) => attentionOf(facts(more), ruleNow).map(({ is }) => is);
const pastDue = aPlanned({ subscription: { status: 'past_due' } });

describe('what needs the buyer', () => {
  it('is nothing while a subscription runs on a method that lasts', () => {
    expect(say({})).toEqual([]);
  });

  it('is a failed payment with its reason, its plan and the next try', () => {
    const found = attentionOf(
      facts({ subscriptions: [pastDue], unpaid: [anInvoice()], attempts: [anAttempt()] }),
      ruleNow,
    );
    expect(found).toMatchObject([
      {
        is: 'payment_failed',
        money: { amount: 165_390, currency: 'IDR' },
        plan: { name: 'Roaster Club' },
        refused: { reason: 'not_enough_money' },
        nextAttemptAt: ruleNow + dayMs,
      },
    ]);
  });

  it('promises no next try that is over or was stopped', () => {
    const over = anInvoice({ nextAttemptAt: ruleNow });
    const found = attentionOf(facts({ subscriptions: [pastDue], unpaid: [over], attempts: [anAttempt()] }), ruleNow);
    expect(found).toMatchObject([{ is: 'payment_failed', nextAttemptAt: null }]);
    expect(say({ subscriptions: [pastDue], unpaid: [anInvoice({ collectionStoppedAt: ruleNow })] })).toEqual([]);
  });

  it('is the bank, or a transfer until it runs out, by the newest attempt', () => {
    const unpaid = [anInvoice()];
    const first = anAttempt();
    const bank = anAttempt({ id: anId('pa_2'), status: 'needs_confirmation', reason: null });
    expect(say({ unpaid, attempts: [first, bank] })).toEqual(['bank_must_confirm']);
    const pending = anAttempt({ id: anId('pa_2'), status: 'pending', reason: null, payBefore: ruleNow + hourMs });
    expect(say({ unpaid, attempts: [first, pending] })).toEqual(['waiting']);
    expect(say({ unpaid, attempts: [first, { ...pending, payBefore: ruleNow }] })).toEqual([]);
    expect(say({ unpaid, attempts: [first, { ...pending, payBefore: null }] })).toEqual([]);
  });

  it('is an invoice nobody charges, and not one that is charged by itself', () => {
    const open = anInvoice({ dueAt: ruleNow + 5 * dayMs });
    const self = aPlanned({ subscription: { collectionMethod: 'send_invoice' } });
    expect(say({ unpaid: [open] })).toEqual([]);
    expect(say({ subscriptions: [self], unpaid: [open] })).toEqual(['invoice_due']);
    expect(say({ unpaid: [{ ...open, subscriptionId: null }] })).toEqual(['invoice_due']);
    expect(say({ subscriptions: [aPlanned({ subscription: { status: 'incomplete' } })], unpaid: [open] })).toEqual([
      'invoice_due',
    ]);
  });

  it('is a missing method, or one that does not last, for a payment that comes', () => {
    expect(say({ methods: [] })).toEqual(['no_method']);
    expect(say({ methods: [aMethod({ expMonth: 2, expYear: 2026 })] })).toEqual(['no_method']);
    expect(say({ methods: [aMethod({ expMonth: 3, expYear: 2026 })] })).toEqual([]);
    const late = aPlanned({ subscription: { currentPeriodEnd: Date.UTC(2026, 3, 1) } });
    expect(say({ subscriptions: [late], methods: [aMethod({ expMonth: 3, expYear: 2026 })] })).toEqual(['method_ends']);
    expect(say({ methods: [aMethod({ status: 'pending' })] })).toEqual([]);
  });

  it('is no method at all where nothing will be charged', () => {
    const free = aPlanned({ subscription: { discount: { label: 'Gift', amount: 149_000, until: null } } });
    expect(say({ subscriptions: [free], methods: [] })).toEqual([]);
    const ending = aPlanned({ subscription: { cancelAt: ruleNow + 20 * dayMs } });
    expect(say({ subscriptions: [ending], methods: [] })).toEqual([]);
    const self = aPlanned({ subscription: { collectionMethod: 'send_invoice' } });
    expect(say({ subscriptions: [self], methods: [] })).toEqual([]);
  });

  it('is the end of a trial for its last three days', () => {
    const trial = (trialEnd: number) => [aPlanned({ subscription: { status: 'trialing', trialEnd } })];
    expect(say({ subscriptions: trial(ruleNow + 3 * dayMs) })).toEqual(['trial_ends']);
    expect(say({ subscriptions: trial(ruleNow + 3 * dayMs + 1) })).toEqual([]);
  });

  it('has money at risk first, and within one kind what comes soonest', () => {
    const trial = aPlanned({
      subscription: { id: anId('sub_2'), status: 'trialing', trialEnd: ruleNow + dayMs },
    });
    const unpaid = [
      anInvoice({ id: anId('inv_9'), subscriptionId: null, dueAt: ruleNow + 9 * dayMs }),
      anInvoice({ id: anId('inv_8'), subscriptionId: null, dueAt: ruleNow + 8 * dayMs }),
      anInvoice(),
    ];
    const all = attentionOf(
      facts({ subscriptions: [trial, pastDue], unpaid, attempts: [anAttempt()], methods: [] }),
      ruleNow,
    );
    expect(all.map((item) => ('invoice' in item ? `${item.is} ${item.invoice.id}` : item.is))).toEqual([
      'payment_failed inv_1',
      'invoice_due inv_8',
      'invoice_due inv_9',
      'no_method',
      'no_method',
      'trial_ends',
    ]);
  });
});
