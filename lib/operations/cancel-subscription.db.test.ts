import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprint } from '@/lib/crypto/secret.ts';
import { findBrokenAuditLine } from '@/lib/data/audit-lines.ts';
import { findCertificate } from '@/lib/data/cancellation-certificates.ts';
import { listUnpaidInvoices } from '@/lib/data/invoices.ts';
import { findSubscription } from '@/lib/data/subscriptions.ts';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { openTestRuntime, testNow } from '@/lib/data/testing/test-runtime.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import {
  type CancellationOption,
  type CancellationTiming,
  canUndoCancellation,
  findOption,
  planCancellation,
  promiseOf,
} from '@/lib/domain/cancellation.ts';
import { canonicalJson } from '@/lib/domain/canonical-json.ts';
import type { SubscriptionId } from '@/lib/domain/ids.ts';
import type { Subscription } from '@/lib/domain/subscription.ts';
import { dayMs } from '@/lib/domain/time.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import { type Cancellation, cancelSubscription } from './cancel-subscription.ts';
import { aBuyer, type SeededBuyer } from './testing/a-buyer.ts';
import { undoCancellation } from './undo-cancellation.ts';

let test: TestRuntime;
beforeAll(async () => {
  test = await openTestRuntime();
});
afterAll(() => test.close());

const end = testNow + 20 * dayMs;
let forms = 0;
function aForm(): string {
  forms += 1;
  return `form-${String(forms).padStart(16, '0')}`;
}

async function read(viewer: Viewer, id: SubscriptionId): Promise<Subscription> {
  const planned = await findSubscription(test.runtime.read, viewer, id);
  if (planned === null) throw new Error('No such subscription.');
  return planned.subscription;
}

/** What the page shows now for one timing. */
async function show(viewer: Viewer, id: SubscriptionId, timing: CancellationTiming): Promise<CancellationOption> {
  const planned = await findSubscription(test.runtime.read, viewer, id);
  const workspace = await findWorkspace(test.runtime.read, viewer);
  if (planned === null || workspace === null) throw new Error('Nothing to show.');
  const invoices = await listUnpaidInvoices(test.runtime.read, viewer);
  const { configuration } = workspace;
  const option = findOption(planCancellation({ ...planned, invoices, configuration }, viewer.now), timing);
  if (option === null) throw new Error(`There is no ${timing} here.`);
  return option;
}

async function ask(
  { viewer }: Pick<SeededBuyer, 'viewer'>,
  subscriptionId: SubscriptionId,
  timing: CancellationTiming = 'period_end',
): Promise<Cancellation> {
  const promised = promiseOf(await show(viewer, subscriptionId, timing));
  return { formId: aForm(), subscriptionId, timing, promised, locale: 'en' };
}

async function storedCertificates(viewer: Viewer) {
  return test.runtime.read
    .selectFrom('cancellationCertificates')
    .selectAll()
    .where('workspaceId', '=', viewer.workspaceId)
    .orderBy('number')
    .execute();
}

async function storedInvoice(buyer: SeededBuyer) {
  return test.runtime.read
    .selectFrom('invoices')
    .select(['collectionStoppedAt', 'nextAttemptAt', 'stoppedAttemptAt'])
    .where('id', '=', buyer.invoiceId)
    .executeTakeFirstOrThrow();
}

