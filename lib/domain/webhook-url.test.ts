import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAddress, isLoopbackAddress, isPublicAddress } from './net-address.ts';
import { maySendTo, readWebhookUrl } from './webhook-url.ts';

const live = { mode: 'live', allowLoopback: false } as const;
const test = { mode: 'test', allowLoopback: false } as const;
const development = { mode: 'test', allowLoopback: true } as const;

describe('an address of the public network', () => {
  it.each(['1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '172.15.255.255', '172.32.0.0'])(
    'is %s',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );
  it.each(['223.255.255.255', '2606:4700::1111', '2a00::1', '64:ff9b::1.1.1.1', '64:ff9b::101:101'])(
    'is %s',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );
  it.each([
    // This host, unspecified, private, carrier, link-local with metadata, protocol and documentation blocks.
    ...['0.0.0.0', '0.1.2.3', '127.0.0.1', '127.255.255.254', '10.0.0.1', '172.16.0.1', '172.31.255.255'],
    ...['192.168.1.1', '100.64.0.1', '100.100.100.200', '169.254.169.254', '169.254.170.2', '192.0.0.192'],
    ...['192.0.2.1', '192.88.99.1', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '168.63.129.16'],
    ...['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
    ...['::', '::1', '::ffff:127.0.0.1', '::ffff:1.1.1.1', '::127.0.0.1', 'fe80::1', 'fec0::1', 'fc00::1'],
    ...['fd00:ec2::254', 'ff02::1', '2001:db8::1', '2001::1', '2001:10::1', '2002:7f00:1::', '3fff::1'],
    ...['64:ff9b::127.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::1.1.1.1', '100::1', '5f00::1'],
    // No address in its usual form.
    ...[
      '',
      '1.1.1',
      '01.1.1.1',
      '1.1.1.256',
      '1.1.1.1.',
      '0x1.1.1.1',
      '2606:4700',
      '2606::1::2',
      'fe80::1%eth0',
      ':::',
    ],
    ...['2606:4700:0:0:0:0:0:0:1', '1.1.1.1:443', '[2606:4700::1111]', 'example.com'],
  ])('is not %s', (address) => expect(isPublicAddress(address)).toBe(false));
});

it('what is an address here is one to Node, and the other way round', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.ipV4Extended(), fc.string({ maxLength: 12 })), (text) => {
      expect(isAddress(text)).toBe(isIP(text) !== 0);
    }),
  );
});

it('no address of this host is public', () => {
  fc.assert(
    fc.property(fc.nat(255), fc.nat(255), fc.nat(255), (a, b, c) => {
      const address = `127.${a}.${b}.${c}`;
      expect([isPublicAddress(address), isLoopbackAddress(address)]).toEqual([false, true]);
      expect(isPublicAddress(`::ffff:${address}`)).toBe(false);
    }),
  );
});

const privateHosts = [
  ...['localhost', 'LOCALHOST', 'localhost.', 'api.localhost', '127.0.0.1', '127.1', '127.0.0.1.', '2130706433'],
  ...['0x7f000001', '0x7f.1', '017700000001', '0177.0.0.1', '0', '0.0.0.0', '[::1]', '[::]', '[0:0:0:0:0:0:0:1]'],
  ...['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::ffff:a9fe:a9fe]', '169.254.169.254', '0xa9fea9fe', '2852039166'],
  ...['10.1.2.3', '192.168.0.1', '172.20.1.1', '100.64.1.1', '[fe80::1]', '[fd00::1]', '[64:ff9b::10.0.0.1]'],
  ...[
    'metadata.google.internal',
    'metadata',
    'printer.local',
    'router.home.arpa',
    'db',
    '１２７.０.０.１',
    '①②⑦.0.0.1',
  ],
];

it.each(privateHosts)('an endpoint never leads to %s', (host) => {
  for (const scheme of ['http', 'https']) {
    const read = readWebhookUrl(`${scheme}://${host}/hooks`, test);
    expect(read.ok ? read.value : read.failure).toMatchObject({ code: 'validation_error', field: 'url' });
  }
});

it.each([
  ['https://shop.example.com/hooks/billing', live, 'https://shop.example.com/hooks/billing'],
  ['https://shop.example.com:443/a', live, 'https://shop.example.com/a'],
  ['https://shop.example.com:8443/a?b=c', live, 'https://shop.example.com:8443/a?b=c'],
  ['https://SHOP.example.com/a#part', live, 'https://shop.example.com/a'],
  ['https://1.1.1.1/a', live, 'https://1.1.1.1/a'],
  ['http://shop.example.com:8080/a', test, 'http://shop.example.com:8080/a'],
  ['http://localhost:4000/a', development, 'http://localhost:4000/a'],
  ['http://127.0.0.1:4000/a', development, 'http://127.0.0.1:4000/a'],
  ['http://[::1]:4000/a', development, 'http://[::1]:4000/a'],
])('%s is taken', (text, rules, url) => {
  expect(readWebhookUrl(text, rules)).toEqual({ ok: true, value: url });
});

it.each([
  ['http://shop.example.com/', live],
  ['https://shop.example.com:8080/', live],
  ['https://shop.example.com:22/', live],
  ['https://me:secret@shop.example.com/', live],
  ['https://shop.example.com@10.0.0.1/', test],
  ['https:shop.example.com/', live],
  ['https:///shop.example.com/', live],
  ['https://shop.example.com\\@10.0.0.1/', test],
  ['https://shop%2eexample.com/', test],
  ['https://shop.example.com/ a', test],
  ['ftp://shop.example.com/', test],
  ['javascript:alert(1)', test],
  ['shop.example.com', test],
  [`https://shop.example.com/${'a'.repeat(2_048)}`, live],
  ['http://192.168.0.1/', development],
  ['http://169.254.169.254/', development],
  ['http://localhost/', { mode: 'live', allowLoopback: true }],
  ['https://localhost/', { mode: 'live', allowLoopback: true }],
] as const)('%s is refused', (text, rules) => {
  expect(readWebhookUrl(text, rules)).toMatchObject({ ok: false, failure: { field: 'url' } });
});

it('loopback is sent to in test mode alone, and only where it is let', () => {
  const may = (rules: Parameters<typeof maySendTo>[1]) => [maySendTo('127.0.0.1', rules), maySendTo('::1', rules)];
  expect(may(development)).toEqual([true, true]);
  expect(may(test)).toEqual([false, false]);
  expect(may({ mode: 'live', allowLoopback: true })).toEqual([false, false]);
  expect(maySendTo('10.0.0.1', development)).toBe(false);
});
