import { createCipheriv, createDecipheriv } from 'node:crypto';
import { deriveKey, newestKeyNumber, type RootKeys } from './secret.ts';

/**
 * Encrypts text for the database: AES-256-GCM under the newest key, bound to `context` (the row's id), so that a
 * sealed value copied to another row does not open. Form: `<key number>.<iv>.<ciphertext and tag>` in base64url.
 */
export function sealText(
  roots: RootKeys,
  text: string,
  context: string,
  random: (bytes: number) => Uint8Array,
): string {
  const number = newestKeyNumber(roots);
  const key = deriveKey(roots, number, 'at-rest');
  if (key === null) throw new Error('No key to seal with.');
  const iv = random(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${number}.${Buffer.from(iv).toString('base64url')}.${sealed.toString('base64url')}`;
}

/** Opens what `sealText` made for the same context; null when the key is gone or the value was changed or moved. */
export function openSealedText(roots: RootKeys, sealed: string, context: string): string | null {
  const [number, iv, body] = sealed.split('.');
  if (number === undefined || iv === undefined || body === undefined) return null;
  const key = deriveKey(roots, Number(number), 'at-rest');
  if (key === null) return null;
  try {
    const bytes = Buffer.from(body, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url')).setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(bytes.length - 16));
    return decipher.update(bytes.subarray(0, bytes.length - 16), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return null;
  }
}
