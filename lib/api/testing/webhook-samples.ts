import { appendEvent } from '@/lib/data/outbox.ts';
import { queueDeliveries } from '@/lib/data/webhook-queue.ts';
import type { BillingEvent } from '@/lib/domain/event.ts';
import { createWebhookEndpoint } from '@/lib/operations/create-webhook-endpoint.ts';
import type { RouteSample, SamplePlace } from './route-samples.ts';

export const anEndpointBody = { url: 'https://shop.example.com/hooks', events: ['invoice.paid', 'customer.updated'] };

async function makeEndpoint({ side, workspaceId, mode }: SamplePlace) {
  const by = { keyName: 'ak_sample', requestId: 'req_sample', idempotencyKey: null };
  const order = { url: anEndpointBody.url, events: ['*'], description: null };
  const made = await createWebhookEndpoint(side.test.runtime, { workspaceId, mode }, by, order);
  if (!made.ok) throw new Error(made.failure.message);
  const { secret: _secret, ...endpoint } = made.value;
  return endpoint;
}

/** An event of the place that waits to be handed out. */
export async function anEvent({ side: { test }, workspaceId, mode, customerId }: SamplePlace): Promise<BillingEvent> {
  const { runtime } = test;
  const told = {
    what: 'customer.updated',
    aggregateType: 'customer',
    aggregateId: customerId,
    object: {},
    source: 'api',
  };
  return runtime.write((tx) => appendEvent(tx, { workspaceId, mode }, told, runtime.now(), runtime.random));
}

/** An endpoint of the place. */
export async function anEndpoint(place: SamplePlace): Promise<RouteSample> {
  return { params: { id: (await makeEndpoint(place)).id } };
}

/** A delivery of the place that has ended. */
export async function aDelivery(place: SamplePlace): Promise<RouteSample> {
  const { runtime } = place.side.test;
  const [endpoint, event] = [await makeEndpoint(place), await anEvent(place)];
  const row = await runtime.write(async (tx) => {
    await queueDeliveries(tx, [event], [endpoint], runtime.now(), runtime.random);
    return tx
      .updateTable('webhookDeliveries')
      .set({ status: 'failed', nextAttemptAt: null })
      .where('endpointId', '=', endpoint.id)
      .returning('id')
      .executeTakeFirstOrThrow();
  });
  return { params: { id: row.id } };
}
