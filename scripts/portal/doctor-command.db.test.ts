import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Config, ConfigProblem, readConfig } from '@/lib/config.ts';
import { takeLease } from '@/lib/data/job-leases.ts';
import { raiseHighWater } from '@/lib/data/meta.ts';
import { appendEvent } from '@/lib/data/outbox.ts';
import { aWorkspace } from '@/lib/data/testing/builders.ts';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { openTestRuntime, testEngine, testNow } from '@/lib/data/testing/test-runtime.ts';
import type { WorkspaceId } from '@/lib/domain/ids.ts';
import { hourMs } from '@/lib/domain/time.ts';
import { jobs } from '@/lib/jobs/runner.ts';
import { createApiKey } from '@/lib/operations/create-api-key.ts';
import { openUsableDatabase } from '@/lib/runtime.ts';
import { runPortalCommand } from './run-portal-command.ts';

let test: TestRuntime;
let workspaceId: WorkspaceId;
let config: Config;
let wall: number;
beforeEach(async () => {
  test = await openTestRuntime();
  config = readConfig(test.environment);
  wall = await databaseTime();
  test.setTime(wall);
  workspaceId = await aWorkspace(test.runtime);
  await createApiKey(test.runtime, { workspaceId, mode: 'test' }, { kind: 'hmac', scopes: ['*'] });
  await test.runtime.write(async (tx) => {
    for (const { name } of jobs) await takeLease(tx, name, 'holder', wall, wall + 60_000);
  });
});
afterEach(() => test.close());

/** The clock of a PostgreSQL server is its own. */
async function databaseTime(): Promise<number> {
  const opened = await openUsableDatabase(config);
  if (!opened.ok) throw new Error(opened.problem);
  const time = await opened.database.serverTime();
  await opened.database.close();
  return time ?? testNow;
}

async function examine(deployed: () => Config = () => config): Promise<{ code: number; lines: readonly string[] }> {
  const lines: string[] = [];
  const note = (line: string): void => void lines.push(line);
  const code = await runPortalCommand(['doctor'], {
    open: async () => {
      throw new Error('It looks at the database as it stands.');
    },
    deployment: () => ({ config: deployed(), wallClock: () => wall, random: (bytes) => new Uint8Array(bytes) }),
    say: note,
    complain: note,
  });
  return { code, lines };
}

/** Levels by what was looked at. */
async function levels(): Promise<Record<string, string>> {
  const { lines } = await examine();
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, level = '', about = ''] = /^(ok|warn|FAIL) +(\w+) /.exec(line) ?? [];
      return level === '' ? [] : [[about, level]];
    }),
  );
}

it('a healthy deployment has nothing but ok, in one line each, and exit code 0', async () => {
  const { code, lines } = await examine();
  const abouts = ['configuration', 'database', 'clock', 'secrets', 'audit', 'jobs', 'webhooks'];
  const all = testEngine === 'sqlite' ? [...abouts.slice(0, 2), 'disk', 'file', ...abouts.slice(2)] : abouts;
  expect(lines.map((line) => line.split(/ +/)[1])).toEqual(all);
  expect(lines.filter((line) => !line.startsWith('ok ') && !/disk|file/.test(line))).toEqual([]);
  expect(code).toBe(0);
});

it('a clock behind the database fails', async () => {
  await test.runtime.write((tx) => raiseHighWater(tx, wall + 6_000));
  expect(await levels()).toMatchObject({ clock: 'FAIL', database: 'ok' });
  expect((await examine()).code).toBe(1);
});

it.runIf(testEngine === 'postgres')('a clock apart from that of the database’s server fails', async () => {
  wall += 60_000;
  expect(await levels()).toMatchObject({ clock: 'FAIL' });
});

