import { createHmac } from 'node:crypto';
import { deriveKey, isSameText, newestKeyNumber, type RootKeys } from '@/lib/crypto/secret.ts';
import { fail, type Result, succeed } from '@/lib/domain/result.ts';
import { type Instant, minuteMs, secondMs } from '@/lib/domain/time.ts';
import type { ProviderNotification } from '@/lib/providers/provider.ts';

/** Header that proves a notification: `t=<epoch seconds>,v1=<HMAC-SHA256 of "<t>." and the raw body, in hex>`. */
export const signatureHeader = 'simulated-signature';

const toleranceMs = 5 * minuteMs;

/** Signs the bytes of a notification under the newest key. */
export function signNotification(roots: RootKeys, body: Uint8Array, now: Instant): string {
  const key = deriveKey(roots, newestKeyNumber(roots), 'simulated');
  if (key === null) throw new Error('No key to sign notifications with.');
  const seconds = Math.floor(now / secondMs);
  return `t=${seconds},v1=${macOf(key, seconds, body)}`;
}

/** Verifies over the raw bytes, then reads. Old signatures are refused; any configured key is good. */
export function readSignedNotification(
  roots: RootKeys,
  body: Uint8Array,
  headers: Headers,
  now: Instant,
): Result<ProviderNotification, 'invalid_signature' | 'timestamp_skew' | 'validation_error'> {
  const match = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(headers.get(signatureHeader) ?? '');
  const seconds = Number(match?.[1]);
  const given = match?.[2];
  if (given === undefined) return fail('invalid_signature', 'The signature is missing or malformed.');
  const isSigned = [...roots.keys()].some((number) => {
    const key = deriveKey(roots, number, 'simulated');
    return key !== null && isSameText(macOf(key, seconds, body), given);
  });
  if (!isSigned) return fail('invalid_signature', 'The signature does not match.');
  if (Math.abs(now - seconds * secondMs) > toleranceMs) return fail('timestamp_skew', 'The notification is too old.');
  return readBody(body);
}

function readBody(body: Uint8Array): Result<ProviderNotification, 'validation_error'> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return fail('validation_error', 'The notification is not JSON.');
  }
  const { id, about, reference } = Object(value) as Record<string, unknown>;
  if (typeof id !== 'string' || !/^[\w-]{8,64}$/.test(id) || typeof reference !== 'string') {
    return fail('validation_error', 'The notification has no id or reference.');
  }
  if (about === 'visit') return succeed({ id, about: { kind: 'visit', providerReference: reference } });
  if (about === 'charge') return succeed({ id, about: { kind: 'charge', idempotencyKey: reference } });
  return fail('validation_error', 'The notification is about nothing we know.');
}

function macOf(key: Uint8Array, seconds: number, body: Uint8Array): string {
  return createHmac('sha256', key).update(`${seconds}.`).update(body).digest('hex');
}
