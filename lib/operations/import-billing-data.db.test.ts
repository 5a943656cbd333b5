import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openSealedText } from '@/lib/crypto/sealed-box.ts';
import { findBrokenAuditLine } from '@/lib/data/audit-lines.ts';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { openTestRuntime, testNow } from '@/lib/data/testing/test-runtime.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { readBillingLines } from '@/scripts/portal/read-billing-lines.ts';
import { createWorkspace } from './create-workspace.ts';
import type { ImportResult } from './import-billing-data.ts';
import { importBillingData, mostProblems } from './import-billing-data.ts';

let test: TestRuntime;
let scope: WorkspaceScope;
let opened = 0;
beforeAll(async () => {
  test = await openTestRuntime();
});
afterAll(() => test.close());
beforeEach(async () => {
  scope = await aWorkspace();
});

async function aWorkspace(): Promise<WorkspaceScope> {
  opened += 1;
  const made = await createWorkspace(test.runtime, {
    name: `Kopi Senja ${opened}`,
    brand: { country: 'ID', taxId: '01.234.567.8-901.000', receipt: { showTax: true, thankYouText: 'Thank you!' } },
  });
  if (!made.ok) throw new Error(made.failure.message);
  return { workspaceId: made.value.workspaceId, mode: 'test' };
}

type Line = Record<string, unknown>;

/** Imports lines as a file would bring them. */
async function importLines(lines: readonly (Line | string)[], into: WorkspaceScope = scope): Promise<ImportResult> {
  const file = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const bytes = new TextEncoder().encode(file);
  return importBillingData(test.runtime, into, () =>
    readBillingLines(
      (async function* () {
        for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
      })(),
      into.workspaceId,
    ),
  );
}

// Ids are one namespace for all workspaces, so each test's objects have their own.
const own = (id: string): string => `${id}_${opened}`;
const at = '2026-02-01T04:00:00.000Z';

function aCustomer(more: Line = {}): Line {
  return {
    object: 'customer',
    id: own('cus'),
    name: 'Dewi Lestari',
    email: 'dewi@example.com',
    createdAt: at,
    ...more,
  };
}

function aPlan(more: Line = {}): Line {
  return {
    object: 'plan',
    id: own('pln'),
    name: 'Roaster Club',
    interval: 'month',
    prices: [{ id: own('prc'), planId: own('pln'), currency: 'IDR', unitAmount: 149_000, createdAt: at }],
    createdAt: at,
    ...more,
  };
}

function aMethod(more: Line = {}): Line {
  return {
    object: 'payment_method',
    id: own('pt'),
    customerId: own('cus'),
    type: 'card',
    adapter: 'simulated',
    providerToken: own('simtok'),
    brand: 'visa',
    last4: '4242',
    expMonth: 9,
    expYear: 2028,
    createdAt: at,
    ...more,
  };
}

function aSubscription(more: Line = {}): Line {
  return {
    object: 'subscription',
    id: own('sub'),
    customerId: own('cus'),
    planId: own('pln'),
    priceId: own('prc'),
    status: 'active',
    currentPeriodStart: '2026-03-01T04:00:00.000Z',
    currentPeriodEnd: '2026-04-01T04:00:00.000Z',
    createdAt: at,
    ...more,
  };
}

function anInvoice(more: Line = {}): Line {
  return {
    object: 'invoice',
    id: own('inv'),
    customerId: own('cus'),
    subscriptionId: own('sub'),
    status: 'paid',
    number: 'INV-2026-0042',
    currency: 'IDR',
    subtotal: 149_000,
    discount: 0,
    tax: 16_390,
    total: 165_390,
    amountPaid: 165_390,
    amountDue: 0,
    dueAt: '2026-03-01T04:00:05.000Z',
    issuedAt: '2026-03-01T04:00:05.000Z',
    paidAt: '2026-03-01T04:00:09.000Z',
    chargeId: 'simch_8d1f20',
    lines: [
      { id: own('il'), description: 'Roaster Club, March 2026', quantity: 1, unitAmount: 149_000, amount: 149_000 },
    ],
    attempts: [
      {
        id: own('pa'),
        paymentTokenId: own('pt'),
        amount: 165_390,
        status: 'succeeded',
        createdAt: '2026-03-01T04:00:07Z',
      },
    ],
    createdAt: '2026-03-01T04:00:05.000Z',
    ...more,
  };
}

