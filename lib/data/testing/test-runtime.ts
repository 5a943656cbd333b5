import { randomBytes, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import type { Config } from '@/lib/config.ts';
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
  /** Every line the log has written. */
  readonly logLines: string[];
  /** Closes the database and removes it. */
  close(): Promise<void>;
};

/** 3 March 2026, 08:00:00 UTC: the moment of the wire reference's examples. */
export const testNow: Instant = Date.UTC(2026, 2, 3, 8, 0, 0);

const testEnvironment = {
  PORTAL_ORIGIN: 'http://localhost:4100',
  PORTAL_KEYS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
  NODE_ENV: 'test',
};

/** Opens a test runtime. `environment` adds to or replaces the variables of the configuration. */
export async function openTestRuntime(environment: Readonly<Record<string, string>> = {}): Promise<TestRuntime> {
  const config: Config = readConfig({ ...testEnvironment, ...environment });
  const { database, remove } = await openTestDatabase();
  await database.migrate();
  let wall = testNow;
  const logLines: string[] = [];
  const runtime = await makeRuntime({
    config,
    database,
    wallClock: () => wall,
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    writeLog: (line) => void logLines.push(line),
  });
  return {
    runtime,
    setTime(now) {
      wall = now;
    },
    logLines,
    async close() {
      await runtime.close();
      await remove();
    },
  };
}

/** A fresh, empty database of the engine of this test project: an own file, or an own database on the run's server. */
export async function openTestDatabase(): Promise<{ database: Database; remove: () => Promise<void> }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  if (process.env.PORTAL_TEST_DATABASE !== 'postgres') {
    const file = path.join(os.tmpdir(), `${name}.db`);
    return {
      database: openSqlite(file),
      async remove() {
        for (const ending of ['', '-wal', '-shm']) rmSync(file + ending, { force: true });
      },
    };
  }
  const server = inject('postgresUrl');
  await runOnServer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    database: openPostgres(url.href, 4),
    remove: () => runOnServer(server, `drop database ${name} with (force)`),
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
