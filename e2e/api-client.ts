import { expect } from '@playwright/test';
import type { MerchantKey } from './merchant.ts';
import { callApi } from './merchant.ts';

/** An object of the wire as an SDK hands it on. */
export type Wire = Readonly<Record<string, unknown>> & { readonly id: string };

type Envelope = {
  readonly data: unknown;
  readonly error: { readonly code: string; readonly message: string; readonly field?: string } | null;
  readonly meta: { readonly requestId: string; readonly cursor?: string | null; readonly hasMore?: boolean };
};

/** What an SDK is made of: signed calls with idempotency keys, the envelope opened, cursors followed to the end. */
export type ApiClient = {
  get(path: string): Promise<Wire>;
  /** Every row of a list, page by page until `hasMore` is false. */
  list(path: string, pageSize?: number): Promise<Wire[]>;
  post(path: string, body?: unknown): Promise<Wire>;
  patch(path: string, body: unknown): Promise<Wire>;
  remove(path: string): Promise<void>;
  /** Status and code of a call that is refused. */
  refused(method: string, path: string, body?: unknown): Promise<string>;
};

/** A client that signs by HMAC, or carries a Bearer key. Calls that are refused fail the test. */
export function apiClient(key: MerchantKey | { readonly origin: string; readonly bearer: string }): ApiClient {
  let calls = 0;
  const send = (method: string, path: string, body?: unknown): Promise<Response> => {
    const target = `/api/v1${path}`;
    calls += 1;
    const idempotencyKey = method === 'GET' ? undefined : `idem_${calls}_${path}`.slice(0, 200);
    if ('secret' in key) return callApi(key, method, target, body, idempotencyKey);
    return fetch(new URL(target, key.origin), {
      method,
      headers: {
        Authorization: `Bearer ${key.bearer}`,
        ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  };
  const open = async (method: string, path: string, body?: unknown): Promise<Envelope> => {
    const answer = await send(method, path, body);
    const envelope: Envelope = await answer.json();
    expect(envelope.error, `${method} ${path}`).toBeNull();
    expect(answer.headers.get('x-request-id')).toBe(envelope.meta.requestId);
    return envelope;
  };
  const value = async (method: string, path: string, body?: unknown) => (await open(method, path, body)).data as Wire;
  return {
    get: (path) => value('GET', path),
    async list(path, pageSize = 2) {
      const rows: Wire[] = [];
      const joint = path.includes('?') ? '&' : '?';
      for (let cursor = ''; ; ) {
        const { data, meta } = await open('GET', `${path}${joint}limit=${pageSize}${cursor}`);
        rows.push(...(data as Wire[]));
        if (meta.hasMore !== true) return rows;
        cursor = `&cursor=${meta.cursor}`;
      }
    },
    post: (path, body = {}) => value('POST', path, body),
    patch: (path, body) => value('PATCH', path, body),
    async remove(path) {
      const answer = await send('DELETE', path);
      expect(answer.status).toBe(204);
      expect(await answer.text()).toBe('');
    },
    async refused(method, path, body) {
      const answer = await send(method, path, body);
      const { error }: Envelope = await answer.json();
      return `${answer.status} ${error?.code}${error?.field === undefined ? '' : ` ${error.field}`}`;
    },
  };
}
