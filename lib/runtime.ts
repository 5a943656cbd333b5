import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Config, readConfig } from './config.ts';
import { type Database, openPostgres, openSqlite, type Reader, type Writer } from './data/db.ts';
import { raiseHighWater, readEpoch, readHighWater } from './data/meta.ts';
import type { Instant } from './domain/time.ts';
import { type Log, makeLog } from './log.ts';

/** The things an operation needs from outside: a transaction, the clock, chance, the log, the configuration. */
export type Runtime = {
  readonly config: Config;
  readonly engine: 'sqlite' | 'postgres';
  readonly read: Reader;
  write<T>(work: (tx: Writer) => Promise<T>): Promise<T>;
  /** Epoch ms. Never runs backwards: at least the highest instant any instance has noted in the database. */
  now(): Instant;
  random(bytes: number): Uint8Array;
  readonly log: Log;
  /** Raised when a backup is restored; links and browser sessions of older epochs are refused. */
  readonly epoch: number;
  /** Why this instance should get no traffic, or null. */
  readiness(): Promise<string | null>;
  /** Starts refusing readiness, for a graceful stop. */
  drain(): void;
  close(): Promise<void>;
};

/** What a test may replace. */
export type RuntimeParts = {
  readonly config: Config;
  readonly database: Database;
  readonly wallClock: () => Instant;
  readonly random: (bytes: number) => Uint8Array;
  readonly writeLog: (line: string) => void;
};

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
    now,
    random: parts.random,
    log,
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
  if (config.database.file !== ':memory:') mkdirSync(dirname(config.database.file), { recursive: true, mode: 0o700 });
  return openSqlite(config.database.file);
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
  const database = openDatabase(config);
  await database.migrate();
  return makeRuntime({
    config,
    database,
    wallClock: () => Date.now(),
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    writeLog: (line) => void process.stdout.write(`${line}\n`),
  });
}
