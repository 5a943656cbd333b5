import { newId } from '@/lib/domain/ids.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Writer } from './db.ts';

export type OutgoingEvent = {
  /** Wire name without prefix and version: `subscription.canceled` becomes `plugipay.subscription.canceled.v1`. */
  readonly what: string;
  readonly aggregateType: string;
  readonly aggregateId: string;
  /** The resource after the change, in its wire form. */
  readonly object: Readonly<Record<string, unknown>>;
  /** Named facts beside the object, such as `origin: "portal"`. */
  readonly extras?: Readonly<Record<string, unknown>>;
  /** `portal`, `api`, `collection`, `job`, `test_clock`, `operator`, `replay`, `trigger`. */
  readonly source: string;
  readonly requestId?: string | null;
  readonly idempotencyKey?: string | null;
  /** The event this one sends again. */
  readonly replayOf?: string | null;
};

/** Writes one event to deliver, in the transaction of the change it tells of. Delivery reads it from there. */
export async function appendEvent(
  tx: Writer,
  scope: WorkspaceScope,
  event: OutgoingEvent,
  now: Instant,
  random: (bytes: number) => Uint8Array,
): Promise<void> {
  await tx
    .insertInto('outbox')
    .values({
      id: newId('event', now, random),
      workspaceId: scope.workspaceId,
      mode: scope.mode,
      type: `plugipay.${event.what}.v1`,
      aggregateType: event.aggregateType,
      aggregateId: event.aggregateId,
      data: JSON.stringify({
        object: event.object,
        aggregateType: event.aggregateType,
        aggregateId: event.aggregateId,
        ...event.extras,
      }),
      metadata: JSON.stringify({
        idempotencyKey: event.idempotencyKey ?? null,
        mode: scope.mode,
        requestId: event.requestId ?? null,
        source: event.source,
        replayOf: event.replayOf ?? null,
      }),
      occurredAt: now,
      publishedAt: null,
    })
    .execute();
}
