import type { Id } from './ids.ts';
import type { Instant } from './time.ts';
import { isoText } from './time.ts';
import type { WorkspaceScope } from './viewer.ts';

export type EventId = Id<'event'>;

/** Something that happened to an object of a workspace, as it is kept and told. */
export type BillingEvent = WorkspaceScope & {
  readonly id: EventId;
  /** Wire name, such as `plugipay.invoice.paid.v1`. */
  readonly type: string;
  readonly aggregateType: string;
  readonly aggregateId: string;
  /** Place among the events of its object: 1, 2, 3 … without a gap, in the order in which the changes were committed. */
  readonly sequence: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: EventMetadata;
  readonly occurredAt: Instant;
  /** When it was handed to the endpoints that want it; null while it waits. */
  readonly publishedAt: Instant | null;
};

export type EventMetadata = {
  readonly idempotencyKey: string | null;
  readonly mode: string;
  readonly requestId: string | null;
  /** `portal`, `api`, `collection`, `job`, `test_clock`, `operator`, `replay`, `trigger`. */
  readonly source: string;
  /** The event this one sends again. */
  readonly replayOf: string | null;
};

/** An event as it stands on the wire of the merchant API. */
export function wireEvent(event: BillingEvent): Readonly<Record<string, unknown>> {
  return {
    id: event.id,
    type: event.type,
    accountId: event.workspaceId,
    mode: event.mode,
    occurredAt: isoText(event.occurredAt),
    data: event.data,
    metadata: event.metadata,
    createdAt: isoText(event.occurredAt),
    publishedAt: event.publishedAt === null ? null : isoText(event.publishedAt),
  };
}

/** The JSON text a webhook receiver gets for an event: the same for every endpoint and every attempt. */
export function webhookBody(event: BillingEvent): string {
  const { id, type, workspaceId, occurredAt, data } = event;
  const at = isoText(occurredAt);
  return JSON.stringify({
    id,
    type,
    accountId: workspaceId,
    workspaceId,
    occurredAt: at,
    createdAt: at,
    data,
  });
}
