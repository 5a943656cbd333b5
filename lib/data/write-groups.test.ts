import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSqliteFile, type SqliteFile } from './sqlite-file.ts';
import { makeWriteGroups, type WriteGroups } from './write-groups.ts';

let folder: string;
let file: SqliteFile;
let groups: WriteGroups;
let other: DatabaseSync;
let statements: string[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'write-groups-'));
  file = openSqliteFile(path.join(folder, 'test.db'));
  file.run('create table notes (id integer primary key, text text unique) strict');
  file.run('create table heads (name text primary key, position integer) strict');
  file.run(
    'create table replies (id integer primary key, note integer references notes deferrable initially deferred) strict',
  );
  file.run("insert into heads values ('chain', 0)");
  other = new DatabaseSync(path.join(folder, 'test.db'));
  statements = [];
  groups = makeWriteGroups({
    get inTransaction() {
      return file.inTransaction;
    },
    run: (sql, parameters) => {
      statements.push(sql);
      return file.run(sql, parameters);
    },
    close: () => file.close(),
  });
});
afterEach(() => {
  other.close();
  file.close();
  rmSync(folder, { recursive: true });
});

const run = (connection: Parameters<Parameters<WriteGroups['write']>[0]>[0], sql: string, ...parameters: unknown[]) =>
  connection.executeQuery<Record<string, unknown>>({
    sql,
    parameters,
    query: { kind: 'RawNode' } as never,
    queryId: { queryId: 'test' },
  });
const add = (text: string) => groups.write((own) => run(own, 'insert into notes (text) values (?)', text));
/** What another connection sees: committed rows alone. */
const kept = () =>
  other
    .prepare('select text from notes order by id')
    .all()
    .map((row) => row.text);
const count = (sql: string) => statements.filter((one) => one === sql).length;
const outcomes = async (all: Promise<unknown>[]) =>
  (await Promise.allSettled(all)).map((one) => (one.status === 'fulfilled' ? 'kept' : String(one.reason.message)));

it('sixteen writes at once are all kept by one commit', async () => {
  await Promise.all(Array.from({ length: 16 }, (_, index) => add(`note ${index}`)));
  expect(kept()).toHaveLength(16);
  expect(count('commit')).toBe(1);
});

it('a write with nobody beside it makes no savepoint', async () => {
  await add('alone');
  expect(statements).toEqual(['begin immediate', 'insert into notes (text) values (?)', 'commit']);
});

it('nobody hears of a write before another connection sees it', async () => {
  const seen: unknown[] = [];
  const all = ['a', 'b', 'c'].map((text) => add(text).then(() => seen.push(kept().includes(text))));
  await Promise.all(all);
  expect(seen).toEqual([true, true, true]);
});

it('one that fails takes back its own rows alone, and a chain over the others stays whole', async () => {
  const link = (index: number) =>
    groups.write(async (own) => {
      const { rows } = await run(
        own,
        "update heads set position = position + 1 where name = 'chain' returning position",
      );
      await run(own, 'insert into notes (text) values (?)', String(rows[0]?.position));
      if (index % 5 === 2) throw new Error('on purpose');
    });
  const told = await outcomes(Array.from({ length: 16 }, (_, index) => link(index)));
  expect(told).toEqual(Array.from({ length: 16 }, (_, index) => (index % 5 === 2 ? 'on purpose' : 'kept')));
  expect(kept()).toEqual(Array.from({ length: 13 }, (_, index) => String(index + 1)));
  expect(count('commit')).toBe(1);
});

it('one that breaks a rule of the database fails alone, and its reads afterwards see what stood against it', async () => {
  const first = add('same');
  const second = add('same').catch(() => kept());
  expect(await second).toEqual(['same']);
  await first;
});

it('a commit that fails keeps nothing and is told to all, to those that had failed by themselves as well', async () => {
  const orphan = groups.write((own) => run(own, 'insert into replies (note) values (404)'));
  const thrown = groups.write(async () => {
    throw new Error('on purpose');
  });
  const told = await outcomes([add('before'), orphan, thrown, add('after')]);
  expect(new Set(told)).toEqual(new Set(['FOREIGN KEY constraint failed']));
  expect(kept()).toEqual([]);
  await add('next');
  expect(kept()).toEqual(['next']);
});