describe('cancelling', () => {
  it('plans the end, files a certificate whose hash verifies, and tells of it once', async () => {
    const buyer = await aBuyer(test, testNow);
    const id = await buyer.addSubscription();
    const asked = await ask(buyer, id);
    expect(await cancelSubscription(test.runtime, buyer.viewer, asked)).toEqual({ ok: true, value: 'cancelled' });
    expect(await cancelSubscription(test.runtime, buyer.viewer, asked)).toEqual({ ok: true, value: 'cancelled' });
    expect(await read(buyer.viewer, id)).toMatchObject({
      status: 'active',
      cancelAt: end,
      canceledAt: testNow,
      canceledReason: 'customer_portal',
      endedAt: null,
    });
    const [stored, ...more] = await storedCertificates(buyer.viewer);
    expect(more).toEqual([]);
    expect(stored).toMatchObject({ number: 'CC-2026-0001', issuedAt: testNow, takenBackAt: null });
    const body = JSON.parse(stored?.body ?? '');
    expect(fingerprint(canonicalJson(body))).toBe(stored?.hash);
    expect(body).toMatchObject({ planName: 'Roaster Club', declared: 'period_end', endsAt: end, owed: null });
    expect((await buyer.eventTypes()).sort()).toEqual([
      'plugipay.subscription.cancel_scheduled.v1',
      'plugipay.subscription.updated.v1',
    ]);
    const event = await test.runtime.read
      .selectFrom('outbox')
      .select('data')
      .where('type', '=', 'plugipay.subscription.cancel_scheduled.v1')
      .where('aggregateId', '=', id)
      .executeTakeFirstOrThrow();
    expect(JSON.parse(event.data)).toMatchObject({
      origin: 'portal',
      customerId: buyer.viewer.customerId,
      browserSessionId: buyer.viewer.browserSessionId,
      portalSessionId: buyer.viewer.portalSessionId,
      certificateId: stored?.id,
      cancelAt: new Date(end).toISOString(),
      object: { id, cancelAt: new Date(end).toISOString(), canceledReason: 'customer_portal' },
    });
    expect(await findBrokenAuditLine(test.runtime.read, buyer.viewer)).toBeNull();
  });

  it('at once ends it at once, with the one event of an end', async () => {
    const buyer = await aBuyer(test, testNow);
    await buyer.configure({ cancel: { timing: ['period_end', 'now'] } });
    const id = await buyer.addSubscription();
    const asked = await ask(buyer, id, 'now');
    expect(await cancelSubscription(test.runtime, buyer.viewer, asked)).toEqual({ ok: true, value: 'cancelled' });
    expect(await read(buyer.viewer, id)).toMatchObject({ status: 'canceled', endedAt: testNow, canceledAt: testNow });
    expect(await buyer.eventTypes()).toEqual(['plugipay.subscription.canceled.v1']);
  });

  it('asked again by another form changes nothing and is told apart', async () => {
    const buyer = await aBuyer(test, testNow);
    const id = await buyer.addSubscription();
    const [one, other] = [await ask(buyer, id), await ask(buyer, id)];
    await cancelSubscription(test.runtime, buyer.viewer, one);
    const before = await read(buyer.viewer, id);
    expect(await cancelSubscription(test.runtime, buyer.viewer, other)).toEqual({ ok: true, value: 'already' });
    expect(await read(buyer.viewer, id)).toEqual(before);
    expect(await storedCertificates(buyer.viewer)).toHaveLength(1);
    expect(await buyer.eventTypes()).toHaveLength(2);
  });

  it.each([
    ['the same form', true],
    ['forms of their own', false],
  ])('sent eight times at once by %s happens once', async (_, isSame) => {
    const buyer = await aBuyer(test, testNow);
    const id = await buyer.addSubscription();
    const first = await ask(buyer, id);
    const all = Array.from({ length: 8 }, () => (isSame ? first : { ...first, formId: aForm() }));
    const results = await Promise.all(all.map((one) => cancelSubscription(test.runtime, buyer.viewer, one)));
    const values = results.map((one) => (one.ok ? one.value : one.failure.code)).sort();
    expect(values).toEqual(isSame ? Array(8).fill('cancelled') : [...Array(7).fill('already'), 'cancelled']);
    expect(await storedCertificates(buyer.viewer)).toHaveLength(1);
    expect(await buyer.eventTypes()).toHaveLength(2);
    expect(await findBrokenAuditLine(test.runtime.read, buyer.viewer)).toBeNull();
  });

  it('numbers certificates without a gap, also past cancellations that were refused', async () => {
    const buyer = await aBuyer(test, testNow);
    const ids = await Promise.all(Array.from({ length: 6 }, () => buyer.addSubscription()));
    const asked = await Promise.all(ids.map((id) => ask(buyer, id)));
    const wrong = asked.map((one) => ({ ...one, formId: aForm(), promised: 'something else' }));
    const results = await Promise.all(
      [...wrong, ...asked].map((one) => cancelSubscription(test.runtime, buyer.viewer, one)),
    );
    expect(results.filter((one) => one.ok && one.value === 'cancelled')).toHaveLength(6);
    const numbers = (await storedCertificates(buyer.viewer)).map(({ number }) => number);
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6].map((n) => `CC-2026-000${n}`));
  });

  it('does nothing where it would do something else than the page said', async () => {
    const buyer = await aBuyer(test, testNow);
    const asked = await ask(buyer, buyer.subscriptionId);
    await buyer.addInvoice();
    const before = await read(buyer.viewer, buyer.subscriptionId);
    const refused = await cancelSubscription(test.runtime, buyer.viewer, asked);
    expect(refused).toMatchObject({ ok: false, failure: { code: 'conflict' } });
    expect(await read(buyer.viewer, buyer.subscriptionId)).toEqual(before);
    expect(await buyer.eventTypes()).toEqual([]);
    const again = { ...asked, promised: promiseOf(await show(buyer.viewer, buyer.subscriptionId, 'period_end')) };
    expect(await cancelSubscription(test.runtime, buyer.viewer, again)).toEqual({ ok: true, value: 'cancelled' });
  });

  it('asks for a timing that is offered', async () => {
    const buyer = await aBuyer(test, testNow);
    const id = await buyer.addSubscription();
    const asked = await ask(buyer, id);
    for (const timing of ['now', null] as const) {
      expect(await cancelSubscription(test.runtime, buyer.viewer, { ...asked, timing })).toMatchObject({
        ok: false,
        failure: { code: 'validation_error', field: 'timing' },
      });
    }
    expect((await read(buyer.viewer, id)).cancelAt).toBeNull();
  });

  it("finds nothing of another customer's, and changes nothing there", async () => {
    const [owner, stranger] = [await aBuyer(test, testNow), await aBuyer(test, testNow)];
    const id = await owner.addSubscription();
    const asked = await ask(owner, id);
    const before = await read(owner.viewer, id);
    expect(await cancelSubscription(test.runtime, stranger.viewer, asked)).toMatchObject({
      ok: false,
      failure: { code: 'not_found' },
    });
    expect(
      await undoCancellation(test.runtime, stranger.viewer, { formId: aForm(), subscriptionId: id }),
    ).toMatchObject({ ok: false, failure: { code: 'not_found' } });
    expect(await read(owner.viewer, id)).toEqual(before);
    expect([...(await owner.eventTypes()), ...(await stranger.eventTypes())]).toEqual([]);
  });

  it('is refused where the plan or the workspace switched it off, whatever the request says', async () => {
    const buyer = await aBuyer(test, testNow);
    const byPlan = await buyer.addSubscription({}, { selfServeCancel: false });
    const bySettings = await buyer.addSubscription();
    const asked = await ask(buyer, bySettings);
    expect(await cancelSubscription(test.runtime, buyer.viewer, { ...asked, subscriptionId: byPlan })).toMatchObject({
      ok: false,
      failure: { code: 'not_offered' },
    });
    await buyer.configure({ features: { selfServeCancel: false } });
    expect(await cancelSubscription(test.runtime, buyer.viewer, asked)).toMatchObject({
      ok: false,
      failure: { code: 'not_offered' },
    });
    expect((await read(buyer.viewer, byPlan)).cancelAt).toBeNull();
    expect((await read(buyer.viewer, bySettings)).cancelAt).toBeNull();
  });
});

