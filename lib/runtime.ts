import 'server-only';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Config, readConfig } from './config.ts';
import { type Database, openPostgres, openSqlite, type Reader, type Writer } from './data/db.ts';
import { raiseHighWater, readEpoch, readHighWater } from './data/meta.ts';
import { simulatedStore } from './data/simulated-provider.ts';
import type { Instant } from './domain/time.ts';
import { type Log, makeLog } from './log.ts';
import type { Mail } from './mail/smtp.ts';
import { makeMail } from './mail/smtp.ts';
import { type DeployedProviders, makeProviders } from './providers/deployed-providers.ts';
import type { Play } from './providers/simulated/test-numbers.ts';

/** The things an operation needs from outside: a transaction, the clock, chance, the log, the configuration, providers. */
export type Runtime = {
  readonly config: Config;
  readonly engine: 'sqlite' | 'postgres';
  readonly read: Reader;
  write<T>(work: (tx: Writer) => Promise<T>): Promise<T>;
  /** A write whose work also waits for something else, such as a file it reads along. */
  writeAlone<T>(work: (tx: Writer) => Promise<T>): Promise<T>;
  /** Epoch ms. Never runs backwards: at least the highest instant any instance has noted in the database. */
  now(): Instant;
  random(bytes: number): Uint8Array;
  readonly log: Log;
  readonly providers: DeployedProviders;
  readonly mail: Mail;
  /** Raised when a backup is restored; links and browser sessions of older epochs are refused. */
  readonly epoch: number;
  /** Why this instance should get no traffic, or null. */
  readiness(): Promise<string | null>;
  /** Starts refusing readiness, for a graceful stop. */
  drain(): void;
  close(): Promise<void>;
};

/** What there is of a deployment before its database is opened, for work on the database itself. */
export type Deployment = Pick<RuntimeParts, 'config' | 'wallClock' | 'random'>;

/** What a test may replace. */
export type RuntimeParts = {
  readonly config: Config;
  readonly database: Database;
  readonly wallClock: () => Instant;
  readonly random: (bytes: number) => Uint8Array;
  readonly writeLog: (line: string) => void;
  /** Carries what the simulated provider tells the portal's server; without it every notification is lost. */
  readonly deliver?: Deliver;
};

type Deliver = (url: string, body: Uint8Array, headers: Readonly<Record<string, string>>) => Promise<void>;

/** Makes a runtime from its parts, on a migrated database. */
export async function makeRuntime(parts: RuntimeParts): Promise<Runtime> {
  const { database, wallClock } = parts;
  let highest = await readHighWater(database.read);
  let noted = highest;
  let draining = false;
  const now = (): Instant => {
    highest = Math.max(highest, wallClock());
    return highest;
  };
  const log = makeLog(now, parts.writeLog);
  const noteTime = async (): Promise<void> => {
    if (now() - noted < 30_000) return;
    noted = now();
    await database.write((tx) => raiseHighWater(tx, noted));
  };
  const timer = setInterval(() => void noteTime().catch(() => undefined), 30_000);
  timer.unref();
  return {
    config: parts.config,
    engine: database.engine,
    read: database.read,
    write: (work) => database.write(work),
    writeAlone: (work) => database.writeAlone(work),
    now,
    random: parts.random,
    log,
    providers: makeProviders(
      parts.config.modes.has('test')
        ? {
            store: simulatedStore<Play>(database),
            rootKeys: parts.config.rootKeys,
            origin: parts.config.origin,
            now,
            random: parts.random,
            deliver: parts.deliver ?? (async () => undefined),
          }
        : null,
    ),
    mail: makeMail(parts.config.mailServer),
    epoch: await readEpoch(database.read),
    async readiness() {
      if (draining) return 'stopping';
      if (highest - wallClock() > 5_000) return 'the clock is behind the database';
      try {
        if (!(await database.migrated())) return 'the database has another shape';
        await database.write((tx) => raiseHighWater(tx, now()));
        return null;
      } catch {
        return 'the database cannot be written';
      }
    },
    drain() {
      draining = true;
    },
    async close() {
      clearInterval(timer);
      await database.close();
    },
  };
}

