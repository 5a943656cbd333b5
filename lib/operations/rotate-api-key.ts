import { makeHmacSecret } from '@/lib/crypto/api-key.ts';
import { sealText } from '@/lib/crypto/sealed-box.ts';
import type { Secret } from '@/lib/crypto/secret.ts';
import { findApiKey, rotateHmacSecret } from '@/lib/data/api-keys.ts';
import { appendAudit } from '@/lib/data/audit-lines.ts';
import type { ApiKeyId } from '@/lib/domain/ids.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { Instant } from '@/lib/domain/time.ts';
import { dayMs } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** How long the secret before goes on working when nobody says otherwise. */
export const defaultOverlapMs = dayMs;

export type RotatedKey = {
  readonly id: ApiKeyId;
  readonly keyId: string;
  /** Shown once. */
  readonly secret: Secret;
  /** First instant at which the secret before no longer works. */
  readonly previousUntil: Instant;
};

/**
 * Gives an HMAC key a new secret; its id stays, and the secret before works for `overlapMs` more (0 to 30 days). A secret
 * older than that one stops at once. Fails with `not_found`, `conflict` for a Bearer key or a revoked one,
 * `validation_error` for the overlap.
 */
export async function rotateApiKey(
  on: Runtime,
  scope: WorkspaceScope,
  idOrKeyId: string,
  overlapMs: number = defaultOverlapMs,
): Promise<Result<RotatedKey, 'not_found' | 'conflict' | 'validation_error'>> {
  if (!(Number.isInteger(overlapMs) && overlapMs >= 0 && overlapMs <= 30 * dayMs)) {
    return fail('validation_error', 'The overlap must lie between 0 and 720 hours.', { field: 'overlap' });
  }
  const now = on.now();
  const previousUntil = now + overlapMs;
  const secret = makeHmacSecret(scope.mode, on.random);
  return on.write(async (tx) => {
    const key = await findApiKey(tx, scope, idOrKeyId);
    if (key === null) return fail('not_found', 'There is no such key in this workspace and mode.');
    if (key.kind === 'bearer') {
      return fail('conflict', 'A Bearer key is its own secret: make a new one, then revoke this one.');
    }
    const secretSealed = sealText(on.config.rootKeys, secret.reveal(), key.id, on.random);
    const done = await rotateHmacSecret(tx, scope, key.id, { secretSealed, previousSecretUntil: previousUntil });
    if (!done) return fail('conflict', 'This key is revoked.');
    const detail = { keyId: key.keyId, overlapMs };
    await appendAudit(tx, scope, { actor: 'operator', act: 'api_key.rotated', object: key.id, detail }, now, on.random);
    return succeed({ id: key.id, keyId: key.keyId, secret, previousUntil });
  });
}
