import { causeOfMerchant, tellOfChange } from '@/lib/data/tell-of-change.ts';
import { failQueuedDeliveries } from '@/lib/data/webhook-deliveries.ts';
import type { WebhookEndpointChanges } from '@/lib/data/webhook-endpoints.ts';
import { changeWebhookEndpoint, holdWebhookEndpoint } from '@/lib/data/webhook-endpoints.ts';
import type { WantedEvents } from '@/lib/domain/event-types.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { WebhookEndpoint, WebhookEndpointId } from '@/lib/domain/webhook-endpoint.ts';
import { readWebhookUrl } from '@/lib/domain/webhook-url.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** What a merchant changes; absent keys stay. */
export type WebhookEndpointOrder = {
  readonly url?: string | undefined;
  readonly events?: WantedEvents | undefined;
  readonly description?: string | null | undefined;
  readonly active?: boolean | undefined;
};

/**
 * Changes an endpoint. Switching it off fails what is queued for it; switching it on clears its streak of failures, also
 * where it was on. Fails with `not_found`, with `validation_error` for the address.
 */
export async function updateWebhookEndpoint(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  id: WebhookEndpointId,
  order: WebhookEndpointOrder,
): Promise<Result<WebhookEndpoint>> {
  const now = on.now();
  const rules = { mode: scope.mode, allowLoopback: on.config.webhookLoopback };
  const url = order.url === undefined ? null : readWebhookUrl(order.url, rules);
  return on.write(async (tx) => {
    const before = await holdWebhookEndpoint(tx, scope, id);
    if (before === null) return fail('not_found', 'There is no such endpoint.');
    if (url !== null && !url.ok) return url;
    const after = await changeWebhookEndpoint(tx, before, {
      ...(url === null ? {} : { url: url.value }),
      ...(order.events === undefined ? {} : { events: order.events }),
      ...(order.description === undefined ? {} : { description: order.description }),
      ...switchOf(before, order.active, now),
      updatedAt: now,
    });
    if (after.status !== 'active' && before.status === 'active') {
      await failQueuedDeliveries(tx, after, 'The endpoint was paused.', now);
    }
    const changed = Object.entries(order).flatMap(([name, value]) => (value === undefined ? [] : [name]));
    const detail = { changed: changed.join(' '), status: after.status };
    const change = { act: 'webhook_endpoint.updated', object: id, detail };
    await tellOfChange(tx, scope, causeOfMerchant(by), change, now, on.random);
    return succeed(after);
  });
}

function switchOf(before: WebhookEndpoint, active: boolean | undefined, now: Instant): WebhookEndpointChanges {
  if (active === true) {
    const streak = { consecutiveFailures: 0, failingSince: null };
    return { status: 'active', ...streak, disabledAt: null, disabledReason: null };
  }
  if (active === false && before.status === 'active') {
    return { status: 'disabled', disabledAt: now, disabledReason: 'paused' };
  }
  return {};
}
