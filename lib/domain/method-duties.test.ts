import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CustomerId, PaymentMethodId, PlanId, PriceId, SubscriptionId, WorkspaceId } from './ids.ts';
import {
  assignPayers,
  chargedSubscriptions,
  dutiesOf,
  judgeRemoval,
  othersThan,
  type PayingFacts,
} from './method-duties.ts';
import { payerOf } from './payer.ts';
import type { PaymentMethod } from './payment-method.ts';
import { defaultPortalFeatures, type Price } from './plan.ts';
import type { PlannedSubscription } from './planned-subscription.ts';
import type { Subscription } from './subscription.ts';
import { aPlan } from './testing/billing-nouns.ts';
import { dayMs } from './time.ts';
import { completeConfiguration } from './workspace.ts';

const now = Date.UTC(2026, 2, 3, 8);
const place = { workspaceId: 'acc_1' as WorkspaceId, mode: 'test' as const, customerId: 'cus_1' as CustomerId };
const stamps = { createdAt: now - dayMs, updatedAt: now - dayMs };

function aMethod(id: string, more: Partial<PaymentMethod> = {}): PaymentMethod {
  return {
    ...place,
    id: id as PaymentMethodId,
    type: 'card',
    adapter: 'simulated',
    brand: 'visa',
    last4: '4242',
    expMonth: 8,
    expYear: 2030,
    label: null,
    status: 'active',
    detachAt: null,
    metadata: null,
    detachedAt: null,
    ...stamps,
    ...more,
  };
}

function aSubscription(id: string, more: Partial<Subscription> = {}, movable = true): PlannedSubscription {
  const plan = aPlan({
    ...stamps,
    id: `pln_${id}` as PlanId,
    name: `Plan ${id}`,
    portalFeatures: { ...defaultPortalFeatures, updatePaymentMethod: movable },
  });
  const price: Price = {
    ...place,
    id: `prc_${id}` as PriceId,
    planId: plan.id,
    currency: 'IDR',
    model: 'flat',
    unitAmount: 99_000,
    tiers: null,
    taxMode: 'exclusive',
    active: true,
    createdAt: now,
  };
  const subscription: Subscription = {
    ...place,
    id: id as SubscriptionId,
    planId: plan.id,
    priceId: price.id,
    status: 'active',
    quantity: 1,
    startedAt: now - 40 * dayMs,
    currentPeriodStart: now - 10 * dayMs,
    currentPeriodEnd: now + 20 * dayMs,
    trialEnd: null,
    cancelAt: null,
    canceledAt: null,
    canceledReason: null,
    endedAt: null,
    pausedAt: null,
    resumeAt: null,
    defaultPaymentMethodId: null,
    collectionMethod: 'charge_automatically',
    discount: null,
    discountCouponId: null,
    billingAnchor: null,
    initialDiscount: null,
    metadata: null,
    ...stamps,
    ...more,
  };
  return { subscription, plan, price };
}

function factsOf(
  methods: readonly PaymentMethod[],
  subscriptions: readonly PlannedSubscription[],
  defaultId: string | null,
): PayingFacts {
  return {
    customer: { defaultPaymentMethodId: defaultId as PaymentMethodId | null },
    methods,
    subscriptions,
    configuration: completeConfiguration,
  };
}

const methodIds = ['pt_1', 'pt_2', 'pt_3', 'pt_gone'] as const;
const anyFacts = fc
  .record({
    statuses: fc.array(fc.constantFrom('active' as const, 'pending' as const, 'detached' as const), {
      minLength: 3,
      maxLength: 3,
    }),
    defaultId: fc.option(fc.constantFrom(...methodIds)),
    own: fc.array(
      fc.record({
        methodId: fc.option(fc.constantFrom(...methodIds)),
        selfPaid: fc.boolean(),
        ended: fc.boolean(),
        movable: fc.boolean(),
      }),
      { maxLength: 6 },
    ),
  })
  .map(({ statuses, defaultId, own }) =>
    factsOf(
      statuses.map((status, at) => aMethod(`pt_${at + 1}`, { status })),
      own.map(({ methodId, selfPaid, ended, movable }, at) =>
        aSubscription(
          `sub_${at}`,
          {
            defaultPaymentMethodId: methodId as PaymentMethodId | null,
            collectionMethod: selfPaid ? 'send_invoice' : 'charge_automatically',
            ...(ended ? { status: 'canceled' as const, endedAt: now - 1 } : {}),
          },
          movable,
        ),
      ),
      defaultId,
    ),
  );

