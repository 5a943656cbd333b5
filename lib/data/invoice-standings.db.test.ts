import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InvoiceId } from '@/lib/domain/ids.ts';
import { newId } from '@/lib/domain/ids.ts';
import type { InvoiceStatus } from '@/lib/domain/invoice.ts';
import { type InvoiceFilter, readInvoiceFilter } from '@/lib/domain/invoice-filter.ts';
import type { Money } from '@/lib/domain/money.ts';
import { dayMs, type Instant } from '@/lib/domain/time.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import {
  countInvoices,
  findInvoiceSpan,
  invoicePageSize,
  listInvoicePage,
  listNewestStandings,
  sumInvoices,
} from './invoice-standings.ts';
import { findInvoice, listInvoiceLines } from './invoices.ts';
import { listPaymentAttempts } from './payment-attempts.ts';
import { findReceipt, listReceiptPage, listReceiptsOfInvoices } from './receipts.ts';
import { listRefunds } from './refunds.ts';
import { aCustomer, aWorkspace } from './testing/builders.ts';
import { openTestRuntime, type TestRuntime, testEngine, testNow } from './testing/test-runtime.ts';

const timeZone = 'Asia/Jakarta';
let test: TestRuntime;
let position = 0;

beforeAll(async () => {
  test = await openTestRuntime();
});
afterAll(() => test.close());

/** A customer of their own, so that no test sees the rows of another. */
async function aScope(of: Partial<CustomerScope> = {}): Promise<CustomerScope> {
  const workspaceId = of.workspaceId ?? (await aWorkspace(test.runtime));
  return { workspaceId, mode: 'live', customerId: await aCustomer(test.runtime, workspaceId, { mode: 'live' }) };
}

type Given = {
  number?: string;
  status?: InvoiceStatus;
  currency?: 'IDR' | 'USD';
  total?: number;
  amountPaid?: number;
  issuedAt?: Instant | null;
  dueAt?: Instant | null;
  paidAt?: Instant | null;
  subscriptionId?: string | null;
  lines?: readonly string[];
  refund?: { amount: number; status: 'pending' | 'succeeded' | 'failed' };
  attempt?: 'succeeded' | 'pending' | 'refused';
  receipt?: boolean;
};

