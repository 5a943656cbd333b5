import { randomBytes } from 'node:crypto';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { readConfig } from '@/lib/config.ts';
import { type Database, openPostgres, openSqlite } from '@/lib/data/db.ts';
import type { Instant } from '@/lib/domain/time.ts';
import { makeRuntime, type Runtime } from '@/lib/runtime.ts';

/** A whole runtime on a database of its own, with a clock that stands still until it is told otherwise. */
export type TestRuntime = Runtime & {
  /** Moves the clock on. Like every runtime's clock it never goes back. */
  advance(ms: number): void;
  /** The JSON lines logged so far. */
  readonly logLines: readonly string[];
  /**
   * A second instance on the same database, with its own connections and the same clock. On SQLite let the two write
   * in turns: there a waiting writer holds up the thread that the other one needs to finish.
   */
  openAnother(): Promise<TestRuntime>;
};

export type TestRuntimeOptions = {
  /** Where the clock stands at first; default 2 March 2026, 08:00 UTC. */
  readonly now?: Instant;
  /** Environment variables over the default ones (live and test mode, one root key). */
  readonly environment?: Readonly<Record<string, string>>;
  readonly random?: (bytes: number) => Uint8Array;
};

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/**
 * Opens a fresh, migrated, empty database on the engine of this test run (PORTAL_TEST_DATABASE). Call it as often as
 * wanted; everything is closed and removed after the test file.
 */
export async function openTestDatabase(options: TestRuntimeOptions = {}): Promise<TestRuntime> {
  const open = process.env.PORTAL_TEST_DATABASE === 'postgres' ? await makePostgres() : makeSqlite();
  const clock = { now: options.now ?? Date.UTC(2026, 2, 2, 8) };
  const config = readConfig({
    PORTAL_ORIGIN: 'http://localhost:3000',
    PORTAL_MODES: 'live,test',
    PORTAL_KEYS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
    PORTAL_DATABASE_FILE: ':memory:',
    NODE_ENV: 'test',
    ...options.environment,
  });
  const make = async (): Promise<TestRuntime> => {
    const database = open();
    closing.push(() => database.close());
    const logLines: string[] = [];
    const runtime = await makeRuntime({
      config,
      database,
      wallClock: () => clock.now,
      random: options.random ?? ((bytes) => new Uint8Array(randomBytes(bytes))),
      writeLog: (line) => void logLines.push(line),
    });
    return {
      ...runtime,
      logLines,
      advance(ms) {
        clock.now += ms;
      },
      openAnother: make,
    };
  };
  return make();
}

/** Copies the template; answers how to open the copy. */
function makeSqlite(): () => Database {
  const folder = inject('sqliteFolder');
  const file = join(folder, `${randomBytes(8).toString('hex')}.db`);
  copyFileSync(join(folder, 'template.db'), file);
  closing.push(async () => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
  });
  return () => openSqlite(file);
}

/** Clones the template; answers how to open the clone. */
async function makePostgres(): Promise<() => Database> {
  const admin = inject('postgresUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await runOn(admin, `create database ${name} template template_portal`);
  closing.push(() => runOn(admin, `drop database if exists ${name} with (force)`));
  const url = Object.assign(new URL(admin), { pathname: `/${name}` }).href;
  return () => openPostgres(url, 5);
}

async function runOn(url: string, statement: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
