import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer as createRawServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { PostParts } from './post-webhook.ts';
import { makePostWebhook } from './post-webhook.ts';
import { makeCertificate } from './testing/make-certificate.ts';

const development = { mode: 'test', allowLoopback: true } as const;
const strict = { mode: 'test', allowLoopback: false } as const;
const here = async () => ['127.0.0.1'];
/** Short waits, so that what hangs is seen to end. */
const short: Partial<PostParts> = { resolve: here, connectMs: 300, totalMs: 600, answerMs: 150 };

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    if ('closeAllConnections' in server) (server as Server).closeAllConnections();
    server.close();
  }
});

async function listen<T extends { listen(port: number, host: string, done: () => void): unknown; close(): unknown }>(
  server: T & { address(): AddressInfo | string | null },
): Promise<number> {
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  open.push(server);
  return (server.address() as AddressInfo).port;
}

const sent = (
  url: string,
  parts: Partial<PostParts> = short,
  rules: typeof development | typeof strict = development,
) => makePostWebhook(parts)({ url, rules, headers: { 'x-plugipay-signature': 't=1,v1=00' }, body: '{"é":1}' });

describe('a receiver', () => {
  it('gets one POST with the exact body, its length, the signature and the name it was addressed by', async () => {
    const seen: unknown[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { host, 'content-length': length, 'x-plugipay-signature': signature } = request.headers;
        seen.push([request.method, request.url, host, length, signature, Buffer.concat(chunks).toString()]);
        response.writeHead(204).end();
      });
    });
    const port = await listen(server);
    expect(await sent(`http://shop.example.com:${port}/hooks?a=1`)).toEqual({ responseCode: 204, error: null });
    expect(seen).toEqual([['POST', '/hooks?a=1', `shop.example.com:${port}`, '8', 't=1,v1=00', '{"é":1}']]);
  });

  it.each([200, 201, 299])('that answers %i has taken it', async (status) => {
    const port = await listen(createServer((_, response) => response.writeHead(status).end('ok')));
    expect(await sent(`http://a.example.com:${port}/`)).toEqual({ responseCode: status, error: null });
  });

  it.each([400, 404, 410, 429, 500, 503])('that answers %i has not', async (status) => {
    const port = await listen(createServer((_, response) => response.writeHead(status).end()));
    expect(await sent(`http://a.example.com:${port}/`)).toEqual({
      responseCode: status,
      error: `The receiver answered ${status}.`,
    });
  });

  it.each([301, 302, 303, 307, 308])('that redirects with %i is not followed', async (status) => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests += 1;
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    const port = await listen(server);
    expect(await sent(`http://a.example.com:${port}/`)).toEqual({
      responseCode: status,
      error: `The receiver answered ${status}, a redirect; redirects are not followed.`,
    });
    expect(requests).toBe(1);
  });

  it('that never answers is given up', async () => {
    const port = await listen(createServer(() => undefined));
    expect(await sent(`http://a.example.com:${port}/`)).toEqual({
      responseCode: null,
      error: 'There was no answer within 0.6 seconds.',
    });
  });

  it('that takes the connection and never speaks TLS is given up', async () => {
    const port = await listen(createRawServer(() => undefined));
    expect(await sent(`https://a.example.com:${port}/`)).toEqual({
      responseCode: null,
      error: 'There was no connection within 0.3 seconds.',
    });
  });

  it('that cuts the connection, before or in its answer, has not taken it', async () => {
    const cut = await listen(createRawServer((socket) => void socket.once('data', () => socket.destroy())));
    expect(await sent(`http://a.example.com:${cut}/`)).toMatchObject({
      responseCode: null,
      error: expect.stringMatching(/cut/),
    });
    const half = await listen(
      createRawServer((socket) => void socket.once('data', () => socket.end('HTTP/1.1 200 O'))),
    );
    expect(await sent(`http://a.example.com:${half}/`)).toMatchObject({
      responseCode: null,
      error: expect.stringMatching(/cut|not HTTP/),
    });
  });

  it('that is not there is told as that', async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((done) => server.close(done));
    expect(await sent(`http://a.example.com:${port}/`)).toEqual({
      responseCode: null,
      error: 'The connection was refused.',
    });
  });

  it('that speaks something else is told as that', async () => {
    const port = await listen(createRawServer((socket) => void socket.end('SSH-2.0-OpenSSH\r\n')));
    expect(await sent(`http://a.example.com:${port}/`)).toMatchObject({
      responseCode: null,
      error: 'What the receiver answered is not HTTP.',
    });
  });

  it('that answers without an end has taken it after the first of it', async () => {
    let written = 0;
    const server = createServer((_, response) => {
      response.writeHead(200);
      const chunk = Buffer.alloc(16_384);
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) written += chunk.length;
      };
      response.on('drain', more);
      more();
    });
    const port = await listen(server);
    expect(await sent(`http://a.example.com:${port}/`)).toEqual({ responseCode: 200, error: null });
    expect(written).toBeLessThan(32 * 1_024 * 1_024);
  });

  it('that drips its answer has taken it by its status, and is not waited for', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const port = await listen(server);
    expect(await sent(`http://a.example.com:${port}/`)).toEqual({ responseCode: 200, error: null });
  });

  it('that drips its head is given up', async () => {
    const server = createRawServer((socket) => {
      const timer = setInterval(() => socket.write('H'), 50);
      socket.on('close', () => clearInterval(timer));
      socket.on('error', () => undefined);
    });
    const port = await listen(server);
    expect((await sent(`http://a.example.com:${port}/`)).responseCode).toBeNull();
  });

  it('whose head is endless is given up', async () => {
    const server = createRawServer((socket) => {
      socket.on('error', () => undefined);
      socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(200_000)}`);
    });
    const port = await listen(server);
    expect(await sent(`http://a.example.com:${port}/`)).toMatchObject({
      responseCode: null,
      error: expect.stringMatching(/not HTTP/),
    });
  });
});

