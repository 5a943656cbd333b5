import type { OpenAPIHono } from '@hono/zod-openapi';
import { createRoute, z } from '@hono/zod-openapi';
import type { Env } from 'hono';
import type { GuardedRoute } from './gate.ts';

const meta = z.object({ requestId: z.string(), timestamp: z.iso.datetime() });

const refused = z
  .object({
    data: z.null(),
    error: z.object({ code: z.string(), message: z.string(), field: z.string().optional() }),
    meta,
  })
  .openapi('Refused');

/** Puts a route into the published description, with the envelope round its answer. */
export function describeRoute<E extends Env, I, T>(app: OpenAPIHono<E>, route: GuardedRoute<I, T>): void {
  const failures = Object.fromEntries(
    ['400', '401', '403', '404', '405', '409', '413', '415', '429', '500', '503'].map((status) => [
      status,
      { description: 'Refused', content: { 'application/json': { schema: refused } } },
    ]),
  );
  app.openAPIRegistry.registerPath(
    createRoute({
      method: route.method === 'POST' ? 'post' : 'get',
      path: route.path,
      summary: route.summary,
      security: [{ hmac: [] }, { bearer: [] }],
      request: {
        headers: z.object({ 'Idempotency-Key': z.string().max(255).optional() }),
        body: { required: true, content: { 'application/json': { schema: route.body } } },
      },
      responses: {
        ...failures,
        [route.successStatus]: {
          description: 'Done',
          content: { 'application/json': { schema: z.object({ data: route.answer, error: z.null(), meta }) } },
        },
      },
    }),
  );
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
