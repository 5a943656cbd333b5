import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dueKinds, dueQuery } from '@/lib/data/due-customers.ts';
import { explain } from '@/lib/data/testing/explain.ts';
import { failAtStatement } from '@/lib/data/testing/fail-at-statement.ts';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { openTestRuntime, testEngine, testNow } from '@/lib/data/testing/test-runtime.ts';
import type { CustomerId, SubscriptionId } from '@/lib/domain/ids.ts';
import { dayMs, minuteMs, secondMs } from '@/lib/domain/time.ts';
import { billingClock } from '@/lib/jobs/billing-clock.ts';
import { settleWaitingPayments } from '@/lib/jobs/settle-waiting-payments.ts';
import type { Play } from '@/lib/providers/simulated/test-numbers.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { billCustomer } from './bill-customer.ts';
import { carryOutPayment } from './carry-out-payment.ts';
import { pauseSubscription } from './pause-subscription.ts';
import { aSubscribedPlace, expectSoundBilling, merchantAct, type SubscribedPlace } from './testing/a-subscriber.ts';

let test: TestRuntime;
let place: SubscribedPlace;
beforeAll(async () => {
  test = await openTestRuntime();
});
beforeEach(async () => {
  await clearGround();
  test.setTime(test.runtime.now() + minuteMs);
  place = await aSubscribedPlace(test);
});

const scopeOf = (customerId: CustomerId) => ({ ...place.scope, customerId });
const bill = (on: Runtime, customerId: CustomerId) =>
  billCustomer(on, scopeOf(customerId), { sendCharge: carryOutPayment });

/** Lets the jobs run, minute by minute, until nothing is on its way any more. */
async function settle(): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    test.setTime(test.runtime.now() + minuteMs);
    await settleWaitingPayments.run(test.runtime);
    await billingClock.run(test.runtime);
  }
}

/** What earlier rounds left is not due any more, so that a round does its own work alone. */
async function clearGround(): Promise<void> {
  await test.runtime.write(async (tx) => {
    const ended = { status: 'canceled', endedAt: test.runtime.now() } as const;
    await tx.updateTable('subscriptions').set(ended).where('endedAt', 'is', null).execute();
    await tx.updateTable('invoices').set({ nextAttemptAt: null }).where('nextAttemptAt', 'is not', null).execute();
  });
}

