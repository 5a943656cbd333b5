import { afterAll, beforeAll, expect, it } from 'vitest';
import { findBrokenAuditLine } from '@/lib/data/audit-lines.ts';
import { listBrowserSessions } from '@/lib/data/browser-sessions.ts';
import { findCertificate } from '@/lib/data/cancellation-certificates.ts';
import { findCustomer } from '@/lib/data/customers.ts';
import { listNewestInvoices } from '@/lib/data/invoices.ts';
import { listPaymentMethods } from '@/lib/data/payment-methods.ts';
import { listSubscriptions } from '@/lib/data/subscriptions.ts';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { openTestRuntime, testNow } from '@/lib/data/testing/test-runtime.ts';
import type { CustomerId } from '@/lib/domain/ids.ts';
import { dayMs, type Instant } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { advanceTestClock } from '@/lib/operations/advance-test-clock.ts';
import { billCustomer } from '@/lib/operations/bill-customer.ts';
import { carryOutPayment } from '@/lib/operations/carry-out-payment.ts';
import { customerIdOf, loadSample, resetSample } from './load-sample.ts';
import { findSampleBuyer } from './sample-buyers.ts';
import { sampleScope } from './sample-workspace.ts';

let test: TestRuntime;
beforeAll(async () => {
  test = await openTestRuntime();
  await loadSample(test.runtime);
});
afterAll(() => test.close());

function scopeOf(slug: string) {
  const buyer = findSampleBuyer(slug);
  if (buyer === null) throw new Error(`There is no sample buyer ${slug}.`);
  return { buyer, scope: { ...sampleScope, customerId: customerIdOf(buyer) } };
}

/** Moves a sample's clock and does what is due until then. */
function advance(scope: WorkspaceScope, customerId: CustomerId, to: Instant) {
  const bill = () => billCustomer(test.runtime, { ...scope, customerId }, { sendCharge: carryOutPayment });
  const cause = { actor: 'operator', source: 'test_clock', extras: {} } as const;
  return advanceTestClock(test.runtime, scope, { customerId, to, cause, bill });
}

async function everything(): Promise<unknown> {
  const { read } = test.runtime;
  return Promise.all([
    read.selectFrom('customers').selectAll().orderBy('id').execute(),
    read.selectFrom('invoices').selectAll().orderBy('id').execute(),
    read.selectFrom('receipts').selectAll().orderBy('id').execute(),
    read.selectFrom('paymentMethods').selectAll().orderBy('id').execute(),
  ]);
}

it('loading again changes nothing, on another day too', async () => {
  const before = await everything();
  test.setTime(testNow + 40 * dayMs);
  expect(await loadSample(test.runtime)).toEqual([]);
  expect(await everything()).toEqual(before);
  expect(await findBrokenAuditLine(test.runtime.read, sampleScope)).toBeNull();
});

it('each sample buyer shows what its title says', async () => {
  const { read } = test.runtime;
  const active = scopeOf('active').scope;
  expect(await listNewestInvoices(read, active, 20)).toHaveLength(14);
  const nothing = scopeOf('nothing').scope;
  expect(await findCustomer(read, nothing)).not.toBeNull();
  expect(await listSubscriptions(read, nothing)).toEqual([]);
  const three = await listSubscriptions(read, scopeOf('three').scope);
  expect(three.map(({ subscription }) => subscription.status).sort()).toEqual(['active', 'active', 'paused']);
  expect(await listPaymentMethods(read, scopeOf('three').scope)).toHaveLength(2);
  const amounts = await listNewestInvoices(read, scopeOf('amounts').scope, 5);
  expect(amounts.map((invoice) => invoice.total).sort((a, b) => a - b)).toEqual([1, 2_764, 9_999_999_999]);
  const long = await findCustomer(read, scopeOf('long').scope);
  expect(long?.legalName).toHaveLength(120);
  expect(long?.address?.split('\n')).toHaveLength(12);
  expect((await listSubscriptions(read, scopeOf('long').scope))[0]?.plan.name).toHaveLength(60);
});

