import { describe, expect, it } from 'vitest';
import type { SignedParts } from './request-signature.ts';
import { isSignedWith, signRequest, stringToSign } from './request-signature.ts';

const secret = 'sk_test_example';
const timestamp = '1772524800';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const examples: { name: string; parts: SignedParts; text: string[]; signature: string }[] = [
  {
    name: 'A: GET with a query string',
    parts: {
      method: 'GET',
      target: '/api/v1/customers?limit=2&email=dewi%2Bbilling%40example.com',
      timestamp,
      body: bytes(''),
      idempotencyKey: null,
    },
    text: [
      'GET',
      '/api/v1/customers?limit=2&email=dewi%2Bbilling%40example.com',
      '1772524800',
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    ],
    signature: '1319b7f067723faeeeac27e3ea05ae8350aae0a20266ff87abbcd614e4cfd0c6',
  },
  {
    name: 'B: POST with an idempotency key',
    parts: {
      method: 'POST',
      target: '/api/v1/portal-sessions',
      timestamp,
      body: bytes('{"customerId":"cus_01KE8MNV20K93YTXQPXJRTN16Z","returnUrl":"https://shop.example.com/account"}'),
      idempotencyKey: 'idem_3f0c6a52-9c1e-4d6b-8a57-2b1d7e94c0aa',
    },
    text: [
      'POST',
      '/api/v1/portal-sessions',
      '1772524800',
      'c7f949186dde36fa11c5be5961fe2556caaaf4eb799e61a3b5ef99117b8c6dbe',
      'idem_3f0c6a52-9c1e-4d6b-8a57-2b1d7e94c0aa',
    ],
    signature: '1afade9a58bd016561ba9144f5b4c146c8cc62f9ae9b74ed3953a10004096dff',
  },
  {
    name: 'C: PATCH on the short prefix with UTF-8 text',
    parts: {
      method: 'PATCH',
      target: '/v1/checkout/settings',
      timestamp,
      body: bytes('{"brandName":"Kopi Senja – Bandung"}'),
      idempotencyKey: null,
    },
    text: [
      'PATCH',
      '/v1/checkout/settings',
      '1772524800',
      '41bb8006614230ef7a2d0bee79d3ef1b39bae6a2476bf73ba3a0d7b39790c59d',
    ],
    signature: '0ae930b4d62966e7d185bb6adf980d0dc78803a123a3ea3011d27f8236d230d2',
  },
];

describe.each(examples)('worked example $name', ({ parts, text, signature }) => {
  it('is signed line by line as published', () => {
    expect(stringToSign(parts)).toBe(text.join('\n'));
    expect(signRequest(secret, parts)).toBe(signature);
    expect(isSignedWith(secret, parts, signature)).toBe(true);
  });

  it('does not fit after any change', () => {
    const other: Partial<SignedParts>[] = [
      { method: 'PUT' },
      { target: `${parts.target}?` },
      { target: parts.target.replace('/v1/', '/V1/') },
      { timestamp: '1772524801' },
      { body: bytes(' ') },
      { idempotencyKey: `${parts.idempotencyKey ?? ''}x` },
    ];
    for (const change of other) expect(isSignedWith(secret, { ...parts, ...change }, signature)).toBe(false);
    expect(isSignedWith('sk_test_examplE', parts, signature)).toBe(false);
  });

  it.each(['', 'ab', signature.toUpperCase(), `${signature}0`, signature.slice(1), '\u{1f600}'.repeat(16)])(
    'refuses the signature text %j without a throw',
    (given) => {
      expect(isSignedWith(secret, parts, given)).toBe(false);
    },
  );
});

it('the bodies of the examples have the published lengths', () => {
  expect(examples.map((one) => one.parts.body.length)).toEqual([0, 94, 38]);
});

it('bytes above 127 in a target are signed as they were sent', () => {
  const asBytes = Buffer.from('/v1/customers?name=é', 'utf8').toString('latin1');
  const parts = { method: 'GET', target: asBytes, timestamp, body: bytes(''), idempotencyKey: null };
  expect(Buffer.from(stringToSign(parts), 'latin1').toString('utf8')).toContain('name=é');
});