async function find(id: SubscriptionId) {
  return test.runtime.read.selectFrom('subscriptions').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

async function invoicesOf(id: SubscriptionId) {
  return test.runtime.read
    .selectFrom('invoices')
    .selectAll()
    .where('subscriptionId', '=', id)
    .orderBy('periodStart')
    .execute();
}

type Situation = {
  readonly customerId: CustomerId;
  readonly id: SubscriptionId;
  act(on: Runtime): Promise<unknown>;
  check(): Promise<void>;
};

/** A trial that is over, with a method that plays this part. */
async function overTrial(play: Play, then: (id: SubscriptionId) => Promise<void>): Promise<Situation> {
  const customerId = await place.addCustomer();
  await place.addMethod(customerId, play);
  const id = await place.subscribe(customerId);
  test.setTime((await find(id)).currentPeriodEnd + secondMs);
  return { customerId, id, act: (on) => bill(on, customerId), check: () => then(id) };
}

async function renewedOnce(id: SubscriptionId): Promise<void> {
  const subscription = await find(id);
  expect(subscription).toMatchObject({ status: 'active', currentPeriodStart: subscription.trialEnd });
  expect(await invoicesOf(id)).toMatchObject([{ status: 'paid', collectionAttempts: 1, total: 166_500 }]);
}

const situations: readonly [string, () => Promise<Situation>, number][] = [
  ['renewing and charging', () => overTrial('succeeds', renewedOnce), 30],
  ['renewing, the bank answering later', () => overTrial('pending_succeeds', renewedOnce), 30],
  ['renewing, the provider silent for a minute', () => overTrial('silent', renewedOnce), 30],
  [
    'a charge that is refused',
    () =>
      overTrial('not_enough_money', async (id) => {
        expect(await find(id)).toMatchObject({ status: 'past_due' });
        const [invoice] = await invoicesOf(id);
        expect(invoice).toMatchObject({ status: 'open', collectionAttempts: 1, collectionTries: 1 });
        expect((invoice?.nextAttemptAt ?? 0) - (invoice?.collectionBeganAt ?? 0)).toBe(dayMs);
      }),
    30,
  ],
  [
    'the last try, which ends it',
    async () => {
      const situation = await overTrial('not_enough_money', async (id) => {
        expect(await find(id)).toMatchObject({ status: 'canceled', canceledReason: 'failed_payment' });
        expect(await invoicesOf(id)).toMatchObject([{ status: 'open', nextAttemptAt: null, collectionTries: 5 }]);
      });
      await bill(test.runtime, situation.customerId);
      await test.runtime.write((tx) =>
        tx
          .updateTable('invoices')
          .set({ collectionTries: 4, nextAttemptAt: test.runtime.now() })
          .where('customerId', '=', situation.customerId)
          .execute(),
      );
      return situation;
    },
    20,
  ],
  [
    'two periods that were missed',
    async () => {
      const situation = await overTrial('succeeds', async (id) => {
        const invoices = await invoicesOf(id);
        expect(invoices.map(({ status }) => status)).toEqual(['paid', 'paid']);
        expect((await find(id)).currentPeriodStart).toBe(invoices.at(-1)?.periodStart);
      });
      test.setTime(test.runtime.now() + 35 * dayMs);
      return situation;
    },
    60,
  ],
  [
    'a pause that ends with no paid time left',
    async () => {
      const customerId = await place.addCustomer();
      await place.addMethod(customerId, 'succeeds');
      const id = await place.subscribe(customerId, { trialDays: 0, collectionMethod: 'send_invoice' });
      const { currentPeriodEnd } = await find(id);
      test.setTime(currentPeriodEnd);
      const resumeAt = currentPeriodEnd + 40 * dayMs;
      await pauseSubscription(test.runtime, place.scope, id, merchantAct, resumeAt);
      test.setTime(resumeAt + secondMs);
      const check = async () => {
        expect(await find(id)).toMatchObject({ status: 'active', currentPeriodStart: resumeAt, pausedAt: null });
        expect(await invoicesOf(id)).toHaveLength(2);
      };
      return { customerId, id, act: (on) => bill(on, customerId), check };
    },
    20,
  ],
  [
    'a first invoice that is written with its subscription',
    async () => {
      const customerId = await place.addCustomer();
      await place.addMethod(customerId, 'succeeds');
      const made: { id: SubscriptionId | null } = { id: null };
      const act = async (on: Runtime) => {
        // Whoever got no answer asks again with the same idempotency key; here: only if it is not there.
        const known = await test.runtime.read
          .selectFrom('subscriptions')
          .select('id')
          .where('customerId', '=', customerId)
          .executeTakeFirst();
        made.id =
          (known?.id as SubscriptionId | undefined) ?? (await place.subscribe(customerId, { trialDays: 0 }, on));
        await bill(on, customerId);
      };
      const check = async () => {
        if (made.id === null) throw new Error('There is no subscription.');
        expect(await find(made.id)).toMatchObject({ status: 'active' });
        expect(await invoicesOf(made.id)).toMatchObject([{ status: 'paid', collectionAttempts: 1 }]);
      };
      return { customerId, id: '' as SubscriptionId, act, check };
    },
    40,
  ],
];

class Broken extends Error {
  override name = 'Broken';
}

describe('whichever step fails, what is billed is billed once and nothing is left out', () => {
  it.each(situations)(
    '%s',
    async (_, prepare, atLeast) => {
      let steps = 0;
      for (let nth = 1; ; nth += 1) {
        await clearGround();
        place = await aSubscribedPlace(test);
        const situation = await prepare();
        const failing = failAtStatement(test.runtime, nth, () => new Broken('on purpose'));
        const outcome = await situation.act(failing.runtime).then(
          () => 'done',
          (thrown: unknown) => thrown,
        );
        if (failing.failed() !== null) {
          expect(outcome, `step ${nth}`).toBeInstanceOf(Broken);
          // The process is gone; whatever runs next goes on from what is stored.
          await situation.act(test.runtime);
        }
        await settle();
        await situation.check();
        await expectSoundBilling(test.runtime, place);
        if (failing.failed() === null) break;
        steps = nth;
      }
      expect(steps).toBeGreaterThanOrEqual(atLeast);
    },
    600_000,
  );
});

describe.runIf(testEngine === 'postgres')('several instances at once', () => {
  it('bill every period of every customer once, with numbers without gaps', async () => {
    const plays: Play[] = ['succeeds', 'not_enough_money', 'pending_succeeds', 'succeeds', 'succeeds'];
    const customers: CustomerId[] = [];
    for (let i = 0; i < 20; i += 1) {
      const customerId = await place.addCustomer();
      await place.addMethod(customerId, plays[i % plays.length] ?? 'succeeds');
      await place.subscribe(customerId);
      if (i % 3 === 0) await place.subscribe(customerId);
      customers.push(customerId);
    }
    test.setTime(test.runtime.now() + 40 * dayMs);
    const instances = [test.runtime, await test.openAnother(), await test.openAnother(), await test.openAnother()];
    await Promise.all(instances.map((on) => billingClock.run(on)));
    await Promise.all(instances.map((on) => billingClock.run(on)));
    await settle();
    await expectSoundBilling(test.runtime, place);
    const subscriptions = await test.runtime.read
      .selectFrom('subscriptions')
      .select(['id', 'status'])
      .where('workspaceId', '=', place.scope.workspaceId)
      .execute();
    expect(subscriptions).toHaveLength(27);
    for (const { id } of subscriptions) expect(await invoicesOf(id as SubscriptionId)).toHaveLength(2);
    const failed = test.logLines.filter((line) => line.includes('billing.failed'));
    expect(failed).toEqual([]);
  }, 300_000);

  it('and rollbacks leave no gap among the numbers, and nobody waits for ever', async () => {
    const instances = [test.runtime, await test.openAnother(), await test.openAnother()];
    const makeOne = async (index: number) => {
      const customerId = await place.addCustomer();
      const on = instances[index % instances.length] ?? test.runtime;
      // Every other one breaks at some statement after its number was taken, or before.
      const chosen = index % 2 === 0 ? on : failAtStatement(on, 3 + index, () => new Broken('on purpose')).runtime;
      await place.subscribe(customerId, { trialDays: 0, collectionMethod: 'send_invoice' }, chosen).catch(() => null);
    };
    await Promise.all(Array.from({ length: 24 }, (_, index) => makeOne(index)));
    await expectSoundBilling(test.runtime, place);
  }, 120_000);
});

it('a period is billed once by the database itself, whatever a program asks', async () => {
  const customerId = await place.addCustomer();
  const id = await place.subscribe(customerId, { trialDays: 0, collectionMethod: 'send_invoice' });
  const [period] = await test.runtime.read
    .selectFrom('billedPeriods')
    .selectAll()
    .where('subscriptionId', '=', id)
    .execute();
  if (period === undefined) throw new Error('No period was billed.');
  await expect(
    test.runtime.write((tx) =>
      tx
        .insertInto('billedPeriods')
        .values({ ...period, invoiceId: null })
        .execute(),
    ),
  ).rejects.toThrow();
});

it('a customer whose billing fails stops no other, and is billed once it can be', async () => {
  const ids: SubscriptionId[] = [];
  for (let i = 0; i < 3; i += 1) {
    const customerId = await place.addCustomer();
    await place.addMethod(customerId, 'succeeds');
    ids.push(await place.subscribe(customerId));
  }
  const [broken = '' as SubscriptionId] = ids;
  const { trialEnd, customerId } = await find(broken);
  const blocking = {
    subscriptionId: broken,
    periodStart: trialEnd ?? 0,
    periodEnd: trialEnd ?? 0,
    ...place.scope,
    customerId,
    invoiceId: null,
    billedAt: testNow,
  };
  await test.runtime.write((tx) => tx.insertInto('billedPeriods').values(blocking).execute());
  test.setTime((trialEnd ?? 0) + minuteMs);
  await billingClock.run(test.runtime);
  const statuses = await Promise.all(ids.map(async (id) => (await find(id)).status));
  expect(statuses).toEqual(['trialing', 'active', 'active']);
  expect(test.logLines.some((line) => line.includes('billing.failed'))).toBe(true);
  await test.runtime.write((tx) => tx.deleteFrom('billedPeriods').where('subscriptionId', '=', broken).execute());
  await billingClock.run(test.runtime);
  expect((await find(broken)).status).toBe('active');
});

it('a suspended workspace is not billed, and catches up afterwards', async () => {
  const customerId = await place.addCustomer();
  await place.addMethod(customerId, 'succeeds');
  const id = await place.subscribe(customerId);
  const suspend = (suspendedAt: number | null) =>
    test.runtime.write((tx) =>
      tx.updateTable('workspaces').set({ suspendedAt }).where('id', '=', place.scope.workspaceId).execute(),
    );
  await suspend(test.runtime.now());
  test.setTime((await find(id)).currentPeriodEnd + dayMs);
  await billingClock.run(test.runtime);
  expect((await find(id)).status).toBe('trialing');
  await suspend(null);
  await billingClock.run(test.runtime);
  await renewedOnce(id);
});

const indexOf = {
  period: 'subscriptions_due',
  resume: 'subscriptions_resuming',
  collect: 'invoices_collecting',
  ahead: 'customers_ahead',
} as const;

it('asks for what is due by an index, however many subscriptions there are', async () => {
  for (const kind of dueKinds) {
    const query = dueQuery(test.runtime.read, kind, testNow, null, 200).compile();
    const explained = await explain(test.runtime, query);
    // On tables without rows PostgreSQL takes any index that will do.
    if (testEngine === 'sqlite') expect(explained, kind).toContain(indexOf[kind]);
    expect(explained, kind).not.toMatch(/Seq Scan|SCAN (subscriptions|invoices|customers)(?! USING)/);
  }
});
