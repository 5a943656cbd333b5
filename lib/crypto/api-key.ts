import type { Mode } from '@/lib/domain/viewer.ts';
import { fingerprint, Secret } from './secret.ts';

/** A fresh pair to sign requests with: id `ak_<mode>_<24 hex>`, secret `sk_<mode>_<48 hex>` (192 random bits). */
export function makeHmacKey(mode: Mode, random: (bytes: number) => Uint8Array): { keyId: string; secret: Secret } {
  return { keyId: `ak_${mode}_${hex(random(12))}`, secret: makeHmacSecret(mode, random) };
}

/** A fresh secret for a key id that stays: what a rotation puts in. */
export function makeHmacSecret(mode: Mode, random: (bytes: number) => Uint8Array): Secret {
  return new Secret(`sk_${mode}_${hex(random(24))}`);
}

/** A fresh Bearer key `pk_<mode>_<48 hex>`; only `hash` and the first 12 characters may be stored. */
export function makeBearerKey(
  mode: Mode,
  random: (bytes: number) => Uint8Array,
): { key: Secret; keyPrefix: string; hash: string } {
  const key = `pk_${mode}_${hex(random(24))}`;
  return { key: new Secret(key), keyPrefix: key.slice(0, 12), hash: hashBearerKey(key) };
}

/** How a Bearer key is stored and found: SHA-256 in hex. It has 192 random bits, so no slow hash is needed. */
export function hashBearerKey(key: string): string {
  return fingerprint(key);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
