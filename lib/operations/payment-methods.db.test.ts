import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HEAD as askHeaders, GET as comeBack } from '@/app/(portal)/payment-methods/return/route.ts';
import { POST as takeNotification } from '@/app/provider-notifications/[adapter]/route.ts';
import { findBrokenAuditLine } from '@/lib/data/audit-lines.ts';
import { findCustomer } from '@/lib/data/customers.ts';
import { findFormOutcome } from '@/lib/data/form-outcomes.ts';
import { listPaymentMethods } from '@/lib/data/payment-methods.ts';
import { findProviderVisit, listProviderVisits } from '@/lib/data/provider-visits.ts';
import { simulatedStore } from '@/lib/data/simulated-provider.ts';
import { findSubscription } from '@/lib/data/subscriptions.ts';
import { everyText } from '@/lib/data/testing/every-text.ts';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { openTestRuntime, testNow } from '@/lib/data/testing/test-runtime.ts';
import type { InvoiceId, PaymentMethodId, SubscriptionId } from '@/lib/domain/ids.ts';
import { lacksDefault } from '@/lib/domain/method-duties.ts';
import type { ProviderVisit } from '@/lib/domain/provider-visit.ts';
import { dayMs, minuteMs, secondMs } from '@/lib/domain/time.ts';
import { detachLeavingMethods } from '@/lib/jobs/detach-leaving-methods.ts';
import { settleWaitingPayments } from '@/lib/jobs/settle-waiting-payments.ts';
import { type DeployedProviders, makeProviders } from '@/lib/providers/deployed-providers.ts';
import type { HostedPage } from '@/lib/providers/simulated/hosted-page.ts';
import type { SimulatedVisit } from '@/lib/providers/simulated/simulated-store.ts';
import { type Play, testCards } from '@/lib/providers/simulated/test-numbers.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { type Adding, beginAddingPaymentMethod } from './begin-adding-payment-method.ts';
import { carryOutPayment } from './carry-out-payment.ts';
import { chooseWhatMethodPays } from './choose-what-method-pays.ts';
import { keepPaymentMethod } from './keep-payment-method.ts';
import { makeDefaultPaymentMethod } from './make-default-payment-method.ts';
import { removePaymentMethod } from './remove-payment-method.ts';
import { settleProviderVisit } from './settle-provider-visit.ts';
import { aBuyer, type SeededBuyer } from './testing/a-buyer.ts';

type Sent = { url: string; body: Uint8Array; headers: Readonly<Record<string, string>> };

let test: TestRuntime;
/** The runtime of the test with a provider whose notifications are kept instead of sent. */
let on: Runtime;
const sent: Sent[] = [];
let forms = 0;
let now = testNow;

beforeAll(async () => {
  test = await openTestRuntime();
  const { runtime } = test;
  const database = { read: runtime.read, write: runtime.write } as Parameters<typeof simulatedStore>[0];
  const providers: DeployedProviders = makeProviders({
    store: simulatedStore<Play>(database),
    rootKeys: runtime.config.rootKeys,
    origin: runtime.config.origin,
    now: runtime.now,
    random: runtime.random,
    deliver: async (url, body, headers) => void sent.push({ url, body, headers }),
  });
  on = { ...runtime, providers };
  Object.assign(globalThis, { billingPortalRuntime: Promise.resolve(on) });
});
afterAll(async () => {
  Object.assign(globalThis, { billingPortalRuntime: undefined });
  await test.close();
});
beforeEach(() => {
  now += 30 * minuteMs;
  test.setTime(now);
  sent.length = 0;
});

const formId = (): string => {
  forms += 1;
  return `form-${String(forms).padStart(20, '0')}`;
};
const methodsOf = (buyer: SeededBuyer) => listPaymentMethods(on.read, buyer.viewer);
const payerOfSubscription = async (buyer: SeededBuyer, id: SubscriptionId) =>
  (await findSubscription(on.read, buyer.viewer, id))?.subscription.defaultPaymentMethodId ?? null;
const defaultOf = async (buyer: SeededBuyer) =>
  (await findCustomer(on.read, buyer.viewer))?.defaultPaymentMethodId ?? null;

