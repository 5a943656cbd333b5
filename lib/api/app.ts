import { OpenAPIHono } from '@hono/zod-openapi';
import { newId } from '@/lib/domain/ids.ts';
import { refusalHeader } from '@/lib/html/security-headers.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { runtime } from '@/lib/runtime.ts';
import type { MerchantCall } from './call.ts';
import { describeRoute, makeDescription } from './description.ts';
import { answerSignedDocument, signedDocumentPath } from './documents.ts';
import { serveFile } from './files.ts';
import { answerThrown, serveGuarded, tooMany } from './gate.ts';
import type { Limits } from './limits.ts';
import { makeLimits, readLimit } from './limits.ts';
import { answer, answerDocument, answerFailure } from './problem.ts';
import { refusals } from './refusals.ts';
import type { AnyRoute } from './route.ts';
import { routes } from './routes/all.ts';

/** Both prefixes of the merchant API lead to the same routes. */
const prefixes = ['/api/v1', '/v1'] as const;

type Api = (request: Request) => Promise<Response>;
type Env = { Bindings: { call: MerchantCall } };

// Next bundles the two route files apart; the allowances belong to the process.
const shared = globalThis as typeof globalThis & { billingPortalApi?: WeakMap<Runtime, Api> };

/** Answers one request to the merchant API, whatever its method. What Next's two route files export. */
export async function answerApi(request: Request): Promise<Response> {
  const current = await runtime();
  shared.billingPortalApi ??= new WeakMap();
  const api = shared.billingPortalApi.get(current) ?? makeApi(current);
  shared.billingPortalApi.set(current, api);
  return api(request);
}

/** The merchant API on a runtime. `x-raw-target` and `x-peer` come from the guard at the door and from nowhere else. */
export function makeApi(current: Runtime, limits: Limits = makeLimits(), table: readonly AnyRoute[] = routes): Api {
  const app = makeApp(current, table);
  return async (request) => {
    const rawTarget = request.headers.get('x-raw-target');
    const call = beginCall(current, limits, request, rawTarget ?? '');
    let response: Response;
    try {
      response = await answerCall(app, call, request, rawTarget);
    } catch (thrown) {
      response = answerThrown(call, thrown);
    }
    call.log.status = response.status;
    call.log.durationMs = current.now() - call.now;
    current.log('info', call.event, call.log);
    return response;
  };
}

function beginCall(current: Runtime, limits: Limits, request: Request, rawTarget: string): MerchantCall {
  const now = current.now();
  const requestId = newId('request', now, current.random);
  const peer = request.headers.get('x-peer') ?? 'unknown';
  return {
    runtime: current,
    limits,
    requestId,
    now,
    method: request.method,
    rawTarget,
    peer,
    headers: request.headers,
    allowance: limits.take(readLimit, `address ${peer}`, now),
    event: 'api.answered',
    log: { requestId, method: request.method, route: pathOf(rawTarget) },
  };
}

async function answerCall(
  app: OpenAPIHono<Env>,
  call: MerchantCall,
  request: Request,
  rawTarget: string | null,
): Promise<Response> {
  const refusal = refusals[request.headers.get(refusalHeader) ?? ''];
  if (refusal !== undefined) return answerFailure(call, refusal.failure, refusal.headers);
  if (rawTarget === null) {
    const message = 'The server does not see requests as they were sent.';
    return answerFailure(call, { code: 'service_unavailable', message });
  }
  return app.fetch(request, { call });
}

/** Routes and their published description, from one table. */
function makeApp(current: Runtime, table: readonly AnyRoute[]): OpenAPIHono<Env> {
  // Paths are those of the first line of the request, undecoded: what was signed is what is run.
  const app = new OpenAPIHono<Env>({ getPath: (request) => pathOf(request.headers.get('x-raw-target') ?? '') });
  const methods = new Map<string, string[]>();
  const note = (path: string, method: string) => methods.set(path, [...(methods.get(path) ?? []), method]);
  const addOpen = (path: string, serve: (call: MerchantCall, name: string) => Response | Promise<Response>) => {
    note(path, 'GET');
    app.get(path, ({ env: { call }, req }) =>
      call.allowance.allowed
        ? serve(call, req.param('name') ?? '')
        : answerFailure(call, tooMany(call.allowance.retryAfterSeconds)),
    );
  };
  const addGuarded = (prefix: string, route: AnyRoute) => {
    const path = prefix + route.path.replace(/\{(\w+)\}/g, ':$1');
    note(path, route.method);
    app.on(route.method, path, (c) => serveGuarded(c.env.call, route, c.req.raw, c.req.param()));
  };
  for (const route of table) describeRoute(app, route);
  const description = makeDescription(app, current.config.origin);
  for (const prefix of prefixes) {
    addOpen(`${prefix}/health`, (call) => answer(call, 200, { data: { status: 'ok' }, error: null }));
    addOpen(`${prefix}${signedDocumentPath}`, answerSignedDocument);
    addOpen(`${prefix}/openapi.json`, (call) => answerDocument(call, description));
    addOpen(`${prefix}/files/:name`, serveFile);
    for (const route of table) addGuarded(prefix, route);
  }
  // What no route took: a known path with another method says which ones it takes.
  for (const [path, allowed] of methods) {
    app.all(path, ({ env: { call } }) => {
      const message = `This route takes ${allowed.join(', ')} only.`;
      return answerFailure(call, { code: 'method_not_allowed', message }, { allow: allowed.join(', ') });
    });
  }
  app.notFound(({ env: { call } }) => answerFailure(call, { code: 'not_found', message: 'There is no such route.' }));
  app.onError((thrown, c) => answerThrown(c.env.call, thrown));
  return app;
}

function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? '';
}
