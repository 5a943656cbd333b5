import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listApiKeys } from '@/lib/data/api-keys.ts';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { openTestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { findLogo, findWorkspace } from '@/lib/data/workspaces.ts';
import type { WorkspaceId } from '@/lib/domain/ids.ts';
import { readId } from '@/lib/domain/ids.ts';
import { commands, runPortalCommand } from './run-portal-command.ts';

let test: TestRuntime;
let workspaceId: WorkspaceId;
const folder = mkdtempSync(join(tmpdir(), 'billing-portal-commands-'));
beforeAll(async () => {
  test = await openTestRuntime();
  const { said } = await run('workspace', 'create', '--name', 'Kopi Senja', '--tax-rate', '11', '--country', 'ID');
  const id = readId<'workspace'>(said);
  if (id === null) throw new Error(said);
  workspaceId = id;
});
afterAll(async () => {
  await test.close();
  rmSync(folder, { recursive: true });
});

async function run(...words: string[]): Promise<{ code: number; said: string; complained: string }> {
  const said: string[] = [];
  const complained: string[] = [];
  const code = await runPortalCommand(words, {
    // The runtime outlives the command here.
    open: async () => ({ ...test.runtime, close: async () => undefined }),
    deployment: noDeployment,
    say: (line) => void said.push(line),
    complain: (line) => void complained.push(line),
  });
  return { code, said: said.join('\n'), complained: complained.join('\n') };
}

const noDeployment = (): never => {
  throw new Error('Nothing here works on the database itself.');
};

const inTest = (): string[] => ['--workspace', workspaceId, '--mode', 'test'];

it('every command tells what it does, without a database', async () => {
  for (const { name, options } of commands) {
    const { code, said } = await runPortalCommandWithoutDatabase(...name.split(' '), '--help');
    expect(code, name).toBe(0);
    for (const option of options) expect(said).toContain(`--${option.name}`);
  }
});

async function runPortalCommandWithoutDatabase(...words: string[]): Promise<{ code: number; said: string }> {
  const said: string[] = [];
  const open = async (): Promise<never> => {
    throw new Error('No database is needed for this.');
  };
  const code = await runPortalCommand(words, {
    open,
    deployment: noDeployment,
    say: (line) => void said.push(line),
    complain: (line) => void said.push(line),
  });
  return { code, said: said.join('\n') };
}

it('a wrong call is told before a database is opened, with exit code 2', async () => {
  const wrong = [
    ['workspace'],
    ['workspace', 'create'],
    ['workspace', 'create', '--nonsense'],
    ['workspace', 'create', '--name', 'A', 'extra'],
    ['workspace', 'create', '--name', 'A', '--tax-rate', 'eleven'],
    ['workspace', 'create', '--name', 'A', '--locale', 'fr'],
    ['workspace', 'update', '--workspace', 'acc_1'],
    ['key', 'create', '--workspace', 'acc_1', '--mode', 'test', '--kind', 'hmac'],
    ['key', 'create', '--workspace', 'acc_1', '--mode', 'prod', '--kind', 'hmac', '--role', 'full_access'],
    ['key', 'rotate', '--workspace', 'acc_1', '--mode', 'test'],
    ['key', 'rotate', '--workspace', 'acc_1', '--mode', 'test', '--overlap-hours', '1.5', 'akey_1'],
    ['import', '--workspace', 'acc_1', '--mode', 'test'],
  ];
  for (const words of wrong) {
    const { code, said } = await runPortalCommandWithoutDatabase(...words);
    expect(code, words.join(' ')).toBe(2);
    expect(said, words.join(' ')).toContain('--help');
  }
});

it('options of a workspace reach it; an empty text clears', async () => {
  const logo = join(folder, 'logo.png');
  writeFileSync(logo, Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 9));
  const changed = await run(
    'workspace',
    'update',
    '--workspace',
    workspaceId,
    '--mode',
    'test',
    '--accent',
    '#7A4B2A',
    '--logo',
    logo,
    '--tax-rate',
    '11.5',
    '--cancel-timing',
    'period_end,now',
    '--cancel-past-due',
    'keep_due',
    '--cancel-message',
    'Ask us to end it.',
  );
  expect(changed).toMatchObject({ code: 0, complained: '' });
  const workspace = await findWorkspace(test.runtime.read, { workspaceId, mode: 'test' });
  expect(workspace).toMatchObject({
    brand: { accentColor: '#7A4B2A', country: 'ID', receipt: { showTax: true, taxRateBasisPoints: 1_150 } },
    configuration: {
      cancel: { timing: ['period_end', 'now'], pastDue: 'keep_due', disabledMessage: 'Ask us to end it.' },
    },
  });
  expect(await findLogo(test.runtime.read, workspace?.brand.logoPath?.slice(6) ?? '')).toMatchObject({
    type: 'image/png',
  });
  await run('workspace', 'update', '--workspace', workspaceId, '--accent', '', '--logo', '');
  const cleared = await findWorkspace(test.runtime.read, { workspaceId, mode: 'test' });
  expect(cleared?.brand).toMatchObject({ accentColor: null, logoPath: null, country: 'ID' });
});

