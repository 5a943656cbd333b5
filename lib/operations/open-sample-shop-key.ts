import { makeHmacKey } from '@/lib/crypto/api-key.ts';
import { openSealedText, sealText } from '@/lib/crypto/sealed-box.ts';
import { Secret } from '@/lib/crypto/secret.ts';
import { findHmacKey, insertApiKey, listApiKeys } from '@/lib/data/api-keys.ts';
import { appendAudit } from '@/lib/data/audit-lines.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import { newId } from '@/lib/domain/ids.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

const label = 'Sample shop of the test tools';

/**
 * The HMAC key the sample shop signs with, which may mint and nothing else. It is made at the first call and kept sealed
 * like any other; only a host with test tools opens it again. Fails with `not_found` without test tools, in live mode,
 * and for an unknown workspace.
 */
export async function openSampleShopKey(
  on: Runtime,
  scope: WorkspaceScope,
): Promise<Result<{ keyId: string; secret: Secret }, 'not_found'>> {
  if (!on.config.testTools || scope.mode !== 'test') return fail('not_found', 'There are no test tools here.');
  const { rootKeys } = on.config;
  for (const { keyId } of (await listApiKeys(on.read, scope)).filter((one) => one.label === label)) {
    const key = await findHmacKey(on.read, keyId);
    const secret = key === null ? null : openSealedText(rootKeys, key.secretSealed, key.id);
    if (secret !== null) return succeed({ keyId, secret: new Secret(secret) });
  }
  const now = on.now();
  const id = newId('apiKey', now, on.random);
  const { keyId, secret } = makeHmacKey(scope.mode, on.random);
  const secretSealed = sealText(rootKeys, secret.reveal(), id, on.random);
  return on.write(async (tx) => {
    if ((await findWorkspace(tx, scope)) === null) return fail('not_found', 'There is no such workspace.');
    const scopes = ['plugipay:portal:create'];
    await insertApiKey(tx, { ...scope, id, kind: 'hmac', label, keyId, scopes, secretSealed, createdAt: now });
    const entry = { actor: 'operator', act: 'api_key.created', object: id, detail: { keyId, label } } as const;
    await appendAudit(tx, scope, entry, now, on.random);
    return succeed({ keyId, secret });
  });
}
