import { z } from '@hono/zod-openapi';
import { flag, idText, nothing, oneOf, shown, text } from '@/lib/api/fields.ts';
import type { ListPage } from '@/lib/api/list.ts';
import { pageMeta, pageQuery, readPageWish, toListPage } from '@/lib/api/list.ts';
import type { AnyRoute } from '@/lib/api/route.ts';
import { makeRoute } from '@/lib/api/route.ts';
import { causeOfMerchant } from '@/lib/data/tell-of-change.ts';
import { findDelivery, listAttempts, listDeliveryPage } from '@/lib/data/webhook-deliveries.ts';
import { listWebhookEndpoints } from '@/lib/data/webhook-endpoints.ts';
import { readWantedEvents } from '@/lib/domain/event-types.ts';
import { readId } from '@/lib/domain/ids.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import { wireDelivery } from '@/lib/domain/webhook-delivery.ts';
import type { WebhookEndpoint } from '@/lib/domain/webhook-endpoint.ts';
import { wireWebhookEndpoint } from '@/lib/domain/webhook-endpoint.ts';
import type { CreatedWebhookEndpoint } from '@/lib/operations/create-webhook-endpoint.ts';
import { createWebhookEndpoint } from '@/lib/operations/create-webhook-endpoint.ts';
import { deleteWebhookEndpoint } from '@/lib/operations/delete-webhook-endpoint.ts';
import type { DeliveryWithLog } from '@/lib/operations/retry-delivery.ts';
import { retryDelivery } from '@/lib/operations/retry-delivery.ts';
import { updateWebhookEndpoint } from '@/lib/operations/update-webhook-endpoint.ts';
import { eventTypeText } from './events.ts';

const wantedEvents = z
  .array(z.string({ error: 'must be the name of an event type' }), { error: 'must be a list of event types' })
  .min(1, 'must name at least one event type; leave it out for all')
  .max(100, 'must not name more than 100 event types')
  .transform((names, context) => {
    const read = readWantedEvents(names);
    if (read.ok) return read.wanted;
    context.addIssue({ code: 'custom', message: `holds a name that is no event type: ${read.unknown.slice(0, 60)}` });
    return z.NEVER;
  })
  .openapi({ type: 'array', items: { type: 'string' }, example: ['plugipay.invoice.paid.v1'] });

const urlText = z
  .string({ error: 'must be an address' })
  .min(1, 'must not be empty')
  .openapi({ example: 'https://shop.example.com/hooks/billing' });

const newEndpoint = z
  .strictObject({ url: urlText, events: wantedEvents.optional(), description: text(500).nullable().optional() })
  .openapi('NewWebhookEndpoint');

const endpointChanges = z
  .strictObject({ url: urlText, events: wantedEvents, description: text(500).nullable(), active: flag })
  .partial()
  .openapi('WebhookEndpointChanges');

const endpoint = z
  .object({
    id: z.string(),
    mode: z.enum(['live', 'test']),
    url: z.string(),
    events: z.array(z.string()),
    description: shown.textOrNull,
    active: z.boolean(),
    status: z.enum(['active', 'disabled', 'errored']),
    consecutiveFailures: z.int(),
    failingSince: shown.timeOrNull,
    disabledAt: shown.timeOrNull,
    disabledReason: shown.textOrNull,
    createdAt: shown.time,
    updatedAt: shown.time,
  })
  .openapi('WebhookEndpoint');

const createdEndpoint = endpoint
  .extend({
    accountId: z.string(),
    secret: z.string().openapi({ description: 'Signs what is sent here; told this once' }),
    signingSecret: z.string().openapi({ description: 'The same as `secret`' }),
  })
  .openapi('CreatedWebhookEndpoint');

const delivery = z
  .object({
    id: z.string(),
    endpointId: z.string(),
    eventId: z.string(),
    type: z.string(),
    body: z.string(),
    status: z.enum(['pending', 'succeeded', 'failed']),
    attempts: z.int(),
    nextRetryAt: shown.timeOrNull,
    lastAttemptAt: shown.timeOrNull,
    deliveredAt: shown.timeOrNull,
    responseCode: z.int().nullable(),
    lastError: shown.textOrNull,
    attemptLog: z.array(
      z.object({
        attemptNumber: z.int(),
        status: z.enum(['succeeded', 'failed']),
        responseCode: z.int().nullable(),
        durationMs: z.int(),
        error: shown.textOrNull,
        nextRetryAt: shown.timeOrNull,
        attemptedAt: shown.time,
      }),
    ),
    createdAt: shown.time,
    updatedAt: shown.time,
  })
  .openapi('WebhookDelivery');

const deliveryQuery = pageQuery.extend({
  endpointId: idText.optional(),
  status: oneOf('pending', 'succeeded', 'failed').optional(),
  type: eventTypeText.optional(),
});

const base = { strictIdempotency: false, tag: 'Webhooks' } as const;
const unknownEndpoint = fail('not_found', 'There is no such endpoint.');
const unknownDelivery = fail('not_found', 'There is no such delivery.');
const wireWithLog = ({ delivery: one, attempts }: DeliveryWithLog) => wireDelivery(one, attempts);

