import type { DatabaseConnection } from 'kysely';
import { connectionTo, type SqliteFile } from './sqlite-file.ts';

/** What one caller wants written, and whom to tell. */
type Member = {
  /** Runs the work on its own connection. */
  readonly work: (connection: DatabaseConnection) => Promise<unknown>;
  /** Carried by itself, and may wait for more than the database. */
  readonly alone: boolean;
  readonly resolve: (value: unknown) => void;
  readonly reject: (thrown: unknown) => void;
};

type Outcome = { readonly threw: false; readonly value: unknown } | { readonly threw: true; readonly thrown: unknown };

/** Writes on one connection, carried together. */
export type WriteGroups = {
  /**
   * Runs `work` in a transaction and answers what it answers once that is on the disk; any throw rolls back. Whoever
   * waits at the same time is carried in the same transaction, each in a savepoint of its own.
   *
   * `work` waits for nothing but its own queries: whoever does is cut off, for everybody behind waits along. A query
   * after the end of its work is refused.
   */
  write<T>(work: (connection: DatabaseConnection) => Promise<T>): Promise<T>;
  /** The same in a transaction of its own, for a work that does wait for something else, such as a file it reads. */
  writeAlone<T>(work: (connection: DatabaseConnection) => Promise<T>): Promise<T>;
  /** Resolves when nothing is being written or waits to be. */
  idle(): Promise<void>;
};

/** Most callers in one transaction: between two of them, the process gets to do other things. */
const mostMembers = 32;

/**
 * Group commit: one fsync serves everybody who came while the one before was under way. Nobody is told anything, good or
 * bad, before the commit: whoever came later in a group has seen the uncommitted rows of those before.
 *
 * When a commit fails, or a statement fails in a way that leaves no sound transaction (disk full, read error, busy),
 * everybody in it so far hears of that failure and nothing of it is kept.
 */
export function makeWriteGroups(file: SqliteFile, afterCommit: () => void = () => undefined): WriteGroups {
  const waiting: Member[] = [];
  const begin = makeBegin(file);
  let running: Promise<void> | null = null;

  const carry = async (): Promise<void> => {
    while (waiting.length > 0) {
      // One turn of the event loop, so that whoever has arrived by now is carried along.
      await new Promise((resolve) => setImmediate(resolve));
      const group = takeGroup(waiting);
      const left = await carryGroup(file, begin, group);
      waiting.unshift(...left);
      if (left.length < group.length) afterCommit();
    }
    running = null;
  };
  const add = <T>(work: (connection: DatabaseConnection) => Promise<T>, alone: boolean): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      waiting.push({ work, alone, resolve: (value) => resolve(value as T), reject });
      running ??= carry();
    });
  return {
    write: (work) => add(work, false),
    writeAlone: (work) => add(work, true),
    async idle() {
      while (running !== null) await running;
    },
  };
}

/** How long a transaction waits for another writer, ms; and once one has waited in vain, until one gets through. */
const patienceMs = { usual: 5_000, blocked: 50 } as const;

/**
 * Begins transactions. Waiting holds up the whole process, so it is done once: while another writer goes on holding the
 * file, those who come are refused soon, and pages, which need no transaction, go on.
 */
function makeBegin(file: SqliteFile): () => void {
  let blocked = false;
  const setBlocked = (now: boolean): void => {
    if (blocked === now) return;
    blocked = now;
    file.run(`pragma busy_timeout = ${now ? patienceMs.blocked : patienceMs.usual}`);
  };
  return () => {
    try {
      file.run('begin immediate');
    } catch (thrown) {
      setBlocked(isBusy(thrown));
      throw thrown;
    }
    setBlocked(false);
  };
}

function takeGroup(waiting: Member[]): Member[] {
  const alone = waiting.findIndex((one) => one.alone);
  const count = alone === -1 ? waiting.length : Math.max(1, alone);
  return waiting.splice(0, Math.min(count, mostMembers));
}

