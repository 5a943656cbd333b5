import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:http';

/** What a client without a browser sends. Header values may be lists; the target is sent as it stands. */
export type RawRequest = {
  readonly method?: string;
  readonly target: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
  /** Counts as hanging after this; default 15 s. */
  readonly limitMs?: number;
};

export type RawAnswer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly cookies: readonly string[];
  readonly body: string;
  /** From the call to the head of the answer. */
  readonly firstByteMs: number;
};

/** Connections that stay open between requests. `destroy()` it at the end. */
export function keepAlive(connections: number): Agent {
  return new Agent({ keepAlive: true, maxSockets: connections });
}

/** Sends one request and reads its answer whole. Rejects when the connection breaks or nothing comes in time. */
export function send(agent: Agent, origin: string, one: RawRequest): Promise<RawAnswer> {
  const { limitMs = 15_000 } = one;
  const { hostname, port } = new URL(origin);
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const call = request({
      agent,
      host: hostname,
      port,
      method: one.method ?? 'GET',
      path: one.target,
      headers: { ...one.headers, ...(one.body === undefined ? {} : { 'Content-Length': Buffer.byteLength(one.body) }) },
      timeout: limitMs,
    });
    call.on('timeout', () => call.destroy(new Error(`No answer within ${limitMs} ms to ${one.method} ${one.target}`)));
    call.on('error', (error) => {
      // The server closed a connection that stood idle, in the moment it was used again: nothing was read of it.
      const isStale = call.reusedSocket && 'code' in error && error.code === 'ECONNRESET';
      if (isStale) resolve(send(agent, origin, one));
      else reject(error);
    });
    call.on('response', (answer) => {
      const firstByteMs = performance.now() - begun;
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          cookies: answer.headers['set-cookie'] ?? [],
          body: Buffer.concat(parts).toString('utf8'),
          firstByteMs,
        }),
      );
    });
    call.end(one.body);
  });
}

/** The request a browser makes of an entry page's form. `address` is the client's, behind a trusted proxy. */
export function entryForm(
  origin: string,
  entry: { readonly token: string; readonly nonce: string; readonly address?: string; readonly cookie?: string },
): RawRequest {
  return {
    method: 'POST',
    target: '/enter',
    headers: {
      Origin: origin,
      'Sec-Fetch-Site': 'same-origin',
      'Content-Type': 'application/x-www-form-urlencoded',
      Cookie: [`__Host-pe=${entry.nonce}`, ...(entry.cookie === undefined ? [] : [entry.cookie])].join('; '),
      ...(entry.address === undefined ? {} : { 'X-Forwarded-For': entry.address }),
    },
    body: new URLSearchParams({ token: entry.token, arrival: 'cold' }).toString(),
  };
}

/** The value of a cookie in an answer as `name=value`, or null when the answer does not set it. */
export function cookieOf(answer: RawAnswer, name: string): string | null {
  const found = answer.cookies.find((cookie) => cookie.startsWith(`${name}=`))?.split(';')[0];
  return found === undefined || found === `${name}=` ? null : found;
}
