import { makeApi } from '@/lib/api/app.ts';
import type { Limits } from '@/lib/api/limits.ts';
import { makeLimits } from '@/lib/api/limits.ts';
import type { AnyRoute } from '@/lib/api/route.ts';
import { routes } from '@/lib/api/routes/all.ts';
import { signRequest } from '@/lib/crypto/request-signature.ts';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { openTestRuntime, testNow } from '@/lib/data/testing/test-runtime.ts';
import type { CustomerId, WorkspaceId } from '@/lib/domain/ids.ts';
import { newId } from '@/lib/domain/ids.ts';
import type { Mode } from '@/lib/domain/viewer.ts';
import { createApiKey } from '@/lib/operations/create-api-key.ts';
import { createWorkspace } from '@/lib/operations/create-workspace.ts';

export type TestKey = { readonly keyId: string; readonly secret: string };

/** A request as a merchant's server would send it; what is left out is that of a good mint. */
export type Sent = {
  method?: string;
  target?: string;
  /** Text or bytes are sent as they are, a value as JSON. */
  body?: unknown;
  idempotencyKey?: string;
  unixSeconds?: number | string;
  headers?: Record<string, string>;
  /** Signs these parts instead of what is sent. */
  signAs?: { method?: string; target?: string; body?: string; idempotencyKey?: string };
};

export type Answered = {
  status: number;
  headers: Headers;
  /** The body as it came. */
  bytes: Uint8Array;
  data: Record<string, string> | null;
  error: { code: string; message: string; field?: string } | null;
  meta: { requestId: string; timestamp: string };
};

/** Everything a merchant is: a workspace with keys and customers, and an API to talk to over Request and Response. */
export type MerchantSide = {
  readonly test: TestRuntime;
  readonly workspaceId: WorkspaceId;
  readonly key: TestKey;
  readonly customerId: CustomerId;
  send(key: TestKey | { bearer: string } | null, sent?: Sent): Promise<Answered>;
  /** Sends a Request as it is, raw target and peer included. */
  sendRaw(request: Request): Promise<Answered>;
  /** The same for an answer outside the envelope. */
  fetchRaw(request: Request): Promise<Response>;
  makeWorkspace(name: string): Promise<WorkspaceId>;
  makeKey(workspaceId: WorkspaceId, mode: Mode, scopes: readonly string[]): Promise<TestKey & { id: string }>;
  makeBearerKey(workspaceId: WorkspaceId, mode: Mode, scopes: readonly string[]): Promise<{ bearer: string }>;
  makeCustomer(workspaceId: WorkspaceId, mode: Mode): Promise<CustomerId>;
};

/** Limits that never refuse, for tests that are about something else. */
export const noLimits: Limits = {
  take: (limit, _whom, now) => ({
    allowed: true,
    limit: limit.atOnce,
    remaining: limit.atOnce,
    fullAt: now,
    retryAfterSeconds: 1,
  }),
};

export const returnUrl = 'https://shop.example.com/account';

