import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import net from 'node:net';
import { expect } from '@playwright/test';
import { test } from '@/e2e/fixtures.ts';
import type { MerchantKey } from '@/e2e/merchant.ts';
import { callApi, mintPortalSession, signedHeaders } from '@/e2e/merchant.ts';
import { layMerchant, openBeside } from '@/e2e/portal-data.ts';

type Raw = { readonly status: number; readonly head: string; readonly body: string };

/** Sends bytes to the portal as they are and reads until it hangs up. */
function sendBytes(origin: string, text: string): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    const socket = net.connect(Number(port), hostname);
    let received = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      received += chunk;
    });
    // A server that refuses a request hangs up on what it did not read.
    socket.on('error', (error) => {
      if (received === '') reject(error);
    });
    socket.on('close', () => {
      const [head = '', ...rest] = received.split('\r\n\r\n');
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
      resolve({ status, head: head.toLowerCase(), body: rest.join('\r\n\r\n') });
    });
    socket.write(text, 'latin1');
  });
}

function request(line: string, headers: Record<string, string> = {}, body = ''): string {
  const all = { Host: 'localhost', Connection: 'close', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${line} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

/** A merchant of the running portal with one customer. */
async function openMerchant(
  environment: Readonly<Record<string, string>>,
): Promise<{ key: MerchantKey; customerId: string }> {
  const beside = await openBeside(environment);
  const { key, customers } = await layMerchant(beside, `door${randomBytes(4).toString('hex')}`, 1);
  await beside.close();
  return { key, customerId: customers[0] ?? '' };
}

const securityHeaders = [
  'x-content-type-options: nosniff',
  'strict-transport-security:',
  'referrer-policy: strict-origin',
];

test('P05, A15: what is no plain request is refused with all headers, never with 500', async ({ portal }) => {
  const refused: [string, number][] = [
    ['GET /%', 400],
    ['GET /p/%zz', 400],
    ['GET /api/v1/%e0%a4', 400],
    ['GET /_next/%zz', 400],
    ['GET /v1/%ff', 400],
    ['GET http://evil.example/', 400],
    ['GET http://evil.example/api/v1/health', 400],
    ['OPTIONS *', 400],
    ['GET //evil.example/', 404],
    ['GET //', 404],
    ['POST //enter', 404],
    ['GET /p//x', 404],
    ['GET /a/../p/x', 404],
    ['GET /%2e%2e/p/x', 404],
    ['GET /a\\b', 404],
    ['GET /p/%00', 404],
    ['GET /api/v1/health/', 404],
    ['TRACE /', 405],
    ['TRACE /api/v1/health', 405],
    ['PROPFIND /p/x', 405],
    ['PURGE /', 405],
    [`GET /p/${'a'.repeat(8_000)}`, 404],
    [`GET /api/v1/${'a'.repeat(8_000)}`, 404],
    [`GET /v1/${'%41'.repeat(2_600)}`, 404],
  ];
  for (const [line, status] of refused) {
    const answer = await sendBytes(portal.origin, request(line));
    expect([line.slice(0, 40), answer.status]).toEqual([line.slice(0, 40), status]);
    for (const header of securityHeaders) expect(answer.head, line).toContain(header);
    expect(answer.head).not.toContain('evil.example');
  }
  const tunnel = await sendBytes(portal.origin, request('CONNECT evil.example:443'));
  expect([0, 400, 405]).toContain(tunnel.status);
});

test('a browser that is refused at the door reads words, a program the envelope', async ({ portal }) => {
  const html = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
  for (const [line, status, title] of [
    ['GET //invoices', 404, "We can't find that here"],
    ['GET /%E0%A4%A', 400, "We can't read this address"],
    ['POST //enter', 404, "We can't find that here"],
    ['PURGE /invoices', 405, "This page can't be used that way"],
  ] as const) {
    const page = await sendBytes(portal.origin, request(line, html));
    expect([line, page.status]).toEqual([line, status]);
    expect(page.head, line).toContain('content-type: text/html');
    expect(page.body.replaceAll('&#x27;', "'"), line).toContain(title);
    for (const header of securityHeaders) expect(page.head, line).toContain(header);
    const indonesian = await sendBytes(portal.origin, request(line, { ...html, 'Accept-Language': 'id' }));
    expect(indonesian.body, line).toContain('<html lang="id"');
    expect((await sendBytes(portal.origin, request(line))).head, line).toContain('content-type: application/json');
  }
  for (const line of ['GET /v1/%ff', 'GET /api/v1/health/']) {
    expect((await sendBytes(portal.origin, request(line, html))).head, line).toContain(
      'content-type: application/json',
    );
  }
});

test('A16: requests of two minds are refused by the server itself', async ({ portal }) => {
  const two: [string, string][] = [
    ['two lengths', 'POST /api/v1/health HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    [
      'length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a folded header', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n 2\r\nConnection: close\r\n\r\n'],
    ['a header of 64 KB', `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(65_536)}\r\n\r\n`],
  ];
  for (const [name, bytes] of two) {
    const { status } = await sendBytes(portal.origin, bytes);
    expect([name, [400, 431].includes(status)]).toEqual([name, true]);
  }
});

test('A18: a client that does not finish its head or its body is left within 10 seconds, others are served', async ({
  portal,
}) => {
  test.setTimeout(40_000);
  const unfinished = [
    'GET / HTTP/1.1\r\nHost: x\r\nX-Slow',
    '',
    'POST /api/v1/portal-sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nContent-Type: application/json\r\n\r\n{',
    'POST /enter HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n1\r\na',
  ];
  const started = performance.now();
  const hangUps = Promise.all(unfinished.map((bytes) => sendBytes(portal.origin, bytes)));
  expect((await fetch(`${portal.origin}/healthz`)).ok).toBe(true);
  await hangUps;
  expect(performance.now() - started).toBeLessThan(13_000);
});

test('A19: a mint counts over real HTTP by the target as it was sent', async ({ portal }) => {
  const { key, customerId } = await openMerchant(portal.environment);
  const body = JSON.stringify({ customerId, returnUrl: 'https://shop.example.com/account' });
  const queries = ['', '?a=~', '?a=%7E', '?a=%20', '?a=+', '?a=%2f', '?', '?y', '?a=1&a=2', '?nxtPpath=x', '?a=%zz'];
  for (const [i, query] of queries.entries()) {
    const target = `/${i % 2 === 0 ? 'api/' : ''}v1/portal-sessions${query}`;
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signed = signedHeaders(key, { method: 'POST', target, timestamp, body });
    const headers = { ...signed, 'Content-Type': 'application/json', 'Content-Length': String(body.length) };
    const answer = await sendBytes(portal.origin, request(`POST ${target}`, headers, body));
    expect([target, answer.status]).toEqual([target, i < 10 ? 201 : 429]);
  }
});

test('what a client says for a proxy, for the framework or for the guard changes nothing', async ({ portal }) => {
  const { key, customerId } = await openMerchant(portal.environment);
  const body = JSON.stringify({ customerId, returnUrl: 'https://shop.example.com/account' });
  const target = '/api/v1/portal-sessions';
  const lies = {
    'X-Raw-Target': '/v1/portal-sessions',
    'X-Peer': '203.0.113.1',
    'X-Refused': 'path',
    'X-Forwarded-For': '203.0.113.2',
    'X-Forwarded-Host': 'evil.example',
    'X-Forwarded-Proto': 'gopher',
    Forwarded: 'host=evil.example',
    'X-Middleware-Subrequest': 'proxy:proxy:proxy:proxy:proxy',
    'X-Nextjs-Data': '1',
    'X-Nonce': 'abc',
    'Content-Security-Policy': "script-src 'nonce-abc'",
    Host: 'evil.example',
  };
  const signed = signedHeaders(key, {
    method: 'POST',
    target,
    timestamp: String(Math.floor(Date.now() / 1_000)),
    body,
  });
  const headers = { ...lies, ...signed, 'Content-Type': 'application/json', 'Content-Length': String(body.length) };
  const answer = await sendBytes(portal.origin, request(`POST ${target}`, headers, body));
  expect(answer.status).toBe(201);
  // R04: the link has the configured origin.
  expect(answer.body).toContain(`"url":"${portal.origin}/p/`);
  expect(answer.body + answer.head).not.toContain('evil.example');

  // W06: a policy or nonce that came with the request is in no answer.
  for (const path of ['/', '/p/x', '/signed-out', '/link-problem', '/nothing']) {
    const page = await sendBytes(portal.origin, request(`GET ${path}`, lies));
    expect(page.status, path).toBeLessThan(500);
    expect(page.head + page.body, path).not.toMatch(/nonce-abc|evil\.example/);
    for (const header of securityHeaders) expect(page.head, path).toContain(header);
  }
});

test('a mint over HTTP, its retry, and its refusals', async ({ portal }) => {
  const { key, customerId } = await openMerchant(portal.environment);
  const minted = await mintPortalSession(key, customerId, 'https://shop.example.com/account');
  expect(minted.url).toContain(`${portal.origin}/p/`);
  const idempotencyKey = randomUUID();
  const order = { customerId, returnUrl: 'https://shop.example.com/account' };
  const links = new Set<string>();
  for (const prefix of ['/api/v1', '/v1']) {
    const answer = await callApi(key, 'POST', `${prefix}/portal-sessions`, order, idempotencyKey);
    expect(answer.status).toBe(201);
    links.add(((await answer.json()) as { data: { url: string } }).data.url);
  }
  expect(links.size).toBe(1);
  const big = await callApi(key, 'POST', '/v1/portal-sessions', { ...order, more: 'x'.repeat(300_000) });
  expect([big.status, big.headers.get('x-request-id')]).toEqual([413, expect.stringMatching(/^req_/)]);
  const method = await callApi(key, 'PUT', '/v1/portal-sessions', order);
  expect([method.status, method.headers.get('allow')]).toEqual([405, 'POST']);
});

test('a deployment that cannot work ends with one message and exit code 1', async ({ portal }) => {
  test.setTimeout(90_000);
  const broken: [Record<string, string>, string][] = [
    [{ PORTAL_KEYS: '' }, 'PORTAL_KEYS'],
    [{ PORTAL_ORIGIN: 'http://billing.example.com' }, 'PORTAL_ORIGIN'],
    [{ PORTAL_TRUSTED_PROXIES: '10.0.0.0/99' }, 'PORTAL_TRUSTED_PROXIES'],
    [{ DATABASE_URL: 'postgres://localhost:1/portal' }, 'cannot start'],
    [{ PORTAL_DATABASE_FILE: 'package.json/portal.db' }, 'cannot start'],
  ];
  for (const [change, named] of broken) {
    const child = spawn(process.execPath, ['node_modules/next/dist/bin/next', 'start', '-p', '0', '-H', 'localhost'], {
      env: { ...portal.environment, NODE_ENV: 'production', ...change },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    child.stderr.on('data', (bytes) => {
      complaint += bytes;
    });
    const patience = setTimeout(() => child.kill('SIGKILL'), 20_000);
    const code = await new Promise((resolve) => child.once('close', resolve));
    clearTimeout(patience);
    expect([named, code]).toEqual([named, 1]);
    expect(complaint).toContain(named);
    expect(complaint).not.toContain('    at ');
  }
});

test('SIGTERM: not ready, then everything under way is finished, then the end with exit code 0', async ({
  startPortal,
}) => {
  const portal = await startPortal({ environment: { PORTAL_DRAIN_SECONDS: '1' } });
  const { key, customerId } = await openMerchant(portal.environment);
  const ended = portal.terminate();
  await expect.poll(async () => (await fetch(`${portal.origin}/readyz`)).status).toBe(503);
  const minted = await mintPortalSession(key, customerId, 'https://shop.example.com/account');
  expect(minted.url).toContain('/p/');
  expect(await ended).toBe(0);
  expect(portal.log()).toContain('portal.stopping');
});