describe('which method pays what', () => {
  it('a subscription’s own method comes first, then the default; a detached or unknown one pays nothing', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const attached = facts.methods.filter((one) => one.status !== 'detached');
        for (const { subscription } of facts.subscriptions) {
          const payer = payerOf(subscription, facts.customer, facts.methods);
          const own = attached.find((one) => one.id === subscription.defaultPaymentMethodId);
          const fallback = attached.find((one) => one.id === facts.customer.defaultPaymentMethodId);
          const expected = subscription.collectionMethod === 'send_invoice' ? null : (own ?? fallback ?? null);
          expect(payer?.id ?? null).toBe(expected?.id ?? null);
        }
      }),
    );
  });

  it('every charged subscription is the duty of exactly one method or of none', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        for (const planned of chargedSubscriptions(facts, now)) {
          const holders = facts.methods.filter((one) => dutiesOf(one, facts, now).includes(planned));
          expect(holders.length).toBe(payerOf(planned.subscription, facts.customer, facts.methods) === null ? 0 : 1);
        }
      }),
    );
  });

  it('after a change the chosen are paid by the new method, and all others by what paid them before', () => {
    fc.assert(
      fc.property(anyFacts, fc.boolean(), fc.nat(63), (facts, becomesDefault, mask) => {
        const to = aMethod('pt_new');
        const with_ = { ...facts, methods: [...facts.methods, to] };
        const chosen = new Set(
          facts.subscriptions.filter((_, at) => (mask >> at) % 2 === 1).map(({ subscription }) => subscription.id),
        );
        const newDefault = becomesDefault ? to.id : facts.customer.defaultPaymentMethodId;
        const assigned = assignPayers(with_, to.id, chosen, newDefault, now);
        for (const planned of chargedSubscriptions(with_, now)) {
          const { subscription } = planned;
          const before = payerOf(subscription, with_.customer, with_.methods);
          const own = assigned.get(subscription.id) ?? subscription.defaultPaymentMethodId;
          const after = payerOf(
            { ...subscription, defaultPaymentMethodId: own },
            { defaultPaymentMethodId: newDefault },
            with_.methods,
          );
          const isMoved = chosen.has(subscription.id) && planned.plan.portalFeatures.updatePaymentMethod;
          if (isMoved) expect(after?.id).toBe(to.id);
          else if (before !== null) expect(after?.id).toBe(before.id);
        }
      }),
    );
  });
});

describe('removing a method', () => {
  const card = aMethod('pt_1');
  const other = aMethod('pt_2');

  it.each([
    ['nothing uses it', factsOf([card, other], [], 'pt_1'), { is: 'unused' }],
    ['another one can take over', factsOf([card, other], [aSubscription('sub_1')], 'pt_1'), { is: 'replaceable' }],
    [
      'it is the only one and still needed',
      factsOf([card], [aSubscription('sub_1')], 'pt_1'),
      { is: 'needed', endsAt: null },
    ],
    [
      'the other one has expired',
      factsOf([card, aMethod('pt_2', { expYear: 2025 })], [aSubscription('sub_1')], 'pt_1'),
      { is: 'needed', endsAt: null },
    ],
    [
      'all it pays ends',
      factsOf([card], [aSubscription('sub_1', { cancelAt: now + 20 * dayMs })], 'pt_1'),
      { is: 'needed', endsAt: now + 20 * dayMs },
    ],
    [
      'one of two ends',
      factsOf([card], [aSubscription('sub_1', { cancelAt: now + 20 * dayMs }), aSubscription('sub_2')], 'pt_1'),
      { is: 'needed', endsAt: null },
    ],
    [
      'a trial counts as needed',
      factsOf([card], [aSubscription('sub_1', { status: 'trialing' })], 'pt_1'),
      { is: 'needed' },
    ],
    [
      'a pause counts as needed',
      factsOf([card], [aSubscription('sub_1', { status: 'paused' })], 'pt_1'),
      { is: 'needed' },
    ],
    [
      'the merchant holds what it pays',
      factsOf([card, other], [aSubscription('sub_1', {}, false)], 'pt_1'),
      { is: 'held' },
    ],
  ] as const)('%s', (_name, facts, expected) => {
    expect(judgeRemoval(card, facts, false, now)).toMatchObject(expected);
  });

  it('waits for a payment that is on its way, and knows what is gone or leaving', () => {
    const facts = factsOf([card], [], null);
    expect(judgeRemoval(card, facts, true, now)).toEqual({ is: 'on_its_way' });
    expect(judgeRemoval(aMethod('pt_1', { status: 'detached' }), facts, true, now)).toEqual({ is: 'gone' });
    expect(judgeRemoval(aMethod('pt_1', { detachAt: now + 1 }), facts, false, now)).toEqual({
      is: 'leaving',
      at: now + 1,
    });
  });

  it('a method that is about to leave takes nothing over; the default is offered first', () => {
    const leaving = aMethod('pt_3', { detachAt: now + 1 });
    const facts = factsOf([card, other, leaving, aMethod('pt_4', { createdAt: now })], [], 'pt_4');
    expect(othersThan(card, facts, now).map((one) => one.id)).toEqual(['pt_4', 'pt_2']);
  });
});
