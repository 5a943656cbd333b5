import { CamelCasePlugin, Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { startCheckpoints } from './checkpoints.ts';
import { initial } from './migrations/0001-initial.ts';
import { billingClock } from './migrations/0002-billing-clock.ts';
import { invoicesAndRefunds } from './migrations/0003-invoices-and-refunds.ts';
import { webhooks } from './migrations/0004-webhooks.ts';
import { mail } from './migrations/0005-mail.ts';
import { openSqliteFile, queriesOn, transactionsOn } from './sqlite-file.ts';
import type { Tables } from './tables.ts';
import { makeWriteGroups } from './write-groups.ts';

/** Reads rows. Every function in `data` that only reads takes one; a Writer serves as well. */
export type Reader = Pick<Kysely<Tables>, 'selectFrom' | 'fn'>;

declare const inTransaction: unique symbol;

/** The evidence of an open transaction. Only `Database.write` hands one out. */
export type Writer = Transaction<Tables> & { readonly [inTransaction]: true };

export type Database = {
  readonly engine: 'sqlite' | 'postgres';
  readonly read: Reader;
  /**
   * Runs `work` in one transaction and answers what it answers, once that is safe on the disk; any throw rolls back. On
   * PostgreSQL a serialisation or deadlock failure runs `work` again, so `work` has no effect outside the database; on
   * SQLite several works share a commit, so `work` waits for nothing but its own queries.
   */
  write<T>(work: (tx: Writer) => Promise<T>): Promise<T>;
  /** The same for a work that also waits for something else, such as a file it reads: nobody shares its transaction. */
  writeAlone<T>(work: (tx: Writer) => Promise<T>): Promise<T>;
  /** Brings the tables to the newest shape. Safe with several instances at once. */
  migrate(): Promise<void>;
  /** Does the database have every migration this version knows? */
  migrated(): Promise<boolean>;
  /** Migrations in a migrated database that this version does not know: a newer one made them. */
  unknownMigrations(): Promise<readonly string[]>;
  /** The clock of the database's server in epoch ms, or null where the database has none of its own. */
  serverTime(): Promise<number | null>;
  close(): Promise<void>;
};

/** The database could not take the work now (writer blocked past its time-out, connection lost, disk full). */
class DatabaseUnavailable extends Error {
  override name = 'DatabaseUnavailable';
}

/**
 * The embedded database: one file, write-ahead log, each commit on the disk before anybody hears of it, so that a burned
 * link stays burned across a power cut. Writes that wait at the same time share a commit. Reads have their own
 * connection and never wait for a transaction.
 */
export function openSqlite(path: string): Database {
  const [writing, reading] = [openSqliteFile(path), openSqliteFile(path)];
  const writerOf = transactionsOn(writing);
  const checkpoints = startCheckpoints(path);
  const groups = makeWriteGroups(writing, checkpoints.noteCommit);
  const read = queriesOn(reading);
  return {
    engine: 'sqlite',
    read,
    write: (work) => tellUnavailable(groups.write((connection) => work(writerOf(connection) as Writer))),
    writeAlone: (work) => tellUnavailable(groups.writeAlone((connection) => work(writerOf(connection) as Writer))),
    migrate: () => migrate(queriesOn(writing)),
    migrated: () => isMigrated(read),
    unknownMigrations: () => listUnknownMigrations(read),
    serverTime: async () => null,
    async close() {
      await groups.idle();
      await checkpoints.stop();
      reading.close();
      writing.close();
    },
  };
}

/** PostgreSQL (or an engine with its wire), READ COMMITTED: preconditions stand in the UPDATE and are checked again. */
export function openPostgres(url: string, connections = 10): Database {
  pg.types.setTypeParser(20, Number);
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 15_000,
    idle_in_transaction_session_timeout: 15_000,
  });
  // A connection that breaks while idle must not end the process; the next query reports it.
  pool.on('error', () => undefined);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] });
  return {
    engine: 'postgres',
    read: db,
    write: (work) => tellUnavailable(transact(db, work)),
    writeAlone: (work) => tellUnavailable(transact(db, work)),
    migrate: () => migrate(db),
    migrated: () => isMigrated(db),
    unknownMigrations: () => listUnknownMigrations(db),
    async serverTime() {
      const { rows } = await sql<{ now: string }>`select extract(epoch from clock_timestamp()) as now`.execute(db);
      return Math.round(Number(rows[0]?.now) * 1_000);
    },
    close: () => db.destroy(),
  };
}