it('a full disk fails those that were carried, keeps nothing of them, and the next ones get their turn', async () => {
  await add('small');
  const { rows } = file.run<{ pageCount: number }>('pragma page_count');
  file.run(`pragma max_page_count = ${rows[0]?.pageCount}`);
  const before = add('before');
  const big = groups.write(async (own) => {
    // Swallowed: the transaction is lost all the same.
    await run(own, 'insert into notes (text) values (?)', 'x'.repeat(100_000)).catch(() => undefined);
    file.run('pragma max_page_count = 1000000');
  });
  const told = await outcomes([before, big, add('after')]);
  expect(told).toEqual(['database or disk is full', 'database or disk is full', 'kept']);
  expect(kept()).toEqual(['small', 'after']);
});

it('a file somebody else is writing fails the waiting ones together, and the next one is written', async () => {
  file.run('pragma busy_timeout = 1');
  other.exec('begin immediate');
  expect(new Set(await outcomes([add('a'), add('b')]))).toEqual(new Set(['database is locked']));
  other.exec('rollback');
  await add('c');
  expect(kept()).toEqual(['c']);
});

it('a writer that is held up is waited for once; later ones are refused soon, until one gets through', async () => {
  const patience = () => file.run<{ timeout: number }>('pragma busy_timeout').rows[0]?.timeout;
  expect(patience()).toBe(5_000);
  file.run('pragma busy_timeout = 20');
  other.exec('begin immediate');
  await expect(add('first')).rejects.toThrow('locked');
  expect(patience()).toBe(50);
  await expect(add('second')).rejects.toThrow('locked');
  other.exec('rollback');
  await add('third');
  expect(patience()).toBe(5_000);
});

it('a work that waits for something else is cut off, and nobody behind it waits along', async () => {
  let goOn: () => void = () => undefined;
  const elsewhere = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let late: Promise<unknown> = Promise.resolve();
  const slow = groups.write(async (own) => {
    await run(own, "insert into notes (text) values ('half')");
    await elsewhere;
    late = run(own, "insert into notes (text) values ('late')");
    await late;
  });
  expect(await outcomes([slow, add('behind')])).toEqual(['A write waits for nothing but its own queries.', 'kept']);
  goOn();
  await elsewhere;
  await new Promise((resolve) => setImmediate(resolve));
  await expect(late).rejects.toThrow('This query comes after the end of its write.');
  expect(kept()).toEqual(['behind']);
});

it('a query left behind by a failed work never lands in the work of somebody else', async () => {
  const both = groups.write(async (own) => {
    await Promise.all([
      Promise.reject(new Error('on purpose')),
      Promise.resolve().then(() => Promise.resolve().then(() => run(own, "insert into notes (text) values ('stray')"))),
      new Promise((resolve) => setImmediate(resolve)).then(() => run(own, "insert into notes (text) values ('later')")),
    ]);
  });
  expect(await outcomes([both, add('other')])).toEqual(['on purpose', 'kept']);
  await new Promise((resolve) => setImmediate(resolve));
  expect(kept()).toEqual(['other']);
});

it('a work that waits for a file is carried alone, in its order', async () => {
  const order: string[] = [];
  const before = add('before').then(() => order.push('before'));
  const alone = groups
    .writeAlone(async (own) => {
      await new Promise((resolve) => setImmediate(resolve));
      await run(own, "insert into notes (text) values ('alone')");
    })
    .then(() => order.push('alone'));
  const after = add('after').then(() => order.push('after'));
  await Promise.all([before, alone, after]);
  expect(order).toEqual(['before', 'alone', 'after']);
  expect([kept(), count('commit')]).toEqual([['before', 'alone', 'after'], 3]);
});

it('more than a transaction takes are carried in several', async () => {
  await Promise.all(Array.from({ length: 70 }, (_, index) => add(`note ${index}`)));
  expect(kept()).toHaveLength(70);
  expect(count('commit')).toBe(3);
});
