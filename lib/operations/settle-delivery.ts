import { appendAudit } from '@/lib/data/audit-lines.ts';
import type { Writer } from '@/lib/data/db.ts';
import { appendEvent } from '@/lib/data/outbox.ts';
import { failQueuedDeliveries } from '@/lib/data/webhook-deliveries.ts';
import { changeWebhookEndpoint, holdWebhookEndpoint } from '@/lib/data/webhook-endpoints.ts';
import { findLeasedDelivery, settleLeasedDelivery, wakeNextDelivery } from '@/lib/data/webhook-queue.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { AttemptOutcome, WebhookAttempt, WebhookDelivery } from '@/lib/domain/webhook-delivery.ts';
import { gapAfter } from '@/lib/domain/webhook-delivery.ts';
import type { WebhookEndpoint } from '@/lib/domain/webhook-endpoint.ts';
import { addFailure, wireDisabledEndpoint } from '@/lib/domain/webhook-endpoint.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Writes what came of an attempt: the delivery with its next attempt or its end, the endpoint's streak, and where that
 * became too long, the end of the endpoint with its event. `lost`: another sender has the delivery by now.
 */
export async function settleDelivery(
  on: Runtime,
  delivery: WebhookDelivery,
  lease: string,
  attemptedAt: Instant,
  { responseCode, error, durationMs }: AttemptOutcome,
): Promise<WebhookDelivery['status'] | 'lost'> {
  const now = on.now();
  const chance = (on.random(1)[0] ?? 0) / 256;
  return on.write(async (tx) => {
    const endpoint = await holdWebhookEndpoint(tx, delivery, delivery.endpointId);
    const row = await findLeasedDelivery(tx, delivery.id, lease);
    if (row === null) return 'lost';
    const attemptNumber = row.attempts + 1;
    const isOn = await noteInStreak(on, tx, endpoint, error === null, now);
    const gap = error !== null && isOn && row.byHand === 0 ? gapAfter(attemptNumber, chance) : null;
    const status = error === null ? 'succeeded' : gap === null ? 'failed' : 'pending';
    const attempt: WebhookAttempt = {
      attemptNumber,
      status: error === null ? 'succeeded' : 'failed',
      responseCode,
      durationMs,
      error,
      nextRetryAt: gap === null ? null : now + gap,
      attemptedAt,
    };
    if (!(await settleLeasedDelivery(tx, delivery.id, lease, status, attempt, now))) return 'lost';
    if (status !== 'pending') await wakeNextDelivery(tx, row, now);
    return status;
  });
}

/** Counts the attempt on its endpoint; false when that is out of use, or is now. */
async function noteInStreak(
  on: Runtime,
  tx: Writer,
  endpoint: WebhookEndpoint | null,
  succeeded: boolean,
  now: Instant,
): Promise<boolean> {
  if (endpoint === null || endpoint.status !== 'active') return false;
  if (succeeded) {
    if (endpoint.consecutiveFailures > 0) {
      await changeWebhookEndpoint(tx, endpoint, { consecutiveFailures: 0, failingSince: null });
    }
    return true;
  }
  const { streak, isTooMany } = addFailure(endpoint, now);
  if (!isTooMany) {
    await changeWebhookEndpoint(tx, endpoint, streak);
    return true;
  }
  const disabledReason = 'too_many_failures';
  const end = { status: 'errored', disabledAt: now, disabledReason, updatedAt: now } as const;
  const ended = await changeWebhookEndpoint(tx, endpoint, { ...streak, ...end });
  await failQueuedDeliveries(tx, ended, 'The endpoint was switched off after too many failures.', now);
  const detail = { failures: streak.consecutiveFailures };
  const line = { actor: 'job:deliver-webhooks', act: 'webhook_endpoint.disabled', object: ended.id, detail } as const;
  await appendAudit(tx, ended, line, now, on.random);
  const told = { what: 'webhook_endpoint.disabled', aggregateType: 'webhook_endpoint', aggregateId: ended.id };
  await appendEvent(tx, ended, { ...told, object: wireDisabledEndpoint(ended), source: 'job' }, now, on.random);
  return false;
}