async function begin(
  buyer: SeededBuyer,
  more: Partial<Adding> = {},
): Promise<{ visit: ProviderVisit; page: HostedPage; hosted: SimulatedVisit }> {
  const input = { formId: formId(), subscriptionIds: [], makeDefault: false, payInvoiceId: null, ...more };
  const begun = await beginAddingPaymentMethod(on, buyer.viewer, { locale: 'en', ...input });
  if (!begun.ok) throw new Error(begun.failure.code);
  const visits = await listProviderVisits(on.read, buyer.viewer, 0);
  const visit = visits.find((one) => begun.value.redirectUrl.endsWith(`/${one.providerReference}`));
  const page = on.providers.simulatedPage;
  const hosted = await page?.findVisit(visit?.providerReference ?? '');
  if (visit === undefined || page === null || hosted === null || hosted === undefined) throw new Error('no page');
  return { visit, page, hosted };
}

async function add(buyer: SeededBuyer, number: string, more: Partial<Adding> = {}) {
  const { visit, page, hosted } = await begin(buyer, more);
  await page.enterCard(hosted, { number, expiry: '08/31' });
  const settled = await settleProviderVisit(on, visit, { how: 'ask' });
  if (settled.paymentToSend !== null) await carryOutPayment(on, buyer.viewer, settled.paymentToSend, { how: 'send' });
  return { ...settled, page, hosted };
}

