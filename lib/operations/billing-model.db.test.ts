import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { findCustomer } from '@/lib/data/customers.ts';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { openTestRuntime, testEngine } from '@/lib/data/testing/test-runtime.ts';
import { billingNow } from '@/lib/domain/customer.ts';
import type { CustomerId, InvoiceId, SubscriptionId } from '@/lib/domain/ids.ts';
import type { Result } from '@/lib/domain/result.ts';
import { dayMs, hourMs, secondMs } from '@/lib/domain/time.ts';
import { advanceTestClock } from './advance-test-clock.ts';
import { billCustomer } from './bill-customer.ts';
import { cancelSubscriptionForMerchant } from './cancel-subscription-for-merchant.ts';
import { carryOutPayment } from './carry-out-payment.ts';
import { pauseSubscription } from './pause-subscription.ts';
import { payInvoiceElsewhere } from './pay-invoice-elsewhere.ts';
import { resumeSubscription } from './resume-subscription.ts';
import { aSubscribedPlace, expectSoundBilling, merchantAct, type SubscribedPlace } from './testing/a-subscriber.ts';
import { updateCustomer } from './update-customer.ts';

/** The plan of this test: a period of ten days. Everything below counts in days since the test began. */
const periodDays = 10;
const retryDays = [1, 3, 5, 7];

/** What a subscription owes for one period, as simply as it can be said. Times are days. */
type Bill = {
  paid: boolean;
  dueAt: number;
  /** When it is tried next; null: never. */
  next: number | null;
  tries: number;
  beganAt: number;
  /** When a cancellation stopped the collection, and what `next` was then. */
  stopped: { at: number; next: number | null } | null;
};

type Model = {
  now: number;
  card: 'good' | 'bad' | 'none';
  status: 'trialing' | 'active' | 'past_due' | 'paused' | 'canceled' | 'incomplete';
  start: number;
  end: number;
  cancelAt: number | null;
  canceledAt: number | null;
  pausedAt: number | null;
  resumeAt: number | null;
  bills: Bill[];
  charges: number;
};

function begin(trialDays: number, card: Model['card']): Model {
  const model: Model = {
    now: 0,
    card,
    status: trialDays > 0 ? 'trialing' : 'incomplete',
    start: 0,
    end: trialDays > 0 ? trialDays : periodDays,
    cancelAt: null,
    canceledAt: null,
    pausedAt: null,
    resumeAt: null,
    bills: [],
    charges: 0,
  };
  if (trialDays === 0) bill(model);
  return model;
}

function bill(model: Model): void {
  model.bills.push({ paid: false, dueAt: model.now, next: model.now, tries: 0, beganAt: 0, stopped: null });
}

const runs = (model: Model) => model.status === 'trialing' || model.status === 'active' || model.status === 'past_due';

/** Does everything that is due until `until`, in its order. */
function live(model: Model, until: number): void {
  for (;;) {
    const due: { at: number; rank: number; run: () => void }[] = [];
    if (model.status !== 'canceled') {
      if (model.cancelAt !== null) due.push({ at: model.cancelAt, rank: 0, run: () => end(model, false) });
      if (model.status === 'paused' && model.resumeAt !== null) {
        due.push({ at: model.resumeAt, rank: 1, run: () => restart(model) });
      }
      if (runs(model)) due.push({ at: model.end, rank: 2, run: () => renew(model) });
    }
    if (model.status !== 'paused') {
      for (const one of model.bills) {
        if (one.next !== null && !one.paid) due.push({ at: one.next, rank: 3, run: () => collect(model, one) });
      }
    }
    const [first] = due.sort((one, other) => one.at - other.at || one.rank - other.rank);
    if (first === undefined || first.at > until) break;
    model.now = Math.max(model.now, first.at);
    first.run();
  }
  model.now = Math.max(model.now, until);
}

function renew(model: Model): void {
  if (model.status === 'trialing') model.status = 'active';
  model.start = model.end;
  model.end += periodDays;
  bill(model);
}

function collect(model: Model, one: Bill): void {
  one.next = null;
  if (model.card === 'good') {
    model.charges += 1;
    settle(model, one);
    return;
  }
  if (one.tries === 0) one.beganAt = model.now;
  one.tries += 1;
  if (model.status === 'incomplete') return;
  const days = retryDays[one.tries - 1];
  if (days !== undefined) one.next = Math.max(one.beganAt + days, model.now + 1);
  if (model.status === 'trialing' || model.status === 'active') model.status = 'past_due';
  if (one.next === null && model.status !== 'canceled') end(model, true);
}

function settle(model: Model, one: Bill): void {
  one.paid = true;
  one.next = null;
  one.stopped = null;
  const owes = model.bills.some((other) => !other.paid && other.dueAt <= model.now);
  if (owes) return;
  if (model.status === 'past_due') model.status = 'active';
  if (model.status !== 'incomplete') return;
  model.status = 'active';
  // Paid on a later day than it was to begin: it begins now.
  if (Math.floor(model.now) > Math.floor(model.start)) {
    model.start = model.now;
    model.end = model.now + periodDays;
  }
}

