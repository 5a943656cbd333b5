import { CompactSign, compactVerify, decodeProtectedHeader } from 'jose';
import { deriveKey, newestKeyNumber, type RootKeys } from './secret.ts';

/** What a portal link carries: 256 random bits and the epoch it was minted in. The row stays the authority. */
export type LinkClaims = { readonly secret: string; readonly epoch: number; readonly keyNumber: number };

/** What every token begins with, so that people, scanners and log filters know one when they see it. */
const prefix = 'ps_';
const maxLength = 400;

/**
 * Makes the token of a portal link: `ps_` and a compact JWS (HS256, typ `plink`, kid = key number) over
 * `{"s": <43 base64url characters>, "e": <epoch>}`. Only its SHA-256 may be stored.
 */
export async function makeLinkToken(
  roots: RootKeys,
  epoch: number,
  random: (bytes: number) => Uint8Array,
): Promise<string> {
  const number = newestKeyNumber(roots);
  const key = deriveKey(roots, number, 'link');
  if (key === null) throw new Error('No key to sign links with.');
  const claims = { s: Buffer.from(random(32)).toString('base64url'), e: epoch };
  const signed = await new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'HS256', typ: 'plink', kid: String(number) })
    .sign(key);
  return `${prefix}${signed}`;
}

/** Reads a token; null when it is malformed, of another kind, or not signed by one of our keys. Never throws. */
export async function readLinkToken(roots: RootKeys, token: string): Promise<LinkClaims | null> {
  if (token.length > maxLength || !/^ps_[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}$/.test(token)) return null;
  const signed = token.slice(prefix.length);
  try {
    const header = decodeProtectedHeader(signed);
    if (header.typ !== 'plink' || header.alg !== 'HS256' || header.crit !== undefined) return null;
    const keyNumber = Number(header.kid);
    const key = deriveKey(roots, keyNumber, 'link');
    if (key === null) return null;
    const { payload } = await compactVerify(signed, key, { algorithms: ['HS256'] });
    const claims: unknown = JSON.parse(new TextDecoder().decode(payload));
    if (typeof claims !== 'object' || claims === null || !('s' in claims) || !('e' in claims)) return null;
    const { s: secret, e: epoch } = claims;
    if (typeof secret !== 'string' || secret.length !== 43 || typeof epoch !== 'number') return null;
    return { secret, epoch, keyNumber };
  } catch {
    return null;
  }
}