const wholeStory = (): Line[] => [
  aCustomer({ defaultPaymentTokenId: own('pt'), accountId: scope.workspaceId, arn: 'arn:plugipay:…' }),
  aPlan(),
  aMethod({ isDefault: true }),
  aSubscription(),
  anInvoice(),
  {
    object: 'refund',
    id: own('rf'),
    chargeId: 'simch_8d1f20',
    invoiceId: own('inv'),
    amount: 50_000,
    currency: 'IDR',
    reason: 'requested_by_customer',
    status: 'succeeded',
    createdAt: '2026-03-02T07:15:00.000Z',
  },
];

/** Every row of the workspace, in a fixed order. */
async function everything(of: WorkspaceScope = scope): Promise<unknown> {
  const names = [
    'customers',
    'plans',
    'prices',
    'subscriptions',
    'invoices',
    'paymentMethods',
    'receipts',
    'refunds',
  ] as const;
  const all = await Promise.all(
    names.map((name) =>
      test.runtime.read
        .selectFrom(name as 'customers')
        .selectAll()
        .where('workspaceId', '=', of.workspaceId)
        .where('mode', '=', of.mode)
        .orderBy('id')
        .execute(),
    ),
  );
  return all;
}

it("a merchant's data comes in whole, and a paid invoice gets its receipt", async () => {
  const result = await importLines(wholeStory());
  expect(result).toMatchObject({
    ok: true,
    value: { lines: 6, inserted: 7, updated: 0, unchanged: 0, receiptsIssued: 1 },
  });
  const receipt = await test.runtime.read
    .selectFrom('receipts')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .executeTakeFirstOrThrow();
  expect(receipt).toMatchObject({
    number: 'RCP-2026-0001',
    amount: 165_390,
    sourceId: own('inv'),
    adapter: 'simulated',
  });
  expect(JSON.parse(receipt.body)).toMatchObject({
    subtotal: 149_000,
    tax: 16_390,
    total: 165_390,
    merchant: { taxId: '01.234.567.8-901.000' },
    customer: { name: 'Dewi Lestari' },
    template: { showTax: true, taxLabel: 'PPN', thankYouText: 'Thank you!' },
  });
  expect(JSON.parse(receipt.methodName ?? '')).toMatchObject({ brand: 'visa', last4: '4242' });
  expect(await findBrokenAuditLine(test.runtime.read, scope)).toBeNull();
});

it('the same file again changes nothing, and writes no event', async () => {
  await importLines(wholeStory());
  const before = await everything();
  expect(await importLines(wholeStory())).toMatchObject({
    ok: true,
    value: { inserted: 0, updated: 0, unchanged: 7, olderLines: [], receiptsIssued: 0 },
  });
  expect(await everything()).toEqual(before);
  const events = await test.runtime.read
    .selectFrom('outbox')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .execute();
  expect(events).toEqual([]);
});

it("a provider's reference is kept sealed under the row's id, and found by its keyed hash", async () => {
  await importLines(wholeStory());
  const row = await test.runtime.read
    .selectFrom('paymentMethods')
    .selectAll()
    .where('id', '=', own('pt'))
    .executeTakeFirstOrThrow();
  expect(JSON.stringify(row)).not.toContain(own('simtok'));
  expect(openSealedText(test.runtime.config.rootKeys, row.providerRefSealed, own('pt'))).toBe(own('simtok'));
  expect(openSealedText(test.runtime.config.rootKeys, row.providerRefSealed, 'pt_other')).toBeNull();
});

it('a changed line updates what may change', async () => {
  await importLines(wholeStory());
  const later = '2026-03-02T00:00:00.000Z';
  const changed = [
    aCustomer({ email: 'new@example.com', updatedAt: later }),
    aPlan({ name: 'Roaster Club Plus', updatedAt: later }),
    aSubscription({ status: 'past_due', updatedAt: later }),
    aMethod({ expYear: 2030, updatedAt: later }),
  ];
  expect(await importLines(changed)).toMatchObject({ ok: true, value: { updated: 4, unchanged: 1 } });
  const customer = await test.runtime.read
    .selectFrom('customers')
    .selectAll()
    .where('id', '=', own('cus'))
    .executeTakeFirst();
  expect(customer).toMatchObject({
    email: 'new@example.com',
    updatedAt: Date.parse(later),
    defaultPaymentMethodId: own('pt'),
  });
});