describe('adding a method', () => {
  it('saves what the provider tells, makes the first one the default, and moves what was chosen', async () => {
    const buyer = await aBuyer(test, now);
    const { visit } = await add(buyer, '5555555555554444', { subscriptionIds: [buyer.subscriptionId] });
    expect(visit).toMatchObject({ status: 'succeeded', outcome: { pays: ['Roaster Club'], alreadyHere: false } });
    const [method] = await methodsOf(buyer);
    expect(method).toMatchObject({ brand: 'mastercard', last4: '4444', expMonth: 8, expYear: 2031, status: 'active' });
    expect(await defaultOf(buyer)).toBe(method?.id);
    expect(await payerOfSubscription(buyer, buyer.subscriptionId)).toBe(method?.id);
    expect(await buyer.eventTypes()).toContain('plugipay.payment_method.attached.v1');
    expect(await findBrokenAuditLine(on.read, buyer.viewer)).toBeNull();
  });

  it('the same form again leads to the same page', async () => {
    const buyer = await aBuyer(test, now);
    const input: Adding = {
      formId: formId(),
      subscriptionIds: [],
      makeDefault: false,
      payInvoiceId: null,
      locale: 'en',
    };
    const [one, other] = await Promise.all([
      beginAddingPaymentMethod(on, buyer.viewer, input),
      beginAddingPaymentMethod(on, buyer.viewer, input),
    ]);
    expect(one).toEqual(other);
    expect(await listProviderVisits(on.read, buyer.viewer, 0)).toHaveLength(1);
  });

  it('a card that is already here gets its new expiry and is not added again', async () => {
    const buyer = await aBuyer(test, now);
    await add(buyer, '4242424242424242');
    const { visit, page, hosted } = await begin(buyer);
    await page.enterCard(hosted, { number: '4242424242424242', expiry: '12/33' });
    const settled = await settleProviderVisit(on, visit, { how: 'ask' });
    expect(settled.visit.outcome.alreadyHere).toBe(true);
    expect(await methodsOf(buyer)).toMatchObject([{ last4: '4242', expMonth: 12, expYear: 2033 }]);
  });

  it('a card that is here under another reference is renewed and not doubled, and charged by the new one', async () => {
    const buyer = await aBuyer(test, now);
    const old = await buyer.addMethod('not_enough_money', {
      isDefault: true,
      expMonth: 3,
      expYear: 2029,
      fingerprint: 'simfp_visa_4242',
    });
    const { visit } = await add(buyer, '4242424242424242', { payInvoiceId: buyer.invoiceId });
    expect(visit).toMatchObject({ status: 'succeeded', paymentMethodId: old, outcome: { alreadyHere: true } });
    expect(await methodsOf(buyer)).toMatchObject([{ id: old, last4: '4242', expMonth: 8, expYear: 2031 }]);
    expect(await defaultOf(buyer)).toBe(old);
    expect(await buyer.receipts(), 'the new reference has the money').toHaveLength(1);
    expect(await buyer.eventTypes()).not.toContain('plugipay.payment_method.attached.v1');
    const left = () =>
      on.read
        .selectFrom('paymentMethods')
        .select(['providerRefSealed', 'status'])
        .where('customerId', '=', buyer.viewer.customerId)
        .where('id', '<>', old)
        .execute();
    expect(await left(), 'the old reference waits to be forgotten').toMatchObject([{ status: 'detached' }]);
    await detachLeavingMethods.run(on);
    expect(await left()).toEqual([{ status: 'detached', providerRefSealed: '' }]);
  });

  it('the fingerprint of a card finds it for its own customer alone, and stands nowhere as it is', async () => {
    const [one, other] = [await aBuyer(test, now), await aBuyer(test, now)];
    await one.addMethod('succeeds', { fingerprint: 'simfp_mastercard_4444' });
    const { visit } = await add(other, '5555555555554444');
    expect(visit.outcome.alreadyHere).toBe(false);
    const rows = await on.read
      .selectFrom('paymentMethods')
      .select('fingerprintHash')
      .where('customerId', 'in', [one.viewer.customerId, other.viewer.customerId])
      .execute();
    expect(new Set(rows.map((row) => row.fingerprintHash)).size).toBe(2);
    expect(rows.map((row) => row.fingerprintHash)).toEqual([
      expect.stringMatching(/^[0-9a-f]{64}$/),
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ]);
  });

  it('two buyers may have the same card', async () => {
    const [one, other] = [await aBuyer(test, now), await aBuyer(test, now)];
    await add(one, '4242424242424242');
    await add(other, '4242424242424242');
    expect(await methodsOf(one)).toHaveLength(1);
    expect(await methodsOf(other)).toHaveLength(1);
  });

  it('“Save and pay” saves and pays in one act; “Save only” does not pay', async () => {
    const buyer = await aBuyer(test, now);
    await add(buyer, '4242424242424242');
    expect(await buyer.receipts()).toEqual([]);
    const { visit } = await add(buyer, '5555555555554444', { payInvoiceId: buyer.invoiceId });
    expect(visit.outcome.paymentVisitId).not.toBeNull();
    expect(await buyer.receipts()).toMatchObject([{ number: 'RCP-2026-0001' }]);
  });

  it('saved, but the payment refused: the method stays and the invoice too', async () => {
    const buyer = await aBuyer(test, now);
    const { visit } = await add(buyer, '4000000000000341', { payInvoiceId: buyer.invoiceId });
    expect(visit.status).toBe('succeeded');
    expect(await methodsOf(buyer)).toHaveLength(1);
    expect(await buyer.receipts()).toEqual([]);
  });

  it.each(testCards.filter(({ setUp }) => !/^(succeeds|asks|pending|silent)/.test(setUp)))(
    'a refusal for $setUp saves nothing',
    async ({ number, setUp }) => {
      const buyer = await aBuyer(test, now);
      const { visit } = await add(buyer, number);
      expect(visit).toMatchObject({
        status: 'refused',
        outcome: { reason: setUp, method: { last4: number.slice(-4) } },
      });
      expect(await methodsOf(buyer)).toEqual([]);
    },
  );

  it('the bank asks; nothing is saved until the buyer confirms', async () => {
    const buyer = await aBuyer(test, now);
    const { visit, page, hosted } = await add(buyer, '4000002500003155');
    expect(visit).toMatchObject({ status: 'open', outcome: { reason: 'needs_confirmation' } });
    expect(await methodsOf(buyer)).toEqual([]);
    await page.answerBank(hosted, true);
    expect((await settleProviderVisit(on, visit, { how: 'ask' })).visit.status).toBe('succeeded');
    expect(await methodsOf(buyer)).toHaveLength(1);
  });

  it.each([
    ['4000000000007718', 'succeeded', 1],
    ['4000000000007726', 'refused', 0],
  ] as const)('pending with %s settles by itself as %s', async (number, status, count) => {
    const buyer = await aBuyer(test, now);
    const { visit } = await add(buyer, number);
    expect(visit.status).toBe('pending');
    test.setTime(now + 20 * secondMs);
    await settleWaitingPayments.run(on);
    expect(await findProviderVisit(on.read, buyer.viewer, visit.id)).toMatchObject({ status });
    expect(await methodsOf(buyer)).toHaveLength(count);
  });

  it('a silent provider leaves it unknown; once it speaks the method is there', async () => {
    const buyer = await aBuyer(test, now);
    const { visit, silent } = await add(buyer, '4000000000007759');
    expect(silent).toBe(true);
    expect(visit.status).toBe('unknown');
    const again: Adding = {
      formId: formId(),
      subscriptionIds: [],
      makeDefault: false,
      payInvoiceId: null,
      locale: 'en',
    };
    expect(await beginAddingPaymentMethod(on, buyer.viewer, again)).toMatchObject({
      failure: { code: 'upstream_error' },
    });
    test.setTime(now + 2 * minuteMs);
    await settleWaitingPayments.run(on);
    expect(await methodsOf(buyer)).toHaveLength(1);
  });

  it('what is not the buyer’s or not offered is refused before anything begins', async () => {
    const [buyer, stranger] = [await aBuyer(test, now), await aBuyer(test, now)];
    const held = await buyer.addSubscription({}, { updatePaymentMethod: false });
    const tries: [Partial<Adding>, string][] = [
      [{ subscriptionIds: [stranger.subscriptionId] }, 'not_found'],
      [{ payInvoiceId: stranger.invoiceId }, 'not_found'],
      [{ subscriptionIds: [held] }, 'not_offered'],
    ];
    for (const [more, code] of tries) await expect(begin(buyer, more)).rejects.toThrow(code);
    await buyer.configure({ paymentMethods: { add: false } });
    await expect(begin(buyer)).rejects.toThrow('not_offered');
    expect(await listProviderVisits(on.read, buyer.viewer, 0)).toEqual([]);
  });
});