it('a secret that no key opens fails, and one under an older key warns', async () => {
  const keyOf = (number: number, fill: number): string => `${number}:${Buffer.alloc(32, fill).toString('base64')}`;
  const withKeys = (keys: string): Config => ({
    ...config,
    rootKeys: readConfig({ PORTAL_ORIGIN: 'http://localhost:1', PORTAL_KEYS: keys }).rootKeys,
  });
  const lost = await examine(() => withKeys(keyOf(2, 9)));
  expect(lost.lines.join('\n')).toMatch(/FAIL +secrets +no configured key opens 1 of 1 sealed values/);
  const rotated = await examine(() => withKeys(`${keyOf(1, 7)},${keyOf(2, 9)}`));
  expect(rotated.lines.join('\n')).toMatch(/warn +secrets +1 of 1 sealed values are under an older key/);
  expect([lost.code, rotated.code]).toEqual([1, 0]);
});

it('an edited line of the audit fails', async () => {
  await test.runtime.write((tx) =>
    tx.updateTable('auditLines').set({ act: 'nothing.happened' }).where('workspaceId', '=', workspaceId).execute(),
  );
  expect(await levels()).toMatchObject({ audit: 'FAIL' });
});

it('jobs that no instance runs, and events that nobody hands out, warn', async () => {
  const event = {
    what: 'customer.updated',
    aggregateType: 'customer',
    aggregateId: 'cus_1',
    object: {},
    source: 'api',
  };
  const write = (at: number, aggregateId: string) =>
    test.runtime.write((tx) =>
      appendEvent(tx, { workspaceId, mode: 'test' }, { ...event, aggregateId }, at, test.runtime.random),
    );
  await write(wall, 'cus_1');
  expect(await levels()).toMatchObject({ jobs: 'ok', webhooks: 'ok' });
  await write(wall - hourMs - 1, 'cus_2');
  expect(await levels()).toMatchObject({ jobs: 'ok', webhooks: 'warn' });
  await test.runtime.write((tx) =>
    tx
      .updateTable('jobLeases')
      .set({ until: wall - hourMs })
      .execute(),
  );
  const { code, lines } = await examine();
  expect(lines.join('\n')).toMatch(/warn +jobs +not run for five minutes or more: .*purge.*: see that the portal runs/);
  expect(code).toBe(0);
});

it('tables of a newer version, and none at all, fail', async () => {
  await test.runtime.write((tx) =>
    tx
      .insertInto('kysely_migration' as 'meta')
      .values({ name: '9999-later', timestamp: 'now' } as unknown as { name: string; value: string })
      .execute(),
  );
  expect((await examine()).lines.join('\n')).toMatch(/FAIL +database +a newer version .*9999-later/);
  await test.runtime.write((tx) => tx.deleteFrom('kysely_migration' as 'meta').execute());
  expect((await examine()).lines.join('\n')).toMatch(/FAIL +database +the tables are not up to date/);
});

it('a configuration that is wrong, and a database that is not there, are told as such', async () => {
  const wrong = await examine(() => {
    throw new ConfigProblem('The configuration is not complete.\n  PORTAL_KEYS: is not set');
  });
  expect(wrong).toEqual({
    code: 1,
    lines: ['FAIL  configuration  The configuration is not complete. PORTAL_KEYS: is not set', '1 check failed.'],
  });
  const unreachable = readConfig({
    PORTAL_ORIGIN: 'http://localhost:1',
    PORTAL_KEYS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
    DATABASE_URL: 'postgres://portal:s3cret@127.0.0.1:1/portal',
  });
  const { code, lines } = await examine(() => unreachable);
  expect(code).toBe(1);
  expect(lines[1]).toMatch(/^FAIL {2}database .*127\.0\.0\.1:1.*ECONNREFUSED/);
  expect(lines.join()).not.toContain('s3cret');
});

it.runIf(testEngine === 'sqlite')(
  'a file that others may read warns; one that is not there yet is not made',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'billing-portal-doctor-'));
    const at = (file: string): Config => ({ ...config, database: { engine: 'sqlite', file } });
    const { lines } = await examine(() => at(join(folder, 'none.db')));
    expect(lines[1]).toMatch(/^warn {2}database .*none\.db yet/);
    expect((await examine(() => at(join(folder, 'none.db')))).lines).toEqual(lines);
    const { database } = config;
    if (database.engine === 'sqlite') {
      chmodSync(database.file, 0o600);
      expect(await levels()).toMatchObject({ file: 'ok' });
    }
    rmSync(folder, { recursive: true });
  },
);