it('the buyer who is cancelling has cancelled as buyers do, with a certificate, before and after a reset', async () => {
  const { buyer, scope } = scopeOf('cancelling');
  const { runtime } = test;
  for (const again of [false, true]) {
    if (again) await resetSample(runtime, buyer);
    const subscriptions = await listSubscriptions(runtime.read, scope);
    const [ending] = subscriptions.filter(({ subscription }) => subscription.endedAt === null);
    expect(ending?.subscription).toMatchObject({ status: 'active', canceledReason: 'customer_portal' });
    expect(ending?.subscription.cancelAt).toBe(ending?.subscription.currentPeriodEnd);
    const id = ending?.subscription.id;
    expect(id === undefined ? null : await findCertificate(runtime.read, scope, id)).toMatchObject({
      takenBackAt: null,
    });
    const sessions = await listBrowserSessions(runtime.read, scope, 0);
    expect(sessions.map(({ endedReason }) => endedReason)).toEqual(['signed_out']);
  }
  expect(await findBrokenAuditLine(runtime.read, sampleScope)).toBeNull();
});

it('what one buyer did is gone after a reset, and nobody else is touched', async () => {
  const { buyer, scope } = scopeOf('past-due');
  const { runtime } = test;
  const other = await findCustomer(runtime.read, scopeOf('active').scope);
  await advance(sampleScope, scope.customerId, runtime.now() + dayMs);
  await runtime.write((tx) =>
    tx.updateTable('invoices').set({ status: 'paid' }).where('customerId', '=', scope.customerId).execute(),
  );
  await resetSample(runtime, buyer);
  expect((await findCustomer(runtime.read, scope))?.clockAheadMs).toBe(0);
  const open = (await listNewestInvoices(runtime.read, scope, 20)).filter((invoice) => invoice.status === 'open');
  expect(open).toHaveLength(1);
  expect(await findCustomer(runtime.read, scopeOf('active').scope)).toEqual(other);
});

it('a test clock moves forward only, ten years at most, in test mode alone', async () => {
  const { runtime } = test;
  const { scope } = scopeOf('trial');
  const { customerId } = scope;
  const now = runtime.now();
  expect(await advance(sampleScope, customerId, now + dayMs)).toMatchObject({ ok: true });
  expect(await advance(sampleScope, customerId, now)).toMatchObject({
    failure: { code: 'conflict' },
  });
  expect(await advance(sampleScope, customerId, now + 4_000 * dayMs)).toMatchObject({
    failure: { code: 'validation_error' },
  });
  const live = { ...sampleScope, mode: 'live' as const };
  expect(await advance(live, customerId, now + 2 * dayMs)).toMatchObject({
    failure: { code: 'not_found' },
  });
});

it('a sample’s clock shows real renewals: paid with a receipt, tried again where the card refuses, ended where planned', async () => {
  const { runtime } = test;
  const after = async (slug: string, days: number) => {
    const { scope } = scopeOf(slug);
    const customer = await findCustomer(runtime.read, scope);
    await advance(sampleScope, scope.customerId, runtime.now() + (customer?.clockAheadMs ?? 0) + days * dayMs);
    const subscriptions = await listSubscriptions(runtime.read, scope);
    return { scope, statuses: subscriptions.map(({ subscription }) => subscription.status) };
  };
  const before = await listNewestInvoices(runtime.read, scopeOf('active').scope, 20);
  const active = await after('active', 31);
  expect(active.statuses).toEqual(['active']);
  const [newest, ...older] = await listNewestInvoices(runtime.read, active.scope, 20);
  expect(older.slice(-before.length).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  expect(newest).toMatchObject({ status: 'paid', collectionAttempts: 1 });
  expect((await after('trial', 4)).statuses).toEqual(['past_due']);
  expect((await after('cancelling', 10)).statuses).toEqual(['canceled', 'canceled']);
  expect((await after('usd', 40)).statuses).toEqual(['canceled']);
});