describe('TLS', () => {
  const good = makeCertificate('shop.example.com');
  const serve = (certificate: typeof good) =>
    listen(createTlsServer({ ...certificate }, (_, response) => void response.writeHead(200).end()));

  it('is verified against trusted certificates and the name of the host', async () => {
    const port = await serve(good);
    const trusting = { ...short, ca: good.cert };
    expect(await sent(`https://shop.example.com:${port}/`, trusting)).toEqual({ responseCode: 200, error: null });
    for (const [url, parts] of [
      [`https://shop.example.com:${port}/`, short],
      [`https://other.example.com:${port}/`, trusting],
      [`https://127.0.0.1:${port}/`, trusting],
    ] as const) {
      expect(await sent(url, parts)).toMatchObject({ responseCode: null, error: expect.stringMatching(/certificate/) });
    }
  });

  it('is refused with a certificate whose time is over', async () => {
    const old = makeCertificate('shop.example.com', '210101000000Z');
    const port = await serve(old);
    const answer = await sent(`https://shop.example.com:${port}/`, { ...short, ca: old.cert });
    expect(answer).toMatchObject({ responseCode: null, error: expect.stringMatching(/CERT_HAS_EXPIRED/) });
  });

  it('is refused where the other side speaks none', async () => {
    const port = await listen(createServer((_, response) => void response.end()));
    expect(await sent(`https://shop.example.com:${port}/`)).toMatchObject({
      responseCode: null,
      error: expect.stringMatching(/TLS/),
    });
  });
});

describe('what is not public is never connected to', () => {
  /** Counts connections to a server on this machine. */
  async function trap(): Promise<{ port: number; count: () => number }> {
    let connections = 0;
    const server = createRawServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    return { port: await listen(server), count: () => connections };
  }

  it.each([
    ...['127.0.0.1', '::1', '::ffff:127.0.0.1', '0.0.0.0', '::', '10.0.0.1', '172.16.0.1', '192.168.0.1'],
    ...['100.64.0.1', '169.254.169.254', 'fe80::1', 'fd00:ec2::254', '64:ff9b::7f00:1', '2002:7f00:1::', '224.0.0.1'],
  ])('a name that leads to %s', async (address) => {
    const { port, count } = await trap();
    const parts = { ...short, resolve: async () => [address] };
    expect(await sent(`http://shop.example.com:${port}/`, parts, strict)).toEqual({
      responseCode: null,
      error: 'The host leads to an address that is not a public one. Nothing was sent.',
    });
    expect(count()).toBe(0);
  });

  it.each(['127.0.0.1', '[::1]', '2130706433', '0x7f.1', '0177.0.0.1', '[::ffff:7f00:1]', 'localhost', '0'])(
    'the host %s, also where it came past the door',
    async (host) => {
      const { port, count } = await trap();
      expect((await sent(`http://${host}:${port}/`, short, strict)).error).toMatch(/not a public one/);
      expect(count()).toBe(0);
    },
  );

  it('a name with one private address among public ones', async () => {
    const { port, count } = await trap();
    const parts = { ...short, resolve: async () => ['1.1.1.1', '127.0.0.1'] };
    expect((await sent(`http://shop.example.com:${port}/`, parts, strict)).error).toMatch(/not a public one/);
    expect(count()).toBe(0);
  });

  it('a name is asked once: one that changes its answer afterwards changes nothing', async () => {
    let asked = 0;
    // The first answer is the one that is checked; the second would lead to the other server.
    const first = await trap();
    const parts = {
      ...short,
      resolve: async () => {
        asked += 1;
        return asked === 1 ? ['127.0.0.1'] : ['10.0.0.1'];
      },
    };
    await sent(`http://rebind.example.com:${first.port}/`, parts);
    expect([asked, first.count()]).toEqual([1, 1]);
    const rebinding = { ...short, resolve: async () => (asked++ === 1 ? ['203.0.113.1'] : ['127.0.0.1']) };
    expect((await sent(`http://rebind.example.com:${first.port}/`, rebinding, strict)).error).toMatch(
      /not a public one/,
    );
    expect([asked, first.count()]).toEqual([2, 1]);
  });

  it('a name that does not resolve, or whose servers are silent', async () => {
    const none = { ...short, resolve: async () => [] };
    expect((await sent('https://shop.example.com/', none)).error).toBe('The host name could not be resolved.');
    const broken = { ...short, resolve: () => Promise.reject(new Error('SERVFAIL')) };
    expect((await sent('https://shop.example.com/', broken)).error).toBe('The host name could not be resolved.');
    const silent = { ...short, resolve: () => new Promise<string[]>(() => undefined) };
    expect((await sent('https://shop.example.com/', silent)).error).toBe('There was no answer within 0.6 seconds.');
  });
});
