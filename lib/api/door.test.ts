import { describe, expect, it } from 'vitest';
import { addressOfClient, judge, readProxies, readsPages } from './door.ts';

describe('the guard at the door', () => {
  it.each([
    '/',
    '/p/a.b.c',
    '/api/v1/portal-sessions',
    '/v1/portal-sessions?x=//&y=%zz',
    '/invoices?q=%2e%2e',
    '/a%20b',
    '/.well-known/x',
    '/a..b',
    '/invoices/',
    '/%c3%a9',
  ])('lets %s through', (target) => {
    expect(judge('GET', target)).toBeNull();
  });

  it.each([
    'http://evil.example/',
    'https://evil.example/p/x',
    '*',
    '',
    'evil.example:443',
    '/%',
    '/%zz',
    '/p/%e0%a4',
    '/%ff',
    '/api/v1/%',
  ])('refuses the target %j', (target) => {
    expect(judge('GET', target)).toBe('target');
  });

  it.each([
    '//evil.example',
    '//',
    '/a//b',
    '/p//x',
    '/..',
    '/a/../b',
    '/a/./b',
    '/%2e%2e/x',
    '/a/%2E./b',
    '/a/.%2e',
    '/a\\b',
    '/a%5cb',
    '/a%2fb',
    '/a%00',
    '/api/v1/portal-sessions/',
    '/v1/',
    '/api/',
  ])('refuses the path %s', (target) => {
    expect(judge('GET', target)).toBe('path');
  });

  it.each(['/portal.js', '/portal.js?v=1', '/icon.svg', '/assets/portal.css', '/_next/static/x.js'])(
    'gives the file %s to GET and HEAD alone',
    (target) => {
      expect(judge('GET', target)).toBeNull();
      expect(judge('HEAD', target)).toBeNull();
      for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) expect(judge(method, target)).toBe('method');
    },
  );

  it.each(['TRACE', 'CONNECT', 'PROPFIND', 'PURGE', 'get', 'M-SEARCH', ''])('refuses the method %j', (method) => {
    expect(judge(method, '/')).toBe('method');
  });
});

describe('what is refused', () => {
  const browser = 'text/html,application/xhtml+xml,*/*;q=0.8';

  it.each(['//invoices', '/%E0%A4%A', '/', '/v1x', 'http://evil.example/'])(
    'is said in words to a browser at %s',
    (target) => {
      expect(readsPages(target, browser)).toBe(true);
      expect(readsPages(target, '*/*')).toBe(false);
      expect(readsPages(target, '')).toBe(false);
    },
  );

  it.each(['/api/v1/customers/', '/v1/%zz', '/api', '/v1'])('stays JSON at %s of the merchant API', (target) => {
    expect(readsPages(target, browser)).toBe(false);
  });
});

describe('the address of a client', () => {
  const proxies = readProxies(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32']);

  it.each([
    ['203.0.113.9', '', '203.0.113.9'],
    ['::ffff:203.0.113.9', '', '203.0.113.9'],
    ['203.0.113.9', '198.51.100.7', '203.0.113.9'],
    ['10.1.2.3', '198.51.100.7', '198.51.100.7'],
    ['::ffff:10.1.2.3', '198.51.100.7', '198.51.100.7'],
    ['2001:db8::5', '2001:4860::8', '2001:4860::8'],
    ['10.1.2.3', '6.6.6.6, 198.51.100.7', '198.51.100.7'],
    ['10.1.2.3', '6.6.6.6, 198.51.100.7, 192.0.2.1, 10.9.9.9', '198.51.100.7'],
    ['10.1.2.3', '', '10.1.2.3'],
    ['10.1.2.3', 'unknown', '10.1.2.3'],
    ['10.1.2.3', '198.51.100.7, <script>', '10.1.2.3'],
    ['10.1.2.3', '10.4.4.4', '10.1.2.3'],
    ['192.0.2.2', '198.51.100.7', '192.0.2.2'],
    ['', '198.51.100.7', ''],
  ])('of the peer %s that notes "%s" is %s', (peer, forwardedFor, address) => {
    expect(addressOfClient(peer, forwardedFor, proxies)).toBe(address);
  });

  it.each(['10.0.0.0/33', 'proxy.example', '10.0.0', ''])('cannot be taken from the proxy %j', (entry) => {
    expect(() => readProxies([entry])).toThrow();
  });
});
