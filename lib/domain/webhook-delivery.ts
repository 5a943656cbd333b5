import type { EventId } from './event.ts';
import type { Id } from './ids.ts';
import type { Instant } from './time.ts';
import { hourMs, isoText, secondMs } from './time.ts';
import type { WorkspaceScope } from './viewer.ts';
import type { WebhookEndpointId } from './webhook-endpoint.ts';

export type WebhookDeliveryId = Id<'webhookDelivery'>;

/** One event on its way to one endpoint. */
export type WebhookDelivery = WorkspaceScope & {
  readonly id: WebhookDeliveryId;
  readonly endpointId: WebhookEndpointId;
  readonly eventId: EventId;
  readonly type: string;
  /** The exact text sent, the same on each attempt. */
  readonly body: string;
  readonly status: 'pending' | 'succeeded' | 'failed';
  /** Attempts that have ended. */
  readonly attempts: number;
  readonly nextAttemptAt: Instant | null;
  readonly lastAttemptAt: Instant | null;
  readonly deliveredAt: Instant | null;
  readonly responseCode: number | null;
  readonly lastError: string | null;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
};

export type WebhookAttempt = {
  readonly attemptNumber: number;
  readonly status: 'succeeded' | 'failed';
  readonly responseCode: number | null;
  readonly durationMs: number;
  readonly error: string | null;
  readonly nextRetryAt: Instant | null;
  readonly attemptedAt: Instant;
};

/** What came of one attempt: the status the receiver answered, if it did, and what was wrong, in words for the merchant. */
export type AttemptOutcome = {
  readonly responseCode: number | null;
  readonly error: string | null;
  readonly durationMs: number;
};

/** Gaps between attempts: 10 s, three times longer each, 12 h at most; 13 of them are about 2.9 days. */
const firstGapMs = 10 * secondMs;
const longestGapMs = 12 * hourMs;
const mostAttempts = 14;

/** A later event of an object waits so long, at most, for an earlier one that an endpoint has not taken yet. */
export const longestWaitMs = hourMs;

/**
 * The gap before the next attempt after `attempts` that failed, up to a tenth shorter or longer by `chance` (0 to 1, 1
 * exclusive); null when it was the last one.
 */
export function gapAfter(attempts: number, chance: number): number | null {
  if (attempts >= mostAttempts) return null;
  return Math.round(Math.min(longestGapMs, firstGapMs * 3 ** (attempts - 1)) * (0.9 + 0.2 * chance));
}

/** A delivery as it stands on the wire, its attempts oldest first. */
export function wireDelivery(
  delivery: WebhookDelivery,
  attempts: readonly WebhookAttempt[],
): Readonly<Record<string, unknown>> {
  const { id, endpointId, eventId, type, body, status } = delivery;
  return {
    id,
    endpointId,
    eventId,
    type,
    body,
    status,
    attempts: delivery.attempts,
    // What waits for its first attempt is no retry.
    nextRetryAt: delivery.attempts === 0 ? null : textOf(delivery.nextAttemptAt),
    lastAttemptAt: textOf(delivery.lastAttemptAt),
    deliveredAt: textOf(delivery.deliveredAt),
    responseCode: delivery.responseCode,
    lastError: delivery.lastError,
    attemptLog: attempts.map((attempt) => ({
      attemptNumber: attempt.attemptNumber,
      status: attempt.status,
      responseCode: attempt.responseCode,
      durationMs: attempt.durationMs,
      error: attempt.error,
      nextRetryAt: textOf(attempt.nextRetryAt),
      attemptedAt: isoText(attempt.attemptedAt),
    })),
    createdAt: isoText(delivery.createdAt),
    updatedAt: isoText(delivery.updatedAt),
  };
}

function textOf(instant: Instant | null): string | null {
  return instant === null ? null : isoText(instant);
}
