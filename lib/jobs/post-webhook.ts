import { Resolver } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isAddress } from '@/lib/domain/net-address.ts';
import { secondMs } from '@/lib/domain/time.ts';
import type { WebhookUrlRules } from '@/lib/domain/webhook-url.ts';
import { hostOf, isOwnHost, maySendTo } from '@/lib/domain/webhook-url.ts';

/** One request to a receiver: where, by which rules, and exactly what. */
export type WebhookPost = {
  readonly url: string;
  readonly rules: WebhookUrlRules;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** The status the receiver answered, null when it did not; and what was wrong, in words for the merchant. */
export type PostOutcome = { readonly responseCode: number | null; readonly error: string | null };

/** Sends a request; whatever goes wrong is an outcome. */
export type PostWebhook = (post: WebhookPost) => Promise<PostOutcome>;

/** What a test may replace. */
export type PostParts = {
  /** Every address of a name. Asked once an attempt. */
  readonly resolve: (name: string) => Promise<readonly string[]>;
  readonly connectMs: number;
  readonly totalMs: number;
  /** How much of an answer is read, and how long; after its status it is of no use here. */
  readonly answerBytes: number;
  readonly answerMs: number;
  /** Certificates to trust beside the usual ones, in PEM. */
  readonly ca?: string;
};

const usual: PostParts = {
  resolve: resolveName,
  connectMs: 5 * secondMs,
  totalMs: 10 * secondMs,
  answerBytes: 64 * 1_024,
  answerMs: 2 * secondMs,
};

/** Something to tell the merchant. */
class Trouble extends Error {
  override name = 'Trouble';
}

/**
 * Makes the sender of webhooks. A name is resolved once, every address of it is checked, and the connection goes to those
 * addresses and to no other; certificates are verified, redirects are not followed, no connection is used twice, and
 * every wait has an end.
 */
export function makePostWebhook(parts: Partial<PostParts> = {}): PostWebhook {
  const all = { ...usual, ...parts };
  return async (post) => {
    const timeOut = AbortSignal.timeout(all.totalMs);
    try {
      const addresses = await until(timeOut, findAddresses(all, post));
      const responseCode = await send(all, post, addresses, timeOut);
      return { responseCode, error: errorOfStatus(responseCode) };
    } catch (thrown) {
      const late = timeOut.aborted && !(thrown instanceof Trouble);
      const error = late ? `There was no answer within ${all.totalMs / secondMs} seconds.` : wordsFor(thrown);
      return { responseCode: null, error };
    }
  };
}

async function findAddresses({ resolve }: PostParts, { url, rules }: WebhookPost): Promise<readonly string[]> {
  const host = hostOf(new URL(url));
  const addresses = isAddress(host) ? [host] : isOwnHost(host) ? ['127.0.0.1', '::1'] : await askFor(resolve, host);
  // One private address among public ones is enough: nobody means well who mixes them.
  if (!addresses.every((address) => maySendTo(address, rules))) {
    throw new Trouble('The host leads to an address that is not a public one. Nothing was sent.');
  }
  return addresses;
}

async function askFor(resolve: PostParts['resolve'], host: string): Promise<readonly string[]> {
  const addresses = await resolve(host).catch(() => []);
  if (addresses.length === 0) throw new Trouble('The host name could not be resolved.');
  return addresses;
}

function send(
  parts: PostParts,
  post: WebhookPost,
  addresses: readonly string[],
  timeOut: AbortSignal,
): Promise<number> {
  const url = new URL(post.url);
  const host = hostOf(url);
  const body = Buffer.from(post.body);
  const isTls = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const request = (isTls ? requestHttps : requestHttp)({
      method: 'POST',
      host,
      port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
      path: url.pathname + url.search,
      headers: { ...post.headers, host: url.host, 'content-length': body.length, connection: 'close' },
      agent: false,
      lookup: answerWith(addresses),
      signal: timeOut,
      rejectUnauthorized: true,
      ...(isTls && !isAddress(host) ? { servername: host } : {}),
      ...(parts.ca === undefined ? {} : { ca: parts.ca }),
    });
    const connecting = setTimeout(() => {
      request.destroy(new Trouble(`There was no connection within ${parts.connectMs / secondMs} seconds.`));
    }, parts.connectMs);
    request.on('socket', (socket) => {
      socket.once(isTls ? 'secureConnect' : 'connect', () => clearTimeout(connecting));
    });
    request.on('close', () => {
      clearTimeout(connecting);
      reject(new Trouble('The connection was cut before there was an answer.'));
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      const end = (): void => {
        clearTimeout(reading);
        resolve(status);
        request.destroy();
      };
      const reading = setTimeout(end, parts.answerMs);
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > parts.answerBytes) end();
      });
      // The status is what counts: an answer that breaks off after it has been given.
      for (const event of ['end', 'close', 'error']) response.on(event, end);
    });
    request.end(body);
  });
}

/** A look-up that has its answer already: the addresses that were checked. */
function answerWith(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  return (_host, options, callback) => {
    if (options.all === true) callback(null, all);
    else callback(null, all[0]?.address ?? '', all[0]?.family ?? 0);
  };
}

/** Asks the name servers; not the machine's own list of hosts, and not by a thread that others wait for. */
async function resolveName(name: string): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const found = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  return found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
}

function until<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

function errorOfStatus(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return `The receiver answered ${status}, a redirect; redirects are not followed.`;
  return `The receiver answered ${status}.`;
}

function wordsFor(thrown: unknown): string {
  if (thrown instanceof Trouble) return thrown.message;
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';
  if (code === 'ECONNREFUSED') return 'The connection was refused.';
  if (/^(ECONNRESET|EPIPE|ECONNABORTED)$/.test(code)) return 'The connection was cut before there was an answer.';
  if (/^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ETIMEDOUT|EADDRNOTAVAIL)$/.test(code))
    return 'The host could not be reached.';
  if (/^HPE_/.test(code)) return 'What the receiver answered is not HTTP.';
  if (/CERT|TLS|SSL|EPROTO|UNABLE_TO|SELF_SIGNED|ISSUER/.test(code)) {
    return `The certificate or the TLS handshake of the receiver was not accepted (${code}).`;
  }
  return `The request could not be sent${code === '' ? '' : ` (${code})`}.`;
}
