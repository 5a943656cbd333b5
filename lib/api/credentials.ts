import { hashBearerKey } from '@/lib/crypto/api-key.ts';
import type { SignedParts } from '@/lib/crypto/request-signature.ts';
import { isSignedWith } from '@/lib/crypto/request-signature.ts';
import { openSealedText, sealText } from '@/lib/crypto/sealed-box.ts';
import type { RootKeys } from '@/lib/crypto/secret.ts';
import type { ApiKey } from '@/lib/data/api-keys.ts';
import { findBearerKey, findHmacKey } from '@/lib/data/api-keys.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** Credentials as the headers carry them, well formed but not yet believed. */
export type Credentials =
  | { readonly kind: 'signed'; readonly keyId: string; readonly signature: string; readonly timestamp: string }
  | { readonly kind: 'bearer'; readonly key: string };

/** Reads the Authorization and X-Plugipay-Timestamp headers. Fails with `unauthorized` or `invalid_timestamp`. */
export function readCredentials(headers: Headers): Result<Credentials, 'unauthorized' | 'invalid_timestamp'> {
  const text = headers.get('authorization') ?? '';
  const bearer = /^Bearer +([^\s,]{1,200})$/i.exec(text)?.[1];
  if (bearer !== undefined) return succeed({ kind: 'bearer', key: bearer });
  const signed = /^Plugipay-HMAC-SHA256 +(.{1,1000})$/i.exec(text)?.[1];
  const named = signed === undefined ? null : readParameters(signed);
  const keyId = named?.get('keyid');
  const signature = named?.get('signature');
  if (keyId === undefined || signature === undefined || keyId === '' || keyId.length > 128) {
    return fail('unauthorized', 'Sign the request, or send a Bearer key.', { field: 'Authorization' });
  }
  const timestamp = headers.get('x-plugipay-timestamp') ?? '';
  if (!/^\d{1,12}$/.test(timestamp)) {
    return fail('invalid_timestamp', 'X-Plugipay-Timestamp must hold unix seconds.', { field: 'X-Plugipay-Timestamp' });
  }
  return succeed({ kind: 'signed', keyId, signature, timestamp });
}

/** `name=value` pairs by lower-case name; null when one stands twice or is no pair. */
function readParameters(text: string): Map<string, string> | null {
  const named = new Map<string, string>();
  for (const part of text.split(',')) {
    const match = /^\s*([A-Za-z]+)\s*=\s*"?([^\s",]*)"?\s*$/.exec(part);
    const name = match?.[1]?.toLowerCase();
    if (match === null || name === undefined || named.has(name)) return null;
    named.set(name, match[2] ?? '');
  }
  return named;
}

/**
 * The key that signed the request. An unknown, revoked or foreign-mode key id costs the same work as a known one and
 * ends in the same `invalid_signature`; during a rotation the secret before the newest one serves as well.
 */
export async function findSigner(
  runtime: Runtime,
  keyId: string,
  signature: string,
  parts: SignedParts,
): Promise<Result<ApiKey, 'invalid_signature'>> {
  const roots = runtime.config.rootKeys;
  const dummy = dummyOf(roots, runtime.random);
  const found = await findHmacKey(runtime.read, keyId);
  const key = found !== null && runtime.config.modes.has(found.mode) ? found : null;
  const rotating = runtime.now() < (key?.previousSecretUntil ?? 0);
  const context = key?.id ?? dummyContext;
  const current = openSealedText(roots, key?.secretSealed ?? dummy, context);
  const previousSealed = (rotating ? key?.previousSecretSealed : null) ?? null;
  const previous = openSealedText(roots, previousSealed ?? dummy, previousSealed === null ? dummyContext : context);
  const fitsCurrent = isSignedWith(current ?? dummySecret, parts, signature);
  const fitsPrevious = isSignedWith(previous ?? dummySecret, parts, signature);
  const fits = (fitsCurrent && current !== null) || (fitsPrevious && previous !== null && previousSealed !== null);
  if (key === null || !fits)
    return fail('invalid_signature', 'The signature does not fit.', { field: 'Authorization' });
  return succeed(key);
}

/** The key a Bearer header shows; `invalid_key` when it is unknown, revoked or of a mode this host does not serve. */
export async function findBearer(runtime: Runtime, text: string): Promise<Result<ApiKey, 'invalid_key'>> {
  const key = await findBearerKey(runtime.read, hashBearerKey(text));
  if (key === null || !runtime.config.modes.has(key.mode)) {
    return fail('invalid_key', 'This key is not known.', { field: 'Authorization' });
  }
  return succeed(key);
}

/** How a key is named in logs, audit lines and rows: an HMAC key by its public id, a Bearer key by its row. */
export function nameOfKey(key: ApiKey): string {
  return key.kind === 'hmac' ? key.keyId : key.id;
}

const dummyContext = 'akey_dummy';
const dummySecret = `sk_live_${'0'.repeat(48)}`;
const dummies = new WeakMap<RootKeys, string>();

/** A sealed secret of no key, opened where there is no key, so that both cases cost the same. */
function dummyOf(roots: RootKeys, random: (bytes: number) => Uint8Array): string {
  const known = dummies.get(roots);
  if (known !== undefined) return known;
  const made = sealText(roots, dummySecret, dummyContext, random);
  dummies.set(roots, made);
  return made;
}
