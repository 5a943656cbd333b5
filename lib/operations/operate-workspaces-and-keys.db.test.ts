import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openSealedText } from '@/lib/crypto/sealed-box.ts';
import { deriveKey, keyedHash } from '@/lib/crypto/secret.ts';
import { findHmacKey } from '@/lib/data/api-keys.ts';
import { findBrokenAuditLine } from '@/lib/data/audit-lines.ts';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { openTestRuntime, testNow } from '@/lib/data/testing/test-runtime.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import type { WorkspaceId } from '@/lib/domain/ids.ts';
import { hourMs } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { createApiKey } from './create-api-key.ts';
import { createWorkspace } from './create-workspace.ts';
import { importBillingData } from './import-billing-data.ts';
import { resealSecrets } from './reseal-secrets.ts';
import { resumeWorkspace } from './resume-workspace.ts';
import { revokeApiKey } from './revoke-api-key.ts';
import { rotateApiKey } from './rotate-api-key.ts';
import { suspendWorkspace } from './suspend-workspace.ts';
import { updateWorkspace } from './update-workspace.ts';

let test: TestRuntime;
let on: Runtime;
let scope: WorkspaceScope;
beforeAll(async () => {
  test = await openTestRuntime();
  on = test.runtime;
});
afterAll(() => test.close());
beforeEach(async () => {
  const made = await createWorkspace(on, { name: 'Kopi Senja', brand: { receipt: { showTax: true } } });
  if (!made.ok) throw new Error(made.failure.message);
  scope = { workspaceId: made.value.workspaceId, mode: 'test' };
});

async function aKey(kind: 'hmac' | 'bearer' = 'hmac') {
  const made = await createApiKey(on, scope, { kind, scopes: ['*'] });
  if (!made.ok) throw new Error(made.failure.message);
  return made.value;
}

it('an update changes what it names, in the modes it names, and leaves the rest', async () => {
  await updateWorkspace(on, scope.workspaceId, ['live', 'test'], {
    brand: { accentColor: '#7A4B2A' },
    configuration: { cancel: { timing: ['now'] } },
  });
  const changed = await updateWorkspace(on, scope.workspaceId, ['test'], {
    brand: { receipt: { taxLabel: 'VAT' } },
    configuration: { cancel: { disabledMessage: 'Write to us.' } },
  });
  expect(changed.ok).toBe(true);
  expect(await findWorkspace(on.read, scope)).toMatchObject({
    brand: { accentColor: '#7A4B2A', receipt: { showTax: true, taxLabel: 'VAT' } },
    configuration: { cancel: { timing: ['now'], disabledMessage: 'Write to us.' } },
  });
  expect(await findWorkspace(on.read, { ...scope, mode: 'live' })).toMatchObject({
    brand: { receipt: { showTax: true, taxLabel: 'PPN' } },
    configuration: { cancel: { timing: ['now'], disabledMessage: null } },
  });
});

it('a changed configuration is told to the modes it changed in, once', async () => {
  await updateWorkspace(on, scope.workspaceId, ['test'], { configuration: { timeZone: 'Asia/Makassar' } });
  await updateWorkspace(on, scope.workspaceId, ['test'], { brand: { phone: '+62 22 555 0112' } });
  const events = await on.read.selectFrom('outbox').selectAll().where('workspaceId', '=', scope.workspaceId).execute();
  expect(events).toMatchObject([{ mode: 'test', type: 'plugipay.portal_configuration.updated.v1' }]);
  expect(JSON.parse(events[0]?.data ?? '{}')).toMatchObject({
    version: 2,
    object: { accountId: scope.workspaceId, timeZone: 'Asia/Makassar', version: 2, sessionIdleSeconds: 1_800 },
  });
});

it('a bad update changes nothing', async () => {
  const before = await findWorkspace(on.read, scope);
  const both = ['live', 'test'] as const;
  expect(
    await updateWorkspace(on, scope.workspaceId, both, { name: 'New', brand: { accentColor: 'x' } }),
  ).toMatchObject({
    failure: { field: 'accentColor' },
  });
  expect(await updateWorkspace(on, 'acc_nobody' as WorkspaceId, both, { name: 'New' })).toMatchObject({
    failure: { code: 'not_found' },
  });
  expect(await findWorkspace(on.read, scope)).toEqual(before);
});

it('a workspace is suspended once and resumed once', async () => {
  expect((await suspendWorkspace(on, scope.workspaceId)).ok).toBe(true);
  expect((await findWorkspace(on.read, scope))?.suspended).toBe(true);
  expect(await suspendWorkspace(on, scope.workspaceId)).toMatchObject({ failure: { code: 'conflict' } });
  expect((await resumeWorkspace(on, scope.workspaceId)).ok).toBe(true);
  expect((await findWorkspace(on.read, scope))?.suspended).toBe(false);
  expect(await resumeWorkspace(on, scope.workspaceId)).toMatchObject({ failure: { code: 'conflict' } });
});

