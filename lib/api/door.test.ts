import { describe, expect, it } from 'vitest';
import { judge } from './door.ts';

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
