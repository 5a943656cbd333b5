import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The result in `?portal_result=` of your return address, or null when it is not ours, not of the session you minted, or
 * older than 10 minutes. It is a hint to read the objects again, never a permission.
 */
export function readPortalResult(value, secret, portalSessionId, now = Date.now()) {
  const [payload = '', mac = ''] = String(value ?? '').split('.');
  const wanted = createHmac('sha256', secret).update(payload).digest();
  const given = Buffer.from(mac, 'base64url');
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
  const result = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const isFresh = Math.abs(now - Date.parse(result.at)) <= 600_000;
  return result.ses === portalSessionId && isFresh ? result : null;
}
