import { expect, test } from 'vitest';
import { appendAudit, findBrokenAuditLine } from './audit-lines.ts';
import { isUniqueViolation } from './db.ts';
import { raiseHighWater, readEpoch, readHighWater } from './meta.ts';
import { takeNumber } from './number-sequences.ts';
import { aWorkspace } from './testing/builders.ts';
import { openTestRuntime } from './testing/test-runtime.ts';

const { runtime: db, openAnother } = await openTestRuntime();

test('a new database is migrated, empty and in its first epoch', async () => {
  expect(await db.readiness()).toBeNull();
  expect(await readEpoch(db.read)).toBe(1);
});

test('a throw inside a transaction leaves nothing behind', async () => {
  const before = await readHighWater(db.read);
  const work = db.write(async (tx) => {
    await raiseHighWater(tx, before + 60_000);
    throw new Error('stop');
  });
  await expect(work).rejects.toThrow('stop');
  expect(await readHighWater(db.read)).toBe(before);
});

test('the high-water mark rises and never falls', async () => {
  const noted = await readHighWater(db.read);
  await db.write((tx) => raiseHighWater(tx, noted + 5_000));
  await db.write((tx) => raiseHighWater(tx, noted + 1_000));
  expect(await readHighWater(db.read)).toBe(noted + 5_000);
});

test('what one instance commits, another one reads', async () => {
  const other = await openAnother();
  const noted = await readHighWater(db.read);
  await other.write((tx) => raiseHighWater(tx, noted + 9_000));
  expect(await readHighWater(db.read)).toBe(noted + 9_000);
});

test('writers that raise the same row at once all commit', async () => {
  const other = db.engine === 'postgres' ? await openAnother() : db;
  const noted = await readHighWater(db.read);
  await Promise.all(
    Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? db : other).write((tx) => raiseHighWater(tx, noted + i))),
  );
  expect(await readHighWater(db.read)).toBe(noted + 19);
});

test('a unique violation is told apart from other failures', async () => {
  const insert = () => db.write((tx) => tx.insertInto('meta').values({ name: 'twice', value: '1' }).execute());
  await insert();
  expect(isUniqueViolation(await insert().catch((thrown: unknown) => thrown))).toBe(true);
  const other = await db
    .write((tx) =>
      tx
        .insertInto('meta')
        .values({ name: null as never, value: '1' })
        .execute(),
    )
    .catch((thrown: unknown) => thrown);
  expect(other).toBeInstanceOf(Error);
  expect(isUniqueViolation(other)).toBe(false);
});

test('of writes at once those that fail leave no line, no number and no gap, and the audit chain stays whole', async () => {
  const scope = { workspaceId: await aWorkspace(db), mode: 'test' as const };
  const write = (index: number) =>
    db.write(async (tx) => {
      const number = await takeNumber(tx, scope, 'note');
      const entry = { actor: 'operator', act: 'note.taken', object: String(number) } as const;
      await appendAudit(tx, scope, entry, db.now(), db.random);
      if (index % 5 === 2) throw new Error('on purpose');
      return number;
    });
  const told = await Promise.allSettled(Array.from({ length: 16 }, (_, index) => write(index)));
  expect(told.map((one) => one.status)).toEqual(told.map((_, index) => (index % 5 === 2 ? 'rejected' : 'fulfilled')));
  const numbers = told.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  expect(numbers.sort((one, other) => one - other)).toEqual(Array.from({ length: 13 }, (_, index) => index + 1));
  const lines = await db.read.selectFrom('auditLines').select('object').where('act', '=', 'note.taken').execute();
  expect(lines).toHaveLength(13);
  expect(await findBrokenAuditLine(db.read, scope)).toBeNull();
});
