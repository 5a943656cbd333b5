import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** Text that cannot be printed by accident: logs, JSON and templates show only "[secret]". */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself, for the one call that needs it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}

/** Numbered 32-byte root keys of the configuration; the highest number makes new things, all read old ones. */
export type RootKeys = ReadonlyMap<number, Uint8Array>;

/** What a root key is used for. Each purpose has its own key, so that no value of one serves another. */
export type KeyPurpose =
  | 'at-rest'
  | 'link'
  | 'cookie'
  | 'entry'
  | 'reference'
  | 'return-result'
  | 'visit-state'
  | 'document'
  | 'simulated';

const derivedKeys = new WeakMap<RootKeys, Map<string, Uint8Array>>();

/** The key of one number and purpose (HKDF-SHA256, 32 bytes), or null when that number is not configured. */
export function deriveKey(roots: RootKeys, number: number, purpose: KeyPurpose): Uint8Array | null {
  const root = roots.get(number);
  if (root === undefined) return null;
  const known = derivedKeys.get(roots) ?? new Map<string, Uint8Array>();
  derivedKeys.set(roots, known);
  const name = `${number}/${purpose}`;
  const key = known.get(name) ?? new Uint8Array(hkdfSync('sha256', root, '', `portal/${purpose}`, 32));
  known.set(name, key);
  return key;
}

/** The number that makes new things. */
export function newestKeyNumber(roots: RootKeys): number {
  return Math.max(...roots.keys());
}

/** SHA-256 in hex: how a token, a nonce or a session id is stored. */
export function fingerprint(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

/** HMAC-SHA256 of the text under the key, in base64url. */
export function keyedHash(key: Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** Compares two texts in a time that depends only on their lengths. */
export function isSameText(one: string, other: string): boolean {
  const a = Buffer.from(one);
  const b = Buffer.from(other);
  return a.length === b.length && timingSafeEqual(a, b);
}
