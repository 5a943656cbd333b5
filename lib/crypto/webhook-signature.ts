import { createHmac } from 'node:crypto';

/**
 * The value of X-Plugipay-Signature: `t=<unix seconds>,v1=<64 hex digits>`, HMAC-SHA256 of `t.body` under the secret as
 * UTF-8 text, its prefix included. Exactly one `v1`: receivers keep only the last.
 */
export function signWebhook(secret: string, unixSeconds: number, body: string): string {
  const mac = createHmac('sha256', secret).update(`${unixSeconds}.${body}`).digest('hex');
  return `t=${unixSeconds},v1=${mac}`;
}
