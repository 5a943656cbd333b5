import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** The parts of a merchant's request that its signature covers. */
export type SignedParts = {
  /** Upper case. */
  readonly method: string;
  /** The request target as sent, query included; each character is one byte. */
  readonly target: string;
  /** The text of X-Plugipay-Timestamp: unix seconds. */
  readonly timestamp: string;
  /** The body as sent; empty for no body and for multipart/form-data. */
  readonly body: Uint8Array;
  /** The Idempotency-Key header, or null when it is not sent. */
  readonly idempotencyKey: string | null;
};

/** Method, target, timestamp, SHA-256 of the body and, if sent, the idempotency key; one LF between, none at the end. */
export function stringToSign(parts: SignedParts): string {
  const lines = [parts.method, parts.target, parts.timestamp, createHash('sha256').update(parts.body).digest('hex')];
  if (parts.idempotencyKey !== null) lines.push(parts.idempotencyKey);
  return lines.join('\n');
}

/** The signature in 64 lower-case hex digits; the secret is used as UTF-8 text, its prefix included. */
export function signRequest(secret: string, parts: SignedParts): string {
  return mac(secret, parts).toString('hex');
}

/** Does this signature fit this secret? The comparison takes the same time wherever the two differ. */
export function isSignedWith(secret: string, parts: SignedParts, signature: string): boolean {
  const expected = Buffer.from(mac(secret, parts).toString('hex'));
  const given = Buffer.from(signature);
  // Another length is compared as well, with itself, so that its refusal costs what every refusal costs.
  const comparable = given.length === expected.length;
  return timingSafeEqual(expected, comparable ? given : expected) && comparable;
}

function mac(secret: string, parts: SignedParts): Buffer {
  return createHmac('sha256', secret)
    .update(Buffer.from(stringToSign(parts), 'latin1'))
    .digest();
}
