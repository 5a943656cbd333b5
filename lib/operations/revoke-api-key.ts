import * as apiKeys from '@/lib/data/api-keys.ts';
import { appendAudit } from '@/lib/data/audit-lines.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** Switches a key off for good, at once. Fails with `not_found`, or `conflict` when it is revoked already. */
export async function revokeApiKey(
  on: Runtime,
  scope: WorkspaceScope,
  idOrKeyId: string,
): Promise<Result<apiKeys.ApiKey, 'not_found' | 'conflict'>> {
  const now = on.now();
  return on.write(async (tx) => {
    const key = await apiKeys.findApiKey(tx, scope, idOrKeyId);
    if (key === null) return fail('not_found', 'There is no such key in this workspace and mode.');
    if (!(await apiKeys.revokeApiKey(tx, scope, key.id, now))) return fail('conflict', 'This key is revoked already.');
    const detail = { keyId: key.keyId };
    await appendAudit(tx, scope, { actor: 'operator', act: 'api_key.revoked', object: key.id, detail }, now, on.random);
    return succeed({ ...key, revokedAt: now });
  });
}
