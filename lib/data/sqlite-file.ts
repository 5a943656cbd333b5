import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import {
  CamelCasePlugin,
  CompiledQuery,
  type DatabaseConnection,
  DefaultQueryExecutor,
  type Dialect,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  Transaction,
} from 'kysely';
import type { Tables } from './tables.ts';

/** One connection to the embedded database's file. Every statement is prepared once. */
export type SqliteFile = {
  readonly inTransaction: boolean;
  /** Runs one statement now. Rows carry the names of the tables in `tables.ts`. */
  run<R>(sql: string, parameters?: readonly unknown[]): QueryResult<R>;
  close(): void;
};

type Prepared = { readonly statement: StatementSync; readonly reads: boolean };

/**
 * Pages of 4 KiB the log may hold before a commit copies them into the file itself: 64 MiB. Below that a thread of its
 * own does it (`checkpoints.ts`).
 */
const mostLogPages = 16_384;

/** The user version of a file that a restore set aside: nothing opens it any more. */
export const setAside = 1;

/**
 * Opens the file: write-ahead log, and each commit on the disk before it counts. Throws for a file that was set aside: a
 * process that waited while another database took its place must not go on with the old one under its name.
 */
export function openSqliteFile(file: string): SqliteFile {
  const db = new DatabaseSync(file);
  db.exec('pragma busy_timeout = 5000');
  // Before anything is written beside the file.
  if (db.prepare('select user_version as mark from pragma_user_version').get()?.mark === setAside) {
    db.close();
    throw new Error('a restore has set this file aside; the command restore takes it back');
  }
  db.exec(
    `pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
     pragma trusted_schema = off; pragma wal_autocheckpoint = ${mostLogPages}`,
  );
  const prepared = new Map<string, Prepared>();
  const prepare = (sql: string): Prepared => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const statement = db.prepare(sql);
    const made = { statement, reads: statement.columns().length > 0 };
    if (prepared.size > 500) prepared.clear();
    prepared.set(sql, made);
    return made;
  };
  return {
    get inTransaction() {
      return db.isTransaction;
    },
    run<R>(sql: string, parameters: readonly unknown[] = []) {
      const { statement, reads } = prepare(sql);
      const values = parameters as SQLInputValue[];
      if (!reads) return { rows: [], numAffectedRows: BigInt(statement.run(...values).changes) };
      return { rows: statement.all(...values).map((row) => spellInCode<R>(row)) };
    },
    close: () => db.close(),
  };
}

function spellInCode<R>(row: Readonly<Record<string, unknown>>): R {
  const spelled: Record<string, unknown> = {};
  for (const name of Object.keys(row)) spelled[names.inCode(name)] = row[name];
  return spelled as R;
}

/** A connection of Kysely's that runs its queries on the file. */
export function connectionTo(run: SqliteFile['run']): DatabaseConnection {
  return {
    executeQuery: async ({ sql, parameters }) => run(sql, parameters),
    // biome-ignore lint/correctness/useYield: the interface asks for a generator; nothing here streams.
    async *streamQuery() {
      throw new Error('This product reads whole, bounded pages; nothing streams.');
    },
  };
}

/** Queries on the file, each for itself: for reads, and for migrations, which have the file for themselves. */
export function queriesOn(file: SqliteFile): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: dialectOn(file) });
}

/** Makes what a write's queries are built on, over a connection that is this write's own. */
export function transactionsOn(file: SqliteFile): (connection: DatabaseConnection) => Transaction<Tables> {
  const dialect = dialectOn(file);
  const [driver, compiler, adapter] = [dialect.createDriver(), dialect.createQueryCompiler(), dialect.createAdapter()];
  return (connection) => {
    const provider = { provideConnection: <T>(use: (own: DatabaseConnection) => Promise<T>) => use(connection) };
    const executor = new DefaultQueryExecutor(compiler, adapter, provider);
    return new Transaction<Tables>({ config: { dialect }, dialect, driver, executor });
  };
}

function dialectOn(file: SqliteFile): Dialect {
  const connection = connectionTo(file.run);
  const execute = async (sql: string): Promise<void> => {
    await connection.executeQuery(CompiledQuery.raw(sql));
  };
  return {
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new NamingCompiler(),
    createDriver: () => ({
      init: async () => undefined,
      acquireConnection: async () => connection,
      beginTransaction: () => execute('begin immediate'),
      commitTransaction: () => execute('commit'),
      rollbackTransaction: () => execute('rollback'),
      releaseConnection: async () => undefined,
      destroy: async () => undefined,
    }),
  };
}

/** The same two spellings as on PostgreSQL, where Kysely's plugin rewrites each query and each row. */
class Names extends CamelCasePlugin {
  inSql(name: string): string {
    return this.snakeCase(name);
  }
  inCode(name: string): string {
    return this.camelCase(name);
  }
}

const names = new Names();

/** Spells names as the tables have them while the query is written down: no rewriting of the query before. */
class NamingCompiler extends SqliteQueryCompiler {
  readonly #spelled = new Map<string, string>();

  protected override sanitizeIdentifier(name: string): string {
    const known = this.#spelled.get(name);
    if (known !== undefined) return known;
    const spelled = super.sanitizeIdentifier(names.inSql(name));
    this.#spelled.set(name, spelled);
    return spelled;
  }
}