describe('the way back from the provider', () => {
  it('is not taken by a browser that looks ahead or asks for headers alone', async () => {
    const place = 'http://localhost:4100/payment-methods/return?state=anything-at-all-20';
    const context = { params: Promise.resolve({}) };
    for (const name of ['sec-purpose', 'purpose', 'x-moz']) {
      const answer = await comeBack(new Request(place, { headers: { [name]: 'prefetch;prerender' } }), context);
      expect([answer.status, await answer.text()], name).toEqual([503, '']);
    }
    const headers = askHeaders();
    expect([headers.status, await headers.text()]).toEqual([200, '']);
  });
});

describe('a default that does not work', () => {
  it('is replaced by a method that is added, and the rule says so beforehand', async () => {
    const buyer = await aBuyer(test, now);
    const broken = await buyer.addMethod('succeeds', { isDefault: true });
    const lacks = async () => {
      const customer = await findCustomer(on.read, buyer.viewer);
      return customer !== null && lacksDefault({ customer, methods: await methodsOf(buyer) });
    };
    expect(await lacks()).toBe(false);
    await on.write((tx) =>
      tx.updateTable('paymentMethods').set({ status: 'refused' }).where('id', '=', broken).execute(),
    );
    expect(await lacks()).toBe(true);
    const { visit } = await add(buyer, '5555555555554444');
    expect(await defaultOf(buyer)).toBe(visit.paymentMethodId);
    expect(await lacks()).toBe(false);
  });
});

