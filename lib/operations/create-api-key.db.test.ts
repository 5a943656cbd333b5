import { afterAll, beforeAll, expect, it } from 'vitest';
import { hashBearerKey } from '@/lib/crypto/api-key.ts';
import { openSealedText } from '@/lib/crypto/sealed-box.ts';
import { findBearerKey, findHmacKey, listApiKeys } from '@/lib/data/api-keys.ts';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { openTestRuntime } from '@/lib/data/testing/test-runtime.ts';
import type { WorkspaceId } from '@/lib/domain/ids.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { createApiKey } from './create-api-key.ts';
import { createWorkspace } from './create-workspace.ts';

let test: TestRuntime;
let scope: WorkspaceScope;
beforeAll(async () => {
  test = await openTestRuntime();
  const made = await createWorkspace(test.runtime, { name: 'Kopi Senja' });
  if (!made.ok) throw new Error(made.failure.message);
  scope = { workspaceId: made.value.workspaceId, mode: 'test' };
});
afterAll(() => test.close());

it('an HMAC key is kept sealed under its own id, and opens to the secret that was handed out', async () => {
  const made = await createApiKey(test.runtime, scope, { kind: 'hmac', scopes: ['plugipay:portal:create'] });
  if (!made.ok) throw new Error(made.failure.message);
  expect(made.value.secret.reveal()).toMatch(/^sk_test_[0-9a-f]{48}$/);
  const key = await findHmacKey(test.runtime.read, made.value.keyId);
  expect(key).toMatchObject({ ...scope, scopes: ['plugipay:portal:create'], previousSecretSealed: null });
  expect(key?.secretSealed).not.toContain(made.value.secret.reveal());
  expect(openSealedText(test.runtime.config.rootKeys, key?.secretSealed ?? '', made.value.id)).toBe(
    made.value.secret.reveal(),
  );
});

it('a Bearer key is kept as a hash and its first 12 characters', async () => {
  const made = await createApiKey(test.runtime, scope, { kind: 'bearer', scopes: ['*'], label: 'Shop' });
  if (!made.ok) throw new Error(made.failure.message);
  const text = made.value.secret.reveal();
  expect(text).toMatch(/^pk_test_[0-9a-f]{48}$/);
  const key = await findBearerKey(test.runtime.read, hashBearerKey(text));
  expect(key).toMatchObject({ ...scope, label: 'Shop', keyId: text.slice(0, 12) });
});

it('an unknown scope, no scope, a foreign workspace: no key', async () => {
  const before = await listApiKeys(test.runtime.read, scope);
  expect(await createApiKey(test.runtime, scope, { kind: 'hmac', scopes: ['payments:read'] })).toMatchObject({
    failure: { code: 'validation_error', field: 'scopes' },
  });
  expect(await createApiKey(test.runtime, scope, { kind: 'hmac', scopes: [] })).toMatchObject({ ok: false });
  const nowhere: WorkspaceScope = { workspaceId: 'acc_nowhere' as WorkspaceId, mode: 'test' };
  expect(await createApiKey(test.runtime, nowhere, { kind: 'hmac', scopes: ['*'] })).toMatchObject({
    failure: { code: 'not_found' },
  });
  expect(await listApiKeys(test.runtime.read, scope)).toEqual(before);
});

it('no secret stands in an audit line', async () => {
  const made = await createApiKey(test.runtime, scope, { kind: 'hmac', scopes: ['*'] });
  if (!made.ok) throw new Error(made.failure.message);
  const lines = await test.runtime.read.selectFrom('auditLines').selectAll().execute();
  expect(lines.filter((line) => line.act === 'api_key.created' && line.object === made.value.id)).toHaveLength(1);
  expect(JSON.stringify(lines)).not.toContain(made.value.secret.reveal());
});
