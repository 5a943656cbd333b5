import { sealText } from '@/lib/crypto/sealed-box.ts';
import { Secret } from '@/lib/crypto/secret.ts';
import { causeOfMerchant, tellOfChange } from '@/lib/data/tell-of-change.ts';
import { insertWebhookEndpoint, listWebhookEndpoints } from '@/lib/data/webhook-endpoints.ts';
import type { WantedEvents } from '@/lib/domain/event-types.ts';
import { newId } from '@/lib/domain/ids.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { WebhookEndpoint } from '@/lib/domain/webhook-endpoint.ts';
import { readWebhookUrl } from '@/lib/domain/webhook-url.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** Endpoints a workspace may have in one mode: each event goes to all of them. */
const mostEndpoints = 200;

export type NewWebhookEndpoint = {
  readonly url: string;
  readonly events: WantedEvents;
  readonly description: string | null;
};

export type CreatedWebhookEndpoint = WebhookEndpoint & { readonly secret: Secret };

/** Creates an endpoint with a secret of its own, told this once. Fails with `validation_error` for the address or one too many. */
export async function createWebhookEndpoint(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  order: NewWebhookEndpoint,
): Promise<Result<CreatedWebhookEndpoint>> {
  const now = on.now();
  const url = readWebhookUrl(order.url, { mode: scope.mode, allowLoopback: on.config.webhookLoopback });
  if (!url.ok) return url;
  const id = newId('webhookEndpoint', now, on.random);
  const secret = `whsec_${Buffer.from(on.random(32)).toString('base64url')}`;
  const secretSealed = sealText(on.config.rootKeys, secret, id, on.random);
  return on.write(async (tx) => {
    if ((await listWebhookEndpoints(tx, scope)).length >= mostEndpoints) {
      return fail('validation_error', `A workspace has at most ${mostEndpoints} endpoints; delete one first.`);
    }
    const endpoint = await insertWebhookEndpoint(
      tx,
      {
        workspaceId: scope.workspaceId,
        mode: scope.mode,
        id,
        url: url.value,
        events: order.events,
        description: order.description,
        status: 'active',
        consecutiveFailures: 0,
        failingSince: null,
        disabledAt: null,
        disabledReason: null,
        createdAt: now,
        updatedAt: now,
      },
      secretSealed,
    );
    const change = { act: 'webhook_endpoint.created', object: id, detail: { host: new URL(url.value).host } };
    await tellOfChange(tx, scope, causeOfMerchant(by), change, now, on.random);
    return succeed({ ...endpoint, secret: new Secret(secret) });
  });
}