describe('what a provider tells our server', () => {
  const post = ({ url, body, headers }: Sent) =>
    takeNotification(new Request(url, { method: 'POST', body: new Uint8Array(body), headers }), {
      params: Promise.resolve({ adapter: url.split('/').at(-1) ?? '' }),
    });
  const typed = async (buyer: SeededBuyer) => {
    const { visit, page, hosted } = await begin(buyer);
    await page.enterCard(hosted, { number: '4242424242424242', expiry: '08/31' });
    const [notification] = sent;
    if (notification === undefined) throw new Error('nothing was sent');
    return { visit, notification };
  };

  it('saves the method although the buyer never comes back, and acts once however often it comes', async () => {
    const buyer = await aBuyer(test, now);
    const { notification } = await typed(buyer);
    const answers = await Promise.all([post(notification), post(notification), post(notification)]);
    expect(answers.map((one) => one.status)).toEqual([200, 200, 200]);
    expect(await methodsOf(buyer)).toHaveLength(1);
    const attached = (await buyer.eventTypes()).filter((one) => one === 'plugipay.payment_method.attached.v1');
    expect(attached).toHaveLength(1);
  });

  it('is refused and does nothing when one byte of it is another', async () => {
    const buyer = await aBuyer(test, now);
    const { visit, notification } = await typed(buyer);
    const body = new Uint8Array(notification.body);
    body[12] = (body[12] ?? 0) ^ 1;
    expect((await post({ ...notification, body })).status).toBe(401);
    expect((await post({ ...notification, headers: {} })).status).toBe(401);
    expect((await post({ ...notification, url: notification.url.replace('simulated', 'other') })).status).toBe(404);
    expect(await findProviderVisit(on.read, buyer.viewer, visit.id)).toMatchObject({ status: 'open' });
    expect(await methodsOf(buyer)).toEqual([]);
  });

  it('heals when it is lost: the job asks', async () => {
    const buyer = await aBuyer(test, now);
    await typed(buyer);
    test.setTime(now + 20 * secondMs);
    await settleWaitingPayments.run(on);
    expect(await methodsOf(buyer)).toHaveLength(1);
  });

  it('no card number is in any table or log line', async () => {
    const buyer = await aBuyer(test, now);
    for (const { number } of testCards.slice(0, 8)) {
      const { page, hosted } = await begin(buyer);
      await page.enterCard(hosted, { number: number.replace(/(\d{4})(?=\d)/g, '$1 '), expiry: '08/31' });
    }
    for (const notification of [...sent]) await post(notification);
    const kept = (await everyText(on)).concat(
      test.logLines,
      sent.map(({ body }) => new TextDecoder().decode(body)),
    );
    expect(kept.length).toBeGreaterThan(30);
    for (const { number } of testCards) {
      const pattern = new RegExp([...number].join('[ -]?'));
      expect(
        kept.find((text) => pattern.test(text)),
        number,
      ).toBeUndefined();
    }
  });
});

