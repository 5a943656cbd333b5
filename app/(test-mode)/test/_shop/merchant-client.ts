import { createHash, createHmac, randomUUID } from 'node:crypto';
import { secondMs } from '@/lib/domain/time.ts';

/** What the shop's server knows: where the portal is, and its key. */
export type ShopKey = { readonly origin: string; readonly keyId: string; readonly secret: { reveal(): string } };

export type MintAnswer =
  | { readonly ok: true; readonly url: string }
  | { readonly ok: false; readonly status: number; readonly code: string; readonly message: string };

/**
 * Mints a portal session over signed HTTP, like any merchant's server: the signature covers method, target, time, body
 * and idempotency key. `now` is epoch ms. An answer that is no 201 comes back with its code.
 */
export async function mintPortalSession(
  key: ShopKey,
  order: { readonly customerId: string; readonly returnUrl: string },
  now: number,
): Promise<MintAnswer> {
  const target = '/api/v1/portal-sessions';
  const body = JSON.stringify(order);
  const timestamp = String(Math.floor(now / secondMs));
  const idempotencyKey = randomUUID();
  const lines = ['POST', target, timestamp, createHash('sha256').update(body).digest('hex'), idempotencyKey];
  const signature = createHmac('sha256', key.secret.reveal()).update(lines.join('\n')).digest('hex');
  const answer = await fetch(new URL(target, key.origin), {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(30 * secondMs),
    headers: {
      Authorization: `Plugipay-HMAC-SHA256 keyId=${key.keyId}, scope=*, signature=${signature}`,
      'X-Plugipay-Timestamp': timestamp,
      'Idempotency-Key': idempotencyKey,
      'Content-Type': 'application/json',
    },
    body,
  });
  const { data, error } = (await answer.json()) as Envelope;
  if (answer.status === 201 && typeof data?.url === 'string') return { ok: true, url: data.url };
  return { ok: false, status: answer.status, code: error?.code ?? 'unknown', message: error?.message ?? '' };
}

type Envelope = {
  readonly data?: { readonly url?: unknown } | null;
  readonly error?: { readonly code?: string; readonly message?: string } | null;
};