describe('what is unpaid', () => {
  it('is not collected any more where the workspace says so, and is again after an undo', async () => {
    const buyer = await aBuyer(test, testNow);
    const id = buyer.subscriptionId;
    await cancelSubscription(test.runtime, buyer.viewer, await ask(buyer, id));
    expect(await storedInvoice(buyer)).toEqual({
      collectionStoppedAt: testNow,
      nextAttemptAt: null,
      stoppedAttemptAt: testNow + dayMs,
    });
    expect((await findCertificate(test.runtime.read, buyer.viewer, id))?.body.owed).toEqual({
      amount: 165_390,
      currency: 'IDR',
      terms: 'stop_collection',
    });
    await undoCancellation(test.runtime, buyer.viewer, { formId: aForm(), subscriptionId: id });
    expect(await storedInvoice(buyer)).toEqual({
      collectionStoppedAt: null,
      nextAttemptAt: testNow + dayMs,
      stoppedAttemptAt: null,
    });
  });

  it('is tried again a day after an undo where its turn passed meanwhile', async () => {
    const buyer = await aBuyer(test, testNow);
    const id = buyer.subscriptionId;
    await cancelSubscription(test.runtime, buyer.viewer, await ask(buyer, id));
    const later = { ...buyer.viewer, now: testNow + 10 * dayMs };
    await undoCancellation(test.runtime, later, { formId: aForm(), subscriptionId: id });
    expect((await storedInvoice(buyer)).nextAttemptAt).toBe(testNow + 11 * dayMs);
  });

  it('stays due with its next try where the workspace keeps it', async () => {
    const buyer = await aBuyer(test, testNow);
    await buyer.configure({ cancel: { pastDue: 'keep_due' } });
    await cancelSubscription(test.runtime, buyer.viewer, await ask(buyer, buyer.subscriptionId));
    expect(await storedInvoice(buyer)).toEqual({
      collectionStoppedAt: null,
      nextAttemptAt: testNow + dayMs,
      stoppedAttemptAt: null,
    });
  });
});