describe('making a method the default', () => {
  it('moves the chosen; what slides along with the default keeps what paid it', async () => {
    const buyer = await aBuyer(test, now);
    const first = await buyer.addMethod('succeeds', { isDefault: true });
    const other = await buyer.addMethod('succeeds');
    const second = await buyer.addSubscription();
    const input = { formId: formId(), methodId: other, subscriptionIds: [second], payInvoiceId: null };
    expect((await makeDefaultPaymentMethod(on, buyer.viewer, input)).ok).toBe(true);
    expect(await defaultOf(buyer)).toBe(other);
    expect(await payerOfSubscription(buyer, second)).toBe(other);
    expect(await payerOfSubscription(buyer, buyer.subscriptionId)).toBe(first);
    expect(await buyer.eventTypes()).toContain('plugipay.customer.updated.v1');
  });

  it('pays what is owed when asked, once', async () => {
    const buyer = await aBuyer(test, now);
    const methodId = await buyer.addMethod('succeeds');
    const input = { formId: formId(), methodId, subscriptionIds: [], payInvoiceId: buyer.invoiceId };
    for (const _ of [1, 2]) {
      const made = await makeDefaultPaymentMethod(on, buyer.viewer, input);
      if (!made.ok || made.value.paymentToSend === null) throw new Error('no payment');
      await carryOutPayment(on, buyer.viewer, made.value.paymentToSend, { how: 'send' });
    }
    expect(await buyer.receipts()).toHaveLength(1);
  });

  it('counts the tries of an invoice however they are begun, and then changes nothing', async () => {
    const buyer = await aBuyer(test, now);
    const methodId = await buyer.addMethod('unsaid');
    const make = (id: PaymentMethodId) =>
      makeDefaultPaymentMethod(on, buyer.viewer, {
        formId: formId(),
        methodId: id,
        subscriptionIds: [],
        payInvoiceId: buyer.invoiceId,
      });
    const { visit, page, hosted } = await begin(buyer, { payInvoiceId: buyer.invoiceId });
    for (const _ of [1, 2, 3]) {
      const made = await make(methodId);
      if (!made.ok || made.value.paymentToSend === null) throw new Error('no payment');
      await carryOutPayment(on, buyer.viewer, made.value.paymentToSend, { how: 'send' });
    }
    const until = now + 10 * minuteMs;
    const limit = { code: 'rate_limited', facts: { at: until } };
    expect(await make(await buyer.addMethod('succeeds'))).toMatchObject({ failure: limit });
    expect(await defaultOf(buyer)).toBe(methodId);
    const adding = { formId: formId(), subscriptionIds: [], makeDefault: false, payInvoiceId: buyer.invoiceId };
    expect(await beginAddingPaymentMethod(on, buyer.viewer, { locale: 'en', ...adding })).toMatchObject({
      failure: limit,
    });
    await page.enterCard(hosted, { number: '5555555555554444', expiry: '08/31' });
    const settled = await settleProviderVisit(on, visit, { how: 'ask' });
    expect(settled).toMatchObject({
      paymentToSend: null,
      visit: { status: 'succeeded', outcome: { paymentVisitId: null, unpaid: { why: 'limit', at: until } } },
    });
  });

  it('says why nothing was charged: another payment is on its way, or nothing is owed any more', async () => {
    const buyer = await aBuyer(test, now);
    const methodId = await buyer.addMethod('pending_succeeds');
    const make = async () => {
      const form = formId();
      const input = { formId: form, methodId, subscriptionIds: [], payInvoiceId: buyer.invoiceId };
      const made = await makeDefaultPaymentMethod(on, buyer.viewer, input);
      if (!made.ok) throw new Error(made.failure.code);
      return { ...made.value, said: (await findFormOutcome(on.read, buyer.viewer, form))?.facts };
    };
    const first = await make();
    if (first.paymentToSend === null) throw new Error('no payment');
    await carryOutPayment(on, buyer.viewer, first.paymentToSend, { how: 'send' });
    expect(first.said).toMatchObject({ unpaid: null });
    const about = { invoice: buyer.invoiceId };
    expect(await make()).toMatchObject({ paymentToSend: null, said: { ...about, unpaid: 'waiting' } });
    test.setTime(now + 20 * secondMs);
    await carryOutPayment(on, buyer.viewer, first.paymentToSend, { how: 'ask' });
    expect(await make()).toMatchObject({ paymentToSend: null, said: { ...about, unpaid: 'paid' } });
  });

  it('one whose provider is not deployed becomes the default, but pays nothing now', async () => {
    const buyer = await aBuyer(test, now);
    const methodId = await buyer.addMethod('succeeds', { adapter: 'xendit' });
    const make = (payInvoiceId: InvoiceId | null) =>
      makeDefaultPaymentMethod(on, buyer.viewer, { formId: formId(), methodId, subscriptionIds: [], payInvoiceId });
    expect(await make(buyer.invoiceId)).toMatchObject({
      failure: { code: 'not_offered', facts: { why: 'collected' } },
    });
    expect(await defaultOf(buyer)).toBeNull();
    expect(await listProviderVisits(on.read, buyer.viewer, 0)).toEqual([]);
    expect((await make(null)).ok).toBe(true);
    expect(await defaultOf(buyer)).toBe(methodId);
  });

  it('an expired, foreign or switched-off one is refused', async () => {
    const [buyer, stranger] = [await aBuyer(test, now), await aBuyer(test, now)];
    const expired = await buyer.addMethod('succeeds', { expYear: 2025 });
    const foreign = await stranger.addMethod('succeeds');
    const make = (methodId: PaymentMethodId) =>
      makeDefaultPaymentMethod(on, buyer.viewer, {
        formId: formId(),
        methodId,
        subscriptionIds: [],
        payInvoiceId: null,
      });
    expect(await make(expired)).toMatchObject({ failure: { code: 'conflict' } });
    expect(await make(foreign)).toMatchObject({ failure: { code: 'not_found' } });
    await buyer.configure({ paymentMethods: { setDefault: false } });
    expect(await make(expired)).toMatchObject({ failure: { code: 'not_offered' } });
  });
});

