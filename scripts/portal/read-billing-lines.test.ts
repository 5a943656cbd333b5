import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkBillingRecord } from '@/lib/domain/check-billing-record.ts';
import type { ReadLine } from './read-billing-lines.ts';
import { maxLineBytes, readBillingLines } from './read-billing-lines.ts';

async function readAll(bytes: Uint8Array, chunk = 7): Promise<ReadLine[]> {
  const lines: ReadLine[] = [];
  const chunks = (async function* () {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  })();
  for await (const line of readBillingLines(chunks, 'acc_1')) lines.push(line);
  return lines;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const customer = '{"object":"customer","id":"cus_1","createdAt":"2026-02-01T04:00:00Z"}';

it('lines are counted from 1, empty ones too, with and without a last line feed', async () => {
  const lines = await readAll(encode(`\uFEFF${customer}\r\n\n  \n${customer}`));
  expect(lines.map((one) => [one.line, one.ok])).toEqual([
    [1, true],
    [4, true],
  ]);
});

it('what a line leaves out is null, and updatedAt is createdAt', async () => {
  const [line] = await readAll(encode(customer));
  expect(line).toMatchObject({ ok: true, record: { email: null, metadata: null, updatedAt: Date.UTC(2026, 1, 1, 4) } });
});

it('a line over the limit is told once and the next one is read', async () => {
  const lines = await readAll(encode(`{"object":"${'x'.repeat(maxLineBytes)}"}\n${customer}\n`), 65_536);
  expect(lines).toMatchObject([
    { line: 1, ok: false, problems: [{ reason: expect.stringContaining('longer') }] },
    { line: 2, ok: true },
  ]);
});

it('text that is no UTF-8, no JSON, no object or of no known noun is told', async () => {
  const bytes = Buffer.concat([
    Uint8Array.of(0x22, 0xff, 0x22, 10),
    encode('{\n[]\nnull\n5\n{"object":"toString"}\n{"object":"person"}'),
  ]);
  const lines = await readAll(bytes);
  expect(lines.map((one) => one.ok)).toEqual(Array.from({ length: 7 }, () => false));
});

it('a field that stands twice in a line is refused', async () => {
  const [line] = await readAll(
    encode(`{"object":"customer","id":"cus_1","id":"cus_2","createdAt":"2026-02-01T04:00:00Z"}`),
  );
  expect(line).toMatchObject({ ok: false, problems: [{ field: 'id' }] });
});

it('fractions, huge numbers, dates without a zone and foreign accounts are refused with their field', async () => {
  const invoice = {
    object: 'invoice',
    id: 'inv_1',
    accountId: 'acc_1',
    customerId: 'cus_1',
    status: 'open',
    number: 'INV-1',
    currency: 'IDR',
    subtotal: 1,
    total: 1,
    issuedAt: '2026-02-01T04:00:00Z',
    lines: [{ id: 'il_1', description: 'One', unitAmount: 1, amount: 1 }],
    createdAt: '2026-02-01T04:00:00Z',
  };
  const refused: [object, string][] = [
    [{ total: 1.5 }, 'total'],
    [{ subtotal: 1e21 }, 'subtotal'],
    [{ tax: '16390' }, 'tax'],
    [{ currency: 'SGD' }, 'currency'],
    [{ createdAt: '2026-02-01' }, 'createdAt'],
    [{ issuedAt: '2026-02-01T04:00:00' }, 'issuedAt'],
    [{ lines: [] }, 'lines'],
    [{ lines: [{ ...invoice.lines[0], quantity: 0.5 }] }, 'lines[0].quantity'],
    [{ accountId: 'acc_2' }, 'accountId'],
    [{ hidden: true }, 'hidden'],
    [{ id: 'has spaces' }, 'id'],
    [{ number: 'INV\u0000' }, 'number'],
  ];
  expect((await readAll(encode(JSON.stringify(invoice))))[0]?.ok).toBe(true);
  for (const [change, field] of refused) {
    const [line] = await readAll(encode(JSON.stringify({ ...invoice, ...change })));
    expect(line?.ok === false ? line.problems[0]?.field : null).toBe(field);
  }
});

const nouns = fc.constantFrom(
  'customer',
  'plan',
  'price',
  'subscription',
  'invoice',
  'payment_method',
  'receipt',
  'refund',
  'x',
);
const keys = fc.constantFrom(
  'id',
  'createdAt',
  'metadata',
  'lines',
  'attempts',
  'prices',
  'tiers',
  'amount',
  'status',
  'currency',
  'total',
  'billedTo',
  '__proto__',
  'constructor',
  'discount',
);

it('no bytes and no JSON make the reader or the checks throw', async () => {
  const objects = fc
    .tuple(nouns, fc.dictionary(keys, fc.jsonValue({ maxDepth: 4 })))
    .map(([object, rest]) => encode(JSON.stringify({ ...rest, object })));
  const anything = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.json().map(encode), objects);
  await fc.assert(
    fc.asyncProperty(fc.array(anything, { maxLength: 5 }), fc.integer({ min: 1, max: 64 }), async (parts, chunk) => {
      const bytes = Buffer.concat(parts.flatMap((part) => [part, Uint8Array.of(10)]));
      for (const line of await readAll(bytes, chunk)) {
        if (line.ok) checkBillingRecord(line.record);
        else expect(line.problems.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 500 },
  );
});
