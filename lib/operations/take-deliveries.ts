import { failQueuedDeliveries } from '@/lib/data/webhook-deliveries.ts';
import { findReceiver, holdWebhookEndpoint } from '@/lib/data/webhook-endpoints.ts';
import { leaseDueDeliveries } from '@/lib/data/webhook-queue.ts';
import type { Instant } from '@/lib/domain/time.ts';
import { secondMs } from '@/lib/domain/time.ts';
import type { WebhookDelivery } from '@/lib/domain/webhook-delivery.ts';
import type { WebhookEndpoint } from '@/lib/domain/webhook-endpoint.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** Longer than any attempt may take, with room for the transaction that settles it. */
const leaseMs = 60 * secondMs;

/** Deliveries to attempt now, and where to. The lease names whoever took them. */
export type TakenDeliveries = {
  readonly deliveries: readonly WebhookDelivery[];
  readonly lease: string;
  readonly leaseUntil: Instant;
  readonly url: string;
  readonly secretSealed: string;
};

/** Takes up to `limit` due deliveries of an endpoint. Of one out of use, ends what is queued and answers null. */
export async function takeDeliveries(
  on: Runtime,
  endpoint: WebhookEndpoint,
  limit: number,
): Promise<TakenDeliveries | null> {
  const now = on.now();
  const lease = Buffer.from(on.random(12)).toString('base64url');
  const leaseUntil = now + leaseMs;
  return on.write(async (tx) => {
    // Instances take from one endpoint in turns: none waits for rows in another order.
    const held = await holdWebhookEndpoint(tx, endpoint, endpoint.id);
    const receiver = held?.status === 'active' ? await findReceiver(tx, endpoint, endpoint.id) : null;
    if (receiver === null) {
      await failQueuedDeliveries(tx, endpoint, 'The endpoint is switched off.', now);
      return null;
    }
    const deliveries = await leaseDueDeliveries(tx, endpoint.id, limit, lease, leaseUntil, now);
    return { deliveries, lease, leaseUntil, ...receiver };
  });
}