function stop(model: Model): void {
  for (const one of model.bills) {
    if (one.paid || one.stopped !== null) continue;
    one.stopped = { at: model.now, next: one.next };
    one.next = null;
  }
}

function end(model: Model, isGivenUp: boolean): void {
  model.status = 'canceled';
  if (isGivenUp) stop(model);
}

function restart(model: Model): void {
  const left = Math.max(0, model.end - (model.pausedAt ?? 0));
  model.status = 'active';
  model.pausedAt = null;
  model.resumeAt = null;
  if (left === 0) model.start = model.now;
  model.end = model.now + left;
}

const isOver = (model: Model) =>
  model.status === 'canceled' || (model.cancelAt !== null && model.cancelAt <= model.now);

/** What is compared after every act; days, so that the two sides have one measure. */
type View = {
  status: string;
  start: number;
  end: number;
  cancelAt: number | null;
  bills: { paid: boolean; next: number | null; tries: number }[];
  charges: number;
};

function viewOf(model: Model): View {
  return {
    status: model.status,
    start: model.start,
    end: model.end,
    cancelAt: model.cancelAt,
    bills: model.bills.map(({ paid, next, tries }) => ({ paid, next, tries })),
    charges: model.charges,
  };
}

let test: TestRuntime;
let place: SubscribedPlace;
beforeAll(async () => {
  test = await openTestRuntime();
  place = await aSubscribedPlace(test, { interval: 'day', intervalCount: periodDays });
});

type Real = {
  readonly customerId: CustomerId;
  readonly id: SubscriptionId;
  readonly methods: Readonly<Record<'good' | 'bad', string>>;
  /** Wall clock when the test began; it stands still, and the test clock runs ahead of it. */
  readonly began: number;
};

const bill1 = (real: Pick<Real, 'customerId'>) =>
  billCustomer(test.runtime, { ...place.scope, customerId: real.customerId }, { sendCharge: carryOutPayment });

async function nowOf(real: Real): Promise<number> {
  const customer = await findCustomer(test.runtime.read, { ...place.scope, customerId: real.customerId });
  if (customer === null) throw new Error('The customer is gone.');
  return billingNow(customer, test.runtime.now());
}

async function viewReal(real: Real): Promise<View> {
  const { read } = test.runtime;
  const days = (at: number) => (at - real.began) / dayMs;
  const row = await read.selectFrom('subscriptions').selectAll().where('id', '=', real.id).executeTakeFirstOrThrow();
  const bills = await read
    .selectFrom('invoices')
    .selectAll()
    .where('subscriptionId', '=', real.id)
    .orderBy('number')
    .execute();
  const charges = await read
    .selectFrom('paymentAttempts')
    .select('id')
    .where('customerId', '=', real.customerId)
    .where('status', '=', 'succeeded')
    .execute();
  const isCancelPlanned = row.cancelAt !== null && row.status !== 'canceled';
  return {
    status: row.status,
    start: days(row.currentPeriodStart),
    end: days(row.currentPeriodEnd),
    cancelAt: isCancelPlanned ? days(row.cancelAt ?? 0) : null,
    bills: bills.map((one) => ({
      paid: one.status === 'paid',
      next: one.nextAttemptAt === null ? null : days(one.nextAttemptAt),
      tries: one.collectionTries ?? 0,
    })),
    charges: charges.length,
  };
}

/** An act on both sides: it says whether the model allows it, and does it there. */
class Act implements fc.AsyncCommand<Model, Real> {
  readonly name: string;
  readonly #inModel: (model: Model) => boolean;
  readonly #inReality: (real: Real, model: Readonly<Model>) => Promise<boolean>;