/** Opens the database the configuration names; makes the folder of an embedded file. */
export function openDatabase(config: Config): Database {
  if (config.database.engine === 'postgres') return openPostgres(config.database.url.reveal());
  mkdirSync(dirname(config.database.file), { recursive: true, mode: 0o700 });
  return openSqlite(config.database.file);
}

/** The database could not be opened or brought up to date. The message is for the operator, without a password. */
export class DatabaseNotOpened extends Error {
  override name = 'DatabaseNotOpened';
}

/** Opens the database and brings its tables up to date. Throws DatabaseNotOpened, in the words of the database itself. */
export async function openMigratedDatabase(config: Config): Promise<Database> {
  let database: Database | null = null;
  try {
    database = openDatabase(config);
    await database.migrate();
    return database;
  } catch (thrown) {
    await database?.close().catch(() => undefined);
    throw new DatabaseNotOpened(`${nameDatabase(config)} cannot be opened: ${causeOf(thrown, config)}`);
  }
}

/** Opens the database as it stands, without bringing it up to date, or says in its own words why it cannot be read. */
export async function openUsableDatabase(
  config: Config,
): Promise<{ ok: true; database: Database } | { ok: false; problem: string }> {
  let database: Database | null = null;
  try {
    database = openDatabase(config);
    await database.migrated();
    return { ok: true, database };
  } catch (thrown) {
    await database?.close().catch(() => undefined);
    return { ok: false, problem: `${nameDatabase(config)} cannot be opened: ${causeOf(thrown, config)}` };
  }
}

function nameDatabase({ database }: Config): string {
  if (database.engine === 'sqlite') return `The database file ${database.file}`;
  const url = URL.parse(database.url.reveal());
  if (url === null) return 'The PostgreSQL database of DATABASE_URL';
  return `PostgreSQL at ${url.hostname || 'localhost'}:${url.port || '5432'}, database "${url.pathname.slice(1)}",`;
}

/** What the driver said; a refused connection to a name with several addresses says it once for each of them. */
function causeOf(thrown: unknown, { database }: Config): string {
  const all = thrown instanceof AggregateError && thrown.message === '' ? thrown.errors : [thrown];
  const text = all.map((one) => (one instanceof Error ? one.message : String(one))).join('; ');
  if (database.engine === 'sqlite') return text;
  const url = URL.parse(database.url.reveal());
  const secrets = [url?.password ?? '', url?.searchParams.get('password') ?? ''].flatMap((one) => [one, decode(one)]);
  return secrets.filter((one) => one !== '').reduce((masked, one) => masked.replaceAll(one, '…'), text);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// One process, one runtime: Next bundles route handlers apart, so the place they share is the global object.
const shared = globalThis as typeof globalThis & { billingPortalRuntime?: Promise<Runtime> };

/** The runtime of this process; the first call reads the configuration, opens the database and migrates it. */
export function runtime(): Promise<Runtime> {
  shared.billingPortalRuntime ??= startRuntime();
  return shared.billingPortalRuntime;
}

async function startRuntime(): Promise<Runtime> {
  const config = readConfig();
  const database = await openMigratedDatabase(config);
  return makeRuntime({
    config,
    database,
    wallClock: () => Date.now(),
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    writeLog: (line) => void process.stdout.write(`${line}\n`),
    deliver,
  });
}

/** Over HTTP, like a foreign system. A notification that does not arrive is no harm: the portal asks as well. */
const deliver: Deliver = async (url, body, headers) => {
  try {
    const signal = AbortSignal.timeout(5_000);
    await fetch(url, { method: 'POST', body: new Uint8Array(body), headers, redirect: 'error', signal });
  } catch {
    return;
  }
};
