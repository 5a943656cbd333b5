import type { PortalResult } from '@/lib/domain/portal-result.ts';
import { keyedHash } from './secret.ts';

/** A result on its way to the merchant's site: base64url of its JSON, a dot, and HMAC-SHA256 over that text. */
export function signResult(secret: string, result: PortalResult): string {
  const payload = Buffer.from(JSON.stringify(result)).toString('base64url');
  return `${payload}.${keyedHash(new TextEncoder().encode(secret), payload)}`;
}