it("a line older than a buyer's own change is told of and changes nothing", async () => {
  await importLines(wholeStory());
  await test.runtime.write((tx) =>
    tx
      .updateTable('subscriptions')
      .set({ cancelAt: testNow + 1, updatedAt: testNow })
      .where('id', '=', own('sub'))
      .execute(),
  );
  const before = await everything();
  expect(await importLines(wholeStory())).toMatchObject({ ok: true, value: { updated: 0, olderLines: [4] } });
  expect(await everything()).toEqual(before);
});

it('what never changes is refused with its field', async () => {
  await importLines(wholeStory());
  const before = await everything();
  const later = { updatedAt: '2026-03-09T00:00:00.000Z' };
  const price = {
    object: 'price',
    id: own('prc'),
    planId: own('pln'),
    currency: 'IDR',
    unitAmount: 149_000,
    createdAt: at,
  };
  const refused: [Line, string][] = [
    [{ ...price, unitAmount: 1 }, 'unitAmount'],
    [aPlan({ interval: 'year', ...later }), 'interval'],
    [anInvoice({ chargeId: 'other', ...later }), 'chargeId'],
    [anInvoice({ status: 'void', paidAt: null, voidedAt: at, ...later }), 'status'],
    [aMethod({ type: 'ewallet', last4: null, ...later }), 'type'],
  ];
  for (const [line, field] of refused) {
    const result = await importLines([line]);
    expect(result, field).toMatchObject({ ok: false, problems: [{ line: 1, field }] });
  }
  // The price itself may be switched off.
  expect(await importLines([price])).toMatchObject({ ok: true, value: { unchanged: 1 } });
  expect(await everything()).toEqual(before);
});

it('a canceled subscription stays canceled', async () => {
  await importLines([
    ...wholeStory().slice(0, 3),
    aSubscription({ status: 'canceled', canceledAt: at, canceledReason: 'merchant' }),
  ]);
  const again = aSubscription({ status: 'active', updatedAt: '2026-03-09T00:00:00.000Z' });
  expect(await importLines([again])).toMatchObject({ ok: false, problems: [{ field: 'status' }] });
});

it('an open invoice can become paid, and gets its receipt then', async () => {
  const open = { status: 'open', amountPaid: 0, amountDue: 165_390, paidAt: null, chargeId: null, attempts: [] };
  await importLines([...wholeStory().slice(0, 4), anInvoice(open)]);
  const paid = anInvoice({ updatedAt: '2026-03-01T04:00:09.000Z' });
  expect(await importLines([paid])).toMatchObject({ ok: true, value: { updated: 1, receiptsIssued: 1 } });
});

it('one bad line keeps nothing of the file, and is told with its number, field and reason', async () => {
  const before = await everything();
  const result = await importLines([
    ...wholeStory().slice(0, 4),
    anInvoice({ total: 165_391 }),
    '{"object":',
    aCustomer({ id: 'c', foo: 1 }),
  ]);
  expect(result).toMatchObject({
    ok: false,
    failure: { code: 'validation_error' },
    problems: [
      { line: 5, field: 'total', reason: 'subtotal - discount + tax is 165390, not 165391' },
      { line: 5, field: 'amountDue' },
      { line: 5, field: 'amountPaid' },
      { line: 6, field: '', reason: 'the line is not valid JSON.' },
      { line: 7, field: 'foo', reason: 'is not a known field' },
    ],
  });
  expect(await everything()).toEqual(before);
});

it('lines of an invoice that do not sum to its subtotal are refused', async () => {
  const line = { id: own('il'), description: 'One', quantity: 1, unitAmount: 1, amount: 1 };
  const result = await importLines([...wholeStory().slice(0, 4), anInvoice({ lines: [line] })]);
  expect(result).toMatchObject({ ok: false, problems: [{ line: 5, field: 'subtotal' }] });
});

