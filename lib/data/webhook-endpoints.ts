import type { Selectable } from 'kysely';
import type { WorkspaceId } from '@/lib/domain/ids.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { WebhookEndpoint, WebhookEndpointId } from '@/lib/domain/webhook-endpoint.ts';
import type { Reader, Writer } from './db.ts';
import type { Tables } from './tables.ts';

/** Inserts an endpoint with its sealed secret. */
export async function insertWebhookEndpoint(
  tx: Writer,
  endpoint: WebhookEndpoint,
  secretSealed: string,
): Promise<WebhookEndpoint> {
  const row = await tx
    .insertInto('webhookEndpoints')
    .values({ ...endpoint, events: JSON.stringify(endpoint.events), secretSealed, deletedAt: null })
    .returningAll()
    .executeTakeFirstOrThrow();
  return toWebhookEndpoint(row);
}

/** The endpoints of a workspace and mode that are not deleted, newest first. */
export async function listWebhookEndpoints(read: Reader, scope: WorkspaceScope): Promise<WebhookEndpoint[]> {
  const rows = await read
    .selectFrom('webhookEndpoints')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('deletedAt', 'is', null)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(toWebhookEndpoint);
}

/**
 * Holds an endpoint that is not deleted until the end of the transaction, and answers it as it stands then: whoever hands
 * out events to it, settles an attempt or changes it goes one after the other.
 */
export async function holdWebhookEndpoint(
  tx: Writer,
  scope: WorkspaceScope,
  id: WebhookEndpointId,
): Promise<WebhookEndpoint | null> {
  const row = await tx
    .updateTable('webhookEndpoints')
    .set((eb) => ({ updatedAt: eb.ref('updatedAt') }))
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toWebhookEndpoint(row);
}

/** What may change of an endpoint; absent keys stay. */
export type WebhookEndpointChanges = Partial<
  Pick<
    WebhookEndpoint,
    | 'url'
    | 'events'
    | 'description'
    | 'status'
    | 'consecutiveFailures'
    | 'failingSince'
    | 'disabledAt'
    | 'disabledReason'
    | 'updatedAt'
  >
>;

/** Changes an endpoint the transaction holds. */
export async function changeWebhookEndpoint(
  tx: Writer,
  endpoint: WebhookEndpoint,
  { events, ...changes }: WebhookEndpointChanges,
): Promise<WebhookEndpoint> {
  const row = await tx
    .updateTable('webhookEndpoints')
    .set({ ...changes, ...(events === undefined ? {} : { events: JSON.stringify(events) }) })
    .where('workspaceId', '=', endpoint.workspaceId)
    .where('mode', '=', endpoint.mode)
    .where('id', '=', endpoint.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return toWebhookEndpoint(row);
}

/** Takes an endpoint out of use and forgets its secret. */
export async function deleteWebhookEndpoint(tx: Writer, endpoint: WebhookEndpoint, now: Instant): Promise<void> {
  await tx
    .updateTable('webhookEndpoints')
    .set({ deletedAt: now, status: 'disabled', secretSealed: '', updatedAt: now })
    .where('workspaceId', '=', endpoint.workspaceId)
    .where('mode', '=', endpoint.mode)
    .where('id', '=', endpoint.id)
    .execute();
}

/** Where to send and the sealed secret to sign with, of an endpoint in use. */
export async function findReceiver(
  read: Reader,
  scope: WorkspaceScope,
  id: WebhookEndpointId,
): Promise<{ readonly url: string; readonly secretSealed: string } | null> {
  const row = await read
    .selectFrom('webhookEndpoints')
    .select(['url', 'secretSealed'])
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  return row ?? null;
}

export function toWebhookEndpoint(row: Selectable<Tables['webhookEndpoints']>): WebhookEndpoint {
  return {
    id: row.id as WebhookEndpointId,
    workspaceId: row.workspaceId as WorkspaceId,
    mode: row.mode,
    url: row.url,
    events: JSON.parse(row.events),
    description: row.description,
    status: row.status,
    consecutiveFailures: row.consecutiveFailures,
    failingSince: row.failingSince,
    disabledAt: row.disabledAt,
    disabledReason: row.disabledReason,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
