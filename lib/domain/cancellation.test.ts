import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CancellationFacts,
  canUndoCancellation,
  findOption,
  keepsPromise,
  planCancellation,
  promiseOf,
} from './cancellation.ts';
import type { Plan } from './plan.ts';
import type { Subscription } from './subscription.ts';
import { anId, anInvoice, aPlanned, aSubscription, ruleNow } from './testing/billing-nouns.ts';
import { dayMs } from './time.ts';
import { completeConfiguration, type PortalConfiguration } from './workspace.ts';

type Wish = {
  subscription?: Partial<Subscription>;
  plan?: Partial<Plan>;
  usage?: boolean;
  cancel?: Partial<PortalConfiguration['cancel']>;
  selfServeCancel?: boolean;
  invoices?: CancellationFacts['invoices'];
};

function plan(wish: Wish = {}, now = ruleNow) {
  const planned = aPlanned({
    ...(wish.subscription === undefined ? {} : { subscription: wish.subscription }),
    ...(wish.plan === undefined ? {} : { plan: wish.plan }),
    price: wish.usage === true ? { model: 'usage', unitAmount: 10 } : {},
  });
  const configuration = {
    features: { ...completeConfiguration.features, selfServeCancel: wish.selfServeCancel ?? true },
    cancel: { ...completeConfiguration.cancel, ...wish.cancel },
  };
  return planCancellation(
    { ...planned, configuration, invoices: wish.invoices === undefined ? [] : wish.invoices },
    now,
  );
}

const end = ruleNow + 20 * dayMs;
const both = { timing: ['now', 'period_end'] } as const;

describe('what cancelling does', () => {
  it('ends a running subscription with its period, and can be undone until then', () => {
    expect(plan()).toMatchObject({
      can: true,
      options: [
        { timing: 'period_end', endsAt: end, endsWith: 'period', isPaid: true, lastPaymentAt: null, canUndo: true },
      ],
      loses: [],
    });
  });

  it('offers the end of the period first, and now only where the workspace allows it', () => {
    expect(plan({ cancel: both })).toMatchObject({
      options: [{ timing: 'period_end' }, { timing: 'now', endsAt: ruleNow, endsWith: 'now', canUndo: false }],
    });
    expect(findOption(plan(), 'now')).toBeNull();
    expect(findOption(plan({ cancel: both }), 'tomorrow')).toBeNull();
  });

  it('ends a trial with the trial', () => {
    const trialEnd = ruleNow + 2 * dayMs;
    expect(plan({ subscription: { status: 'trialing', trialEnd } })).toMatchObject({
      options: [{ endsAt: trialEnd, endsWith: 'trial', isPaid: false, canUndo: true }],
    });
  });

  it.each<[string, Partial<Subscription>]>([
    ['paused', { status: 'paused', pausedAt: ruleNow - dayMs, currentPeriodEnd: ruleNow - dayMs }],
    ['not begun', { startedAt: ruleNow + dayMs }],
    ['over and not renewed', { currentPeriodEnd: ruleNow }],
  ])('ends now what has no paid time left: %s', (_, subscription) => {
    expect(plan({ subscription })).toMatchObject({
      options: [{ timing: 'now', endsAt: ruleNow, endsWith: 'no_paid_time', canUndo: false }],
    });
  });

  it('says that the paid time a pause has kept is given up', () => {
    expect(plan({ subscription: { status: 'paused', pausedAt: ruleNow - dayMs } })).toMatchObject({
      options: [{ timing: 'now', endsAt: ruleNow, endsWith: 'now', isPaid: true, canUndo: false }],
    });
  });

  it('says what is unpaid on this subscription, and only that, by the rule of the workspace', () => {
    const invoices = [
      anInvoice(),
      anInvoice({ id: anId('inv_2'), subscriptionId: anId('sub_2') }),
      anInvoice({ id: anId('inv_3'), status: 'paid', amountPaid: 165_390 }),
      anInvoice({ id: anId('inv_4'), collectionStoppedAt: ruleNow - dayMs }),
    ];
    const subscription = { status: 'past_due' } as const;
    const owed = { id: 'inv_1', money: { amount: 165_390, currency: 'IDR' } };
    expect(plan({ subscription, invoices })).toMatchObject({
      options: [{ owedRule: 'stop_collection', owed: [{ ...owed, nextAttemptAt: null }], isPaid: false }],
    });
    expect(plan({ subscription, invoices, cancel: { pastDue: 'keep_due' } })).toMatchObject({
      options: [{ owedRule: 'keep_due', owed: [{ ...owed, nextAttemptAt: ruleNow + dayMs }] }],
    });
    expect(plan({ subscription, invoices: null })).toMatchObject({ options: [{ owed: null }] });
  });

  it('charges usage once more, but not the usage of a trial', () => {
    expect(plan({ usage: true })).toMatchObject({ options: [{ lastPaymentAt: end }] });
    const trial = { status: 'trialing', trialEnd: end } as const;
    expect(plan({ usage: true, subscription: trial })).toMatchObject({ options: [{ lastPaymentAt: null }] });
  });

  it('loses what the merchant wrote down, a line each', () => {
    const includes = 'Two bags of beans\n\n  Free delivery ';
    expect(plan({ plan: { metadata: { includes } } })).toMatchObject({
      loses: ['Two bags of beans', 'Free delivery'],
    });
  });
});

