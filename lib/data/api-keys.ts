import type { Selectable } from 'kysely';
import type { ApiKeyId, WorkspaceId } from '@/lib/domain/ids.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';
import type { Tables } from './tables.ts';

/** A merchant's key without its secret. */
export type ApiKey = WorkspaceScope & {
  readonly id: ApiKeyId;
  readonly kind: 'hmac' | 'bearer';
  readonly label: string | null;
  /** HMAC: the public key id. Bearer: the first 12 characters of the key. */
  readonly keyId: string;
  readonly scopes: readonly string[];
  readonly lastUsedAt: Instant | null;
  readonly revokedAt: Instant | null;
  readonly createdAt: Instant;
};

/** An HMAC key with its sealed secrets; `previousSecretSealed` verifies until `previousSecretUntil`, exclusive. */
export type HmacKey = ApiKey & {
  readonly secretSealed: string;
  readonly previousSecretSealed: string | null;
  readonly previousSecretUntil: Instant | null;
};

/** Inserts a key. HMAC secrets come sealed (`sealText` with the row's id as context), Bearer keys as their hash. */
export async function insertApiKey(
  tx: Writer,
  key: Pick<ApiKey, 'id' | 'workspaceId' | 'mode' | 'label' | 'keyId' | 'scopes' | 'createdAt'> &
    ({ kind: 'hmac'; secretSealed: string } | { kind: 'bearer'; bearerHash: string }),
): Promise<void> {
  await tx
    .insertInto('apiKeys')
    .values({
      id: key.id,
      workspaceId: key.workspaceId,
      mode: key.mode,
      kind: key.kind,
      label: key.label,
      keyId: key.keyId,
      secretSealed: key.kind === 'hmac' ? key.secretSealed : null,
      previousSecretSealed: null,
      previousSecretUntil: null,
      bearerHash: key.kind === 'bearer' ? key.bearerHash : null,
      scopes: JSON.stringify(key.scopes),
      lastUsedAt: null,
      revokedAt: null,
      createdAt: key.createdAt,
    })
    .execute();
}

/** The HMAC key of a public key id, revoked ones left out; null when there is none. The gate decides on mode and secret. */
export async function findHmacKey(read: Reader, keyId: string): Promise<HmacKey | null> {
  const row = await read
    .selectFrom('apiKeys')
    .selectAll()
    .where('kind', '=', 'hmac')
    .where('keyId', '=', keyId)
    .where('revokedAt', 'is', null)
    .executeTakeFirst();
  if (row === undefined || row.secretSealed === null) return null;
  return {
    ...toApiKey(row),
    secretSealed: row.secretSealed,
    previousSecretSealed: row.previousSecretSealed,
    previousSecretUntil: row.previousSecretUntil,
  };
}

/** The Bearer key with this hash, revoked ones left out; null when there is none. */
export async function findBearerKey(read: Reader, bearerHash: string): Promise<ApiKey | null> {
  const row = await read
    .selectFrom('apiKeys')
    .selectAll()
    .where('bearerHash', '=', bearerHash)
    .where('revokedAt', 'is', null)
    .executeTakeFirst();
  return row === undefined ? null : toApiKey(row);
}

/** One key of a workspace and mode by its row id or its public key id, revoked or not; null when there is none. */
export async function findApiKey(read: Reader, scope: WorkspaceScope, idOrKeyId: string): Promise<ApiKey | null> {
  const row = await read
    .selectFrom('apiKeys')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where((eb) => eb.or([eb('id', '=', idOrKeyId), eb.and([eb('kind', '=', 'hmac'), eb('keyId', '=', idOrKeyId)])]))
    .executeTakeFirst();
  return row === undefined ? null : toApiKey(row);
}

/** All keys of a workspace and mode, newest first, revoked ones too. */
export async function listApiKeys(read: Reader, scope: WorkspaceScope): Promise<ApiKey[]> {
  const rows = await read
    .selectFrom('apiKeys')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(toApiKey);
}

/**
 * Puts a new secret into a live HMAC key; the one before keeps verifying until `previousSecretUntil`, exclusive.
 * False when there is no such live key.
 */
export async function rotateHmacSecret(
  tx: Writer,
  scope: WorkspaceScope,
  id: ApiKeyId,
  change: { secretSealed: string; previousSecretUntil: Instant },
): Promise<boolean> {
  const row = await tx
    .updateTable('apiKeys')
    .set((eb) => ({
      previousSecretSealed: eb.ref('secretSealed'),
      previousSecretUntil: change.previousSecretUntil,
      secretSealed: change.secretSealed,
    }))
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', id)
    .where('kind', '=', 'hmac')
    .where('revokedAt', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Revokes a live key of either kind for good. False when there is no such live key. */
export async function revokeApiKey(tx: Writer, scope: WorkspaceScope, id: ApiKeyId, now: Instant): Promise<boolean> {
  const row = await tx
    .updateTable('apiKeys')
    .set({ revokedAt: now, previousSecretSealed: null, previousSecretUntil: null })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Notes that a key was used; at most once a minute, so that reading does not become writing. */
export async function noteKeyUse(tx: Writer, id: ApiKeyId, now: Instant): Promise<void> {
  await tx
    .updateTable('apiKeys')
    .set({ lastUsedAt: now })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('lastUsedAt', 'is', null), eb('lastUsedAt', '<=', now - 60_000)]))
    .execute();
}

function toApiKey(row: Selectable<Tables['apiKeys']>): ApiKey {
  return {
    id: row.id as ApiKeyId,
    workspaceId: row.workspaceId as WorkspaceId,
    mode: row.mode,
    kind: row.kind,
    label: row.label,
    keyId: row.keyId,
    scopes: JSON.parse(row.scopes),
    lastUsedAt: row.lastUsedAt,
    revokedAt: row.revokedAt,
    createdAt: row.createdAt,
  };
}
