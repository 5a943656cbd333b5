import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '@/lib/config.ts';
import { fingerprint } from '@/lib/crypto/secret.ts';
import { findBrokenAuditLine } from '@/lib/data/audit-lines.ts';
import { findBrowserSessionBySecret } from '@/lib/data/browser-sessions.ts';
import { readEpoch } from '@/lib/data/meta.ts';
import { aCustomer, aLink, aWorkspace } from '@/lib/data/testing/builders.ts';
import { openTestRuntime, testEngine, testNow } from '@/lib/data/testing/test-runtime.ts';
import { sessionState } from '@/lib/domain/browser-session.ts';
import type { CustomerId, WorkspaceId } from '@/lib/domain/ids.ts';
import { burnPortalLink } from '@/lib/operations/burn-portal-link.ts';
import type { Deployment, Runtime } from '@/lib/runtime.ts';
import { makeRuntime, openMigratedDatabase } from '@/lib/runtime.ts';
import { runPortalCommand } from './run-portal-command.ts';

let folder: string;
let wall = testNow;
let place: Deployment;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'billing-portal-backup-'));
  wall = testNow;
  place = deploy(join(folder, 'portal.db'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function deploy(file: string): Deployment {
  const config = readConfig({
    PORTAL_ORIGIN: 'http://localhost:4100',
    PORTAL_KEYS: `1:${Buffer.alloc(32, 7).toString('base64')}`,
    PORTAL_DATABASE_FILE: file,
    NODE_ENV: 'test',
  });
  return { config, wallClock: () => wall, random: (bytes) => new Uint8Array(randomBytes(bytes)) };
}

async function open(): Promise<Runtime> {
  const database = await openMigratedDatabase(place.config);
  return makeRuntime({ ...place, database, writeLog: () => undefined });
}

async function run(...words: string[]): Promise<{ code: number; said: string }> {
  const said: string[] = [];
  const note = (line: string): void => void said.push(line);
  const code = await runPortalCommand(words, { open, deployment: () => place, say: note, complain: note });
  return { code, said: said.join('\n') };
}

async function burn(on: Runtime, token: string, nonce: string): Promise<string> {
  const burned = await burnPortalLink(on, {
    token,
    nonce,
    formerSecret: null,
    maySwitch: false,
    arrival: 'warm',
    agent: 'Chrome|Android',
    binding: 'none',
  });
  return burned.ok ? burned.value.secret : burned.failure.code;
}

async function sessionStateOf(on: Runtime, secret: string): Promise<string> {
  const session = await findBrowserSessionBySecret(on.read, fingerprint(secret));
  return session === null ? 'unknown' : sessionState(session, on.now(), on.epoch);
}

const backupFile = (): string => join(folder, 'copy.db');
const names = (): string[] => readdirSync(folder).sort();

describe.runIf(testEngine === 'sqlite')('the drill of a backup', () => {
  let workspace: WorkspaceId;
  let customer: CustomerId;

  /** A portal in use: links of every state, a backup in between. Answers what was open or used at its time. */
  async function workAndBackUp(): Promise<{ burned: string; open: string; secret: string; later: string }> {
    const on = await open();
    workspace = await aWorkspace(on);
    customer = await aCustomer(on, workspace);
    const secret = await burn(on, (await aLink(on, workspace, customer)).token, 'nonce-of-the-first-browser');
    const burned = (await aLink(on, workspace, customer)).token;
    const untouched = (await aLink(on, workspace, customer)).token;
    // While the portal runs.
    expect(await run('backup', backupFile())).toMatchObject({ code: 0, said: expect.stringMatching(/bytes\.$/) });
    const later = await burn(on, burned, 'nonce-of-the-second-browser');
    expect(await sessionStateOf(on, later)).toBe('live');
    expect(await sessionStateOf(on, secret)).toBe('live');
    await on.close();
    return { burned, open: untouched, secret, later };
  }

  it('after a restore no link and no session of before lives, and a fresh mint works', async () => {
    const before = await workAndBackUp();
    wall += 1_000;
    const restored = await run('restore', backupFile());
    expect(restored).toMatchObject({ code: 0, said: expect.stringContaining('is kept as') });
    const on = await open();
    expect(await burn(on, before.burned, 'nonce-of-a-thief-browser')).toBe('gone');
    expect(await burn(on, before.burned, 'nonce-of-the-second-browser')).toBe('gone');
    expect(await burn(on, before.open, 'nonce-of-the-third-browser')).toBe('gone');
    expect(await sessionStateOf(on, before.secret)).toBe('ended');
    expect(await sessionStateOf(on, before.later)).toBe('unknown');
    const fresh = await burn(on, (await aLink(on, workspace, customer)).token, 'nonce-of-the-fourth-browser');
    expect(await sessionStateOf(on, fresh)).toBe('live');
    expect(await findBrokenAuditLine(on.read, { workspaceId: workspace, mode: 'test' })).toBeNull();
    const acts = await on.read.selectFrom('auditLines').select('act').where('act', '=', 'database.restored').execute();
    expect(acts).toHaveLength(2);
    await on.close();
  });

  it('the same backup restored again gets another epoch, and what was minted in between is over', async () => {
    await workAndBackUp();
    const epochs: number[] = [];
    const tokens: string[] = [];
    for (let time = 0; time < 3; time += 1) {
      // Within one second, so that the clock alone would give the same epoch.
      wall += 1;
      expect((await run('restore', backupFile())).code).toBe(0);
      const on = await open();
      epochs.push(on.epoch);
      for (const token of tokens) expect(['gone', 'not_found']).toContain(await burn(on, token, 'nonce-of-a-browser'));
      tokens.push((await aLink(on, workspace, customer)).token);
      await on.close();
    }
    expect(new Set(epochs).size).toBe(3);
    expect(epochs).toEqual(epochs.toSorted((one, other) => one - other));
    // Also where the database in between is lost altogether.
    rmSync(join(folder, 'portal.db'));
    wall += 5_000;
    expect((await run('restore', backupFile())).code).toBe(0);
    const on = await open();
    expect(on.epoch).toBeGreaterThan(epochs[2] ?? 0);
    await on.close();
  });

  it('the clock after a restore does not run back behind what the database in its place had seen', async () => {
    await workAndBackUp();
    wall = testNow + 86_400_000;
    const on = await open();
    expect(await on.readiness()).toBeNull();
    await on.close();
    wall = testNow;
    expect((await run('restore', backupFile())).code).toBe(0);
    const after = await open();
    expect(after.now()).toBe(testNow + 86_400_000);
    await after.close();
  });

  it('is refused while a server has the database open, in this process or another, and changes nothing', async () => {
    await workAndBackUp();
    const inUse = { code: 1, said: `${join(folder, 'portal.db')} is in use. Stop the portal first.` };
    const on = await open();
    const all = names();
    expect(await run('restore', backupFile())).toEqual(inUse);
    expect(names()).toEqual(all);
    await on.close();
    const script = `
      const { DatabaseSync } = require('node:sqlite');
      const db = new DatabaseSync(process.argv[1]);
      db.exec('pragma journal_mode = wal');
      process.stdout.write('open');
      process.stdin.resume();`;
    const other = spawn(process.execPath, ['-e', script, join(folder, 'portal.db')], { stdio: 'pipe' });
    await once(other.stdout, 'data');
    expect(await run('restore', backupFile())).toEqual(inUse);
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect((await run('restore', backupFile())).code).toBe(0);
  });

  it('the database of before is kept whole under a dated name; nothing else is left behind', async () => {
    const { later } = await workAndBackUp();
    expect((await run('restore', backupFile())).code).toBe(0);
    const aside = 'portal.db.before-2026-03-03T08-00-00-000Z';
    expect(names()).toEqual(['copy.db', 'portal.db', aside]);
    for (const name of names())
      expect(statSync(join(folder, name)).mode & 0o077, name).toBe(name === aside ? 0o044 : 0);
    // A server that waited for the lock has this very file open: it must not go on with it.
    place = deploy(join(folder, aside));
    await expect(open()).rejects.toThrow('a restore has set this file aside');
    expect(names()).toEqual(['copy.db', 'portal.db', aside]);
    place = deploy(join(folder, 'taken-back.db'));
    expect((await run('restore', join(folder, aside))).code).toBe(0);
    const on = await open();
    expect(await sessionStateOf(on, later)).toBe('ended');
    const rows = await on.read.selectFrom('browserSessions').select('id').execute();
    expect(rows).toHaveLength(2);
    await on.close();
  });

  it('a file that is damaged, strange or newer is refused, and the database stays as it was', async () => {
    await workAndBackUp();
    const strange = join(folder, 'strange.db');
    const refused = async (reason: string | RegExp): Promise<void> => {
      const { code, said } = await run('restore', strange);
      expect(code).toBe(1);
      expect(said).toMatch(reason);
      expect(names()).toEqual(['copy.db', 'portal.db', 'strange.db']);
    };
    writeFileSync(strange, 'not a database at all, but long enough to look at, said the file'.repeat(20));
    await refused('it is not a database, or it is damaged');
    writeFileSync(strange, '');
    await refused('it is not a database of this portal');
    rmSync(strange);
    expect((await run('restore', strange)).said).toContain('cannot be read');
    place = deploy(strange);
    const newer = await open();
    await newer.write((tx) =>
      tx
        .insertInto('kysely_migration' as 'meta')
        .values({ name: '9999-later', timestamp: 'now' } as unknown as { name: string; value: string })
        .execute(),
    );
    await newer.close();
    place = deploy(join(folder, 'portal.db'));
    await refused(/newer version of the portal \(9999-later\)/);
    expect((await run('restore', join(folder, 'portal.db'))).said).toContain('is the database itself');
    const on = await open();
    expect(on.epoch).toBe(1);
    await on.close();
  });

  it('a damaged database is replaced, and a missing one is made', async () => {
    await workAndBackUp();
    writeFileSync(join(folder, 'portal.db'), 'damaged '.repeat(1_000));
    expect((await run('restore', backupFile())).code).toBe(0);
    rmSync(join(folder, 'portal.db'));
    wall += 1_000;
    expect((await run('restore', backupFile())).said).not.toContain('kept');
    const on = await open();
    expect(on.epoch).toBe(Math.floor(wall / 1_000));
    await on.close();
  });

  it('a backup never overwrites a file, and a failed one leaves none', async () => {
    expect((await run('backup', backupFile())).said).toContain('There is no database');
    await workAndBackUp();
    const { size } = statSync(backupFile());
    expect(await run('backup', backupFile())).toEqual({ code: 1, said: `${backupFile()} exists already.` });
    expect(statSync(backupFile()).size).toBe(size);
    const lost = await run('backup', join(folder, 'no-such-folder/copy.db'));
    expect(lost).toMatchObject({ code: 1, said: expect.stringContaining('Nothing was changed') });
    expect(names()).toEqual(['copy.db', 'portal.db']);
    expect(existsSync(`${backupFile()}-wal`)).toBe(false);
  });
});

it('raising the epoch ends every link and session of before, also where nothing was restored', async () => {
  const test = await openTestRuntime();
  const workspace = await aWorkspace(test.runtime);
  const customer = await aCustomer(test.runtime, workspace);
  const secret = await burn(test.runtime, (await aLink(test.runtime, workspace, customer)).token, 'nonce-of-a-browser');
  const { token } = await aLink(test.runtime, workspace, customer);
  const said: string[] = [];
  const code = await runPortalCommand(['epoch', 'raise'], {
    open: async () => ({ ...test.runtime, close: async () => undefined }),
    deployment: () => place,
    say: (line) => void said.push(line),
    complain: (line) => void said.push(line),
  });
  const epoch = Math.floor(testNow / 1_000);
  expect({ code, said }).toEqual({
    code: 0,
    said: [`The epoch is ${epoch}. Start every instance of the portal anew.`],
  });
  expect(await readEpoch(test.runtime.read)).toBe(epoch);
  const on = await test.openAnother();
  expect(await burn(on, token, 'nonce-of-another-browser')).toBe('gone');
  expect(await sessionStateOf(on, secret)).toBe('ended');
  const fresh = await burn(on, (await aLink(on, workspace, customer)).token, 'nonce-of-a-third-browser');
  expect(await sessionStateOf(on, fresh)).toBe('live');
  await test.close();
});

it('on PostgreSQL backup and restore name the tools of PostgreSQL', async () => {
  const keys = `1:${Buffer.alloc(32, 7).toString('base64')}`;
  const config = readConfig({
    DATABASE_URL: 'postgres://portal@127.0.0.1:1/portal',
    PORTAL_ORIGIN: 'http://localhost:1',
    PORTAL_KEYS: keys,
  });
  place = { ...place, config };
  writeFileSync(backupFile(), '');
  expect(await run('backup', join(folder, 'other.db'))).toMatchObject({
    code: 1,
    said: expect.stringContaining('pg_dump'),
  });
  expect(await run('restore', backupFile())).toMatchObject({ code: 1, said: expect.stringContaining('pg_restore') });
});
