import { Agent } from 'node:http';
import type { RawAnswer } from './raw-http.ts';
import { send } from './raw-http.ts';

/** A client that keeps cookies and says what a browser says, and nothing unless it is told to. */
export type HttpBrowser = {
  readonly origin: string;
  /** Cookies by name. */
  readonly jar: Map<string, string>;
  /** Every Set-Cookie line that came. */
  readonly received: string[];
  get(target: string, headers?: Readonly<Record<string, string>>): Promise<RawAnswer>;
  /** A form of the portal's own page; `headers` may take the Origin away (empty text) or replace it. */
  post(
    target: string,
    fields: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<RawAnswer>;
  ask(method: string, target: string, headers?: Readonly<Record<string, string>>): Promise<RawAnswer>;
};

/** Opens a client of the portal at `origin`. Connections are not kept, so nothing has to be closed. */
export function openHttpBrowser(origin: string): HttpBrowser {
  const jar = new Map<string, string>();
  const received: string[] = [];
  const ask = async (
    method: string,
    target: string,
    headers: Readonly<Record<string, string>> = {},
    body?: string,
  ): Promise<RawAnswer> => {
    const cookie = [...jar].map(([name, text]) => `${name}=${text}`).join('; ');
    const all = { ...(cookie === '' ? {} : { Cookie: cookie }), ...headers };
    const sent = Object.fromEntries(Object.entries(all).filter(([, text]) => text !== ''));
    const answer = await send(new Agent(), origin, {
      method,
      target,
      headers: sent,
      ...(body === undefined ? {} : { body }),
    });
    for (const line of answer.cookies) {
      received.push(line);
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      if (/max-age=0/i.test(line)) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  };
  return {
    origin,
    jar,
    received,
    ask: (method, target, headers) => ask(method, target, headers),
    get: (target, headers) => ask('GET', target, headers),
    post: (target, fields, headers = {}) =>
      ask(
        'POST',
        target,
        {
          Origin: origin,
          'Sec-Fetch-Site': 'same-origin',
          'Content-Type': 'application/x-www-form-urlencoded',
          ...headers,
        },
        new URLSearchParams(fields).toString(),
      ),
  };
}

/** Opens a link and presses its button; the answer is that of the press. */
export async function enterByHttp(browser: HttpBrowser, link: string): Promise<RawAnswer> {
  const { pathname } = new URL(link);
  await browser.get(pathname);
  return browser.post('/enter', { token: tokenOf(link), arrival: 'cold' });
}

/** The token in a portal link. */
export function tokenOf(link: string): string {
  return new URL(link).pathname.split('/').at(-1) ?? '';
}

/** A one-time form id as the portal draws them. */
export function freshFormId(): string {
  return crypto.randomUUID().replaceAll('-', '').slice(0, 22);
}
