import type { Instant } from '@/lib/domain/time.ts';
import type { Writer } from './db.ts';

/** Deletes up to `limit` form outcomes made before `before`; answers how many. */
export async function deleteFormOutcomes(tx: Writer, before: Instant, limit: number): Promise<number> {
  const dead = await tx
    .selectFrom('formOutcomes')
    .select(['browserSessionId', 'formId'])
    .where('createdAt', '<', before)
    .orderBy('createdAt')
    .limit(limit)
    .execute();
  for (const { browserSessionId, formId } of dead) {
    await tx
      .deleteFrom('formOutcomes')
      .where('browserSessionId', '=', browserSessionId)
      .where('formId', '=', formId)
      .execute();
  }
  return dead.length;
}

/** Deletes up to `limit` stored answers whose time is over; one that a request has just taken over stays. */
export async function deleteIdempotentAnswers(tx: Writer, now: Instant, limit: number): Promise<number> {
  const dead = await tx
    .selectFrom('idempotentAnswers')
    .select(['workspaceId', 'mode', 'key'])
    .where('expiresAt', '<=', now)
    .orderBy('expiresAt')
    .limit(limit)
    .execute();
  for (const { workspaceId, mode, key } of dead) {
    await tx
      .deleteFrom('idempotentAnswers')
      .where('workspaceId', '=', workspaceId)
      .where('mode', '=', mode)
      .where('key', '=', key)
      .where('expiresAt', '<=', now)
      .execute();
  }
  return dead.length;
}

/** Deletes up to `limit` signatures seen before `before`; one that was seen again since stays. */
export async function deleteRequestSignatures(tx: Writer, before: Instant, limit: number): Promise<number> {
  const dead = await tx
    .selectFrom('requestSignatures')
    .select(['keyId', 'signature'])
    .where('seenAt', '<', before)
    .orderBy('seenAt')
    .limit(limit)
    .execute();
  for (const { keyId, signature } of dead) {
    await tx
      .deleteFrom('requestSignatures')
      .where('keyId', '=', keyId)
      .where('signature', '=', signature)
      .where('seenAt', '<', before)
      .execute();
  }
  return dead.length;
}

/**
 * Deletes up to `limit` browser sessions entered before `before`, with their trips to the provider and the outcomes of
 * their forms. A session with a trip that is still pending stays until that is settled.
 */
export async function deleteBrowserSessions(tx: Writer, before: Instant, limit: number): Promise<number> {
  const dead = await tx
    .selectFrom('browserSessions')
    .select('id')
    .where('enteredAt', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('providerVisits')
            .select('providerVisits.id')
            .whereRef('providerVisits.browserSessionId', '=', 'browserSessions.id')
            .where('providerVisits.status', '=', 'pending'),
        ),
      ),
    )
    .orderBy('enteredAt')
    .limit(limit)
    .execute();
  const ids = dead.map(({ id }) => id);
  if (ids.length === 0) return 0;
  await tx.deleteFrom('formOutcomes').where('browserSessionId', 'in', ids).execute();
  await tx.deleteFrom('providerVisits').where('browserSessionId', 'in', ids).execute();
  await tx.deleteFrom('browserSessions').where('id', 'in', ids).execute();
  return ids.length;
}

/** Deletes up to `limit` links that were never used and whose time ended before `before`. */
export async function deleteUnusedPortalSessions(tx: Writer, before: Instant, limit: number): Promise<number> {
  const dead = await tx
    .selectFrom('portalSessions')
    .select('id')
    .where('browserSessionId', 'is', null)
    .where('expiresAt', '<', before)
    .orderBy('expiresAt')
    .limit(limit)
    .execute();
  return deletePortalSessions(tx, dead);
}

/** Deletes up to `limit` used links whose time ended before `before` and whose browser session is gone. */
export async function deleteUsedPortalSessions(tx: Writer, before: Instant, limit: number): Promise<number> {
  const dead = await tx
    .selectFrom('portalSessions')
    .select('id')
    .where('expiresAt', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('browserSessions')
            .select('browserSessions.id')
            .whereRef('browserSessions.portalSessionId', '=', 'portalSessions.id'),
        ),
      ),
    )
    .orderBy('expiresAt')
    .limit(limit)
    .execute();
  return deletePortalSessions(tx, dead);
}

async function deletePortalSessions(tx: Writer, dead: readonly { id: string }[]): Promise<number> {
  if (dead.length === 0) return 0;
  const ids = dead.map(({ id }) => id);
  await tx.deleteFrom('portalSessions').where('id', 'in', ids).execute();
  return ids.length;
}

/** Deletes up to `limit` trips to the provider begun before `before`, except those still pending there. */
export async function deleteProviderVisits(tx: Writer, before: Instant, limit: number): Promise<number> {
  const dead = await tx
    .selectFrom('providerVisits')
    .select('id')
    .where('createdAt', '<', before)
    .where('status', '<>', 'pending')
    .orderBy('createdAt')
    .limit(limit)
    .execute();
  const ids = dead.map(({ id }) => id);
  if (ids.length === 0) return 0;
  await tx.deleteFrom('providerVisits').where('id', 'in', ids).execute();
  return ids.length;
}

/** Deletes up to `limit` deliveries that ended before `before`, with their attempts. */
export async function deleteEndedDeliveries(tx: Writer, before: Instant, limit: number): Promise<number> {
  const dead = await tx
    .selectFrom('webhookDeliveries')
    .select('id')
    .where('status', '<>', 'pending')
    .where('updatedAt', '<', before)
    .orderBy('updatedAt')
    .limit(limit)
    .execute();
  const ids = dead.map(({ id }) => id);
  if (ids.length === 0) return 0;
  // One that was queued again by hand since stays, and on PostgreSQL is waited for.
  const gone = await tx
    .updateTable('webhookDeliveries')
    .set({ lease: 'purge' })
    .where('id', 'in', ids)
    .where('status', '<>', 'pending')
    .returning('id')
    .execute();
  const held = gone.map(({ id }) => id);
  if (held.length === 0) return 0;
  await tx.deleteFrom('webhookAttempts').where('deliveryId', 'in', held).execute();
  await tx.deleteFrom('webhookDeliveries').where('id', 'in', held).execute();
  return held.length;
}

/** Deletes up to `limit` events that were handed out before `before`. */
export async function deleteOldEvents(tx: Writer, before: Instant, limit: number): Promise<number> {
  const dead = await tx
    .selectFrom('outbox')
    .select('id')
    .where('publishedAt', '<', before)
    .orderBy('publishedAt')
    .limit(limit)
    .execute();
  const ids = dead.map(({ id }) => id);
  if (ids.length === 0) return 0;
  await tx.deleteFrom('outbox').where('id', 'in', ids).execute();
  return ids.length;
}

/** Deletes up to `limit` webhook endpoints that were deleted and whose deliveries are gone. */
export async function deleteGoneEndpoints(tx: Writer, limit: number): Promise<number> {
  const dead = await tx
    .selectFrom('webhookEndpoints')
    .select('id')
    .where('deletedAt', 'is not', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('webhookDeliveries')
            .select('webhookDeliveries.id')
            .whereRef('webhookDeliveries.endpointId', '=', 'webhookEndpoints.id'),
        ),
      ),
    )
    .limit(limit)
    .execute();
  const ids = dead.map(({ id }) => id);
  if (ids.length === 0) return 0;
  await tx.deleteFrom('webhookEndpoints').where('id', 'in', ids).execute();
  return ids.length;
}
