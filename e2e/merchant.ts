/**
 * A merchant's server in one file: signs requests to the merchant API with nothing but Node. The specs use it, and it
 * is the sample to copy.
 */
import { createHash, createHmac, randomUUID } from 'node:crypto';

export type MerchantKey = {
  /** Origin of the portal, such as https://billing.example.com. */
  readonly origin: string;
  readonly keyId: string;
  readonly secret: string;
};

export type PortalSession = { readonly id: string; readonly url: string; readonly expiresAt: string };

/** An answer that is no 2xx: its status, and code, message and field as the API gives them. */
export class MerchantApiError extends Error {
  override name = 'MerchantApiError';
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super(`The merchant API answered ${status}: ${JSON.stringify(body)}`);
    this.status = status;
    this.body = body;
  }
}

/** Mints a portal session for a customer of yours; a flow names the one page to land on. Answer your buyer's click with 303 to its `url`; never store it. */
export async function mintPortalSession(
  key: MerchantKey,
  customerId: string,
  returnUrl: string,
  flow?: Readonly<Record<string, string>>,
): Promise<PortalSession> {
  const wish = { customerId, returnUrl, ...(flow === undefined ? {} : { flow }) };
  const answer = await callApi(key, 'POST', '/api/v1/portal-sessions', wish, randomUUID());
  const body: unknown = await answer.json();
  if (!answer.ok) throw new MerchantApiError(answer.status, body);
  return (body as { data: PortalSession }).data;
}

/** Sends one signed request. The signature covers the target as it is sent, query included, and the bytes of the body. */
export function callApi(
  key: MerchantKey,
  method: string,
  target: string,
  body?: unknown,
  idempotencyKey?: string,
): Promise<Response> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const timestamp = String(Math.floor(Date.now() / 1000));
  return fetch(new URL(target, key.origin), {
    method,
    redirect: 'manual',
    headers: {
      ...signedHeaders(key, { method, target, timestamp, body: text, idempotencyKey }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: text }),
  });
}

/** The headers that sign a request; `timestamp` is unix seconds. */
export function signedHeaders(
  key: Pick<MerchantKey, 'keyId' | 'secret'>,
  request: { method: string; target: string; timestamp: string; body: string; idempotencyKey?: string | undefined },
): Record<string, string> {
  const { method, target, timestamp, body, idempotencyKey } = request;
  const lines = [method.toUpperCase(), target, timestamp, createHash('sha256').update(body).digest('hex')];
  if (idempotencyKey !== undefined) lines.push(idempotencyKey);
  const signature = createHmac('sha256', key.secret).update(lines.join('\n')).digest('hex');
  return {
    Authorization: `Plugipay-HMAC-SHA256 keyId=${key.keyId}, scope=*, signature=${signature}`,
    'X-Plugipay-Timestamp': timestamp,
    ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
  };
}
