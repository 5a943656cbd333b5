import { causeOfMerchant, tellOfChange } from '@/lib/data/tell-of-change.ts';
import { failQueuedDeliveries } from '@/lib/data/webhook-deliveries.ts';
import { deleteWebhookEndpoint as deleteRow, holdWebhookEndpoint } from '@/lib/data/webhook-endpoints.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { WebhookEndpointId } from '@/lib/domain/webhook-endpoint.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** Deletes an endpoint and fails what is queued for it. Its deliveries can still be read. Fails with `not_found`. */
export async function deleteWebhookEndpoint(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  id: WebhookEndpointId,
): Promise<Result<null>> {
  const now = on.now();
  return on.write(async (tx) => {
    const before = await holdWebhookEndpoint(tx, scope, id);
    if (before === null) return fail('not_found', 'There is no such endpoint.');
    await deleteRow(tx, before, now);
    await failQueuedDeliveries(tx, before, 'The endpoint was deleted.', now);
    const change = { act: 'webhook_endpoint.deleted', object: id };
    await tellOfChange(tx, scope, causeOfMerchant(by), change, now, on.random);
    return succeed(null);
  });
}