const ofEndpoints: readonly AnyRoute[] = [
  makeRoute<z.infer<typeof newEndpoint>, CreatedWebhookEndpoint>({
    ...base,
    method: 'POST',
    path: '/webhooks',
    scope: 'plugipay:webhook:write',
    successStatus: 201,
    strictIdempotency: true,
    summary: 'Create a webhook endpoint; its secret is told once',
    input: newEndpoint,
    answer: createdEndpoint,
    write: ({ on, scope, by, input: { url, events = ['*'], description = null } }) =>
      createWebhookEndpoint(on, scope, by, { url, events, description }),
    toWire: ({ secret, ...made }) => ({
      ...wireWebhookEndpoint(made),
      accountId: made.workspaceId,
      secret: secret.reveal(),
      signingSecret: secret.reveal(),
    }),
  }),
  makeRoute<unknown, readonly WebhookEndpoint[]>({
    ...base,
    method: 'GET',
    path: '/webhooks',
    scope: 'plugipay:webhook:read',
    successStatus: 200,
    summary: 'List webhook endpoints, newest first',
    input: nothing,
    answer: z.array(endpoint),
    run: async ({ call, scope }) => succeed(await listWebhookEndpoints(call.runtime.read, scope)),
    toWire: (endpoints) => endpoints.map(wireWebhookEndpoint),
  }),
];

const ofDeliveries: readonly AnyRoute[] = [
  makeRoute<z.infer<typeof deliveryQuery>, ListPage<DeliveryWithLog>>({
    ...base,
    method: 'GET',
    path: '/webhooks/deliveries',
    scope: 'plugipay:webhook:read',
    successStatus: 200,
    summary: 'List deliveries, newest first',
    input: deliveryQuery,
    answer: delivery,
    async run({ call: { runtime }, scope, input }) {
      const wish = readPageWish(input);
      if (!wish.ok) return wish;
      const { endpointId, status, type } = input;
      const page = await listDeliveryPage(runtime.read, scope, { endpointId, status, type }, wish.value);
      const logs = await listAttempts(runtime.read, page.rows);
      const rows = page.rows.map((one) => ({ delivery: one, attempts: logs.get(one.id) ?? [] }));
      return succeed(
        toListPage(input, wish.value, { rows, hasMore: page.hasMore }, ({ delivery: { createdAt, id } }) => ({
          at: createdAt,
          id,
        })),
      );
    },
    toWire: ({ rows }) => rows.map(wireWithLog),
    toMeta: pageMeta,
  }),
  makeRoute<unknown, DeliveryWithLog>({
    ...base,
    method: 'GET',
    path: '/webhooks/deliveries/{id}',
    scope: 'plugipay:webhook:read',
    successStatus: 200,
    summary: 'Read a delivery with its attempts',
    input: nothing,
    answer: delivery,
    async run({ call: { runtime }, scope, params }) {
      const id = readId<'webhookDelivery'>(params.id);
      const found = id === null ? null : await findDelivery(runtime.read, scope, id);
      if (found === null) return unknownDelivery;
      return succeed({ delivery: found, attempts: (await listAttempts(runtime.read, [found])).get(found.id) ?? [] });
    },
    toWire: wireWithLog,
  }),
  makeRoute<unknown, DeliveryWithLog>({
    ...base,
    method: 'POST',
    path: '/webhooks/deliveries/{id}/retry',
    scope: 'plugipay:webhook:write',
    successStatus: 200,
    summary: 'Send a delivery once more',
    input: nothing,
    answer: delivery,
    async write({ on, scope, by, params }) {
      const id = readId<'webhookDelivery'>(params.id);
      return id === null ? unknownDelivery : retryDelivery(on, scope, causeOfMerchant(by), id);
    },
    toWire: wireWithLog,
  }),
];

const ofOneEndpoint: readonly AnyRoute[] = [
  makeRoute<z.infer<typeof endpointChanges>, WebhookEndpoint>({
    ...base,
    method: 'PATCH',
    path: '/webhooks/{id}',
    scope: 'plugipay:webhook:write',
    successStatus: 200,
    summary: 'Change a webhook endpoint, or switch it on or off',
    input: endpointChanges,
    answer: endpoint,
    async write({ on, scope, by, params, input }) {
      const id = readId<'webhookEndpoint'>(params.id);
      return id === null ? unknownEndpoint : updateWebhookEndpoint(on, scope, by, id, input);
    },
    toWire: wireWebhookEndpoint,
  }),
  makeRoute<unknown, null>({
    ...base,
    method: 'DELETE',
    path: '/webhooks/{id}',
    scope: 'plugipay:webhook:write',
    successStatus: 204,
    summary: 'Delete a webhook endpoint',
    input: nothing,
    answer: null,
    async write({ on, scope, by, params }) {
      const id = readId<'webhookEndpoint'>(params.id);
      return id === null ? unknownEndpoint : deleteWebhookEndpoint(on, scope, by, id);
    },
    toWire: () => null,
  }),
];

const all = [...ofEndpoints, ...ofDeliveries, ...ofOneEndpoint];

/** The routes of `/webhooks`, and the same ones under `/webhook-endpoints`. */
export const webhookRoutes: readonly AnyRoute[] = [
  ...all,
  ...all.map((route): AnyRoute => ({ ...route, path: route.path.replace('/webhooks', '/webhook-endpoints') })),
];
