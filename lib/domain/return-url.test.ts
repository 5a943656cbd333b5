import { describe, expect, it } from 'vitest';
import { readReturnUrl } from './return-url.ts';

const live = { mode: 'live', allowedOrigins: [] } as const;
const test = { mode: 'test', allowedOrigins: [] } as const;

function hrefOf(text: string, rules: Parameters<typeof readReturnUrl>[1] = live): string | null {
  const read = readReturnUrl(text, rules);
  if (!read.ok) expect(read.failure).toMatchObject({ code: 'validation_error', field: 'returnUrl' });
  return read.ok ? read.value : null;
}

const controls = Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code)).concat(
  '\u007f',
  '\u0085',
  '\u00a0',
);
const invisible = [
  '\u00ad',
  '\u200b',
  '\u200d',
  '\u200e',
  '\u2028',
  '\u2029',
  '\u202e',
  '\u2066',
  '\u3000',
  '\ufeff',
  '\ud800',
];

const loopback = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '0x7f.1',
  '0x7f.0.0.1',
  '0X7F.0X0.0X0.0X1',
  '0177.0.0.1',
  '0177.1',
  '2130706433',
  '0x7f000001',
  '017700000001',
  '127.0.0.1.',
  '１２７.０.０.１',
  '127。0。0。1',
  '127．0．0．1',
  '①②⑦.⓪.⓪.①',
  '[::1]',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[fe80::1]',
];
const addresses = [
  ...loopback,
  '0',
  '0.0.0.0',
  '0x0',
  '10.0.0.1',
  '10.1',
  '0xa.1',
  '169.254.169.254',
  '0xa9fea9fe',
  '2852039166',
  '0251.0376.0251.0376',
  '192.168.1.1',
  '0xc0.0xa8.1.1',
  '3232235777',
  '100.64.0.1',
  '8.8.8.8',
  '134744072',
  '255.255.255.255',
  '4294967295',
  '[2001:db8::1]',
  '[::ffff:10.0.0.1]',
  '[64:ff9b::7f00:1]',
];

/** Written to be refused in live mode, whatever a parser makes of it. */
const refused: string[] = [
  '',
  ' ',
  'x',
  '/',
  '/account',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  'evil.example',
  'https',
  'https:',
  'https:/',
  'https://',
  'https:///',
  'https://?',
  'https://#',
  'https:evil.example',
  'https:/evil.example',
  'https:///evil.example',
  'https:/\\evil.example',
  'https:\\evil.example',
  'https:\\\\evil.example',
  'https://\\evil.example',
  'https://shop.example\\@evil.example',
  'https://shop.example\\.evil.example',
  'https://shop.example/\\evil',
  'https://shop.example/a?b=\\',
  'https://good@evil.example',
  'https://good:secret@evil.example',
  'https://@evil.example',
  'https://:@evil.example',
  'https://shop.example:443@evil.example',
  'https://good%40evil.example',
  'https://shop.example%40evil.example',
  'https://shop.example%2f@evil.example',
  'https://shop%2eexample',
  'https://%65vil.example',
  'https://shop.example%00.evil.example',
  'https://shop.example%2523.evil.example',
  'https://shop.example%09',
  'http://shop.example',
  'HTTP://shop.example',
  'ftp://shop.example',
  'ws://shop.example',
  'wss://shop.example',
  'file:///etc/passwd',
  'file://shop.example',
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  'javascript://shop.example/%0aalert(1)',
  'java\nscript:alert(1)',
  '\u0001javascript:alert(1)',
  'data:text/html,x',
  'data:text/html;base64,eA==',
  'blob:https://shop.example/1',
  'vbscript:x',
  'about:blank',
  'mailto:a@b.example',
  'tel:1',
  'intent://x',
  'view-source:https://shop.example',
  'filesystem:https://shop.example/x',
  'chrome://settings',
  'urn:x',
  'https.evil:x',
  'httpss://shop.example',
  'shttps://shop.example',
  'https://shop.example:99999',
  'https://shop.example:-1',
  'https://shop.example:80:80',
  'https://shop.example:http',
  'https://shop.example:4 43',
  'https://exa mple',
  'https://exa<mple',
  'https://exa>mple',
  'https://exa^mple',
  'https://exa|mple',
  'https://[',
  'https://[::1',
  'https://::1',
  'https://[evil]',
  'https://256.256.256.256',
  'https://1.2.3.4.5',
  'https://0x100000000',
  'https://evil.1',
  'https://evil.0x7f',
  ` https://shop.example`,
  'https://shop.example ',
  'https://shop.example/a b',
  '\thttps://shop.example',
  'https://shop.example\n',
  'ht\ttps://shop.example',
  'https:/\t/shop.example',
  `https://shop.example/${'a'.repeat(2_048)}`,
  `https://${'a'.repeat(3_000)}.example`,
  `https://shop.example/${'é'.repeat(600)}`,
  ...controls.map((one) => `https://shop.example${one}.evil.example/`),
  ...controls.map((one) => `https://shop.example/a${one}b`),
  ...invisible.map((one) => `https://shop${one}.example/`),
  ...addresses.flatMap((one) => [`https://${one}/`, `https://${one}:8443/account?x=1`]),
];