/** How often a work is run that PostgreSQL could not serialise. */
const mostTries = 5;

async function transact<T>(db: Kysely<Tables>, work: (tx: Writer) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute((tx) => work(tx as Writer));
    } catch (thrown) {
      const code = errorCode(thrown);
      if (attempt < mostTries && (code === '40001' || code === '40P01')) continue;
      throw thrown;
    }
  }
}

async function tellUnavailable<T>(written: Promise<T>): Promise<T> {
  try {
    return await written;
  } catch (thrown) {
    if (!isDatabaseUnavailable(thrown)) throw thrown;
    throw new DatabaseUnavailable('The database cannot take writes now.', { cause: thrown });
  }
}

/** Did this throw come from a unique index, on either database? */
export function isUniqueViolation(thrown: unknown): boolean {
  return errorCode(thrown) === '23505' || sqliteCode(thrown) === 2067 || sqliteCode(thrown) === 1555;
}

/** Did this throw come from a foreign key, on either database? */
export function isForeignKeyViolation(thrown: unknown): boolean {
  return errorCode(thrown) === '23503' || sqliteCode(thrown) === 787;
}

function errorCode(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';
}

function sqliteCode(thrown: unknown): number {
  return typeof thrown === 'object' && thrown !== null && 'errcode' in thrown ? Number(thrown.errcode) : 0;
}

/**
 * Could the database not take the work now, in a read or a write: busy, locked, read-only, full, unreachable, or its
 * connection lost? SQLite: result codes 5, 6, 8, 10, 13, 14. PostgreSQL: classes 08, 53, 57, code 25006 (read-only), and lost sockets.
 */
export function isDatabaseUnavailable(thrown: unknown): boolean {
  // By name: Next bundles routes apart from the start of the server, and each bundle has a class of its own.
  if (thrown instanceof Error && thrown.name === 'DatabaseUnavailable') return true;
  const code = errorCode(thrown);
  if ([5, 6, 8, 10, 13, 14].includes(sqliteCode(thrown) & 255)) return true;
  if (/^(08|53|57|25006$)/.test(code) || /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND)/.test(code)) return true;
  return (
    thrown instanceof Error && /timeout exceeded when trying to connect|Connection terminated/.test(thrown.message)
  );
}

const migrations = {
  '0001-initial': initial,
  '0002-billing-clock': billingClock,
  '0003-invoices-and-refunds': invoicesAndRefunds,
  '0004-webhooks': webhooks,
  '0005-mail': mail,
};

/** Names of the migrations this version knows, oldest first. */
export const knownMigrations: readonly string[] = Object.keys(migrations);

function migratorOf(db: Kysely<Tables>): Migrator {
  return new Migrator({ db, provider: { getMigrations: async () => migrations } });
}

async function migrate(db: Kysely<Tables>): Promise<void> {
  const { error } = await migratorOf(db.withoutPlugins()).migrateToLatest();
  if (error !== undefined) throw error;
}

async function isMigrated(db: Kysely<Tables>): Promise<boolean> {
  const all = await migratorOf(db.withoutPlugins()).getMigrations();
  return all.every((one) => one.executedAt !== undefined);
}

async function listUnknownMigrations(db: Kysely<Tables>): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map(({ name }) => name).filter((name) => !knownMigrations.includes(name));
}