async function invoicesFor(scope: CustomerScope, all: readonly Given[]): Promise<InvoiceId[]> {
  const ids: InvoiceId[] = [];
  await test.runtime.write(async (tx) => {
    for (const given of all) {
      position += 1;
      const id = newId('invoice', testNow, test.runtime.random);
      ids.push(id);
      const total = given.total ?? 99_000;
      await tx
        .insertInto('invoices')
        .values({
          id,
          ...scope,
          subscriptionId: given.subscriptionId ?? null,
          status: given.status ?? 'open',
          number: given.number ?? `INV-2026-${String(position).padStart(4, '0')}`,
          currency: given.currency ?? 'IDR',
          subtotal: total,
          discount: 0,
          tax: 0,
          total,
          amountPaid: given.amountPaid ?? (given.status === 'paid' ? total : 0),
          dueAt: given.dueAt === undefined ? testNow + dayMs : given.dueAt,
          issuedAt: given.issuedAt === undefined ? testNow - position : given.issuedAt,
          paidAt: given.paidAt ?? null,
          voidedAt: null,
          chargeId: null,
          collectionAttempts: 0,
          nextAttemptAt: null,
          collectionStoppedAt: null,
          periodStart: null,
          periodEnd: null,
          billedTo: JSON.stringify({ name: null, legalName: null, email: null, address: null, taxId: null }),
          metadata: null,
          createdAt: testNow,
          updatedAt: testNow,
        })
        .execute();
      for (const [at, description] of (given.lines ?? ['A line']).entries()) {
        const line = { id: newId('invoiceLine', testNow, test.runtime.random), invoiceId: id, position: at };
        await tx
          .insertInto('invoiceLines')
          .values({
            ...line,
            description,
            quantity: 1,
            unitAmount: total,
            amount: total,
            priceId: null,
            metadata: null,
          })
          .execute();
      }
      if (given.refund !== undefined) {
        await tx
          .insertInto('refunds')
          .values({
            id: newId('refund', testNow, test.runtime.random),
            ...scope,
            invoiceId: id,
            chargeId: 'ch',
            currency: given.currency ?? 'IDR',
            reason: 'other',
            failureCode: null,
            failureMessage: null,
            metadata: null,
            createdAt: testNow,
            updatedAt: testNow,
            ...given.refund,
          })
          .execute();
      }
      if (given.attempt !== undefined) {
        const attempt = newId('paymentAttempt', testNow, test.runtime.random);
        await tx
          .insertInto('paymentAttempts')
          .values({
            id: attempt,
            ...scope,
            invoiceId: id,
            paymentMethodId: null,
            methodName: JSON.stringify({ type: 'card', brand: 'visa', last4: '4242', label: null }),
            amount: total,
            status: given.attempt,
            reason: null,
            adapter: 'simulated',
            idempotencyKey: attempt,
            providerReference: null,
            payBefore: null,
            createdAt: testNow,
            finishedAt: null,
          })
          .execute();
      }
      if (given.receipt === true) {
        const receipt = newId('receipt', testNow, test.runtime.random);
        await tx
          .insertInto('receipts')
          .values({
            id: receipt,
            ...scope,
            number: `RCP-${receipt}`,
            sourceType: 'invoice',
            sourceId: id,
            amount: total,
            currency: given.currency ?? 'IDR',
            methodName: null,
            adapter: null,
            providerReference: null,
            issuedAt: given.paidAt ?? testNow,
            emailedAt: null,
            emailedTo: null,
            body: '{}',
          })
          .execute();
      }
    }
  });
  return ids;
}

const filterOf = (query: string): InvoiceFilter => readInvoiceFilter(new URLSearchParams(query));

async function numbers(scope: CustomerScope, query = '', page = 1, now = testNow): Promise<string[]> {
  const question = { filter: filterOf(query), now, timeZone };
  const listed = await listInvoicePage(test.runtime.read, scope, question, page);
  const { count } = await countInvoices(test.runtime.read, scope, question);
  if (page === 1 && count <= invoicePageSize) expect(count).toBe(listed.length);
  return listed.map(({ invoice }) => invoice.number);
}

describe('whose invoices are seen', () => {
  it('another customer, workspace or mode sees none of them, nor anything that hangs on them', async () => {
    const read = test.runtime.read;
    const mine = await aScope();
    const [id] = await invoicesFor(mine, [
      {
        status: 'paid',
        paidAt: testNow,
        receipt: true,
        attempt: 'succeeded',
        refund: { amount: 1, status: 'succeeded' },
      },
    ]);
    if (id === undefined) throw new Error('no invoice');
    const [receipt] = await listReceiptsOfInvoices(read, mine, [id]);
    if (receipt === undefined) throw new Error('no receipt');
    expect(await listNewestStandings(read, mine, 3)).toHaveLength(1);
    const others: CustomerScope[] = [
      await aScope({ workspaceId: mine.workspaceId }),
      { ...mine, workspaceId: (await aScope()).workspaceId },
      { ...mine, mode: 'test' },
    ];
    for (const other of others) {
      expect(await findInvoice(read, other, id)).toBeNull();
      expect(await listInvoiceLines(read, other, id)).toEqual([]);
      expect(await listPaymentAttempts(read, other, [id])).toEqual([]);
      expect(await listRefunds(read, other, [id])).toEqual([]);
      expect(await listReceiptsOfInvoices(read, other, [id])).toEqual([]);
      expect(await findReceipt(read, other, receipt.id)).toBeNull();
      expect((await listReceiptPage(read, other, null, 1)).count).toBe(0);
      expect(await listNewestStandings(read, other, 3)).toEqual([]);
      expect(await numbers(other)).toEqual([]);
      expect(await findInvoiceSpan(read, other)).toBeNull();
      const totals = await sumInvoices(read, other, { now: testNow, timeZone, year: 2026 });
      expect(totals).toEqual({ open: [], overdue: [], paid: [] });
    }
  });

  it('a draft and one that was cancelled before it was issued are nowhere', async () => {
    const scope = await aScope();
    const ids = await invoicesFor(scope, [{ status: 'draft' }, { status: 'void', issuedAt: null }]);
    expect(await numbers(scope)).toEqual([]);
    for (const id of ids) {
      expect(await findInvoice(test.runtime.read, scope, id)).toBeNull();
      expect(await listInvoiceLines(test.runtime.read, scope, id)).toEqual([]);
    }
  });
});