it('a secret is said by create and rotate alone', async () => {
  const made = await run('key', 'create', ...inTest(), '--kind', 'hmac', '--scopes', 'plugipay:portal:create');
  const secret = /^PLUGIPAY_SECRET=(sk_test_[0-9a-f]{48})$/m.exec(made.said)?.[1] ?? '';
  expect(made.said).toContain('PLUGIPAY_BASE_URL=http://localhost:4100');
  expect(secret).not.toBe('');
  const [key] = await listApiKeys(test.runtime.read, { workspaceId, mode: 'test' });
  const listed = await run('key', 'list', ...inTest());
  expect(listed.said).toContain(key?.keyId);
  const rotated = await run('key', 'rotate', ...inTest(), key?.id ?? '');
  expect(rotated.said).toMatch(/^PLUGIPAY_SECRET=sk_test_/m);
  const revoked = await run('key', 'revoke', ...inTest(), key?.id ?? '');
  expect(revoked.code).toBe(0);
  for (const { said } of [listed, rotated, revoked]) expect(said).not.toContain(secret);
  expect(test.logLines.join('\n')).not.toContain(secret);
});

it('an import tells line, field and reason, with exit code 1', async () => {
  const file = join(folder, 'data.jsonl');
  writeFileSync(
    file,
    '{"object":"customer","id":"cus_1","createdAt":"2026-02-01T04:00:00Z"}\n{"object":"customer","id":"cus_2"}\n',
  );
  const refused = await run('import', ...inTest(), file);
  expect(refused.code).toBe(1);
  expect(refused.complained).toContain('line 2, createdAt: must be a time');
  writeFileSync(file, '{"object":"customer","id":"cus_1","createdAt":"2026-02-01T04:00:00Z"}\n');
  expect(await run('import', ...inTest(), file)).toMatchObject({
    code: 0,
    said: '1 object in 1 line: 1 new, 0 changed, 0 unchanged.',
  });
  expect((await run('import', ...inTest(), join(folder, 'none.jsonl'))).complained).toContain('cannot be read');
});

it('the audit of all of this is whole; an edited line shows', async () => {
  expect(await run('audit', 'verify')).toMatchObject({ code: 0 });
  await test.runtime.write((tx) =>
    tx
      .updateTable('auditLines')
      .set({ act: 'nothing.happened' })
      .where('workspaceId', '=', workspaceId)
      .where('position', '=', 1)
      .execute(),
  );
  const broken = await run('audit', 'verify');
  expect(broken.code).toBe(1);
  expect(broken.complained).toContain(`${workspaceId}, test mode: line 1`);
});

it('a bug ends without a stack and without its message', async () => {
  const complained: string[] = [];
  const code = await runPortalCommand(['workspace', 'list'], {
    open: async () => {
      throw new TypeError('sk_test_secret');
    },
    deployment: noDeployment,
    say: () => undefined,
    complain: (line) => void complained.push(line),
  });
  expect({ code, complained }).toEqual({ code: 1, complained: ['Something went wrong (TypeError).'] });
});
