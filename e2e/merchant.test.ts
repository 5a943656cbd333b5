import { expect, test } from 'vitest';
import { signedHeaders } from './merchant.ts';

const key = { keyId: 'ak_test_example', secret: 'sk_test_example' };

test('the sample merchant signs a GET with a query as the wire reference does', () => {
  const headers = signedHeaders(key, {
    method: 'GET',
    target: '/api/v1/customers?limit=2&email=dewi%2Bbilling%40example.com',
    timestamp: '1772524800',
    body: '',
  });
  expect(headers).toEqual({
    Authorization:
      'Plugipay-HMAC-SHA256 keyId=ak_test_example, scope=*, signature=1319b7f067723faeeeac27e3ea05ae8350aae0a20266ff87abbcd614e4cfd0c6',
    'X-Plugipay-Timestamp': '1772524800',
  });
});

test('the sample merchant signs a POST with an idempotency key as the wire reference does', () => {
  const headers = signedHeaders(key, {
    method: 'POST',
    target: '/api/v1/portal-sessions',
    timestamp: '1772524800',
    body: '{"customerId":"cus_01KE8MNV20K93YTXQPXJRTN16Z","returnUrl":"https://shop.example.com/account"}',
    idempotencyKey: 'idem_3f0c6a52-9c1e-4d6b-8a57-2b1d7e94c0aa',
  });
  expect(headers.Authorization).toContain('1afade9a58bd016561ba9144f5b4c146c8cc62f9ae9b74ed3953a10004096dff');
  expect(headers['Idempotency-Key']).toBe('idem_3f0c6a52-9c1e-4d6b-8a57-2b1d7e94c0aa');
});
