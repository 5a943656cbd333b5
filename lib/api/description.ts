import type { OpenAPIHono } from '@hono/zod-openapi';
import { createRoute, z } from '@hono/zod-openapi';
import type { Env } from 'hono';
import type { AnyRoute } from './route.ts';

const meta = z.object({ requestId: z.string(), timestamp: z.iso.datetime() });

const refused = z
  .object({
    data: z.null(),
    error: z.object({ code: z.string(), message: z.string(), field: z.string().optional() }),
    meta,
  })
  .openapi('Refused');

const pageMeta = meta.extend({
  cursor: z.string().nullable(),
  hasMore: z.boolean(),
  page: z.object({ limit: z.int(), hasMore: z.boolean(), nextCursor: z.string().nullable() }),
});

const statuses = ['400', '401', '403', '404', '405', '409', '413', '415', '422', '429', '500', '503'];

/** Puts a route into the published description, with the envelope round its answer. */
export function describeRoute<E extends Env>(app: OpenAPIHono<E>, route: AnyRoute): void {
  const failures = Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: 'Refused', content: { 'application/json': { schema: refused } } },
    ]),
  );
  const isRead = route.method === 'GET';
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const input = route.input as z.ZodObject;
  app.openAPIRegistry.registerPath(
    createRoute({
      method: route.method.toLowerCase() as Lowercase<AnyRoute['method']>,
      path: route.path,
      summary: route.summary,
      tags: [route.tag],
      description: describeScope(route),
      security: [{ hmac: [] }, { bearer: [] }],
      request: {
        ...(names.length === 0
          ? {}
          : { params: z.object(Object.fromEntries(names.map((name) => [name, z.string()]))) }),
        ...(isRead
          ? { query: input }
          : {
              headers: z.object({ 'Idempotency-Key': z.string().max(255).optional() }),
              body: { required: true, content: describeBody(route) },
            }),
      },
      responses: { ...failures, [route.successStatus]: describeAnswer(route) },
    }),
  );
}

function describeBody({ upload, input }: AnyRoute) {
  if (upload === undefined) return { 'application/json': { schema: input as z.ZodObject } };
  const file = z.string().openapi({ format: 'binary' });
  return { 'multipart/form-data': { schema: z.object({ [upload.field]: file }) } };
}

function describeScope({ scope, testOnly }: AnyRoute): string {
  const needed = typeof scope === 'string' ? [scope] : scope;
  return `Needs ${needed.join(' or ')}.${testOnly === true ? ' Test keys only.' : ''}`;
}

function describeAnswer(route: AnyRoute) {
  if (route.answer === null) return { description: 'Done' };
  const envelope =
    route.toMeta === undefined
      ? z.object({ data: route.answer, error: z.null(), meta })
      : z.object({ data: z.array(route.answer), error: z.null(), meta: pageMeta });
  return { description: 'Done', content: { 'application/json': { schema: envelope } } };
}

/** The description as an OpenAPI 3.1 document. */
export function makeDescription<E extends Env>(app: OpenAPIHono<E>, origin: string): object {
  app.openAPIRegistry.registerComponent('securitySchemes', 'hmac', {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description:
      'Plugipay-HMAC-SHA256 keyId=<id>, scope=*, signature=<hex>, with X-Plugipay-Timestamp. Signed are method, target, timestamp, SHA-256 of the body and, if sent, Idempotency-Key, joined by line feeds.',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Billing portal', version: '1' },
    servers: [{ url: `${origin}/api/v1` }],
  });
}