/** Opens a merchant's side on a fresh database of the engine under test. */
export async function openMerchantSide(
  environment: Readonly<Record<string, string>> = {},
  limits: 'real' | 'none' = 'none',
  more: readonly AnyRoute[] = [],
): Promise<MerchantSide> {
  const test = await openTestRuntime(environment);
  const { runtime } = test;
  const api = makeApi(runtime, limits === 'real' ? makeLimits() : noLimits, [...routes, ...more]);

  const makeWorkspace = async (name: string): Promise<WorkspaceId> => {
    const made = await createWorkspace(runtime, { name });
    if (!made.ok) throw new Error(made.failure.message);
    return made.value.workspaceId;
  };
  const make = async (kind: 'hmac' | 'bearer', workspaceId: WorkspaceId, mode: Mode, scopes: readonly string[]) => {
    const made = await createApiKey(runtime, { workspaceId, mode }, { kind, scopes });
    if (!made.ok) throw new Error(made.failure.message);
    return { keyId: made.value.keyId, secret: made.value.secret.reveal(), id: made.value.id };
  };
  const makeKey = (workspaceId: WorkspaceId, mode: Mode, scopes: readonly string[]) =>
    make('hmac', workspaceId, mode, scopes);
  const makeBearerKey = async (workspaceId: WorkspaceId, mode: Mode, scopes: readonly string[]) => ({
    bearer: (await make('bearer', workspaceId, mode, scopes)).secret,
  });
  const makeCustomer = async (workspaceId: WorkspaceId, mode: Mode): Promise<CustomerId> => {
    const id = newId('customer', runtime.now(), runtime.random);
    const empty = {
      externalId: null,
      email: null,
      name: null,
      phone: null,
      taxId: null,
      legalName: null,
      address: null,
    };
    const rest = { defaultPaymentMethodId: null, metadata: null, clockAheadMs: 0, deletedAt: null };
    const times = { createdAt: testNow, updatedAt: testNow };
    await runtime.write((tx) =>
      tx
        .insertInto('customers')
        .values({ id, workspaceId, mode, ...empty, ...rest, ...times })
        .execute(),
    );
    return id;
  };

  const workspaceId = await makeWorkspace('Kopi Senja');
  const key = await makeKey(workspaceId, 'test', ['plugipay:portal:create']);
  const customerId = await makeCustomer(workspaceId, 'test');

  const sendRaw = async (request: Request): Promise<Answered> => {
    const response = await api(request);
    const bytes = new Uint8Array(await response.arrayBuffer());
    // The answer to a HEAD names a type and has no body.
    const isJson = bytes.length > 0 && response.headers.get('content-type')?.startsWith('application/json') === true;
    const { data = null, error = null, meta } = isJson ? JSON.parse(new TextDecoder().decode(bytes)) : { meta: null };
    return { status: response.status, headers: response.headers, bytes, data, error, meta };
  };
  const send: MerchantSide['send'] = (who, sent = {}) =>
    sendRaw(makeRequest(who, { ...goodMint(sent.target), ...sent }, Math.floor(runtime.now() / 1_000)));
  const goodMint = (target = '/portal-sessions') =>
    target.includes('/portal-sessions') ? { body: { customerId, returnUrl } } : {};
  const places = { test, workspaceId, key, customerId };
  return { ...places, send, sendRaw, fetchRaw: api, makeWorkspace, makeKey, makeBearerKey, makeCustomer };
}

function makeRequest(who: TestKey | { bearer: string } | null, sent: Sent, nowSeconds: number): Request {
  const method = sent.method ?? 'POST';
  const target = sent.target ?? '/api/v1/portal-sessions';
  const body =
    method === 'GET' || method === 'HEAD' || sent.body === undefined
      ? null
      : typeof sent.body === 'string' || sent.body instanceof Uint8Array
        ? sent.body
        : JSON.stringify(sent.body);
  const headers = new Headers({ 'x-raw-target': target, 'x-peer': '192.0.2.7' });
  if (body !== null) headers.set('content-type', 'application/json');
  if (sent.idempotencyKey !== undefined) headers.set('idempotency-key', sent.idempotencyKey);
  if (who !== null && 'bearer' in who) headers.set('authorization', `Bearer ${who.bearer}`);
  if (who !== null && 'keyId' in who) {
    const timestamp = String(sent.unixSeconds ?? nowSeconds);
    const signed = sent.signAs?.body ?? body ?? '';
    const signature = signRequest(who.secret, {
      method: sent.signAs?.method ?? method,
      target: sent.signAs?.target ?? target,
      timestamp,
      body: typeof signed === 'string' ? new TextEncoder().encode(signed) : signed,
      idempotencyKey: sent.signAs?.idempotencyKey ?? sent.idempotencyKey ?? null,
    });
    headers.set('authorization', `Plugipay-HMAC-SHA256 keyId=${who.keyId}, scope=*, signature=${signature}`);
    headers.set('x-plugipay-timestamp', timestamp);
  }
  for (const [name, value] of Object.entries(sent.headers ?? {})) headers.set(name, value);
  return new Request(`http://portal.invalid${target.startsWith('/') ? target : '/'}`, {
    method,
    headers,
    ...(body === null ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
  });
}
