import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import {
  CamelCasePlugin,
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresDialect,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Transaction,
} from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { initial } from './migrations/0001-initial.ts';
import type { Tables } from './tables.ts';

/** Reads rows. Every function in `data` that only reads takes one; a Writer serves as well. */
export type Reader = Pick<Kysely<Tables>, 'selectFrom' | 'fn'>;

declare const inTransaction: unique symbol;

/** The evidence of an open transaction. Only `Database.write` hands one out. */
export type Writer = Transaction<Tables> & { readonly [inTransaction]: true };

export type Database = {
  readonly engine: 'sqlite' | 'postgres';
  readonly read: Reader;
  /**
   * Runs `work` in one transaction and answers what it answers; any throw rolls back. On PostgreSQL a serialisation
   * or deadlock failure runs `work` again, so `work` has no effect outside the database.
   */
  write<T>(work: (tx: Writer) => Promise<T>): Promise<T>;
  /** Brings the tables to the newest shape. Safe with several instances at once. */
  migrate(): Promise<void>;
  /** Newest migration name in the database, or null when there is none. */
  migrated(): Promise<boolean>;
  close(): Promise<void>;
};

/** The database could not take the work now (writer blocked past its time-out, connection lost, disk full). */
class DatabaseUnavailable extends Error {
  override name = 'DatabaseUnavailable';
}

/**
 * The embedded database: one file, write-ahead log, one fsync a commit, so that a burned link stays burned across a
 * power cut. Reads have their own connection and never wait for a transaction.
 */
export function openSqlite(file: string): Database {
  const writing = new Kysely<Tables>({ dialect: sqliteDialect(file), plugins: [new CamelCasePlugin()] });
  // In memory there is only one connection to see the data; a file gets a second one for reads.
  const reading =
    file === ':memory:'
      ? writing
      : new Kysely<Tables>({ dialect: sqliteDialect(file), plugins: [new CamelCasePlugin()] });
  return {
    engine: 'sqlite',
    read: reading,
    write: (work) => transact(writing, work, 1),
    migrate: () => migrate(writing),
    migrated: () => isMigrated(writing),
    async close() {
      await writing.destroy();
      if (reading !== writing) await reading.destroy();
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
    write: (work) => transact(db, work, 5),
    migrate: () => migrate(db),
    migrated: () => isMigrated(db),
    close: () => db.destroy(),
  };
}

async function transact<T>(db: Kysely<Tables>, work: (tx: Writer) => Promise<T>, tries: number): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute((tx) => work(tx as Writer));
    } catch (thrown) {
      const code = errorCode(thrown);
      if (attempt < tries && (code === '40001' || code === '40P01')) continue;
      if (isDatabaseUnavailable(thrown))
        throw new DatabaseUnavailable('The database cannot take writes now.', { cause: thrown });
      throw thrown;
    }
  }
}

/** Did this throw come from a unique index, on either database? */
export function isUniqueViolation(thrown: unknown): boolean {
  return errorCode(thrown) === '23505' || sqliteCode(thrown) === 2067 || sqliteCode(thrown) === 1555;
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

const migrations = { '0001-initial': initial };

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

function sqliteDialect(file: string): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new NodeSqliteDriver(file),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** One connection, one holder at a time, statements prepared once. */
class NodeSqliteDriver implements Driver {
  readonly #file: string;
  #connection: NodeSqliteConnection | undefined;
  #db: DatabaseSync | undefined;
  #queue: Promise<void> = Promise.resolve();
  #release: () => void = () => undefined;

  constructor(file: string) {
    this.#file = file;
  }

  async init(): Promise<void> {
    const db = new DatabaseSync(this.#file);
    db.exec(
      'pragma busy_timeout = 5000; pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma trusted_schema = off',
    );
    this.#db = db;
    this.#connection = new NodeSqliteConnection(db);
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#queue;
    let done: () => void = () => undefined;
    this.#queue = new Promise((resolve) => {
      done = resolve;
    });
    await before;
    this.#release = done;
    if (this.#connection === undefined) throw new Error('The database is closed.');
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {
    this.#release();
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async destroy(): Promise<void> {
    this.#connection = undefined;
    this.#db?.close();
    this.#db = undefined;
  }
}

class NodeSqliteConnection implements DatabaseConnection {
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<string, { statement: StatementSync; reads: boolean }>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { statement, reads } = this.#prepare(query.sql);
    const parameters = query.parameters as SQLInputValue[];
    if (reads) return { rows: statement.all(...parameters) as R[] };
    const { changes } = statement.run(...parameters);
    return { rows: [], numAffectedRows: BigInt(changes) };
  }

  // biome-ignore lint/correctness/useYield: the interface asks for a generator; nothing here streams.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('This product reads whole, bounded pages; nothing streams.');
  }

  #prepare(sql: string): { statement: StatementSync; reads: boolean } {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    const made = { statement, reads: statement.columns().length > 0 };
    if (this.#prepared.size > 500) this.#prepared.clear();
    this.#prepared.set(sql, made);
    return made;
  }
}