it(`at most ${mostProblems} problems are told`, async () => {
  const result = await importLines(Array.from({ length: 50 }, () => aCustomer({ email: 5 })));
  expect(result).toMatchObject({ ok: false });
  if (!result.ok)
    expect(result.problems.map((one) => one.line)).toEqual(Array.from({ length: mostProblems }, (_, i) => i + 1));
});

it('references reach rows of the same workspace and mode alone', async () => {
  await importLines(wholeStory());
  const foreign = wholeStory();
  const otherMode: WorkspaceScope = { ...scope, mode: 'live' };
  const other = await aWorkspace();
  for (const place of [otherMode, other]) {
    const before = await everything(place);
    for (const line of [foreign[3], foreign[4], foreign[5], foreign[2]]) {
      const result = await importLines([{ ...line, id: 'fresh_id' }], place);
      expect(result.ok, JSON.stringify(line)).toBe(false);
      if (!result.ok) expect(result.problems[0]?.reason).toMatch(/no such|serves test mode/);
    }
    expect(await everything(place)).toEqual(before);
  }
});

it('an id stands once in the whole database, and the problem says where it stands', async () => {
  await importLines([aCustomer(), aPlan()]);
  const live: WorkspaceScope = { ...scope, mode: 'live' };
  expect(await importLines([aCustomer({ externalId: 'shop-9' }), aPlan()], live)).toMatchObject({
    ok: false,
    problems: [
      { line: 1, field: 'id', reason: 'this id stands in the test mode of this workspace already' },
      { line: 2, field: 'id', reason: 'this id stands in the test mode of this workspace already' },
      { line: 2, field: 'prices[0].planId' },
    ],
  });
  const mine = scope;
  const other = await aWorkspace();
  opened -= 1;
  const foreign = await importLines([aCustomer()], other);
  opened += 1;
  expect(foreign).toMatchObject({
    ok: false,
    problems: [{ line: 1, field: 'id', reason: 'this id stands in another workspace already' }],
  });
  expect(JSON.stringify(foreign)).not.toContain(mine.workspaceId);
});

it('a name, an email and a number are one line; an address may have several', async () => {
  for (const breaking of ['\n', '\r\n', '\r', '\u2028']) {
    const text = `one${breaking}Bcc: all@example.com`;
    const refused: [Line, string][] = [
      [aCustomer({ name: text }), 'name'],
      [aCustomer({ email: `dewi@example.com${breaking}` }), 'email'],
      [aCustomer({ taxId: text }), 'taxId'],
      [aPlan({ name: text }), 'name'],
      [anInvoice({ number: text }), 'number'],
    ];
    for (const [line, field] of refused) {
      const told = await importLines([line]);
      expect(told, field).toMatchObject({ ok: false });
      expect(told.ok ? [] : told.problems.map((one) => one.field)).toContain(field);
    }
  }
  expect(await importLines([aCustomer({ email: 'dewi' })])).toMatchObject({
    problems: [{ field: 'email', reason: 'must be an address such as dewi@example.com' }],
  });
  expect(await importLines([aCustomer({ address: 'Jl. Kemang Raya 8\nJakarta' })])).toMatchObject({ ok: true });
});

it('an id of another workspace is taken, and its row stays as it is', async () => {
  await importLines(wholeStory());
  const before = await everything();
  const mine = scope;
  const other = await aWorkspace();
  opened -= 1;
  const result = await importLines([aCustomer({ name: 'Mallory' })], other);
  opened += 1;
  expect(result).toMatchObject({ ok: false, problems: [{ line: 1, field: 'id' }] });
  expect(await everything(mine)).toEqual(before);
});

it('a reference, an external id and an invoice number belong to one object each', async () => {
  await importLines([aCustomer({ externalId: 'shop-1' }), ...wholeStory().slice(1)]);
  const refused: [Line, string][] = [
    [aCustomer({ id: own('cus2'), externalId: 'shop-1' }), 'externalId'],
    [aMethod({ id: own('pt2') }), 'providerToken'],
    [anInvoice({ id: own('inv2'), lines: [{ ...(anInvoice().lines as Line[])[0], id: own('il2') }] }), 'number'],
  ];
  for (const [line, field] of refused) {
    expect(await importLines([line]), field).toMatchObject({ ok: false, problems: [{ line: 1, field }] });
  }
  await importLines([aCustomer({ id: own('cus3'), externalId: 'shop-3' })]);
  const moved = aCustomer({ id: own('cus3'), externalId: 'shop-1', updatedAt: '2026-03-09T00:00:00.000Z' });
  expect(await importLines([moved])).toMatchObject({ ok: false, problems: [{ line: 1, field: 'externalId' }] });
});

