import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { BlockList, isIP } from 'node:net';
import { closedPolicy, type RefusedFor, refusalHeader, securityHeaders } from '@/lib/html/security-headers.ts';

/** How long a client may take to send the head of a request, and then its body. */
const patienceMs = 10_000;

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Fixed files, which Next serves by itself and only to GET and HEAD. */
const files = /^\/(portal\.js|[a-z-]+\.(svg|ico|png)|assets\/|_next\/)/;

/** Headers by which a client could speak for a proxy, for Next or for this guard. */
const foreign =
  /^(x-forwarded-|forwarded$|x-real-ip$|x-middleware-|x-nextjs-|x-nonce$|content-security-policy|x-raw-target$|x-peer$|x-refused$)/;

/** Headers of Next's own navigation, which no page here uses; a broken one of them is a 500 of Next's making. */
const navigation = /^(next-|rsc$)/;

export type Door = {
  /** The HTTP server whose requests pass, once the first one came. */
  server(): Server | null;
  /** From now on every answer is the last of its connection, so that clients that keep theirs go to another instance. */
  drain(): void;
};

/**
 * Stands before Next and sees each request first, by Node's own diagnostics channels: notes the target as it was sent
 * and the client's address, drops headers nobody outside may send, sends what no route should see to a plain refusal,
 * gives every answer the common headers, and hangs up on clients that do not finish what they began to send.
 */
export function guardDoor(options: {
  /** Public origin; its host replaces whatever Host the client named. Null leaves the client's (development). */
  readonly origin: string | null;
  /** Addresses or CIDR ranges whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
}): Door {
  const proxies = readProxies(options.trustedProxies);
  const host = options.origin === null ? null : new URL(options.origin).host;
  let server: Server | null = null;
  let draining = false;
  const clocks = new WeakMap<Socket, NodeJS.Timeout>();
  const stop = (socket: Socket): void => clearTimeout(clocks.get(socket));
  const hurry = (socket: Socket, isDone: () => boolean): void => {
    stop(socket);
    const clock = setTimeout(() => {
      if (!isDone()) socket.destroy();
    }, patienceMs);
    clock.unref();
    clocks.set(socket, clock);
  };

  subscribe('net.server.socket', (message) => {
    const { socket } = message as { socket: Socket };
    hurry(socket, () => false);
    socket.once('close', () => stop(socket));
  });
  subscribe('http.server.request.start', (message) => {
    const event = message as { request: IncomingMessage; response: ServerResponse; socket: Socket; server: Server };
    server = event.server;
    hurry(event.socket, () => event.request.complete);
    for (const [name, value] of Object.entries(securityHeaders)) event.response.setHeader(name, value);
    closeByDefault(event.response);
    if (draining) event.response.setHeader('Connection', 'close');
    admit(event.request, proxies, host);
  });
  subscribe('http.server.response.finish', (message) => {
    const { request, socket } = message as { request: IncomingMessage; socket: Socket };
    // A connection that is kept waits for its next request as long as Node lets it; then its head may not dawdle.
    if (request.complete) stop(socket);
  });
  return {
    server: () => server,
    drain() {
      draining = true;
    },
  };
}

/** An answer that says nothing of what it may show, run and be kept for does none of it: what Next answers by itself. */
function closeByDefault(response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response) as (...head: unknown[]) => ServerResponse;
  response.writeHead = (...head: unknown[]) => {
    // Set only now: Next leaves a route's own policy out where one stands already.
    if (!response.hasHeader('Content-Security-Policy')) response.setHeader('Content-Security-Policy', closedPolicy);
    if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'private, no-store');
    return writeHead(...head);
  };
}

/** Makes a request fit to be seen by Next and by the routes. */
function admit(request: IncomingMessage, proxies: BlockList, host: string | null): void {
  const target = request.url ?? '';
  const { headers } = request;
  const peer = addressOfClient(request.socket.remoteAddress ?? '', String(headers['x-forwarded-for'] ?? ''), proxies);
  for (const name of Object.keys(headers)) {
    // In development Next refreshes a page that way.
    if (foreign.test(name) || (host !== null && navigation.test(name))) delete headers[name];
  }
  headers['x-raw-target'] = target;
  headers['x-peer'] = peer;
  if (host !== null) headers.host = host;
  const refusal = judge(request.method ?? '', target);
  if (refusal === null) return;
  headers[refusalHeader] = refusal;
  if (!methods.has(request.method ?? '')) request.method = 'GET';
  request.url = readsPages(target, headers.accept ?? '') ? '/refused' : '/api/v1/refused';
}

/** Is a person looking? A navigation of a browser to an address beside the merchant API is refused in words. */
export function readsPages(target: string, accept: string): boolean {
  return /\btext\/html\b/i.test(accept) && !/^\/(api|v1)(\/|$)/.test(target);
}

/** Why no route should see this request, or null. */
export function judge(method: string, target: string): RefusedFor | null {
  if (!methods.has(method) || (files.test(target) && method !== 'GET' && method !== 'HEAD')) return 'method';
  if (!target.startsWith('/') || !isDecodable(target)) return 'target';
  const path = target.split('?', 1)[0] ?? '';
  if (path.includes('\\') || path.includes('//') || /%(00|2f|5c)/i.test(path)) return 'path';
  if (path.split('/').some((part) => /^(\.|%2e){1,2}$/i.test(part))) return 'path';
  return /^\/(api|v1)(\/|$)/.test(path) && path.endsWith('/') ? 'path' : null;
}

function isDecodable(target: string): boolean {
  try {
    decodeURIComponent(target.split('?', 1)[0] ?? '');
    return true;
  } catch {
    return false;
  }
}

/**
 * The client's address: the peer's own; behind trusted proxies, the last address in X-Forwarded-For that is not one of
 * theirs. What stands before it there was written by the client and counts for nothing.
 */
export function addressOfClient(peer: string, forwardedFor: string, proxies: BlockList): string {
  const own = plainAddress(peer);
  if (!isListed(proxies, own)) return own;
  const noted = forwardedFor.split(',').map((one) => plainAddress(one.trim()));
  for (const address of noted.reverse()) {
    if (isIP(address) === 0) return own;
    if (!isListed(proxies, address)) return address;
  }
  return own;
}

function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

function isListed(list: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** Addresses and CIDR ranges as one list. Throws on an entry that is neither. */
export function readProxies(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}
