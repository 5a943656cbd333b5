import { beforeAll, expect, it } from 'vitest';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { openTestRuntime, testEngine, testNow } from '@/lib/data/testing/test-runtime.ts';
import type { WorkspaceId } from '@/lib/domain/ids.ts';
import type { Runtime } from '@/lib/runtime.ts';
import type { Writer } from './db.ts';
import { listEventPage, placeOfEvent } from './events.ts';
import { appendEvent } from './outbox.ts';

let test: TestRuntime;
beforeAll(async () => {
  test = await openTestRuntime();
});

const scope = { workspaceId: 'acc_1' as WorkspaceId, mode: 'test' } as const;

const append = (tx: Writer, aggregateId: string, now: number, note: number) =>
  appendEvent(
    tx,
    scope,
    { what: 'invoice.paid', aggregateType: 'invoice', aggregateId, object: { id: aggregateId, note }, source: 'job' },
    now,
    test.runtime.random,
  );

const rowsOf = (aggregateId: string) =>
  test.runtime.read
    .selectFrom('outbox')
    .select(['sequence', 'occurredAt', 'data'])
    .where('aggregateId', '=', aggregateId)
    .orderBy('sequence')
    .execute();

it('events of one object have places 1, 2, 3 … in the order of their changes, whoever writes at the same time', async () => {
  const others = testEngine === 'postgres' ? [await test.openAnother(), await test.openAnother()] : [];
  const instances: Runtime[] = [test.runtime, ...others];
  let counter = 0;
  await Promise.all(
    Array.from({ length: 40 }, (_, at) =>
      instances[at % instances.length]?.write(async (tx) => {
        const id = `inv_${at % 2}`;
        const first = await append(tx, id, testNow, 0);
        // Whoever has a place holds up the next one until the commit: the counter is read in the order of places.
        counter += 1;
        const second = await append(tx, id, testNow, counter);
        expect(second.sequence).toBe(first.sequence + 1);
      }),
    ),
  );
  for (const id of ['inv_0', 'inv_1']) {
    const rows = await rowsOf(id);
    expect(rows.map((row) => row.sequence)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
    const notes = rows.map((row) => JSON.parse(row.data).object.note).filter((note) => note > 0);
    expect(notes).toEqual([...notes].sort((a, b) => a - b));
  }
});

it('a change that is rolled back leaves no gap', async () => {
  await test.runtime.write((tx) => append(tx, 'inv_gap', testNow, 1));
  await expect(
    test.runtime.write(async (tx) => {
      await append(tx, 'inv_gap', testNow, 2);
      throw new Error('changed its mind');
    }),
  ).rejects.toThrow('changed its mind');
  await test.runtime.write((tx) => append(tx, 'inv_gap', testNow, 3));
  expect((await rowsOf('inv_gap')).map((row) => row.sequence)).toEqual([1, 2]);
});

it('no event of an object is older than the one before it, though the clock of its instance is behind', async () => {
  for (const now of [testNow, testNow - 5_000, testNow + 1]) {
    await test.runtime.write((tx) => append(tx, 'inv_clock', now, 0));
  }
  expect((await rowsOf('inv_clock')).map((row) => row.occurredAt)).toEqual([testNow, testNow, testNow + 1]);
});

it('a list shows the events of one object in the order of its changes, also within one millisecond, page by page', async () => {
  const other = { ...scope, workspaceId: 'acc_2' as WorkspaceId };
  for (let at = 0; at < 9; at += 1) {
    const told = {
      what: 'invoice.paid',
      aggregateType: 'invoice',
      aggregateId: 'inv_9',
      object: { at },
      source: 'job',
    };
    await test.runtime.write((tx) => appendEvent(tx, other, told, testNow, test.runtime.random));
  }
  for (const order of ['asc', 'desc'] as const) {
    const seen: number[] = [];
    for (let after: { at: number; id: string } | null = null, more = true; more; ) {
      const page = await listEventPage(test.runtime.read, other, {}, { limit: 2, order, after });
      seen.push(...page.rows.map((event) => event.sequence));
      const last = page.rows.at(-1);
      after = last === undefined ? null : { at: last.occurredAt, id: placeOfEvent(last) };
      more = page.hasMore;
    }
    const all = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    expect(seen).toEqual(order === 'asc' ? all : all.reverse());
  }
});
