import type { ExpressionBuilder, Selectable } from 'kysely';
import type { BillingEvent, EventId, EventMetadata } from '@/lib/domain/event.ts';
import { wireEventType } from '@/lib/domain/event-types.ts';
import type { WorkspaceId } from '@/lib/domain/ids.ts';
import { newId } from '@/lib/domain/ids.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Writer } from './db.ts';
import type { Tables } from './tables.ts';

export type OutgoingEvent = {
  /** Wire name without prefix and version: `subscription.canceled` becomes `plugipay.subscription.canceled.v1`. */
  readonly what: string;
  readonly aggregateType: string;
  readonly aggregateId: string;
  /** The resource after the change, in its wire form. */
  readonly object: Readonly<Record<string, unknown>>;
  /** Named facts beside the object, such as `origin: "portal"`. */
  readonly extras?: Readonly<Record<string, unknown>>;
  /** `portal`, `api`, `collection`, `job`, `test_clock`, `operator`, `trigger`. */
  readonly source: string;
  readonly requestId?: string | null;
  readonly idempotencyKey?: string | null;
};

/** Writes one event to deliver, in the transaction of the change it tells of. Delivery reads it from there. */
export async function appendEvent(
  tx: Writer,
  scope: WorkspaceScope,
  event: OutgoingEvent,
  now: Instant,
  random: (bytes: number) => Uint8Array,
): Promise<BillingEvent> {
  const { aggregateType, aggregateId } = event;
  const row = await insertEvent(tx, scope, now, {
    id: newId('event', now, random),
    type: wireEventType(event.what),
    aggregateType,
    aggregateId,
    data: JSON.stringify({ object: event.object, aggregateType, aggregateId, ...event.extras }),
    metadata: JSON.stringify({
      idempotencyKey: event.idempotencyKey ?? null,
      mode: scope.mode,
      requestId: event.requestId ?? null,
      source: event.source,
      replayOf: null,
    } satisfies EventMetadata),
  });
  return toEvent(row);
}

/** Writes an event again under a new id, with its stored data byte for byte. The event exists. */
export async function appendReplay(
  tx: Writer,
  scope: WorkspaceScope,
  eventId: EventId,
  by: Pick<EventMetadata, 'idempotencyKey' | 'requestId'>,
  now: Instant,
  random: (bytes: number) => Uint8Array,
): Promise<BillingEvent> {
  const old = await tx
    .selectFrom('outbox')
    .select(['type', 'aggregateType', 'aggregateId', 'data'])
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', eventId)
    .executeTakeFirstOrThrow();
  const { idempotencyKey, requestId } = by;
  const metadata: EventMetadata = { idempotencyKey, mode: scope.mode, requestId, source: 'replay', replayOf: eventId };
  const id = newId('event', now, random);
  return toEvent(await insertEvent(tx, scope, now, { ...old, id, metadata: JSON.stringify(metadata) }));
}

type EventRow = Pick<Tables['outbox'], 'id' | 'type' | 'aggregateType' | 'aggregateId' | 'data' | 'metadata'>;

/** Whoever writes an event of the same object at the same time waits at the unique index; so often it may happen in a row. */
const mostTries = 100;

/**
 * Takes the next place among the events of the object. A place is visible to others only when the one before is
 * committed, so the order of places is the order of the changes, over all instances; and no event of an object is
 * older than the one before it, whatever the clocks of the instances say.
 */
async function insertEvent(
  tx: Writer,
  { workspaceId, mode }: WorkspaceScope,
  now: Instant,
  event: EventRow,
): Promise<Selectable<Tables['outbox']>> {
  const last = (eb: ExpressionBuilder<Tables, never>, column: 'sequence' | 'occurredAt') =>
    eb.fn.coalesce(
      eb
        .selectFrom('outbox')
        .select(column)
        .where('workspaceId', '=', workspaceId)
        .where('mode', '=', mode)
        .where('aggregateType', '=', event.aggregateType)
        .where('aggregateId', '=', event.aggregateId)
        .orderBy('sequence', 'desc')
        .limit(1),
      eb.lit(0),
    );
  for (let attempt = 0; attempt < mostTries; attempt += 1) {
    const row = await tx
      .insertInto('outbox')
      .values((full) => {
        const eb = full as unknown as ExpressionBuilder<Tables, never>;
        return {
          ...event,
          workspaceId,
          mode,
          sequence: eb(last(eb, 'sequence'), '+', eb.lit(1)),
          occurredAt: eb.case().when(last(eb, 'occurredAt'), '>', now).then(last(eb, 'occurredAt')).else(now).end(),
          publishedAt: null,
        };
      })
      .onConflict((on) => on.columns(['workspaceId', 'mode', 'aggregateType', 'aggregateId', 'sequence']).doNothing())
      .returningAll()
      .executeTakeFirst();
    if (row !== undefined) return row;
  }
  throw new Error('The events of one object are written faster than this one finds its place.');
}

export function toEvent(row: Selectable<Tables['outbox']>): BillingEvent {
  return {
    id: row.id as EventId,
    workspaceId: row.workspaceId as WorkspaceId,
    mode: row.mode,
    type: row.type,
    aggregateType: row.aggregateType,
    aggregateId: row.aggregateId,
    sequence: row.sequence,
    data: JSON.parse(row.data),
    metadata: JSON.parse(row.metadata),
    occurredAt: row.occurredAt,
    publishedAt: row.publishedAt,
  };
}