describe('cancelling is refused', () => {
  it.each<[string, Wish]>([
    ['already_ended', { subscription: { status: 'canceled', endedAt: ruleNow - 1 } }],
    ['already_ended', { subscription: { cancelAt: ruleNow } }],
    ['already_scheduled', { subscription: { cancelAt: end } }],
    ['incomplete', { subscription: { status: 'incomplete' } }],
    ['not_offered', { selfServeCancel: false }],
    ['not_offered', { plan: { portalFeatures: { ...aPlanned().plan.portalFeatures, selfServeCancel: false } } }],
  ])('as %s', (why, wish) => {
    expect(plan(wish)).toEqual({ can: false, why });
  });

  it('never for a status nobody refuses', () => {
    for (const status of ['active', 'trialing', 'past_due', 'paused'] as const) {
      expect(plan({ subscription: { status, trialEnd: end } }).can, status).toBe(true);
    }
  });
});

describe('taking it back', () => {
  const mine = { cancelAt: end, canceledReason: 'customer_portal' } as const;
  it('is possible until the moment it ends', () => {
    expect(canUndoCancellation(aSubscription(mine), end - 1)).toBe(true);
    expect(canUndoCancellation(aSubscription(mine), end)).toBe(false);
    expect(canUndoCancellation(aSubscription({ ...mine, status: 'canceled', endedAt: ruleNow }), ruleNow)).toBe(false);
  });

  it('is not for an end the merchant planned, nor for a fixed term', () => {
    expect(canUndoCancellation(aSubscription({ ...mine, canceledReason: 'user_request' }), ruleNow)).toBe(true);
    expect(canUndoCancellation(aSubscription({ ...mine, canceledReason: 'merchant' }), ruleNow)).toBe(false);
    expect(canUndoCancellation(aSubscription({ ...mine, canceledReason: null }), ruleNow)).toBe(false);
    expect(canUndoCancellation(aSubscription(), ruleNow)).toBe(false);
  });
});

describe('a promise', () => {
  const wishes = fc.record({
    status: fc.constantFrom('active', 'trialing', 'past_due', 'paused'),
    days: fc.integer({ min: -2, max: 3 }),
    owed: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
    rule: fc.constantFrom('stop_collection', 'keep_due'),
    usage: fc.boolean(),
  });
  type Drawn = typeof wishes extends fc.Arbitrary<infer T> ? T : never;
  const options = (drawn: Drawn, now = ruleNow) => {
    const found = plan(
      {
        subscription: { status: drawn.status, trialEnd: null, currentPeriodEnd: ruleNow + drawn.days * dayMs },
        usage: drawn.usage,
        cancel: { ...both, pastDue: drawn.rule },
        invoices: drawn.owed.map((total, index) => anInvoice({ id: anId(`inv_${index}`), total })),
      },
      now,
    );
    if (!found.can) throw new Error(found.why);
    return found.options;
  };
  const truth = (option: ReturnType<typeof options>[number]) => ({
    timing: option.timing,
    endsAt: option.timing === 'now' ? 'now' : option.endsAt,
    isCharged: option.lastPaymentAt !== null,
    owed: option.owed?.reduce((sum, one) => sum + one.money.amount, 0),
    rule: option.owedRule,
  });

  it('is kept by exactly those options that do the same', () => {
    fc.assert(
      fc.property(wishes, wishes, (one, other) => {
        for (const promised of options(one)) {
          for (const done of options(other)) {
            const isSame = JSON.stringify(truth(promised)) === JSON.stringify(truth(done));
            expect(keepsPromise(done, promiseOf(promised))).toBe(isSame);
          }
        }
      }),
    );
  });

  it('holds while the buyer reads, until what it says is over', () => {
    const drawn = { status: 'active', days: 1, owed: [2], rule: 'stop_collection', usage: false } as const;
    const [atEnd, atOnce] = options({ ...drawn, owed: [...drawn.owed] });
    const later = options({ ...drawn, owed: [...drawn.owed] }, ruleNow + dayMs - 1);
    expect(later.some((option) => keepsPromise(option, promiseOf(atEnd)))).toBe(true);
    if (atOnce === undefined) throw new Error('An end at once is offered.');
    expect(later.some((option) => keepsPromise(option, promiseOf(atOnce)))).toBe(true);
    const over = options({ ...drawn, owed: [...drawn.owed] }, ruleNow + dayMs);
    expect(over.some((option) => keepsPromise(option, promiseOf(atEnd)))).toBe(false);
  });

  it('made while the invoices could not be read says nothing of them', () => {
    const unread = plan({ invoices: null, subscription: { status: 'past_due' } });
    const read = plan({ invoices: [anInvoice()], subscription: { status: 'past_due' } });
    if (!unread.can || !read.can) throw new Error('Both are possible.');
    expect(keepsPromise(read.options[0], promiseOf(unread.options[0]))).toBe(true);
    expect(keepsPromise(unread.options[0], promiseOf(read.options[0]))).toBe(false);
  });
});
