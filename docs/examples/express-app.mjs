import { createHash, createHmac, randomUUID } from 'node:crypto';
import express from 'express';

const { PLUGIPAY_BASE_URL: portal, PLUGIPAY_KEY_ID: keyId, PLUGIPAY_SECRET: secret } = process.env;
export const app = express();

app.post('/manage-billing', async (request, response) => {
  // Your own sign-in decides whose billing this is; never take the customer's id from the browser.
  const body = JSON.stringify({ customerId: request.session.customerId, returnUrl: 'https://shop.example.com/account' });
  const [now, key] = [String(Math.floor(Date.now() / 1000)), `idem_${randomUUID()}`];
  const text = ['POST', '/api/v1/portal-sessions', now, createHash('sha256').update(body).digest('hex'), key].join('\n');
  const signature = createHmac('sha256', secret).update(text).digest('hex');
  const headers = {
    Authorization: `Plugipay-HMAC-SHA256 keyId=${keyId}, scope=*, signature=${signature}`,
    'X-Plugipay-Timestamp': now, 'Idempotency-Key': key, 'Content-Type': 'application/json',
  };
  const answer = await fetch(`${portal}/api/v1/portal-sessions`, { method: 'POST', headers, body });
  response.redirect(303, (await answer.json()).data.url);
});