describe('the list', () => {
  it('shows each invoice once over all pages, newest first, also where many were issued in one moment', async () => {
    const scope = await aScope();
    await invoicesFor(
      scope,
      Array.from({ length: 47 }, (_, at) => ({ issuedAt: testNow - Math.floor(at / 10) * dayMs })),
    );
    const pages = [await numbers(scope, '', 1), await numbers(scope, '', 2), await numbers(scope, '', 3)];
    expect(pages.map((page) => page.length)).toEqual([20, 20, 7]);
    expect(new Set(pages.flat()).size).toBe(47);
    expect(await numbers(scope, '', 4)).toEqual([]);
    const question = { filter: filterOf(''), now: testNow, timeZone };
    const times = (await listInvoicePage(test.runtime.read, scope, question, 1)).map(
      ({ invoice }) => invoice.issuedAt ?? 0,
    );
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  it('narrows by status as the clock has it, not as it was stored', async () => {
    const scope = await aScope();
    await invoicesFor(scope, [
      { number: 'A', status: 'open', dueAt: testNow + 1 },
      { number: 'B', status: 'open', dueAt: testNow - 1 },
      { number: 'I', status: 'open', dueAt: testNow },
      { number: 'C', status: 'past_due', dueAt: null },
      { number: 'D', status: 'paid' },
      { number: 'E', status: 'paid', refund: { amount: 5, status: 'succeeded' } },
      { number: 'F', status: 'paid', refund: { amount: 5, status: 'failed' } },
      { number: 'G', status: 'void' },
      { number: 'H', status: 'uncollectible' },
    ]);
    const sorted = async (query: string) => (await numbers(scope, query)).toSorted();
    expect(await sorted('status=open')).toEqual(['A', 'C', 'I']);
    expect(await sorted('status=past_due')).toEqual(['B']);
    expect(await sorted('status=paid')).toEqual(['D', 'E', 'F']);
    expect(await sorted('status=refunded')).toEqual(['E']);
    expect(await sorted('status=void')).toEqual(['G']);
    expect(await sorted('status=uncollectible')).toEqual(['H']);
    expect(await sorted('status=nonsense')).toHaveLength(9);
  });

  it('cuts years in the billing zone: New Year in Jakarta is at 17:00 UTC', async () => {
    const scope = await aScope();
    const newYear = Date.UTC(2025, 11, 31, 17);
    await invoicesFor(scope, [
      { number: 'last', issuedAt: newYear - 1 },
      { number: 'first', issuedAt: newYear },
    ]);
    expect(await numbers(scope, 'year=2025')).toEqual(['last']);
    expect(await numbers(scope, 'year=2026')).toEqual(['first']);
    const totals = await findInvoiceSpan(test.runtime.read, scope);
    expect(totals).toEqual({ first: newYear - 1, last: newYear, currencies: ['IDR'] });
  });

  it('narrows by subscription', async () => {
    const scope = await aScope();
    await invoicesFor(scope, [
      { number: 'one', subscriptionId: 'sub_1' },
      { number: 'other', subscriptionId: 'sub_2' },
    ]);
    expect(await numbers(scope, 'subscription=sub_1')).toEqual(['one']);
    expect(await numbers(scope, 'subscription=sub_3')).toEqual([]);
  });

  it('finds by number, by the end of a number, and by amount in every way of writing it', async () => {
    const scope = await aScope();
    await invoicesFor(scope, [
      { number: 'INV-2027-0041', total: 99_000 },
      { number: 'INV-2027-0141', total: 41 },
      { number: 'INV/2027/41', total: 4_900, currency: 'USD' },
      { number: 'KWT_100%', total: 7 },
      { number: '0000', total: 8 },
    ]);
    const found = async (text: string) => (await numbers(scope, `q=${encodeURIComponent(text)}`)).toSorted();
    expect(await found('INV-2027-0041')).toEqual(['INV-2027-0041']);
    expect(await found('inv-2027-0041')).toEqual(['INV-2027-0041']);
    expect(await found('2027-00')).toEqual(['INV-2027-0041']);
    expect(await found('41')).toEqual(['INV-2027-0041', 'INV-2027-0141', 'INV/2027/41']);
    expect(await found('0041')).toEqual(['INV-2027-0041', 'INV-2027-0141', 'INV/2027/41']);
    expect(await found('141')).toEqual(['INV-2027-0141']);
    for (const text of ['99000', '99.000', '99,000', 'Rp 99.000'])
      expect(await found(text), text).toEqual(['INV-2027-0041']);
    for (const text of ['49', '49.00', '$49']) expect(await found(text), text).toEqual(['INV/2027/41']);
    expect(await found('$99.000')).toEqual([]);
    expect(await found('0')).toEqual(['0000']);
  });

  it('takes signs of patterns in a search as what they are', async () => {
    const scope = await aScope();
    await invoicesFor(scope, [{ number: 'KWT_100%' }, { number: 'KWTX1000' }, { number: 'BACK\\SLASH' }]);
    const found = (text: string) => numbers(scope, `q=${encodeURIComponent(text)}`);
    expect(await found('T_1')).toEqual(['KWT_100%']);
    expect(await found('0%')).toEqual(['KWT_100%']);
    expect(await found('back\\s')).toEqual(['BACK\\SLASH']);
    for (const text of ["'; drop table invoices; --", '%', '_', '\\', "' or 1=1 --", '\u0000', '🎉'.repeat(40)]) {
      expect((await found(text)).length, text).toBeLessThanOrEqual(3);
    }
  });

  it('says how each stands: what waits, what paid it, what came back, its receipt and its first line', async () => {
    const scope = await aScope();
    await invoicesFor(scope, [
      {
        number: 'paid',
        status: 'paid',
        attempt: 'succeeded',
        receipt: true,
        refund: { amount: 9, status: 'succeeded' },
        lines: ['First', 'Second', 'Third'],
      },
      { number: 'waiting', status: 'open', attempt: 'pending', lines: [] },
      { number: 'refused', status: 'open', attempt: 'refused', refund: { amount: 9, status: 'pending' } },
    ]);
    const all = await listNewestStandings(test.runtime.read, scope, 10);
    const of = (number: string) => all.find(({ invoice }) => invoice.number === number);
    expect(of('paid')).toMatchObject({ firstLine: 'First', lineCount: 3, refunded: 9, waiting: null });
    expect(of('paid')?.paidBy?.methodName.last4).toBe('4242');
    expect(of('paid')?.receipt?.number).toMatch(/^RCP-/);
    expect(of('waiting')).toMatchObject({ firstLine: null, lineCount: 0, receipt: null });
    expect(of('waiting')?.waiting?.status).toBe('pending');
    expect(of('refused')).toMatchObject({ waiting: null, paidBy: null, refunded: 0 });
  });
});

describe('totals', () => {
  it('equal sums done by hand in whole numbers, per currency, for any set of invoices', async () => {
    const year = { from: Date.UTC(2025, 11, 31, 17), until: Date.UTC(2026, 11, 31, 17) };
    const given = fc.record({
      status: fc.constantFrom<InvoiceStatus[]>('draft', 'open', 'past_due', 'paid', 'void', 'uncollectible'),
      currency: fc.constantFrom('IDR' as const, 'USD' as const),
      total: fc.integer({ min: 0, max: 9_999_999_999_999 }),
      part: fc.integer({ min: 0, max: 100 }),
      dueAt: fc.option(fc.constantFrom(testNow - 1, testNow, testNow + 1)),
      paidAt: fc.constantFrom(year.from - 1, year.from, testNow, year.until - 1, year.until),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(given, { maxLength: 12 }), async (all) => {
        const scope = await aScope();
        const rows = all.map(({ part, ...one }) => ({
          ...one,
          paidAt: one.status === 'paid' ? one.paidAt : null,
          amountPaid: one.status === 'paid' ? one.total : Math.floor(one.total / 100) * part,
        }));
        await invoicesFor(scope, rows);
        const sums = (pick: (one: (typeof rows)[number]) => number | null): Money[] =>
          (['IDR', 'USD'] as const).flatMap((currency) => {
            const amount = rows
              .filter((one) => one.currency === currency)
              .reduce((sum, one) => sum + BigInt(pick(one) ?? 0), 0n);
            return amount === 0n ? [] : [{ currency, amount: Number(amount) }];
          });
        const isOwed = (status: string) => status === 'open' || status === 'past_due';
        const totals = await sumInvoices(test.runtime.read, scope, { now: testNow, timeZone, year: 2026 });
        expect(totals).toEqual({
          open: sums((one) =>
            isOwed(one.status) && (one.dueAt === null || one.dueAt >= testNow) ? one.total - one.amountPaid : 0,
          ),
          overdue: sums((one) =>
            isOwed(one.status) && one.dueAt !== null && one.dueAt < testNow ? one.total - one.amountPaid : 0,
          ),
          paid: sums((one) =>
            one.paidAt !== null && one.paidAt >= year.from && one.paidAt < year.until ? one.total : 0,
          ),
        });
        const counted = await countInvoices(test.runtime.read, scope, { filter: filterOf(''), now: testNow, timeZone });
        expect(counted.count).toBe(rows.filter((one) => one.status !== 'draft').length);
        expect(counted.totals.filter((one) => one.amount !== 0)).toEqual(
          sums((one) => (one.status === 'draft' || one.status === 'void' ? 0 : one.total)),
        );
      }),
      { numRuns: 25 },
    );
  });
});

describe.runIf(testEngine === 'sqlite')('the way the database takes', () => {
  const plan = async (scope: CustomerScope, query: ReturnType<typeof sql>): Promise<string> => {
    const { rows } = await test.runtime.write((tx) => sql<{ detail: string }>`explain query plan ${query}`.execute(tx));
    expect(scope.customerId).toBeTruthy();
    return rows.map((row) => row.detail).join('\n');
  };

  it('a page of invoices and of receipts comes from an index in its order: nothing is sorted, nothing else is read', async () => {
    const scope = await aScope();
    const where = sql`workspace_id = ${scope.workspaceId} and mode = ${scope.mode} and customer_id = ${scope.customerId}`;
    const invoices = await plan(
      scope,
      sql`select * from invoices where ${where} and status <> 'draft' and issued_at is not null order by issued_at desc, id desc limit 20`,
    );
    expect(invoices).toContain('USING INDEX invoices_customer');
    expect(invoices).not.toContain('TEMP B-TREE');
    const receipts = await plan(
      scope,
      sql`select * from receipts where ${where} order by issued_at desc, id desc limit 20`,
    );
    expect(receipts).toContain('USING INDEX receipts_customer');
    expect(receipts).not.toContain('TEMP B-TREE');
    const ofInvoices = sql`${where} and invoice_id in ('a', 'b')`;
    const attempts = await plan(scope, sql`select * from payment_attempts where ${ofInvoices} order by created_at, id`);
    expect(attempts).toContain('USING INDEX payment_attempts_invoice');
    const refunds = await plan(scope, sql`select * from refunds where ${ofInvoices} limit 2000`);
    expect(refunds).toContain('USING INDEX refunds_invoice');
  });
});
