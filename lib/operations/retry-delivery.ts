import { appendAudit } from '@/lib/data/audit-lines.ts';
import type { Cause } from '@/lib/data/tell-of-change.ts';
import { findDelivery, listAttempts, requeueDelivery } from '@/lib/data/webhook-deliveries.ts';
import { holdWebhookEndpoint } from '@/lib/data/webhook-endpoints.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { WebhookAttempt, WebhookDelivery, WebhookDeliveryId } from '@/lib/domain/webhook-delivery.ts';
import type { Runtime } from '@/lib/runtime.ts';

export type DeliveryWithLog = { readonly delivery: WebhookDelivery; readonly attempts: readonly WebhookAttempt[] };

/**
 * Queues one more attempt of a delivery, now; it is the last one unless somebody asks again. Fails with `not_found`,
 * `already_queued` or `endpoint_disabled`.
 */
export async function retryDelivery(
  on: Runtime,
  scope: WorkspaceScope,
  cause: Pick<Cause, 'actor'>,
  id: WebhookDeliveryId,
): Promise<Result<DeliveryWithLog, 'not_found' | 'already_queued' | 'endpoint_disabled'>> {
  const now = on.now();
  return on.write(async (tx) => {
    const before = await findDelivery(tx, scope, id);
    if (before === null) return fail('not_found', 'There is no such delivery.');
    const endpoint = await holdWebhookEndpoint(tx, scope, before.endpointId);
    if (endpoint?.status !== 'active') return fail('endpoint_disabled', 'The endpoint is switched off or deleted.');
    const delivery = await requeueDelivery(tx, scope, id, now);
    if (delivery === null) return fail('already_queued', 'This delivery is queued already.');
    const line = { actor: cause.actor, act: 'webhook_delivery.retried', object: id };
    await appendAudit(tx, scope, line, now, on.random);
    return succeed({ delivery, attempts: (await listAttempts(tx, [delivery])).get(id) ?? [] });
  });
}