describe('taking it back', () => {
  it('lets the subscription go on, notes it on the certificate, and tells of it once', async () => {
    const buyer = await aBuyer(test, testNow);
    const id = await buyer.addSubscription();
    await cancelSubscription(test.runtime, buyer.viewer, await ask(buyer, id));
    const later = { ...buyer.viewer, now: end - 1 };
    const undo = { formId: aForm(), subscriptionId: id };
    for (const form of [undo, undo, { ...undo, formId: aForm() }]) {
      expect(await undoCancellation(test.runtime, later, form)).toEqual({ ok: true, value: 'undone' });
    }
    expect(await read(buyer.viewer, id)).toMatchObject({ cancelAt: null, canceledAt: null, canceledReason: null });
    expect(await findCertificate(test.runtime.read, buyer.viewer, id)).toMatchObject({ takenBackAt: end - 1 });
    expect((await buyer.eventTypes()).sort()).toEqual([
      'plugipay.subscription.cancel_scheduled.v1',
      'plugipay.subscription.cancel_undone.v1',
      'plugipay.subscription.updated.v1',
      'plugipay.subscription.updated.v1',
    ]);
  });

  it('is too late from the moment it ends', async () => {
    const buyer = await aBuyer(test, testNow);
    const id = await buyer.addSubscription();
    await cancelSubscription(test.runtime, buyer.viewer, await ask(buyer, id));
    const late = { ...buyer.viewer, now: end };
    expect(await undoCancellation(test.runtime, late, { formId: aForm(), subscriptionId: id })).toMatchObject({
      ok: false,
      failure: { code: 'conflict' },
    });
    expect((await read(buyer.viewer, id)).cancelAt).toBe(end);
  });

  it('and cancelling again ends cancelled, with a certificate for each', async () => {
    const buyer = await aBuyer(test, testNow);
    const id = await buyer.addSubscription();
    const first = await ask(buyer, id);
    await cancelSubscription(test.runtime, buyer.viewer, first);
    await undoCancellation(test.runtime, buyer.viewer, { formId: aForm(), subscriptionId: id });
    expect(await cancelSubscription(test.runtime, buyer.viewer, await ask(buyer, id))).toEqual({
      ok: true,
      value: 'cancelled',
    });
    expect((await read(buyer.viewer, id)).cancelAt).toBe(end);
    expect((await storedCertificates(buyer.viewer)).map(({ takenBackAt }) => takenBackAt)).toEqual([testNow, null]);
  });

  it('is not possible for an end that the merchant planned', async () => {
    const buyer = await aBuyer(test, testNow);
    const id = await buyer.addSubscription({ cancelAt: end, canceledAt: testNow, canceledReason: 'merchant' });
    expect(await undoCancellation(test.runtime, buyer.viewer, { formId: aForm(), subscriptionId: id })).toMatchObject({
      ok: false,
      failure: { code: 'conflict' },
    });
    expect((await read(buyer.viewer, id)).cancelAt).toBe(end);
  });
});

