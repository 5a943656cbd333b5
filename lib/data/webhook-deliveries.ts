import type { Selectable } from 'kysely';
import type { EventId } from '@/lib/domain/event.ts';
import type { WorkspaceId } from '@/lib/domain/ids.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { WebhookAttempt, WebhookDelivery, WebhookDeliveryId } from '@/lib/domain/webhook-delivery.ts';
import type { WebhookEndpoint, WebhookEndpointId } from '@/lib/domain/webhook-endpoint.ts';
import type { Reader, Writer } from './db.ts';
import type { Page, PageWish } from './page.ts';
import { cutPage, isAfter } from './page.ts';
import type { Tables } from './tables.ts';

/** What a list of deliveries is narrowed to. */
export type DeliveryFilter = {
  readonly endpointId?: string | undefined;
  readonly status?: WebhookDelivery['status'] | undefined;
  readonly type?: string | undefined;
};

/** A page of the deliveries of a workspace and mode, those of deleted endpoints too. */
export async function listDeliveryPage(
  read: Reader,
  scope: WorkspaceScope,
  filter: DeliveryFilter,
  wish: PageWish,
): Promise<Page<WebhookDelivery>> {
  let query = read
    .selectFrom('webhookDeliveries')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where(isAfter(wish, 'createdAt'));
  if (filter.endpointId !== undefined) query = query.where('endpointId', '=', filter.endpointId);
  if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  if (filter.type !== undefined) query = query.where('type', '=', filter.type);
  const rows = await query
    .orderBy('createdAt', wish.order)
    .orderBy('id', wish.order)
    .limit(wish.limit + 1)
    .execute();
  return cutPage(wish, rows, toDelivery);
}

/** A delivery of the workspace and mode, or null. */
export async function findDelivery(
  read: Reader,
  scope: WorkspaceScope,
  id: WebhookDeliveryId,
): Promise<WebhookDelivery | null> {
  const row = await read
    .selectFrom('webhookDeliveries')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? null : toDelivery(row);
}

/** The attempts of deliveries, oldest first, by the delivery's id. */
export async function listAttempts(
  read: Reader,
  deliveries: readonly Pick<WebhookDelivery, 'id'>[],
): Promise<ReadonlyMap<string, readonly WebhookAttempt[]>> {
  const attempts = new Map<string, WebhookAttempt[]>(deliveries.map(({ id }) => [id, []]));
  if (deliveries.length === 0) return attempts;
  const rows = await read
    .selectFrom('webhookAttempts')
    .selectAll()
    .where(
      'deliveryId',
      'in',
      deliveries.map(({ id }) => id),
    )
    .orderBy('deliveryId')
    .orderBy('attemptNumber')
    .execute();
  for (const { deliveryId, ...attempt } of rows) attempts.get(deliveryId)?.push(attempt);
  return attempts;
}

/** Queues a delivery once more by hand; null when it is queued already. The transaction holds its endpoint. */
export async function requeueDelivery(
  tx: Writer,
  scope: WorkspaceScope,
  id: WebhookDeliveryId,
  now: Instant,
): Promise<WebhookDelivery | null> {
  const row = await tx
    .updateTable('webhookDeliveries')
    .set({ status: 'pending', byHand: 1, nextAttemptAt: now, lease: null, leaseUntil: null, updatedAt: now })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', id)
    .where('status', '<>', 'pending')
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : toDelivery(row);
}

/**
 * Ends what is queued for an endpoint that is out of use. What is being sent right now ends with its attempt. The
 * transaction holds the endpoint. Answers how many.
 */
export async function failQueuedDeliveries(
  tx: Writer,
  endpoint: Pick<WebhookEndpoint, 'id'>,
  why: string,
  now: Instant,
): Promise<number> {
  const rows = await tx
    .updateTable('webhookDeliveries')
    .set({ status: 'failed', nextAttemptAt: null, lease: null, leaseUntil: null, lastError: why, updatedAt: now })
    .where('endpointId', '=', endpoint.id)
    .where('status', '=', 'pending')
    .where((eb) => eb.or([eb('leaseUntil', 'is', null), eb('leaseUntil', '<=', now)]))
    .returning('id')
    .execute();
  return rows.length;
}

export function toDelivery(row: Selectable<Tables['webhookDeliveries']>): WebhookDelivery {
  return {
    id: row.id as WebhookDeliveryId,
    workspaceId: row.workspaceId as WorkspaceId,
    mode: row.mode,
    endpointId: row.endpointId as WebhookEndpointId,
    eventId: row.eventId as EventId,
    type: row.type,
    body: row.body,
    status: row.status,
    attempts: row.attempts,
    nextAttemptAt: row.nextAttemptAt,
    lastAttemptAt: row.lastAttemptAt,
    deliveredAt: row.deliveredAt,
    responseCode: row.responseCode,
    lastError: row.lastError,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}
