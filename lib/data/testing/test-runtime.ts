import { randomBytes } from 'node:crypto';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { readConfig } from '@/lib/config.ts';
import type { Database } from '@/lib/data/db.ts';
import { openPostgres, openSqlite } from '@/lib/data/db.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { makeRuntime } from '@/lib/runtime.ts';

/** A runtime on a fresh, migrated database of the engine this test project runs on, with a clock the test moves. */
export type TestRuntime = {
  readonly runtime: Runtime;
  /** Moves the wall clock; the runtime's `now()` follows, never backwards. */
  setTime(now: Instant): void;
  /** The variables by which a process of its own opens the same database with the same configuration. */
  readonly environment: Readonly<Record<string, string>>;
  /** Every line the log has written. */
  readonly logLines: string[];
  /**
   * Another instance on the same database, with its own connections and the same wall clock. On SQLite let the two
   * write in turns: there a waiting writer holds up the thread that the other one needs to finish.
   */
  openAnother(): Promise<Runtime>;
  /** Closes the database and removes it. Whatever is still open at the end of the test file is closed then. */
  close(): Promise<void>;
};

/** The engine of this test project. */
export const testEngine = process.env.PORTAL_TEST_DATABASE === 'postgres' ? 'postgres' : 'sqlite';

/** 3 March 2026, 08:00:00 UTC: the moment of the wire reference's examples. */
export const testNow: Instant = Date.UTC(2026, 2, 3, 8, 0, 0);

const testEnvironment = {
  PORTAL_ORIGIN: 'http://localhost:4100',
  PORTAL_KEYS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
  NODE_ENV: 'test',
};

const stillOpen = new Set<() => Promise<void>>();
afterAll(async () => {
  for (const close of [...stillOpen]) await close();
});

/** Opens a test runtime. `environment` adds to or replaces the variables of the configuration. */
export async function openTestRuntime(environment: Readonly<Record<string, string>> = {}): Promise<TestRuntime> {
  const config = readConfig({ ...testEnvironment, ...environment });
  const { open, remove, variables } = await makeDatabase();
  let wall = testNow;
  const logLines: string[] = [];
  const runtimes: Runtime[] = [];
  const make = async (): Promise<Runtime> => {
    const runtime = await makeRuntime({
      config,
      database: open(),
      wallClock: () => wall,
      random: (bytes) => new Uint8Array(randomBytes(bytes)),
      writeLog: (line) => void logLines.push(line),
    });
    runtimes.push(runtime);
    return runtime;
  };
  const close = async (): Promise<void> => {
    if (!stillOpen.delete(close)) return;
    for (const runtime of runtimes) await runtime.close();
    await remove();
  };
  stillOpen.add(close);
  return {
    runtime: await make(),
    environment: { ...testEnvironment, ...environment, ...variables },
    setTime(now) {
      wall = now;
    },
    logLines,
    openAnother: make,
    close,
  };
}

/** A migrated database without rows: a copy of the run's template, and how to open and remove it. */
async function makeDatabase(): Promise<{
  open: () => Database;
  remove: () => Promise<void>;
  variables: Readonly<Record<string, string>>;
}> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  if (process.env.PORTAL_TEST_DATABASE !== 'postgres') {
    const folder = inject('sqliteFolder');
    const file = join(folder, `${name}.db`);
    copyFileSync(join(folder, 'template.db'), file);
    return {
      open: () => openSqlite(file),
      variables: { PORTAL_DATABASE_FILE: file },
      async remove() {
        for (const ending of ['', '-wal', '-shm']) rmSync(file + ending, { force: true });
      },
    };
  }
  const server = inject('postgresUrl');
  await runOnServer(server, `create database ${name} template template_portal`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  return {
    open: () => openPostgres(url, 5),
    variables: { DATABASE_URL: url },
    remove: () => runOnServer(server, `drop database if exists ${name} with (force)`),
  };
}

async function runOnServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