describe('choosing what a method pays', () => {
  it('takes over what is ticked and lets go of what is not', async () => {
    const buyer = await aBuyer(test, now);
    const first = await buyer.addMethod('succeeds', { isDefault: true });
    const other = await buyer.addMethod('succeeds');
    const choose = (subscriptionIds: SubscriptionId[]) =>
      chooseWhatMethodPays(on, buyer.viewer, { formId: formId(), methodId: other, subscriptionIds });
    expect((await choose([buyer.subscriptionId])).ok).toBe(true);
    expect(await payerOfSubscription(buyer, buyer.subscriptionId)).toBe(other);
    expect((await choose([])).ok).toBe(true);
    expect(await payerOfSubscription(buyer, buyer.subscriptionId)).toBe(first);
  });

  it('never leaves a subscription without a payer, and never moves one the merchant holds', async () => {
    const buyer = await aBuyer(test, now);
    const only = await buyer.addMethod('succeeds', { isDefault: true });
    const held = await buyer.addSubscription({}, { updatePaymentMethod: false });
    const choose = (subscriptionIds: SubscriptionId[]) =>
      chooseWhatMethodPays(on, buyer.viewer, { formId: formId(), methodId: only, subscriptionIds });
    expect(await choose([])).toMatchObject({ failure: { code: 'conflict' } });
    expect(await choose([held])).toMatchObject({ failure: { code: 'not_offered' } });
  });
});

