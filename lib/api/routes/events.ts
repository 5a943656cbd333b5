import { z } from '@hono/zod-openapi';
import { idText, nothing, shown } from '@/lib/api/fields.ts';
import type { ListPage } from '@/lib/api/list.ts';
import { filterText, pageMeta, pageQuery, readPageWish, timeText, toListPage } from '@/lib/api/list.ts';
import type { AnyRoute } from '@/lib/api/route.ts';
import { makeRoute } from '@/lib/api/route.ts';
import { findEvent, listEventPage, placeOfEvent } from '@/lib/data/events.ts';
import type { BillingEvent, EventId } from '@/lib/domain/event.ts';
import { wireEvent } from '@/lib/domain/event.ts';
import { publishedEventTypes, readEventType } from '@/lib/domain/event-types.ts';
import { readId } from '@/lib/domain/ids.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import { replayEvents } from '@/lib/operations/replay-events.ts';
import { triggerEvent } from '@/lib/operations/trigger-event.ts';

/** The name of a type, in any spelling that is taken; read as its wire name. */
export const eventTypeText = filterText
  .transform((given, context) => {
    const type = readEventType(given);
    if (type !== null) return type;
    context.addIssue({ code: 'custom', message: 'is not the name of an event type' });
    return z.NEVER;
  })
  .openapi({ type: 'string', example: 'plugipay.invoice.paid.v1' });

const event = z
  .object({
    id: z.string(),
    type: z.string(),
    accountId: z.string(),
    mode: z.enum(['live', 'test']),
    occurredAt: shown.time,
    data: z.object({ object: z.looseObject({}), aggregateType: z.string(), aggregateId: z.string() }).loose(),
    metadata: z.object({
      idempotencyKey: shown.textOrNull,
      mode: z.string(),
      requestId: shown.textOrNull,
      source: z.string(),
      replayOf: shown.textOrNull,
    }),
    createdAt: shown.time,
    publishedAt: shown.timeOrNull,
  })
  .openapi('Event');

const eventQuery = pageQuery.extend({
  type: eventTypeText.optional(),
  occurredAfter: timeText.optional(),
  occurredBefore: timeText.optional(),
  since: timeText.optional(),
  until: timeText.optional(),
});

const replayBody = z
  .strictObject({
    eventIds: z
      .array(idText, { error: 'must be a list of event ids' })
      .min(1, 'must name at least one event')
      .max(100, 'must not name more than 100 events'),
  })
  .openapi('ReplayEvents');

const triggerBody = z
  .strictObject({
    type: eventTypeText,
    aggregateId: idText,
    data: z
      .record(z.string(), z.unknown(), { error: 'must be an object' })
      .refine((given) => !('aggregateType' in given || 'aggregateId' in given), 'must not rename what it is about')
      .optional()
      .openapi({ description: 'Facts beside the object; an `object` in it is told in place of the stored one' }),
  })
  .openapi('TriggerEvent');

const base = { strictIdempotency: false, tag: 'Events', answer: event, toWire: wireEvent } as const;
const unknown = fail('not_found', 'There is no such event.');

/** The routes of `/events`. */
export const eventRoutes: readonly AnyRoute[] = [
  makeRoute<z.infer<typeof eventQuery>, ListPage<BillingEvent>>({
    ...base,
    method: 'GET',
    path: '/events',
    scope: 'plugipay:event:read',
    successStatus: 200,
    summary: 'List events, newest first',
    input: eventQuery,
    async run({ call, scope, input }) {
      const wish = readPageWish(input);
      if (!wish.ok) return wish;
      const { type, occurredAfter = input.since, occurredBefore = input.until } = input;
      const page = await listEventPage(call.runtime.read, scope, { type, occurredAfter, occurredBefore }, wish.value);
      return succeed(toListPage(input, wish.value, page, (one) => ({ at: one.occurredAt, id: placeOfEvent(one) })));
    },
    toWire: ({ rows }) => rows.map(wireEvent),
    toMeta: pageMeta,
  }),
  makeRoute<unknown, readonly string[]>({
    ...base,
    method: 'GET',
    path: '/events/types',
    scope: 'plugipay:event:read',
    successStatus: 200,
    summary: 'List the names of the published event types',
    input: nothing,
    answer: z.array(z.string()),
    run: async () => succeed(publishedEventTypes),
    toWire: (types) => types,
  }),
  makeRoute<z.infer<typeof replayBody>, readonly BillingEvent[]>({
    ...base,
    method: 'POST',
    path: '/events/replay',
    scope: 'plugipay:event:write',
    successStatus: 200,
    heavy: true,
    summary: 'Send events again, as new events',
    input: replayBody,
    answer: z.array(event),
    write: ({ on, scope, by, input }) => replayEvents(on, scope, by, [...new Set(input.eventIds)] as EventId[]),
    toWire: (events) => events.map(wireEvent),
  }),
  makeRoute<z.infer<typeof triggerBody>, BillingEvent>({
    ...base,
    method: 'POST',
    path: '/events/trigger',
    scope: 'plugipay:event:write',
    successStatus: 201,
    testOnly: true,
    summary: 'Raise an event on purpose, to try out a receiver',
    input: triggerBody,
    write: ({ on, scope, by, input: { type, aggregateId, data = {} } }) =>
      triggerEvent(on, scope, by, { type, aggregateId, data }),
  }),
  makeRoute<unknown, BillingEvent>({
    ...base,
    method: 'GET',
    path: '/events/{id}',
    scope: 'plugipay:event:read',
    successStatus: 200,
    summary: 'Read an event',
    input: nothing,
    async run({ call, scope, params: { id } }) {
      const eventId = readId<'event'>(id);
      const found = eventId === null ? null : await findEvent(call.runtime.read, scope, eventId);
      return found === null ? unknown : succeed(found);
    },
  }),
];
