import { expect, it } from 'vitest';
import { nextBillingStep } from './billing-step.ts';
import type { Invoice } from './invoice.ts';
import type { Subscription } from './subscription.ts';
import { anInvoice, aSubscription, ruleNow } from './testing/billing-nouns.ts';
import { dayMs } from './time.ts';

const end = ruleNow + 20 * dayMs;

function next(subscription: Partial<Subscription>, invoice: Partial<Invoice> = { nextAttemptAt: null }) {
  return nextBillingStep({ subscriptions: [aSubscription(subscription)], invoices: [anInvoice(invoice)] });
}

it('a period ends, a trial ends, a pause ends: each at its moment', () => {
  expect(next({})).toMatchObject({ is: 'renew', at: end });
  expect(next({ status: 'trialing' })).toMatchObject({ is: 'renew', at: end });
  expect(next({ status: 'past_due' })).toMatchObject({ is: 'renew', at: end });
  expect(next({ status: 'paused', resumeAt: ruleNow + 1 })).toMatchObject({ is: 'resume', at: ruleNow + 1 });
});

it('what is paused without a date, incomplete or canceled is left alone', () => {
  expect(next({ status: 'paused' })).toBeNull();
  expect(next({ status: 'incomplete' })).toBeNull();
  expect(next({ status: 'canceled', endedAt: ruleNow })).toBeNull();
});

it('a planned end comes before the renewal of the same moment', () => {
  expect(next({ cancelAt: end })).toMatchObject({ is: 'end', at: end });
  expect(next({ cancelAt: end + 1 })).toMatchObject({ is: 'renew', at: end });
});

it('a try is due at its moment, not while the subscription is paused, and never once collecting has stopped', () => {
  expect(next({}, { nextAttemptAt: ruleNow })).toMatchObject({ is: 'collect', at: ruleNow });
  expect(next({ status: 'canceled', endedAt: ruleNow }, { nextAttemptAt: ruleNow })).toMatchObject({ is: 'collect' });
  expect(next({ status: 'paused' }, { nextAttemptAt: ruleNow })).toBeNull();
  expect(next({}, { nextAttemptAt: ruleNow, collectionStoppedAt: ruleNow })).toMatchObject({ is: 'renew' });
  expect(next({}, { nextAttemptAt: ruleNow, status: 'paid' })).toMatchObject({ is: 'renew' });
});