it('what the page promises is what is done, whatever the subscription, the invoices and the settings', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        status: fc.constantFrom('active', 'trialing', 'past_due', 'paused'),
        timing: fc.constantFrom('period_end', 'now'),
        allowed: fc.constantFrom(['period_end'], ['now'], ['period_end', 'now']),
        pastDue: fc.constantFrom('stop_collection', 'keep_due'),
        invoices: fc.integer({ min: 0, max: 2 }),
        days: fc.integer({ min: 0, max: 22 }),
      }),
      async ({ status, timing, allowed, pastDue, invoices, days }) => {
        const buyer = await aBuyer(test, testNow);
        await buyer.configure({ cancel: { timing: [...allowed], pastDue } } as Parameters<SeededBuyer['configure']>[0]);
        const id = invoices === 0 ? await buyer.addSubscription({ status }) : buyer.subscriptionId;
        if (invoices === 2) await buyer.addInvoice();
        const viewer = { ...buyer.viewer, now: testNow + days * dayMs };
        const option = await show(viewer, id, timing).catch(() => null);
        if (option === null) return;
        const asked = {
          formId: aForm(),
          subscriptionId: id,
          timing,
          promised: promiseOf(option),
          locale: 'id',
        } as const;
        expect(await cancelSubscription(test.runtime, viewer, asked)).toEqual({ ok: true, value: 'cancelled' });
        const after = await read(viewer, id);
        expect(after.cancelAt).toBe(option.endsAt);
        expect(after.endedAt).toBe(option.timing === 'now' ? viewer.now : null);
        expect(canUndoCancellation(after, viewer.now)).toBe(option.canUndo);
        const still = (await listUnpaidInvoices(test.runtime.read, viewer)).filter((one) => one.subscriptionId === id);
        expect(still.map((one) => one.id).sort()).toEqual((option.owed ?? []).map((one) => one.id).sort());
        for (const invoice of still) {
          const isStopped = option.owedRule === 'stop_collection';
          expect(invoice.collectionStoppedAt).toBe(isStopped ? viewer.now : null);
          const promised = option.owed?.find((one) => one.id === invoice.id);
          expect(invoice.nextAttemptAt).toBe(promised?.nextAttemptAt);
        }
        const certificate = await findCertificate(test.runtime.read, viewer, id);
        expect(certificate?.body).toMatchObject({ declared: option.timing, endsAt: option.endsAt, locale: 'id' });
        expect(certificate?.body.owed?.amount ?? 0).toBe(165_390 * (option.owed?.length ?? 0));
        const undone = await undoCancellation(test.runtime, viewer, { formId: aForm(), subscriptionId: id });
        expect(undone.ok).toBe(option.canUndo);
      },
    ),
    { numRuns: 30 },
  );
}, 60_000);
