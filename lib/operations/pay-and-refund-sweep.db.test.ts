import { beforeAll, describe, expect, it } from 'vitest';
import { makeApi } from '@/lib/api/app.ts';
import { aChargedInvoice } from '@/lib/api/testing/invoice-samples.ts';
import type { MerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { noLimits, openMerchantSide } from '@/lib/api/testing/merchant-side.ts';
import { findBrokenAuditLine } from '@/lib/data/audit-lines.ts';
import { failAtStatement } from '@/lib/data/testing/fail-at-statement.ts';
import { testEngine } from '@/lib/data/testing/test-runtime.ts';
import { minuteMs, secondMs } from '@/lib/domain/time.ts';
import { settleWaitingRefunds } from '@/lib/jobs/settle-waiting-refunds.ts';
import type { Runtime } from '@/lib/runtime.ts';

let side: MerchantSide;
let bearer = '';
beforeAll(async () => {
  side = await openMerchantSide();
  ({ bearer } = await side.makeBearerKey(side.workspaceId, 'test', ['*']));
});

const place = () => ({ side, workspaceId: side.workspaceId, mode: 'test', customerId: side.customerId }) as const;

class Broken extends Error {
  override name = 'Broken';
}

/** A request to send until it is answered, as a client does that got none; and what must hold afterwards. */
type Ready = {
  readonly target: string;
  readonly body: object;
  readonly status: number;
  /** Whatever step broke, also before it was repeated. */
  holds(): Promise<void>;
  /** Once it was answered. */
  check(data: Record<string, unknown> | null): Promise<void>;
};

async function send(on: Runtime, { target, body }: Ready, idempotencyKey: string) {
  const response = await makeApi(
    on,
    noLimits,
  )(
    new Request(`http://portal.invalid${target}`, {
      method: 'POST',
      headers: {
        'x-raw-target': target,
        'x-peer': '192.0.2.7',
        'content-type': 'application/json',
        'idempotency-key': idempotencyKey,
        authorization: `Bearer ${bearer}`,
      },
      body: JSON.stringify(body),
    }),
  );
  const { data, error } = (await response.json()) as { data: Record<string, unknown> | null; error: unknown };
  return { status: response.status, data, error };
}

let made = 0;

/** Breaks at each step in turn until a run comes through; answers how many steps there were. */
async function sweep(prepare: () => Promise<Ready>, makeError: () => Error): Promise<number> {
  const { runtime } = side.test;
  for (let nth = 1; ; nth += 1) {
    made += 1;
    const key = `sweep-${made}`;
    const ready = await prepare();
    const failing = failAtStatement(runtime, nth, makeError);
    const first = await send(failing.runtime, ready, key);
    await ready.holds();
    // Past the lease of a run that died.
    if (first.status !== ready.status) side.test.setTime(runtime.now() + 31 * secondMs);
    const again = await send(runtime, ready, key);
    expect([nth, again.status, again.error !== null]).toEqual([nth, ready.status, ready.status >= 400]);
    if (first.status === ready.status) expect(again.data).toEqual(first.data);
    side.test.setTime(runtime.now() + 2 * minuteMs);
    await settleWaitingRefunds.run(runtime);
    await ready.holds();
    await ready.check(again.data);
    if (failing.failed() !== null) continue;
    expect(await findBrokenAuditLine(runtime.read, place())).toBeNull();
    return nth - 1;
  }
}

const eventsOf = async (id: string, what: string): Promise<number> => {
  const query = side.test.runtime.read.selectFrom('outbox').select('id').where('aggregateId', '=', id);
  return (await query.where('type', '=', `plugipay.${what}.v1`).execute()).length;
};

async function anOpenInvoice(): Promise<string> {
  const lines = [{ description: 'Roaster Club', quantity: 3, unitAmount: 50_000 }];
  const body = { customerId: side.customerId, currency: 'IDR', lines, status: 'open' };
  const answer = await side.send({ bearer }, { target: '/v1/invoices', body });
  return answer.data?.id ?? '';
}

async function paying(): Promise<Ready> {
  const id = await anOpenInvoice();
  const { read } = side.test.runtime;
  const state = async () => {
    const invoice = await read.selectFrom('invoices').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    const receipts = await read.selectFrom('receipts').selectAll().where('sourceId', '=', id).execute();
    return { invoice, receipts };
  };
  return {
    target: `/api/v1/invoices/${id}/pay`,
    body: {},
    status: 200,
    async holds() {
      const { invoice, receipts } = await state();
      const isPaid = invoice.status === 'paid';
      expect(invoice.amountPaid).toBe(isPaid ? 150_000 : 0);
      expect(receipts.map((one) => one.amount)).toEqual(isPaid ? [150_000] : []);
      expect(await eventsOf(id, 'invoice.paid')).toBe(isPaid ? 1 : 0);
      expect(await read.selectFrom('simulatedCharges').select('id').execute()).toEqual([]);
    },
    async check(data) {
      expect((await state()).invoice.status).toBe('paid');
      expect(data).toMatchObject({ id, status: 'paid' });
    },
  };
}

async function refunding(play: string, status: number): Promise<Ready> {
  const { invoiceId, chargeId, amount } = await aChargedInvoice(place(), play);
  const { read } = side.test.runtime;
  const own = () => read.selectFrom('refunds').selectAll().where('chargeId', '=', chargeId).execute();
  const given = () => read.selectFrom('simulatedRefunds').selectAll().where('chargeReference', '=', chargeId).execute();
  return {
    target: '/api/v1/refunds',
    body: { sourceType: 'invoice', sourceId: invoiceId },
    status,
    async holds() {
      const [rows, theirs] = [await own(), await given()];
      expect(rows.length).toBeLessThanOrEqual(1);
      // What the provider gave back is known here, and given back once.
      expect(theirs.map((one) => one.idempotencyKey)).toEqual(theirs.length === 0 ? [] : rows.map((one) => one.id));
      const sum = rows.filter((one) => one.status !== 'failed').reduce((all, one) => all + one.amount, 0);
      expect(sum).toBeLessThanOrEqual(amount);
      for (const { id, status: state } of rows) {
        expect(await eventsOf(id, 'refund.issued')).toBe(state === 'succeeded' ? 1 : 0);
        expect(await eventsOf(id, 'refund.failed')).toBe(state === 'failed' ? 1 : 0);
      }
    },
    async check() {
      const [[row], theirs] = [await own(), await given()];
      expect(theirs).toHaveLength(1);
      const isRefused = play === 'refund_refused' || play === 'refund_pending_fails';
      expect(row).toMatchObject({ amount, status: isRefused ? 'failed' : 'succeeded', adapter: 'simulated' });
    },
  };
}

const acts: readonly [string, () => Promise<Ready>, number][] = [
  ['paying elsewhere', paying, 15],
  ['a refund', () => refunding('succeeds', 201), 18],
  ['a refund that the provider refuses', () => refunding('refund_refused', 422), 18],
  ['a refund that takes its time', () => refunding('refund_pending_succeeds', 201), 14],
];

describe('whichever statement fails, money is conserved, and asked again it is done once', () => {
  it.each(acts)(
    '%s',
    async (_, prepare, atLeast) => {
      expect(await sweep(prepare, () => new Broken('on purpose'))).toBeGreaterThanOrEqual(atLeast);
    },
    180_000,
  );
});

describe.runIf(testEngine === 'postgres')(
  'a transaction that PostgreSQL could not serialise runs again by itself',
  () => {
    it.each(acts)(
      '%s',
      async (_, prepare) => {
        await sweep(prepare, () => Object.assign(new Broken('could not serialise'), { code: '40001' }));
      },
      180_000,
    );
  },
);
