import { expect, test } from 'vitest';
import { isUniqueViolation } from './db.ts';
import { raiseHighWater, readEpoch, readHighWater } from './meta.ts';
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
