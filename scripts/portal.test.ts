import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.dirname(import.meta.dirname);

/** Runs the command line with this environment and nothing besides. */
function run(environment: Readonly<Record<string, string>>): { code: number | null; said: string; complained: string } {
  const words = ['--import', './scripts/ts-alias.mjs', 'scripts/portal.ts', 'workspace', 'list'];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: root,
    encoding: 'utf8',
    env: { NODE_ENV: 'test', PATH: process.env.PATH ?? '', ...environment },
  });
  return { code: status, said: stdout, complained: stderr };
}

const keys = `1:${Buffer.alloc(32, 7).toString('base64')}`;

it('a deployment that lacks its keys is told so, and never becomes the demo', () => {
  for (const environment of [
    { DATABASE_URL: 'postgres://portal:s3cret@127.0.0.1:1/portal' },
    { PORTAL_ORIGIN: 'https://billing.example.com' },
    { PORTAL_DATABASE_FILE: '/nonexistent/portal.db', PORTAL_KEYS: '' },
  ]) {
    const { code, said, complained } = run(environment);
    expect({ code, said }).toEqual({ code: 1, said: '' });
    expect(complained).toContain('PORTAL_KEYS: is not set; must be "1:<base64 of 32 random bytes>"');
    expect(complained).not.toMatch(/demo|s3cret/);
  }
});

it('a database that cannot be reached is told by its own words: where, and why, without the password', () => {
  const { code, complained } = run({
    PORTAL_ORIGIN: 'https://billing.example.com',
    PORTAL_KEYS: keys,
    DATABASE_URL: 'postgres://portal:s3cr%3Ft@127.0.0.1:1/billing',
  });
  expect(code).toBe(1);
  expect(complained).toBe(
    'PostgreSQL at 127.0.0.1:1, database "billing", cannot be opened: connect ECONNREFUSED 127.0.0.1:1\n',
  );
});

it('a database file that cannot be opened is told by its name', () => {
  const { code, complained } = run({
    PORTAL_ORIGIN: 'https://billing.example.com',
    PORTAL_KEYS: keys,
    PORTAL_DATABASE_FILE: path.join(root, 'scripts'),
  });
  expect(code).toBe(1);
  expect(complained).toContain(`The database file ${path.join(root, 'scripts')} cannot be opened: unable to open`);
});