  constructor(
    name: string,
    inModel: (model: Model) => boolean,
    inReality: (real: Real, model: Readonly<Model>) => Promise<boolean>,
  ) {
    this.name = name;
    this.#inModel = inModel;
    this.#inReality = inReality;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, real: Real): Promise<void> {
    const isDone = await this.#inReality(real, model);
    expect(isDone, this.name).toBe(this.#inModel(model));
    const view = viewOf(model);
    if (model.status === 'canceled') view.cancelAt = null;
    expect(await viewReal(real), this.name).toEqual(view);
  }

  toString(): string {
    return this.name;
  }
}

const done = (result: Result<unknown>) => result.ok;

const advance = (days: number) =>
  new Act(
    `advance ${days}`,
    (model) => {
      live(model, model.now + days);
      return true;
    },
    async (real) =>
      done(
        await advanceTestClock(test.runtime, place.scope, {
          customerId: real.customerId,
          to: (await nowOf(real)) + days * dayMs,
          cause: { actor: 'operator', source: 'test_clock', extras: {} },
          bill: () => bill1(real),
        }),
      ),
  );

const pause = (days: number | null) =>
  new Act(
    `pause ${days}`,
    (model) => {
      if (model.status !== 'active' || model.cancelAt !== null) return false;
      model.status = 'paused';
      model.pausedAt = model.now;
      model.resumeAt = days === null ? null : model.now + days;
      return true;
    },
    async (real) => {
      const resumeAt = days === null ? null : (await nowOf(real)) + days * dayMs;
      return done(await pauseSubscription(test.runtime, place.scope, real.id, merchantAct, resumeAt));
    },
  );

const resume = () =>
  new Act(
    'resume',
    (model) => {
      if (isOver(model) || model.status === 'incomplete') return false;
      if (model.status === 'paused') {
        restart(model);
        live(model, model.now);
        return true;
      }
      if (model.cancelAt === null) return false;
      for (const one of model.bills) {
        if (one.stopped === null || one.stopped.at !== model.canceledAt) continue;
        one.next = one.stopped.next === null ? null : Math.max(one.stopped.next, model.now + 1);
        one.stopped = null;
      }
      model.cancelAt = null;
      model.canceledAt = null;
      live(model, model.now);
      return true;
    },
    async (real) => {
      const result = await resumeSubscription(test.runtime, place.scope, real.id, merchantAct);
      await bill1(real);
      return done(result);
    },
  );

const cancel = (at: 'now' | 'period_end') =>
  new Act(
    `cancel ${at}`,
    (model) => {
      if (isOver(model) || model.status === 'incomplete') return false;
      if (at === 'period_end' && runs(model) && model.end > model.now) {
        if (model.cancelAt === model.end) return true;
        model.cancelAt = model.end;
      } else {
        model.status = 'canceled';
      }
      model.canceledAt = model.now;
      stop(model);
      return true;
    },
    async (real) => {
      const order = { at, reason: 'user_request' } as const;
      return done(await cancelSubscriptionForMerchant(test.runtime, place.scope, real.id, merchantAct, order));
    },
  );

const pay = () =>
  new Act(
    'pay the oldest',
    (model) => {
      const owed = model.bills.find((one) => !one.paid);
      if (owed === undefined) return false;
      settle(model, owed);
      return true;
    },
    async (real) => {
      const owed = await test.runtime.read
        .selectFrom('invoices')
        .select('id')
        .where('subscriptionId', '=', real.id)
        .where('status', 'in', ['open', 'past_due'])
        .orderBy('number')
        .executeTakeFirst();
      if (owed === undefined) return false;
      return done(await payInvoiceElsewhere(test.runtime, place.scope, merchantAct, owed.id as InvoiceId, null));
    },
  );

const useCard = (card: Model['card']) =>
  new Act(
    `card ${card}`,
    (model) => {
      model.card = card;
      return true;
    },
    async (real) => {
      const methodId = card === 'none' ? null : real.methods[card];
      const own = { ...place.scope, customerId: real.customerId };
      const changes = { defaultPaymentMethodId: methodId as never };
      return done(await updateCustomer(test.runtime, own, merchantAct, changes));
    },
  );

async function beginReal(trialDays: number, card: Model['card']): Promise<Real> {
  // One moment of the day, well within it: all days of this test are the billing zone's.
  const noon = Math.ceil(test.runtime.now() / dayMs) * dayMs + 5 * hourMs;
  test.setTime(noon);
  const customerId = await place.addCustomer();
  const good = await place.addMethod(customerId, 'succeeds');
  const bad = await place.addMethod(customerId, 'not_enough_money');
  const chosen = { good, bad, none: null }[card];
  await test.runtime.write((tx) =>
    tx.updateTable('customers').set({ defaultPaymentMethodId: chosen }).where('id', '=', customerId).execute(),
  );
  const id = await place.subscribe(customerId, { trialDays });
  await bill1({ customerId });
  return { customerId, id, methods: { good, bad }, began: noon };
}

const acts = [
  fc.integer({ min: 1, max: 25 }).map(advance),
  fc.integer({ min: 1, max: 4 }).map(advance),
  fc.option(fc.integer({ min: 1, max: 30 })).map(pause),
  fc.constant(null).map(resume),
  fc.constantFrom('now', 'period_end', 'period_end', 'period_end').map((at) => cancel(at as 'now' | 'period_end')),
  fc.constant(null).map(pay),
  fc.constantFrom('good', 'bad', 'none').map((card) => useCard(card as Model['card'])),
];

it('whatever happens to a subscription, it is as a simple model says, and its billing is sound', async () => {
  const cards = fc.constantFrom<Model['card']>('good', 'bad', 'none');
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(0, 0, 3),
      cards,
      fc.commands(acts, { maxCommands: 25, size: 'max' }),
      async (trialDays, card, commands) => {
        const real = await beginReal(trialDays, card);
        const model = begin(trialDays, card);
        live(model, 0);
        expect(await viewReal(real)).toEqual(viewOf(model));
        await fc.asyncModelRun(() => ({ model, real }), commands);
      },
    ),
    { numRuns: testEngine === 'postgres' ? 15 : 60, endOnFailure: false },
  );
  test.setTime(test.runtime.now() + secondMs);
  await expectSoundBilling(test.runtime, place);
}, 600_000);
