import { makeBearerKey, makeHmacKey } from '@/lib/crypto/api-key.ts';
import { sealText } from '@/lib/crypto/sealed-box.ts';
import type { Secret } from '@/lib/crypto/secret.ts';
import { insertApiKey } from '@/lib/data/api-keys.ts';
import { appendAudit } from '@/lib/data/audit-lines.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import type { ApiKeyId } from '@/lib/domain/ids.ts';
import { newId } from '@/lib/domain/ids.ts';
import { isKnownScope } from '@/lib/domain/key-scopes.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

export type NewApiKey = {
  readonly kind: 'hmac' | 'bearer';
  /** Scopes as the wire writes them, such as `plugipay:portal:create`; at least one. */
  readonly scopes: readonly string[];
  readonly label?: string;
};

/** What only its creation ever shows: an HMAC key's `secret`, or a Bearer key itself (then `keyId` is its prefix). */
export type CreatedApiKey = {
  readonly id: ApiKeyId;
  readonly kind: 'hmac' | 'bearer';
  readonly keyId: string;
  readonly secret: Secret;
};

/**
 * Makes a key of one workspace and mode. The secret leaves here once; stored are its sealed text (HMAC) or its hash
 * (Bearer). Fails with `validation_error` for an unknown scope, `not_found` for an unknown workspace.
 */
export async function createApiKey(
  on: Runtime,
  scope: WorkspaceScope,
  input: NewApiKey,
): Promise<Result<CreatedApiKey, 'validation_error' | 'not_found'>> {
  const strange = input.scopes.find((one) => !isKnownScope(one));
  if (strange !== undefined) {
    return fail('validation_error', `"${strange}" is not a scope that grants anything here.`, { field: 'scopes' });
  }
  if (input.scopes.length === 0) {
    return fail('validation_error', 'A key needs at least one scope.', { field: 'scopes' });
  }
  const label = input.label ?? null;
  if (label !== null && (label.trim() === '' || label.length > 120)) {
    return fail('validation_error', 'A label has 1 to 120 characters.', { field: 'label' });
  }
  const now = on.now();
  const id = newId('apiKey', now, on.random);
  const made = makeKey(on, scope, id, input.kind);
  return on.write(async (tx) => {
    if ((await findWorkspace(tx, scope)) === null) return fail('not_found', 'There is no such workspace.');
    const { stored, keyId } = made;
    await insertApiKey(tx, {
      ...scope,
      id,
      label,
      keyId,
      scopes: [...new Set(input.scopes)],
      createdAt: now,
      ...stored,
    });
    await appendAudit(
      tx,
      scope,
      {
        actor: 'operator',
        act: 'api_key.created',
        object: id,
        detail: { kind: input.kind, keyId, scopes: input.scopes.join(' ') },
      },
      now,
      on.random,
    );
    return succeed({ id, kind: input.kind, keyId, secret: made.secret });
  });
}

function makeKey(on: Runtime, { mode }: WorkspaceScope, id: ApiKeyId, kind: 'hmac' | 'bearer') {
  const { random, config } = on;
  if (kind === 'bearer') {
    const { key, keyPrefix, hash } = makeBearerKey(mode, random);
    return { keyId: keyPrefix, secret: key, stored: { kind, bearerHash: hash } as const };
  }
  const { keyId, secret } = makeHmacKey(mode, random);
  const secretSealed = sealText(config.rootKeys, secret.reveal(), id, random);
  return { keyId, secret, stored: { kind, secretSealed } as const };
}
