import { expect, it } from 'vitest';
import { isSameOrigin } from './same-origin.ts';

const origin = 'https://billing.example.com';

it.each([
  [{ origin }, true],
  [{ origin, 'sec-fetch-site': 'same-origin' }, true],
  [{ origin, 'sec-fetch-site': 'cross-site' }, false],
  [{ origin, 'sec-fetch-site': 'same-site' }, false],
  [{ origin, 'sec-fetch-site': 'none' }, false],
  [{ origin: 'null' }, false],
  [{ origin: 'https://billing.example.com.evil.example' }, false],
  [{ origin: 'http://billing.example.com' }, false],
  [{ origin: 'https://billing.example.com:8443' }, false],
  [{}, false],
])('a form with %o is %s', (headers, expected) => {
  expect(
    isSameOrigin(new Request(origin, { method: 'POST', headers: headers as Record<string, string> }), origin),
  ).toBe(expected);
});
