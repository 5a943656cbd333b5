import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import type { Instant } from '@/lib/domain/time.ts';
import { setAside } from './sqlite-file.ts';

/**
 * Copies the embedded database into a new file while it is in use: one consistent moment, checked, and on the disk
 * before it has its name. Writers are not held up. Answers its size in bytes; null when the target exists already.
 */
export async function backUpSqliteFile(file: string, target: string): Promise<number | null> {
  if (existsSync(target)) return null;
  const part = `${target}.part`;
  remove(part);
  // Made by us, so that nobody else may read it from its first byte on.
  writeFileSync(part, '', { mode: 0o600, flag: 'wx' });
  try {
    const source = new DatabaseSync(file);
    try {
      // All pages in one step: a commit in between would begin the copy anew.
      await backup(source, part, { rate: 2_147_483_647 });
    } finally {
      source.close();
    }
    const problem = withFile(part, (db) => {
      // One file that needs no other beside it, also where it lies on a disk that cannot be written.
      db.exec('pragma journal_mode = delete');
      return findDamage(db);
    });
    if (problem !== null) throw new Error(`The copy is not whole: ${problem}.`);
    sync(part);
    if (existsSync(target)) return null;
    renameSync(part, target);
    sync(dirname(target));
    return statSync(target).size;
  } finally {
    remove(part);
  }
}

/** Copies a backup, with the log beside it if there is one, to a new file that only its owner may read. */
export function copyBackup(from: string, to: string): void {
  remove(to);
  for (const ending of ['', '-wal']) {
    if (ending !== '' && !existsSync(from + ending)) continue;
    copyFileSync(from + ending, to + ending);
    chmodSync(to + ending, 0o600);
  }
  // What was set aside is taken back: the copy bears no mark.
  takeMarkOff(to);
}

/** Why a file cannot be the database of this version, or null. `known` are the migrations this version knows. */
export function findBackupProblem(file: string, known: readonly string[]): string | null {
  try {
    return withFile(file, (db) => {
      const damage = findDamage(db);
      if (damage !== null) return `it is damaged: ${damage}`;
      const table = db.prepare("select 1 from sqlite_master where name = 'kysely_migration'").get();
      if (table === undefined) return 'it is not a database of this portal';
      const names = db
        .prepare('select name from kysely_migration')
        .all()
        .map(({ name }) => String(name));
      const newer = names.filter((name) => !known.includes(name));
      return newer.length === 0 ? null : `it was written by a newer version of the portal (${newer.join(', ')})`;
    });
  } catch (thrown) {
    if (isDamage(thrown)) return 'it is not a database, or it is damaged';
    throw thrown;
  }
}

/** The embedded database, held so that no server can use it. What cannot be read of it is 0. */
export type HeldFile = {
  readonly state: 'held' | 'missing' | 'damaged';
  readonly epoch: number;
  readonly highWater: Instant;
  /** Marks the file as set aside, or takes the mark off: nothing opens a marked one. */
  mark(isAside: boolean): void;
  release(): void;
};

/**
 * Takes the file for itself alone, as SQLite's own lock has it: null while any process has it open, and none can open it
 * until `release`. Afterwards the file stands by itself, without a log beside it.
 */
export function holdSqliteFile(file: string): HeldFile | null {
  const none = { epoch: 0, highWater: 0, mark: () => undefined, release: () => undefined };
  if (!existsSync(file)) return { ...none, state: 'missing' };
  const db = new DatabaseSync(file);
  try {
    db.exec('pragma busy_timeout = 0; pragma locking_mode = exclusive; pragma journal_mode = delete; begin exclusive');
    const numberAt = (name: string): number => {
      const row = db.prepare('select value from meta where name = ?').get(name);
      return Number(row?.value ?? 0);
    };
    const hasMeta = db.prepare("select 1 from sqlite_master where name = 'meta'").get() !== undefined;
    return {
      state: 'held',
      epoch: hasMeta ? Math.max(1, numberAt('epoch')) : 0,
      highWater: hasMeta ? numberAt('high_water') : 0,
      mark(isAside) {
        if (db.isTransaction) db.exec('commit');
        // No journal on the disk: it would have the name of the file that takes this one's place. The lock stays.
        db.exec(`pragma journal_mode = memory; pragma user_version = ${isAside ? setAside : 0}`);
        // Spent by then, and left lying while the lock is held.
        rmSync(`${file}-journal`, { force: true });
      },
      release: () => db.close(),
    };
  } catch (thrown) {
    db.close();
    if (isDamage(thrown)) return { ...none, state: 'damaged' };
    if (codeOf(thrown) === busy) return null;
    throw thrown;
  }
}

/**
 * Puts `fresh` in the place of the held database. The old file is kept as `aside`, if there was one; there is no gap, and
 * a server that waits for the lock meanwhile does not go on with the old file.
 */
export function swapSqliteFile(fresh: string, file: string, aside: string, held: HeldFile): void {
  sync(fresh);
  if (existsSync(file)) linkSync(file, aside);
  held.mark(true);
  // Only a damaged file still has them: the new one must not meet the log of the old one.
  for (const ending of ['-wal', '-shm']) if (existsSync(file + ending)) renameSync(file + ending, aside + ending);
  try {
    renameSync(fresh, file);
  } catch (thrown) {
    held.mark(false);
    throw thrown;
  }
  sync(dirname(file));
}

/** Do both paths lead to the same file? */
export function isSameFile(one: string, other: string): boolean {
  return existsSync(one) && existsSync(other) && realpathSync(one) === realpathSync(other);
}

/** Makes the folder a database file stands in. */
export function makeFolderOf(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
}

/** Removes a database file and what stands beside it. */
export function remove(file: string): void {
  for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(file + ending, { force: true });
}

function takeMarkOff(file: string): void {
  try {
    withFile(file, (db) => db.exec('pragma user_version = 0'));
  } catch (thrown) {
    // What cannot be read is told by the check that follows.
    if (!isDamage(thrown)) throw thrown;
  }
}

function findDamage(db: DatabaseSync): string | null {
  const [first] = db.prepare('pragma integrity_check(1)').all();
  const said = String(first?.integrity_check ?? 'nothing can be read');
  if (said !== 'ok') return said;
  const [row] = db.prepare('pragma foreign_key_check').all();
  return row === undefined ? null : `a row of ${String(row.table)} points at a row that is not there`;
}

function withFile<T>(file: string, use: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(file);
  try {
    return use(db);
  } finally {
    db.close();
  }
}

const busy = 5;

/** SQLITE_CORRUPT and SQLITE_NOTADB: see https://www.sqlite.org/rescode.html. */
function isDamage(thrown: unknown): boolean {
  return [11, 26].includes(codeOf(thrown));
}

function codeOf(thrown: unknown): number {
  return typeof thrown === 'object' && thrown !== null && 'errcode' in thrown ? Number(thrown.errcode) & 255 : 0;
}

/** Waits until a file's bytes, or a folder's names, are on the disk. */
function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
