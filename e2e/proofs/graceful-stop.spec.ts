import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { expect } from '@playwright/test';
import { test } from '@/e2e/fixtures.ts';
import { enterByHttp, openHttpBrowser } from '@/e2e/http-browser.ts';
import { signedHeaders } from '@/e2e/merchant.ts';
import type { LaidMerchant } from '@/e2e/portal-data.ts';
import { layLinks, layMerchant, openBeside, returnUrl } from '@/e2e/portal-data.ts';

const clients = 8;
/** So that minting meets no limit of one customer early. */
const customers = 64;
const drainSeconds = 1;

type Answered = { readonly what: string; readonly status: number; readonly last: boolean; readonly body: string };
/** A request without an answer. `fresh`: on a connection that had carried nothing before. */
type Unanswered = { readonly what: string; readonly code: string; readonly fresh: boolean; readonly afterMs: number };
type Stream = { readonly answered: Answered[]; readonly unanswered: Unanswered[] };

for (const engine of ['sqlite', 'postgres'] as const) {
  test(`a stop under steady traffic answers every request it accepted, ${engine}`, async ({ startPortal }) => {
    test.setTimeout(90_000);
    const environment = { PORTAL_DRAIN_SECONDS: String(drainSeconds) };
    const portal = await startPortal({ engine, environment });
    const on = await openBeside(portal.environment);
    const merchant = await layMerchant(on, 'stop', customers);
    const links = await layLinks(on, merchant, clients);
    const cookies = await Promise.all(
      links.map(async ({ token }) => {
        const browser = openHttpBrowser(portal.origin);
        expect((await enterByHttp(browser, `${portal.origin}/p/${token}`)).status).toBe(303);
        return [...browser.jar].map(([name, text]) => `${name}=${text}`).join('; ');
      }),
    );
    let stoppedAt = Number.POSITIVE_INFINITY;
    const streams = cookies.map((cookie, index) =>
      stream(merchant, index, cookie, () => performance.now() - stoppedAt),
    );
    const count = (): number => streams.reduce((sum, one) => sum + one.seen.answered.length, 0);
    await expect.poll(count, { timeout: 30_000 }).toBeGreaterThan(clients * 10);
    const before = count();
    stoppedAt = performance.now();
    const ended = portal.terminate();
    const ready = await openHttpBrowser(portal.origin).get('/readyz');
    expect([ready.status, JSON.parse(ready.body)]).toEqual([503, { ready: false, reason: 'stopping' }]);
    await Promise.all(streams.map((one) => one.done));
    expect(await ended, 'it ends of its own accord').toBe(0);

    const answered = streams.flatMap((one) => one.seen.answered);
    const unanswered = streams.flatMap((one) => one.seen.unanswered);
    console.log(`${before} answers before the signal, ${answered.length - before} after it, on ${engine}`);
    expect(answered.length - before, 'it serves on while the balancer turns away').toBeGreaterThan(clients * 2);
    // A merchant in such a hurry is told to slow down: that is an answer too.
    const right = (one: Answered): boolean => (one.what === 'mint' ? [201, 429] : [200]).includes(one.status);
    expect(answered.filter((one) => !right(one))).toEqual([]);
    expect(
      answered.some((one) => one.last),
      'kept connections are let go',
    ).toBe(true);
    // What a client meets at the end is a door that is closed: a new connection, refused, once the drain is over.
    expect(unanswered).toHaveLength(clients);
    expect(unanswered.filter((one) => !one.fresh || one.afterMs < drainSeconds * 1_000)).toEqual([]);
    expect(unanswered.filter((one) => !['ECONNREFUSED', 'ECONNRESET'].includes(one.code))).toEqual([]);
    // Whatever was not answered did nothing.
    const told = answered.filter((one) => one.status === 201).map((one) => JSON.parse(one.body).data.id);
    expect(told.length).toBeGreaterThan(clients);
    const sessions = await on.read
      .selectFrom('portalSessions')
      .select('id')
      .where('mintedByKeyId', 'is not', null)
      .execute();
    expect(sessions.map((one) => one.id).sort()).toEqual(told.sort());
    await on.close();
  });
}

/** Asks one thing after another on a connection it keeps, mints and pages and files in turn, until it gets no answer. */
function stream(
  merchant: LaidMerchant,
  index: number,
  cookie: string,
  sinceStop: () => number,
): { readonly seen: Stream; readonly done: Promise<void> } {
  const seen: Stream = { answered: [], unanswered: [] };
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const customerId = merchant.customers[index] ?? '';
  const pages = ['/', '/invoices', `/invoices/${customerId.replace('cus_', 'inv_')}_a/pdf`, '/payment-methods'];
  const run = async (): Promise<void> => {
    for (let turn = 0; seen.unanswered.length === 0; turn += 1) {
      const isMint = turn % 4 === index % 4;
      const what = isMint ? 'mint' : (pages[turn % pages.length] ?? '/');
      const other = merchant.customers[(turn * clients + index) % customers] ?? '';
      const answer = await ask(
        agent,
        merchant,
        isMint ? mintOf(merchant, other) : { method: 'GET', target: what, headers: { Cookie: cookie }, body: '' },
      );
      if ('code' in answer) seen.unanswered.push({ what, ...answer, afterMs: sinceStop() });
      else seen.answered.push({ what, ...answer });
    }
    agent.destroy();
  };
  return { seen, done: run() };
}

type Asked = {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

function mintOf(merchant: LaidMerchant, customerId: string): Asked {
  const target = '/api/v1/portal-sessions';
  const body = JSON.stringify({ customerId, returnUrl });
  const timestamp = String(Math.floor((performance.timeOrigin + performance.now()) / 1_000));
  const signed = { method: 'POST', target, timestamp, body, idempotencyKey: randomUUID() };
  const headers = { ...signedHeaders(merchant.key, signed), 'Content-Type': 'application/json' };
  return { method: 'POST', target, headers, body };
}

/** One request, sent once: nothing is tried again behind the test's back. */
function ask(
  agent: Agent,
  { key }: LaidMerchant,
  { method, target, headers, body }: Asked,
): Promise<Omit<Answered, 'what'> | Pick<Unanswered, 'code' | 'fresh'>> {
  const { hostname, port } = new URL(key.origin);
  return new Promise((resolve) => {
    const length = body === '' ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const call = request({ agent, host: hostname, port, method, path: target, headers: { ...headers, ...length } });
    const fail = (error: Error): void =>
      resolve({ code: 'code' in error ? String(error.code) : error.message, fresh: !call.reusedSocket });
    call.on('error', fail);
    call.on('response', (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', fail);
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          last: answer.headers.connection === 'close',
          body: Buffer.concat(parts).toString('utf8'),
        }),
      );
    });
    call.end(body);
  });
}
