import type { Selectable } from 'kysely';
import type { BillingEvent } from '@/lib/domain/event.ts';
import { webhookBody } from '@/lib/domain/event.ts';
import { wantsEvent } from '@/lib/domain/event-types.ts';
import type { WorkspaceId } from '@/lib/domain/ids.ts';
import { newId } from '@/lib/domain/ids.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { WebhookAttempt, WebhookDelivery, WebhookDeliveryId } from '@/lib/domain/webhook-delivery.ts';
import { longestWaitMs } from '@/lib/domain/webhook-delivery.ts';
import type { WebhookEndpoint, WebhookEndpointId } from '@/lib/domain/webhook-endpoint.ts';
import type { Reader, Writer } from './db.ts';
import { toEvent } from './outbox.ts';
import type { Tables } from './tables.ts';
import { toDelivery } from './webhook-deliveries.ts';
import { holdWebhookEndpoint, listWebhookEndpoints, toWebhookEndpoint } from './webhook-endpoints.ts';

/** Events that were not handed out yet, oldest first; those of one object in the order of its changes. */
export async function listWaitingEvents(
  read: Reader,
  limit: number,
): Promise<(WorkspaceScope & { readonly id: string })[]> {
  const rows = await read
    .selectFrom('outbox')
    .select(['id', 'workspaceId', 'mode'])
    .where('publishedAt', 'is', null)
    .orderBy('occurredAt')
    .orderBy('sequence')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id, workspaceId, mode }) => ({ id, workspaceId: workspaceId as WorkspaceId, mode }));
}

/** Marks events as handed out and answers those that nobody else handed out before, in order. */
export async function takeWaitingEvents(tx: Writer, ids: readonly string[], now: Instant): Promise<BillingEvent[]> {
  const rows = await tx
    .updateTable('outbox')
    .set({ publishedAt: now })
    .where('id', 'in', ids)
    .where('publishedAt', 'is', null)
    .returningAll()
    .execute();
  const order = new Map(ids.map((id, at) => [id, at]));
  return rows.map(toEvent).sort((one, other) => (order.get(one.id) ?? 0) - (order.get(other.id) ?? 0));
}

/**
 * Holds every endpoint in use of a workspace and mode that wants one of these types, until the end of the transaction;
 * one after the other, so that nobody waits for them in another order.
 */
export async function holdWantingEndpoints(
  tx: Writer,
  scope: WorkspaceScope,
  types: readonly string[],
): Promise<WebhookEndpoint[]> {
  const all = (await listWebhookEndpoints(tx, scope)).sort((one, other) => (one.id < other.id ? -1 : 1));
  const wanting: WebhookEndpoint[] = [];
  for (const endpoint of all) {
    if (endpoint.status !== 'active' || !types.some((type) => wantsEvent(endpoint.events, type))) continue;
    const held = await holdWebhookEndpoint(tx, scope, endpoint.id);
    if (held?.status === 'active') wanting.push(held);
  }
  return wanting;
}

/** Rows one statement inserts at most. */
const mostRows = 50;

/**
 * Queues events, given in order, for each held endpoint that wants them. The first of an object is due at once; whatever
 * has an undelivered one before it waits for that one, and not longer than the longest wait.
 */
export async function queueDeliveries(
  tx: Writer,
  events: readonly BillingEvent[],
  endpoints: readonly WebhookEndpoint[],
  now: Instant,
  random: (bytes: number) => Uint8Array,
): Promise<number> {
  const pairs = endpoints.flatMap((endpoint) =>
    events.filter((event) => wantsEvent(endpoint.events, event.type)).map((event) => ({ endpoint, event })),
  );
  if (pairs.length === 0) return 0;
  const waitedFor = await listQueuedObjects(tx, pairs);
  const rows = pairs.map(({ endpoint, event }) => {
    const object = nameOf(endpoint.id, event.aggregateType, event.aggregateId);
    const waits = waitedFor.has(object);
    waitedFor.add(object);
    return {
      id: newId('webhookDelivery', now, random),
      workspaceId: event.workspaceId,
      mode: event.mode,
      endpointId: endpoint.id,
      eventId: event.id,
      type: event.type,
      aggregateType: event.aggregateType,
      aggregateId: event.aggregateId,
      sequence: event.sequence,
      body: webhookBody(event),
      status: 'pending' as const,
      byHand: 0,
      attempts: 0,
      nextAttemptAt: waits ? now + longestWaitMs : now,
      createdAt: now,
      updatedAt: now,
    };
  });
  for (let at = 0; at < rows.length; at += mostRows) {
    await tx
      .insertInto('webhookDeliveries')
      .values(rows.slice(at, at + mostRows))
      .execute();
  }
  return rows.length;
}

async function listQueuedObjects(
  tx: Writer,
  pairs: readonly { endpoint: WebhookEndpoint; event: BillingEvent }[],
): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('webhookDeliveries')
    .select(['endpointId', 'aggregateType', 'aggregateId'])
    .distinct()
    .where('endpointId', 'in', [...new Set(pairs.map(({ endpoint }) => endpoint.id))])
    .where('aggregateId', 'in', [...new Set(pairs.map(({ event }) => event.aggregateId))])
    .where('status', '=', 'pending')
    .where('byHand', '=', 0)
    .execute();
  return new Set(rows.map((row) => nameOf(row.endpointId, row.aggregateType, row.aggregateId)));
}