/** Odd but honest enough: taken, as exactly the origin the parser reads. */
const taken: [text: string, origin: string][] = [
  ['https://shop.example', 'https://shop.example'],
  ['https://shop.example/account?x=1#y', 'https://shop.example'],
  ['HTTPS://SHOP.example/Account', 'https://shop.example'],
  ['https://shop.example:443/', 'https://shop.example'],
  ['https://shop.example:', 'https://shop.example'],
  ['https://shop.example:8443', 'https://shop.example:8443'],
  ['https://good.evil.example', 'https://good.evil.example'],
  ['https://evil.example#@shop.example', 'https://evil.example'],
  ['https://evil.example?@shop.example', 'https://evil.example'],
  ['https://evil.example/@shop.example', 'https://evil.example'],
  ['https://evil.example/https://shop.example', 'https://evil.example'],
  ['https://shop.example./', 'https://shop.example.'],
  ['https://shop。example/', 'https://shop.example'],
  ['https://shop．example/', 'https://shop.example'],
  ['https://shop｡example/', 'https://shop.example'],
  ['https://ｓｈｏｐ.example/', 'https://shop.example'],
  ['https://ѕhop.example/', 'https://xn--hop-ehd.example'],
  ['https://münchen.example/', 'https://xn--mnchen-3ya.example'],
  ['https://shop.example/a/../b/%2e%2e/c', 'https://shop.example'],
  ['https://shop.example/%0d%0aset-cookie:x', 'https://shop.example'],
  ['https://127.0.0.1.nip.example/', 'https://127.0.0.1.nip.example'],
  ['https://0x7f.1.example/', 'https://0x7f.1.example'],
  ['https://localhost/', 'https://localhost'],
  [`https://shop.example/${'a'.repeat(2_027)}`, 'https://shop.example'],
];

describe('a return address in live mode', () => {
  it('the matrix holds 200 addresses or more', () => {
    expect(refused.length + taken.length).toBeGreaterThanOrEqual(200);
  });

  it.each(refused.map((text) => [JSON.stringify(text).slice(0, 80), text]))('refuses %s', (_, text) => {
    expect(hrefOf(text)).toBeNull();
  });

  it.each(taken)('takes %s as exactly its parsed origin', (text, origin) => {
    const href = hrefOf(text);
    expect(href).not.toBeNull();
    expect(new URL(href ?? '').origin).toBe(origin);
    expect(href).toBe(new URL(text).href);
  });

  it('gives back nothing that parsing again would change', () => {
    for (const [text] of taken) expect(hrefOf(hrefOf(text) ?? '')).toBe(hrefOf(text));
  });
});

describe('a return address in test mode', () => {
  it.each([
    'http://localhost:3000/account',
    'http://127.0.0.1:3000/',
    'http://[::1]:3000/',
    'https://127.0.0.1/',
    'http://shop.example/',
  ])('takes %s', (text) => {
    expect(hrefOf(text, test)).toBe(text);
  });

  it.each([
    'ftp://shop.example',
    'javascript:alert(1)',
    'http:shop.example',
    'http://a@b.example',
    'http://shop.example\\x',
    '//shop.example',
  ])('refuses %s', (text) => {
    expect(hrefOf(text, test)).toBeNull();
  });
});

describe('a list of allowed origins', () => {
  const listed = {
    mode: 'live',
    allowedOrigins: ['https://shop.example.com', 'https://app.example.com:8443'],
  } as const;

  it.each([
    'https://shop.example.com',
    'https://SHOP.example.com/account',
    'https://shop.example.com:443/x',
    'https://app.example.com:8443/',
  ])('takes %s', (text) => {
    expect(hrefOf(text, listed)).toBe(new URL(text).href);
  });

  it.each([
    'https://example.com/',
    'https://shop.example.co/',
    'https://shop.example.com.evil.example/',
    'https://evilshop.example.com/',
    'https://shop-example.com/',
    'https://shop.example.com:8443/',
    'https://shop.example.com:444/',
    'https://shop.example.com./',
    'https://app.example.com/',
    'https://a.shop.example.com/',
    'https://shop.example.com%2e/',
    'https://shop.example.com@evil.example/',
    'https://evil.example/https://shop.example.com',
    'https://ѕhop.example.com/',
  ])('refuses the near miss %s', (text) => {
    expect(hrefOf(text, listed)).toBeNull();
  });

  it('keeps http out in test mode when the list names https', () => {
    expect(
      hrefOf('http://shop.example.com/', { mode: 'test', allowedOrigins: ['https://shop.example.com'] }),
    ).toBeNull();
  });
});
