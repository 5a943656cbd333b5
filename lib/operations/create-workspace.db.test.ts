import { afterAll, beforeAll, expect, it } from 'vitest';
import { findBrokenAuditLine } from '@/lib/data/audit-lines.ts';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { openTestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { findLogo, findWorkspace, listWorkspaces } from '@/lib/data/workspaces.ts';
import { maxLogoBytes } from '@/lib/domain/logo.ts';
import { createWorkspace } from './create-workspace.ts';

let test: TestRuntime;
beforeAll(async () => {
  test = await openTestRuntime();
});
afterAll(() => test.close());

const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3);

it('a workspace is opened in both modes, with its brand, its logo and an unbroken audit chain', async () => {
  const made = await createWorkspace(test.runtime, {
    name: 'Kopi Senja',
    brand: { accentColor: '#7A4B2A', country: 'ID', receipt: { showTax: true } },
    configuration: { timeZone: 'Asia/Makassar' },
    logo: png,
  });
  if (!made.ok) throw new Error(made.failure.message);
  const { workspaceId } = made.value;
  for (const mode of ['live', 'test'] as const) {
    const workspace = await findWorkspace(test.runtime.read, { workspaceId, mode });
    expect(workspace).toMatchObject({
      name: 'Kopi Senja',
      suspended: false,
      brand: { name: 'Kopi Senja', accentColor: '#7A4B2A', country: 'ID', receipt: { showTax: true, taxLabel: 'PPN' } },
      configuration: { timeZone: 'Asia/Makassar', linkLifetimeSeconds: 600 },
    });
    const hash = workspace?.brand.logoPath?.replace('/logo/', '') ?? '';
    expect(await findLogo(test.runtime.read, hash)).toEqual({ type: 'image/png', bytes: png });
    expect(await findBrokenAuditLine(test.runtime.read, { workspaceId, mode })).toBeNull();
  }
});

it('an id can be brought along, once', async () => {
  expect((await createWorkspace(test.runtime, { name: 'First', id: 'acc_brought' })).ok).toBe(true);
  expect(await createWorkspace(test.runtime, { name: 'Second', id: 'acc_brought' })).toMatchObject({
    ok: false,
    failure: { code: 'conflict', field: 'id' },
  });
  expect((await listWorkspaces(test.runtime.read)).filter((one) => one.id === 'acc_brought')).toHaveLength(1);
});

it('bad settings are refused with their field, and nothing is opened', async () => {
  const before = await listWorkspaces(test.runtime.read);
  const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>');
  const large = new Uint8Array(maxLogoBytes + 1);
  large.set(png);
  const refused: [Parameters<typeof createWorkspace>[1], string][] = [
    [{ name: ' ' }, 'name'],
    [{ name: 'A', brand: { accentColor: 'brown' } }, 'accentColor'],
    [{ name: 'A', brand: { country: 'Indonesia' } }, 'country'],
    [{ name: 'A', brand: { email: 'nobody' } }, 'email'],
    [{ name: 'A', brand: { legalName: 'A\u202Eb' } }, 'legalName'],
    [{ name: 'A', configuration: { timeZone: 'Mars/Olympus' } }, 'timeZone'],
    [{ name: 'A', configuration: { timeZone: '+07:00' } }, 'timeZone'],
    [{ name: 'A', configuration: { supportUrl: 'javascript:alert(1)' } }, 'supportUrl'],
    [{ name: 'A', logo: svg }, 'logo'],
    [{ name: 'A', logo: large }, 'logo'],
    [{ name: 'A', id: 'no spaces' }, 'id'],
  ];
  for (const [input, field] of refused) {
    expect(await createWorkspace(test.runtime, input), field).toMatchObject({ ok: false, failure: { field } });
  }
  expect(await listWorkspaces(test.runtime.read)).toEqual(before);
});