function nameOf(...parts: readonly string[]): string {
  return parts.join(' ');
}

/** Endpoints something is due for now, by id after `after`; those out of use too, where a sender died. */
export async function listDueEndpoints(
  read: Reader,
  now: Instant,
  after: string,
  limit: number,
): Promise<(WebhookEndpoint & { readonly isDeleted: boolean })[]> {
  // Most of the time nothing is due: one look at one index tells.
  const due = await read
    .selectFrom('webhookDeliveries')
    .select('id')
    .where('status', '=', 'pending')
    .where('nextAttemptAt', '<=', now)
    .limit(1)
    .executeTakeFirst();
  if (due === undefined) return [];
  const rows = await read
    .selectFrom('webhookEndpoints')
    .selectAll()
    .where('id', '>', after)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('webhookDeliveries')
          .select('webhookDeliveries.id')
          .whereRef('webhookDeliveries.endpointId', '=', 'webhookEndpoints.id')
          .where('webhookDeliveries.status', '=', 'pending')
          .where('webhookDeliveries.nextAttemptAt', '<=', now)
          .where((eb) =>
            eb.or([eb('webhookDeliveries.leaseUntil', 'is', null), eb('webhookDeliveries.leaseUntil', '<=', now)]),
          ),
      ),
    )
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...toWebhookEndpoint(row), isDeleted: row.deletedAt !== null }));
}

/**
 * Takes up to `limit` due deliveries of an endpoint for one attempt each, the longest due first. Until `leaseUntil`
 * nobody else takes them; after it, their holder is believed dead.
 */
export async function leaseDueDeliveries(
  tx: Writer,
  endpointId: WebhookEndpointId,
  limit: number,
  lease: string,
  leaseUntil: Instant,
  now: Instant,
): Promise<WebhookDelivery[]> {
  const rows = await tx
    .updateTable('webhookDeliveries')
    .set({ lease, leaseUntil })
    .where('id', 'in', ({ selectFrom }) =>
      selectFrom('webhookDeliveries')
        .select('id')
        .where('endpointId', '=', endpointId)
        .where('status', '=', 'pending')
        .where('nextAttemptAt', '<=', now)
        .where((eb) => eb.or([eb('leaseUntil', 'is', null), eb('leaseUntil', '<=', now)]))
        .orderBy('nextAttemptAt')
        .orderBy('sequence')
        .limit(limit),
    )
    .where('status', '=', 'pending')
    .where('nextAttemptAt', '<=', now)
    .where((eb) => eb.or([eb('leaseUntil', 'is', null), eb('leaseUntil', '<=', now)]))
    .returningAll()
    .execute();
  return rows.map(toDelivery);
}

/** A delivery as it stands for whoever holds its lease; null when the lease went to somebody else. */
export async function findLeasedDelivery(
  tx: Writer,
  id: WebhookDeliveryId,
  lease: string,
): Promise<Selectable<Tables['webhookDeliveries']> | null> {
  const row = await tx
    .selectFrom('webhookDeliveries')
    .selectAll()
    .where('id', '=', id)
    .where('lease', '=', lease)
    .executeTakeFirst();
  return row ?? null;
}

/** Writes what came of an attempt, gives the lease back and notes the attempt. False: the lease went to somebody else. */
export async function settleLeasedDelivery(
  tx: Writer,
  id: WebhookDeliveryId,
  lease: string,
  status: WebhookDelivery['status'],
  attempt: WebhookAttempt,
  now: Instant,
): Promise<boolean> {
  const row = await tx
    .updateTable('webhookDeliveries')
    .set({
      status,
      attempts: attempt.attemptNumber,
      nextAttemptAt: attempt.nextRetryAt,
      lease: null,
      leaseUntil: null,
      lastAttemptAt: attempt.attemptedAt,
      ...(status === 'succeeded' ? { deliveredAt: now } : {}),
      responseCode: attempt.responseCode,
      lastError: attempt.error,
      updatedAt: now,
    })
    .where('id', '=', id)
    .where('lease', '=', lease)
    .returning('id')
    .executeTakeFirst();
  if (row === undefined) return false;
  await tx
    .insertInto('webhookAttempts')
    .values({ deliveryId: id, ...attempt })
    .execute();
  return true;
}

/** Lets the next event of the same object go, if it waited for this delivery. The transaction holds the endpoint. */
export async function wakeNextDelivery(
  tx: Writer,
  ended: Pick<Selectable<Tables['webhookDeliveries']>, 'endpointId' | 'aggregateType' | 'aggregateId'>,
  now: Instant,
): Promise<void> {
  const next = await tx
    .selectFrom('webhookDeliveries')
    .select(['id', 'attempts'])
    .where('endpointId', '=', ended.endpointId)
    .where('aggregateId', '=', ended.aggregateId)
    .where('aggregateType', '=', ended.aggregateType)
    .where('status', '=', 'pending')
    .where('byHand', '=', 0)
    .orderBy('sequence')
    .limit(1)
    .executeTakeFirst();
  if (next === undefined || next.attempts > 0) return;
  await tx
    .updateTable('webhookDeliveries')
    .set({ nextAttemptAt: now })
    .where('id', '=', next.id)
    .where('nextAttemptAt', '>', now)
    .execute();
}
