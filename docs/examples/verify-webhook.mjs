import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The event of a webhook, or null when it was not sent by the portal. Give it the body as it came (express.raw, not
 * express.json), the header X-Plugipay-Signature and the endpoint's secret, "whsec_" included.
 */
export function verifyWebhook(rawBody, header, secret, nowSeconds = Date.now() / 1000) {
  const [, time, signature] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header ?? '') ?? [];
  if (time === undefined || Math.abs(nowSeconds - Number(time)) > 300) return null;
  const expected = createHmac('sha256', secret).update(`${time}.`).update(rawBody).digest();
  if (!timingSafeEqual(expected, Buffer.from(signature, 'hex'))) return null;
  // The same event may come more than once: remember its id, and answer 2xx within ten seconds.
  return JSON.parse(rawBody);
}