it('a default method that never comes is a problem of the line that names it', async () => {
  expect(await importLines([aCustomer({ defaultPaymentTokenId: 'pt_never' })])).toMatchObject({
    ok: false,
    problems: [{ line: 1, field: 'defaultPaymentTokenId' }],
  });
});

it('a fingerprint is kept as a hash, and a line that says nothing of it leaves it', async () => {
  const hashOf = async () =>
    (
      await test.runtime.read
        .selectFrom('paymentMethods')
        .select('fingerprintHash')
        .where('id', '=', own('pt'))
        .executeTakeFirstOrThrow()
    ).fingerprintHash;
  await importLines([aCustomer(), aMethod({ fingerprint: 'fp_9d31' })]);
  const first = await hashOf();
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  await importLines([aMethod({ label: 'Work', updatedAt: '2027-01-01T00:00:00Z' })]);
  expect(await hashOf()).toBe(first);
});

it('a full card number is refused in every free text', async () => {
  const card = '4242 4242 4242 4242';
  const refused: [Line, string][] = [
    [aCustomer({ name: card }), 'name'],
    [aCustomer({ metadata: { note: `card ${card}` } }), 'metadata.note'],
    [aCustomer({ taxId: '4242424242424242' }), 'taxId'],
    [aPlan({ description: card }), 'description'],
    [aMethod({ providerToken: '4242424242424242' }), 'providerToken'],
    [aMethod({ label: '4242-4242-4242-4242' }), 'label'],
    [anInvoice({ lines: [{ ...(anInvoice().lines as Line[])[0], description: card }] }), 'lines[0].description'],
  ];
  for (const [line, field] of refused) {
    const result = await importLines([...wholeStory().slice(0, 4), line]);
    expect(result, field).toMatchObject({ ok: false, problems: [{ line: 5, field }] });
  }
  expect(await importLines([aCustomer({ taxId: '91.234.567.8-901.000' })])).toMatchObject({ ok: true });
});

it('receipts a merchant gave out keep their numbers, and ours go on after them', async () => {
  const brought = {
    object: 'receipt',
    id: own('rcpt'),
    number: 'RCP-2026-0041',
    sourceType: 'invoice',
    sourceId: own('inv'),
    amount: 165_390,
    currency: 'IDR',
    method: 'card',
    issuedAt: '2026-03-01T04:00:09.000Z',
  };
  expect(await importLines([...wholeStory(), brought])).toMatchObject({ ok: true, value: { receiptsIssued: 0 } });
  const second = anInvoice({
    id: own('inv2'),
    number: 'INV-2026-0043',
    paidAt: '2026-03-02T04:00:00Z',
    lines: [{ ...(anInvoice().lines as Line[])[0], id: own('il2') }],
    attempts: [],
  });
  expect(await importLines([second])).toMatchObject({ ok: true, value: { receiptsIssued: 1 } });
  const numbers = await test.runtime.read
    .selectFrom('receipts')
    .select('number')
    .where('workspaceId', '=', scope.workspaceId)
    .orderBy('number')
    .execute();
  expect(numbers.map((row) => row.number)).toEqual(['RCP-2026-0041', 'RCP-2026-0042']);
  expect(await importLines([{ ...brought, number: 'RCP-2026-0050' }])).toMatchObject({
    ok: false,
    problems: [{ field: 'number' }],
  });
});

it('more than was paid cannot be refunded', async () => {
  await importLines(wholeStory());
  const more = { ...wholeStory()[5], id: own('rf2'), amount: 115_391 };
  expect(await importLines([more])).toMatchObject({ ok: false, problems: [{ field: 'amount' }] });
  expect(await importLines([{ ...more, amount: 115_390 }])).toMatchObject({ ok: true });
});