it('a rotated key keeps its id; the secret before is kept until the overlap is over', async () => {
  const key = await aKey();
  const rotated = await rotateApiKey(on, scope, key.keyId, hourMs);
  if (!rotated.ok) throw new Error(rotated.failure.message);
  expect(rotated.value).toMatchObject({ keyId: key.keyId, previousUntil: testNow + hourMs });
  const stored = await findHmacKey(on.read, key.keyId);
  const open = (sealed: string | null | undefined) => openSealedText(on.config.rootKeys, sealed ?? '', key.id);
  expect(open(stored?.secretSealed)).toBe(rotated.value.secret.reveal());
  expect(open(stored?.previousSecretSealed)).toBe(key.secret.reveal());
  expect(stored?.previousSecretUntil).toBe(testNow + hourMs);
});

it('a Bearer key, a revoked key and a key of another mode are not rotated', async () => {
  const bearer = await aKey('bearer');
  expect(await rotateApiKey(on, scope, bearer.id)).toMatchObject({ failure: { code: 'conflict' } });
  const key = await aKey();
  expect(await rotateApiKey(on, { ...scope, mode: 'live' }, key.id)).toMatchObject({ failure: { code: 'not_found' } });
  expect(await rotateApiKey(on, scope, key.id, 1.5)).toMatchObject({ failure: { field: 'overlap' } });
  await revokeApiKey(on, scope, key.id);
  expect(await rotateApiKey(on, scope, key.id)).toMatchObject({ failure: { code: 'conflict' } });
});

it('a revoked key is found no more, and is revoked once', async () => {
  const key = await aKey();
  expect(await revokeApiKey(on, { ...scope, mode: 'live' }, key.id)).toMatchObject({ failure: { code: 'not_found' } });
  expect((await revokeApiKey(on, scope, key.id)).ok).toBe(true);
  expect(await findHmacKey(on.read, key.keyId)).toBeNull();
  expect(await revokeApiKey(on, scope, key.id)).toMatchObject({ failure: { code: 'conflict' } });
  expect(await findBrokenAuditLine(on.read, scope)).toBeNull();
});

it('resealing puts every value under the newest key, and says which ones nobody can open', async () => {
  const key = await aKey();
  const rotated = await rotateApiKey(on, scope, key.id);
  if (!rotated.ok) throw new Error(rotated.failure.message);
  const imported = await importBillingData(on, scope, () => [
    { line: 1, ok: true, record: aCustomerRecord },
    { line: 2, ok: true, record: aMethodRecord },
  ]);
  expect(imported.ok).toBe(true);
  const lost = await aKey();
  await on.write((tx) =>
    tx.updateTable('apiKeys').set({ secretSealed: '1.AAAA.BBBB' }).where('id', '=', lost.id).execute(),
  );
  const rootKeys = new Map([...on.config.rootKeys, [2, new Uint8Array(32).fill(9)]]);
  const withNewKey: Runtime = { ...on, config: { ...on.config, rootKeys } };
  const report = await resealSecrets(withNewKey);
  if (!report.ok) throw new Error('Resealing fails only by throwing.');
  expect(report.value.keyNumber).toBe(2);
  expect(report.value.unreadable).toEqual([lost.id]);
  const stored = await findHmacKey(on.read, key.keyId);
  expect(stored?.secretSealed).toMatch(/^2\./);
  const onlyNew = new Map([[2, rootKeys.get(2) ?? new Uint8Array()]]);
  expect(openSealedText(onlyNew, stored?.secretSealed ?? '', key.id)).toBe(rotated.value.secret.reveal());
  expect(openSealedText(onlyNew, stored?.previousSecretSealed ?? '', key.id)).toBe(key.secret.reveal());
  const method = await on.read.selectFrom('paymentMethods').selectAll().executeTakeFirstOrThrow();
  expect(openSealedText(onlyNew, method.providerRefSealed, method.id)).toBe('tok_1');
  expect(method.providerRefHash).toBe(keyedHash(deriveKey(onlyNew, 2, 'reference') ?? new Uint8Array(), 'tok_1'));
  expect(await resealSecrets(withNewKey)).toMatchObject({ value: { resealed: 0 } });
});

const stamps = { metadata: null, createdAt: testNow, updatedAt: testNow };
const aCustomerRecord = {
  object: 'customer',
  id: 'cus_reseal',
  externalId: null,
  email: null,
  name: 'Dewi',
  phone: null,
  taxId: null,
  legalName: null,
  address: null,
  defaultPaymentTokenId: null,
  ...stamps,
} as const;
const aMethodRecord = {
  object: 'payment_method',
  id: 'pt_reseal',
  customerId: 'cus_reseal',
  type: 'card',
  adapter: 'simulated',
  providerToken: 'tok_1',
  fingerprint: null,
  brand: 'visa',
  last4: '4242',
  expMonth: null,
  expYear: null,
  label: null,
  status: 'active',
  isDefault: false,
  detachedAt: null,
  ...stamps,
} as const;