describe('removing a method', () => {
  const remove = (
    buyer: SeededBuyer,
    methodId: PaymentMethodId,
    way: Parameters<typeof removePaymentMethod>[2]['way'],
    form = formId(),
  ) => removePaymentMethod(on, buyer.viewer, { formId: form, methodId, way });

  it('an unused one goes, the second submit says the same, and the provider forgets it', async () => {
    const buyer = await aBuyer(test, now);
    await buyer.addMethod('succeeds', { isDefault: true });
    const { visit } = await add(buyer, '4242424242424242');
    const methodId = visit.paymentMethodId as PaymentMethodId;
    const form = formId();
    expect(await remove(buyer, methodId, { is: 'now' }, form)).toEqual({ ok: true, value: 'removed' });
    expect(await remove(buyer, methodId, { is: 'now' }, form)).toEqual({ ok: true, value: 'removed' });
    expect(await remove(buyer, methodId, { is: 'now' })).toEqual({ ok: true, value: 'removed' });
    const types = await buyer.eventTypes();
    expect(types.filter((one) => one === 'plugipay.payment_method.detached.v1')).toHaveLength(1);
    await detachLeavingMethods.run(on);
    const row = await on.read
      .selectFrom('paymentMethods')
      .selectAll()
      .where('id', '=', methodId)
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({ status: 'detached', providerRefSealed: '' });
  });

  it('the method a running subscription is charged on is refused with the reason', async () => {
    const buyer = await aBuyer(test, now);
    const only = await buyer.addMethod('succeeds', { isDefault: true });
    for (const way of [{ is: 'now' }, { is: 'at_end' }, { is: 'replaced', by: only }] as const) {
      expect(await remove(buyer, only, way)).toMatchObject({ failure: { code: 'conflict', facts: { why: 'needed' } } });
    }
    expect(await methodsOf(buyer)).toHaveLength(1);
  });

  it('a used one goes after another took over, the default too', async () => {
    const buyer = await aBuyer(test, now);
    const first = await buyer.addMethod('succeeds', { isDefault: true });
    const other = await buyer.addMethod('succeeds');
    expect(await remove(buyer, first, { is: 'now' })).toMatchObject({ failure: { code: 'conflict' } });
    expect(await remove(buyer, first, { is: 'replaced', by: 'pt_unknown' as PaymentMethodId })).toMatchObject({
      failure: { code: 'validation_error', field: 'by' },
    });
    expect((await remove(buyer, first, { is: 'replaced', by: other })).ok).toBe(true);
    expect(await defaultOf(buyer)).toBe(other);
    expect(await payerOfSubscription(buyer, buyer.subscriptionId)).toBe(other);
  });

  it('two removals at once never take both methods away', async () => {
    const buyer = await aBuyer(test, now);
    const first = await buyer.addMethod('succeeds', { isDefault: true });
    const other = await buyer.addMethod('succeeds');
    await Promise.all([remove(buyer, first, { is: 'replaced', by: other }), remove(buyer, other, { is: 'now' })]);
    const left = await methodsOf(buyer);
    expect(left.length).toBeGreaterThanOrEqual(1);
    const payer = (await payerOfSubscription(buyer, buyer.subscriptionId)) ?? (await defaultOf(buyer));
    expect(left.map((one) => one.id)).toContain(payer);
  });

  it('one that pays only what ends removes itself then; it can be kept', async () => {
    const buyer = await aBuyer(test, now);
    const endsAt = now + 20 * dayMs;
    await on.write((tx) =>
      tx
        .updateTable('subscriptions')
        .set({ cancelAt: endsAt, status: 'active', canceledReason: 'customer_portal' })
        .where('id', '=', buyer.subscriptionId)
        .execute(),
    );
    const only = await buyer.addMethod('succeeds', { isDefault: true });
    expect(await remove(buyer, only, { is: 'at_end' })).toEqual({ ok: true, value: 'planned' });
    expect((await keepPaymentMethod(on, buyer.viewer, { formId: formId(), methodId: only })).ok).toBe(true);
    expect(await methodsOf(buyer)).toMatchObject([{ detachAt: null }]);
    expect(await remove(buyer, only, { is: 'at_end' })).toEqual({ ok: true, value: 'planned' });
    await detachLeavingMethods.run(on);
    expect(await methodsOf(buyer)).toHaveLength(1);
    now = endsAt + minuteMs;
    test.setTime(now);
    await detachLeavingMethods.run(on);
    expect(await methodsOf(buyer)).toEqual([]);
  });

  it('one whose removal was planned stays when the end is taken back', async () => {
    const buyer = await aBuyer(test, now);
    const endsAt = now + 20 * dayMs;
    const setEnd = (cancelAt: number | null) =>
      on.write((tx) =>
        tx.updateTable('subscriptions').set({ cancelAt }).where('id', '=', buyer.subscriptionId).execute(),
      );
    await setEnd(endsAt);
    const only = await buyer.addMethod('succeeds', { isDefault: true });
    await remove(buyer, only, { is: 'at_end' });
    await setEnd(null);
    now = endsAt + minuteMs;
    test.setTime(now);
    await detachLeavingMethods.run(on);
    expect(await methodsOf(buyer)).toMatchObject([{ id: only, detachAt: null, status: 'active' }]);
  });

  it('a payment on its way, a held subscription and a switch refuse it', async () => {
    const buyer = await aBuyer(test, now);
    await buyer.addMethod('succeeds');
    const pending = await buyer.addMethod('pending_succeeds', { isDefault: true });
    const made = await makeDefaultPaymentMethod(on, buyer.viewer, {
      formId: formId(),
      methodId: pending,
      subscriptionIds: [],
      payInvoiceId: buyer.invoiceId,
    });
    if (made.ok && made.value.paymentToSend !== null) {
      await carryOutPayment(on, buyer.viewer, made.value.paymentToSend, { how: 'send' });
    }
    expect(await remove(buyer, pending, { is: 'now' })).toMatchObject({ failure: { facts: { why: 'on_its_way' } } });
    const other = await aBuyer(test, now);
    const card = await other.addMethod('succeeds', { isDefault: true });
    await other.addMethod('succeeds');
    await other.addSubscription({}, { updatePaymentMethod: false });
    expect(await remove(other, card, { is: 'now' })).toMatchObject({ failure: { code: 'not_offered' } });
    await other.configure({ paymentMethods: { remove: false } });
    expect(await remove(other, card, { is: 'now' })).toMatchObject({ failure: { code: 'not_offered' } });
    expect(await remove(buyer, card, { is: 'now' })).toMatchObject({ failure: { code: 'not_found' } });
  });
});