/** Carries a group; answers those that did not get their turn because the transaction was lost before. */
async function carryGroup(file: SqliteFile, begin: () => void, group: readonly Member[]): Promise<readonly Member[]> {
  const outcomes: Outcome[] = [];
  const settle = (lost?: { readonly thrown: unknown }): void => {
    for (const [at, outcome] of outcomes.entries()) {
      const member = group[at];
      if (lost !== undefined) member?.reject(lost.thrown);
      else if (outcome.threw) member?.reject(outcome.thrown);
      else member?.resolve(outcome.value);
    }
  };
  try {
    begin();
  } catch (thrown) {
    for (const member of group) member.reject(thrown);
    return [];
  }
  const inSavepoints = group.length > 1;
  for (const member of group) {
    const { outcome, lost } = await runMember(file, member, inSavepoints);
    outcomes.push(outcome);
    if (lost === null) continue;
    rollBack(file);
    settle(lost);
    return group.slice(outcomes.length);
  }
  if (outcomes.every((one) => one.threw)) {
    rollBack(file);
    settle();
    return [];
  }
  try {
    file.run('commit');
  } catch (thrown) {
    rollBack(file);
    settle({ thrown });
    return [];
  }
  settle();
  return [];
}

/** Runs one member; `lost` is the failure that took the whole transaction with it, or null. */
async function runMember(
  file: SqliteFile,
  member: Member,
  inSavepoint: boolean,
): Promise<{ outcome: Outcome; lost: { readonly thrown: unknown } | null }> {
  let over = false;
  let fatal: { readonly thrown: unknown } | null = null;
  const connection = connectionTo((sql, parameters) => {
    if (over) throw new Error('This query comes after the end of its write.');
    try {
      return file.run(sql, parameters);
    } catch (thrown) {
      if (isFatal(thrown)) fatal ??= { thrown };
      throw thrown;
    }
  });
  let outcome: Outcome;
  try {
    if (inSavepoint) file.run('savepoint member');
    outcome = { threw: false, value: await (member.alone ? member.work(connection) : atOnce(member, connection)) };
  } catch (thrown) {
    outcome = { threw: true, thrown };
  }
  over = true;
  try {
    if (fatal === null && inSavepoint) {
      if (outcome.threw) file.run('rollback to member');
      file.run('release member');
    }
  } catch (thrown) {
    fatal = { thrown };
  }
  if (fatal === null && !file.inTransaction) {
    fatal = { thrown: outcome.threw ? outcome.thrown : new Error('The transaction ended before its time.') };
  }
  return { outcome, lost: fatal };
}

/** Runs a work that may wait for its own queries alone: they answer within this very turn of the event loop. */
async function atOnce({ work }: Member, connection: DatabaseConnection): Promise<unknown> {
  let immediate: NodeJS.Immediate | undefined;
  const nextTurn = new Promise<never>((_, reject) => {
    immediate = setImmediate(() => reject(new Error('A write waits for nothing but its own queries.')));
  });
  try {
    return await Promise.race([work(connection), nextTurn]);
  } finally {
    clearImmediate(immediate);
  }
}

function rollBack(file: SqliteFile): void {
  try {
    if (file.inTransaction) file.run('rollback');
  } catch {
    // The database has ended the transaction itself.
  }
}

function isBusy(thrown: unknown): boolean {
  return codeOf(thrown) === 5;
}

/** Result codes after which SQLite asks for a rollback of the whole: see https://www.sqlite.org/lang_transaction.html. */
function isFatal(thrown: unknown): boolean {
  return [5, 6, 7, 8, 9, 10, 11, 13, 14, 26].includes(codeOf(thrown));
}

/** SQLite's primary result code, or 0. */
function codeOf(thrown: unknown): number {
  const code = typeof thrown === 'object' && thrown !== null && 'errcode' in thrown ? Number(thrown.errcode) : 0;
  return code & 255;
}
