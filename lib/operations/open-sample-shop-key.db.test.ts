import { expect, it } from 'vitest';
import { findHmacKey, listApiKeys } from '@/lib/data/api-keys.ts';
import { openTestRuntime } from '@/lib/data/testing/test-runtime.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { createWorkspace } from './create-workspace.ts';
import { openSampleShopKey } from './open-sample-shop-key.ts';
import { revokeApiKey } from './revoke-api-key.ts';

async function aShop(testTools: '0' | '1') {
  const { runtime } = await openTestRuntime({ PORTAL_MODES: 'test', PORTAL_TEST_TOOLS: testTools });
  const made = await createWorkspace(runtime, { name: 'Kopi Senja' });
  if (!made.ok) throw new Error(made.failure.message);
  const scope: WorkspaceScope = { workspaceId: made.value.workspaceId, mode: 'test' };
  return { on: runtime, scope };
}

it('the shop’s key is made once, may mint and nothing else, and opens again', async () => {
  const { on, scope } = await aShop('1');
  const first = await openSampleShopKey(on, scope);
  const second = await openSampleShopKey(on, scope);
  if (!first.ok || !second.ok) throw new Error('Both open.');
  expect(second.value.secret.reveal()).toBe(first.value.secret.reveal());
  expect(await listApiKeys(on.read, scope)).toMatchObject([
    { keyId: first.value.keyId, scopes: ['plugipay:portal:create'] },
  ]);
  expect((await findHmacKey(on.read, first.value.keyId))?.secretSealed).not.toContain(first.value.secret.reveal());
});

it('a revoked key is replaced', async () => {
  const { on, scope } = await aShop('1');
  const first = await openSampleShopKey(on, scope);
  if (!first.ok) throw new Error(first.failure.message);
  await revokeApiKey(on, scope, first.value.keyId);
  const second = await openSampleShopKey(on, scope);
  expect(second.ok && second.value.keyId).not.toBe(first.value.keyId);
});

it('without test tools, and in live mode, there is no such key', async () => {
  const plain = await aShop('0');
  expect(await openSampleShopKey(plain.on, plain.scope)).toMatchObject({ failure: { code: 'not_found' } });
  const { on, scope } = await aShop('1');
  expect(await openSampleShopKey(on, { ...scope, mode: 'live' })).toMatchObject({ failure: { code: 'not_found' } });
  expect(await listApiKeys(on.read, scope)).toEqual([]);
});
