import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '@/e2e/fixtures.ts';
import { signedHeaders } from '@/e2e/merchant.ts';
import type { LaidMerchant } from '@/e2e/portal-data.ts';
import { layLinks, layMerchant, openBeside, returnUrl } from '@/e2e/portal-data.ts';
import type { PortalServer } from '@/e2e/portal-server.ts';
import { cookieOf, entryForm, keepAlive, send } from '@/e2e/raw-http.ts';
import { openCookie } from '@/lib/crypto/cookie-seal.ts';
import { securityHeaders } from '@/lib/html/security-headers.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { chooseSeed } from './chance.ts';
import type { RoutePattern } from './list-routes.ts';
import { listRoutes } from './list-routes.ts';
import type { SocketAnswer } from './raw-socket.ts';
import { sendBytes } from './raw-socket.ts';

const hangsAfterMs = 5_000;
const runsARoute = 60;
/** On a busy machine fewer runs, not a longer test. */
const mostMsARoute = 3_000;
const customers = 40;
const card = '4242424242424242';

type Visitor = { readonly cookie: string; readonly index: number };

/** What the generated requests draw on: real sessions, links and ids, the buyer's own and others'. */
type Ground = {
  readonly portal: PortalServer;
  readonly merchant: LaidMerchant;
  readonly visitors: readonly Visitor[];
  readonly tokens: string[];
  readonly ids: readonly string[];
  /** Ids by the folder of their pages. */
  readonly idsOf: Readonly<Record<string, readonly string[]>>;
};

/** A request, a character for each byte, and whose cookie it carries. */
type Shot = {
  readonly text: string;
  readonly visitor: Visitor | null;
};

test('no request, however bad, gets a crash, a hang, a stack, a missing header or a loose cookie', async ({
  startPortal,
}) => {
  test.setTimeout(240_000);
  const seed = chooseSeed();
  console.log(`bad input: PORTAL_SEED=${seed}`);
  // Addresses of their own, so that the limit on refused links does not answer for the routes.
  const portal = await startPortal({ environment: { PORTAL_TRUSTED_PROXIES: '127.0.0.1,::1' } });
  const on = await openBeside(portal.environment);
  try {
    const ground = await layGround(portal, on);
    const routes = listRoutes();
    const first = { ...ground.merchant, customers: ground.merchant.customers.slice(0, 1) };
    const tokens = (await layLinks(on, first, routes.length + 1)).map((link) => link.token);
    ground.tokens.push(...tokens);
    const forms = await collectForms(ground, routes, await enter(portal, tokens.pop() ?? '', 0));
    expect(forms.length).toBeGreaterThan(3);
    const seen = new Map<number, number>();
    const shoot = async (shot: Shot): Promise<void> => {
      const answer = await sendBytes(portal.origin, Buffer.from(shot.text, 'latin1'), hangsAfterMs);
      seen.set(answer?.status ?? 0, (seen.get(answer?.status ?? 0) ?? 0) + 1);
      check(portal.origin, shot, answer);
    };
    for (const route of routes) {
      await test.step(route.name, async () => {
        const visitor = await enter(portal, tokens.pop() ?? '', 0);
        const fields = forms.filter((form) => goesTo(form, route)).flatMap((form) => form.fields);
        await fc.assert(fc.asyncProperty(aShot(ground, aPath(ground, route), fields, visitor), shoot), {
          seed,
          numRuns: runsARoute,
          interruptAfterTimeLimit: mostMsARoute,
        });
      });
    }
    await test.step('addresses of no route', () =>
      fc.assert(fc.asyncProperty(aShot(ground, aStrangePath(ground), [], null), shoot), {
        seed,
        numRuns: 300,
        interruptAfterTimeLimit: 3 * mostMsARoute,
      }));
    await test.step('the merchant API, signed', () =>
      fc.assert(fc.asyncProperty(aSignedShot(ground), shoot), {
        seed,
        numRuns: 150,
        interruptAfterTimeLimit: 3 * mostMsARoute,
      }));
    console.log(`answers by status: ${JSON.stringify(Object.fromEntries([...seen].sort()))}`);
    expect(seen.get(200) ?? 0).toBeGreaterThan(50);
    await expectNoSecrets(ground, on);
  } finally {
    await on.close();
  }
});

async function layGround(portal: PortalServer, on: Runtime): Promise<Ground> {
  const merchant = await layMerchant(on, 'bad', customers);
  const tokens = (await layLinks(on, merchant, 2 * customers)).map((link) => link.token);
  const visitors = await Promise.all(tokens.slice(0, customers).map((token, index) => enter(portal, token, index)));
  const receiptOf = async (index: number): Promise<string> => {
    const query = on.read.selectFrom('receipts').select('id').where('customerId', '=', `cus_bad_${index}`);
    return (await query.executeTakeFirstOrThrow()).id;
  };
  const idsOf: Record<string, readonly string[]> = {
    subscriptions: ['sub_bad_0', 'sub_bad_1'],
    invoices: ['inv_bad_0_a', 'inv_bad_1_a'],
    receipts: [await receiptOf(0), await receiptOf(1)],
    'payment-methods': ['pt_bad_0', 'pt_bad_1'],
    sessions: (await on.read.selectFrom('browserSessions').select('id').limit(2).execute()).map((row) => row.id),
    p: tokens.slice(-2),
  };
  const ids = [...Object.values(idsOf).flat(), 'cus_bad_0', 'cus_bad_1'];
  return { portal, merchant, visitors, ids, idsOf, tokens };
}

/** A buyer who has just entered. */
async function enter(portal: PortalServer, token: string, index: number): Promise<Visitor> {
  const agent = keepAlive(1);
  const nonce = randomBytes(16).toString('base64url');
  const entered = await send(agent, portal.origin, entryForm(portal.origin, { token, nonce }));
  agent.destroy();
  expect(entered.status).toBe(303);
  return { cookie: `${cookieOf(entered, '__Host-portal')}; __Host-pe=${nonce}`, index };
}

/** Text for a path or a form; lone surrogates have no bytes and become U+FFFD. */
function spell(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1).replaceAll('+', '%20');
}

type Form = { readonly action: string; readonly fields: readonly [string, string][] };

/** Every form on every page, as a buyer sees it who has just entered: where it is sent, and what it holds. */
async function collectForms(ground: Ground, routes: readonly RoutePattern[], visitor: Visitor): Promise<Form[]> {
  const agent = keepAlive(1);
  const forms: Form[] = [];
  for (const { parts } of routes) {
    const target = `/${parts.map((part, at) => idsFor(ground, parts, at)[0] ?? part).join('/')}`;
    const page = await send(agent, ground.portal.origin, { target, headers: { Cookie: visitor.cookie } });
    for (const [, attributes = '', inside = ''] of page.body.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)) {
      const action = /\baction="([^"]*)"/.exec(attributes)?.[1] ?? target;
      const tags = [...inside.matchAll(/<(?:input|select|textarea|button)\b[^>]*\bname="([^"]*)"[^>]*>/g)];
      const fields = tags.map(([tag, name = '']): [string, string] => [name, /\bvalue="([^"]*)"/.exec(tag)?.[1] ?? '']);
      forms.push({ action, fields });
    }
  }
  agent.destroy();
  return forms;
}

/** Does a form go to this route? */
function goesTo({ action }: Form, { parts }: RoutePattern): boolean {
  const sent = action.split('?', 1)[0]?.split('/').slice(1) ?? [];
  return sent.length === parts.length && parts.every((part, at) => part.startsWith('[') || part === sent[at]);
}

/** Ids that fit a part of a route, the first buyer's own before another's; none for a fixed part. */
function idsFor({ idsOf, ids }: Ground, parts: readonly string[], at: number): readonly string[] {
  if (parts[at]?.startsWith('[') !== true) return [];
  return idsOf[parts[at - 1] ?? ''] ?? ids;
}

const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    '',
    '0',
    '-1',
    'null',
    '__proto__',
    '"><script>',
    "' or 1=1 --",
    '\u0000',
    '\u202e',
    '../..',
    '%',
    '٣',
  ),
  fc.constantFrom(card, '4242 4242 4242 4242', 'x'.repeat(9_000)),
);

/** A part of a path as bytes could spell it. */
const oddPart = fc.oneof(
  oddText.map((text) => spell(text)),
  fc.constantFrom(
    '%',
    '%zz',
    '%00',
    '%2e%2e',
    '..',
    '.',
    '',
    '%2f',
    '%5c',
    '\\',
    '~',
    'a'.repeat(8_192),
    '%c3%28',
    ';a=b',
  ),
);

function anId({ ids, tokens }: Ground): fc.Arbitrary<string> {
  return fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...ids) }, fc.constantFrom(...tokens), oddPart);
}

function aPath(ground: Ground, route: RoutePattern): fc.Arbitrary<string> {
  const parts = route.parts.map((part, at) =>
    part.startsWith('[...')
      ? fc.array(anId(ground), { maxLength: 3 }).map((all) => all.join('/'))
      : part.startsWith('[')
        ? fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...idsFor(ground, route.parts, at)) }, anId(ground))
        : fc.constant(part),
  );
  const tail = fc.oneof(
    { weight: 8, arbitrary: fc.constant('') },
    fc.constantFrom('/', '//', '/.', '/%2e', '.rsc', '/x'),
  );
  return fc
    .tuple(fc.tuple(...parts), tail, aQuery(ground))
    .map(([filled, end, query]) => `/${filled.join('/')}${end}${query}`);
}

function aStrangePath(ground: Ground): fc.Arbitrary<string> {
  const whole = fc.constantFrom(
    '*',
    '',
    'http://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '?',
    '/_next/image?url=x',
    '/_next/static/x.js',
    '/portal.js',
    '/favicon.ico',
    '/.env',
    '/%',
    '/index.txt?_rsc=1',
  );
  const joined = fc.array(anId(ground), { maxLength: 4 }).map((parts) => `/${parts.join('/')}`);
  return fc.oneof(
    whole,
    fc.tuple(joined, aQuery(ground)).map(([path, query]) => path + query),
  );
}

function aQuery(ground: Ground): fc.Arbitrary<string> {
  const name = fc.constantFrom(
    'done',
    's',
    'q',
    'status',
    'cursor',
    'before',
    'after',
    'from',
    'to',
    'timing',
    'nxtPtoken',
    '_rsc',
    '__proto__',
    'locale',
  );
  const pair = fc.tuple(name, fc.oneof(anId(ground), oddPart)).map(([one, value]) => `${one}=${value}`);
  return fc.oneof(
    fc.constant(''),
    fc.constantFrom('?', '?%', '?=&&='),
    fc.array(pair, { maxLength: 4 }).map((all) => `?${all.join('&')}`),
  );
}

const oddHeaders: fc.Arbitrary<[string, string][]> = fc.array(
  fc.oneof(
    fc.constantFrom<[string, string]>(
      ['Sec-Purpose', 'prefetch;prerender'],
      ['RSC', '1'],
      ['Next-Action', 'x'.repeat(40)],
      ['Next-Router-State-Tree', '%5B%22'],
      ['x-middleware-subrequest', 'middleware'],
      ['x-forwarded-host', 'evil.example'],
      ['x-raw-target', '/evil'],
      ['x-refused', 'zzz'],
      ['content-security-policy', "script-src 'nonce-x'"],
      ['Accept-Language', 'x'.repeat(500)],
      ['Accept-Language', 'id;q=zz, *;q=-1, \u00ff'],
      ['Accept-Encoding', 'gzip;q=1, br, \u00e9'],
      ['Range', 'bytes=0-1'],
      ['If-None-Match', '*'],
      ['Expect', '100-continue'],
      ['Expect', 'the-moon'],
      ['Upgrade', 'websocket'],
      ['Cookie', '__Host-portal=; ;=;;__Host-pe'],
      ['Cookie', `__Host-portal=${'Fe26.2*1*'.repeat(600)}`],
      ['Cookie', '__Host-portal-lang=%00; __Host-portal-note=Fe26.2*x; __Host-portal-kept=Fe26.2*1*a*b*c*d*e*f~2'],
      ['User-Agent', '\u00ff'.repeat(300)],
    ),
    fc.tuple(
      fc.constantFrom(
        'Sec-Fetch-Site',
        'Sec-Fetch-Mode',
        'Sec-Fetch-Dest',
        'Referer',
        'X-Request-Id',
        'Idempotency-Key',
      ),
      fc.string({ unit: 'grapheme-ascii', maxLength: 30 }),
    ),
  ),
  { maxLength: 3 },
);

const methods = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('GET', 'POST') },
  fc.constantFrom('HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'PROPFIND', 'get', 'NONSENSE'),
);

const types = fc.oneof(
  { weight: 5, arbitrary: fc.constant('application/x-www-form-urlencoded') },
  fc.constantFrom(
    'application/json',
    'text/plain',
    'multipart/form-data; boundary=x',
    'multipart/form-data',
    '',
    'application/x-www-form-urlencoded; charset=utf-16',
    'a/b; c="',
  ),
);

function aForm(ground: Ground, fields: readonly [string, string][]): fc.Arbitrary<string> {
  const names = [
    ...fields.map(([name]) => name),
    'form',
    'token',
    'locale',
    'back',
    'timing',
    'promised',
    'switch',
    'again',
  ];
  const real =
    fields.length === 0 ? fc.constant<[string, string]>(['form', 'a'.repeat(22)]) : fc.constantFrom(...fields);
  const odd = fc.tuple(fc.constantFrom(...names), fc.oneof(oddText, anId(ground)));
  const some = fc.array(fc.oneof({ weight: 3, arbitrary: real }, odd), { maxLength: 8 });
  // Whole forms as the page sent them, with a little changed, get further than loose fields.
  return fc
    .tuple(fc.boolean(), some)
    .map(([whole, extra]) =>
      [...(whole ? fields : []), ...extra].map((pair) => pair.map((text) => spell(text)).join('=')).join('&'),
    );
}

function aBody(ground: Ground, fields: readonly [string, string][]): fc.Arbitrary<Uint8Array> {
  const text = (one: fc.Arbitrary<string>) => one.map((made) => new TextEncoder().encode(made));
  return fc.oneof(
    { weight: 6, arbitrary: text(aForm(ground, fields)) },
    text(fc.json()),
    fc.uint8Array({ maxLength: 200 }),
    fc.constantFrom(9_000, 300_000).map((size) => new Uint8Array(size).fill(97)),
    fc.constant(new Uint8Array()),
  );
}

function aShot(
  ground: Ground,
  path: fc.Arbitrary<string>,
  fields: readonly [string, string][],
  own: Visitor | null,
): fc.Arbitrary<Shot> {
  const others = fc.constantFrom(...ground.visitors);
  const visitor = fc.oneof(
    { weight: 4, arbitrary: own === null ? others : fc.constant(own) },
    others,
    fc.constant(null),
  );
  const origins = fc.oneof(
    { weight: 4, arbitrary: fc.constant(ground.portal.origin) },
    fc.constantFrom('null', 'http://evil.example', ''),
  );
  return fc
    .tuple(
      methods,
      path,
      visitor,
      fc.nat(5).map((drawn) => drawn === 0),
      origins,
      types,
      aBody(ground, fields),
      fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, oddHeaders),
      fc.boolean(),
      fc.nat(60_000),
    )
    .map(([method, target, who, tampered, origin, type, body, extra, chunked, address]) => {
      const cookie = who === null ? [] : [['Cookie', tampered ? tamper(who.cookie, address) : who.cookie]];
      const bodied = !['GET', 'HEAD', 'CONNECT'].includes(method);
      const lines = [
        ['Host', 'localhost'],
        ['Connection', 'close'],
        ['X-Forwarded-For', `10.1.${address >> 8}.${address & 255}`],
        ...(origin === '' ? [] : [['Origin', origin]]),
        ...cookie,
        ...(bodied && type !== '' ? [['Content-Type', type]] : []),
        ...extra,
      ];
      return compose(method, target, lines, bodied ? body : null, chunked, tampered ? null : who);
    });
}

/** Changes one character of a cookie. */
function tamper(cookie: string, at: number): string {
  const place = '__Host-portal='.length + (at % 200);
  return cookie.slice(0, place) + (cookie[place] === 'A' ? 'B' : 'A') + cookie.slice(place + 1);
}

function compose(
  method: string,
  target: string,
  headers: readonly (readonly string[])[],
  body: Uint8Array | null,
  chunked: boolean,
  visitor: Visitor | null,
): Shot {
  const length =
    body === null
      ? []
      : [chunked && body.length > 0 ? ['Transfer-Encoding', 'chunked'] : ['Content-Length', String(body.length)]];
  const line = `${method} ${target}`;
  const head = `${line} HTTP/1.1\r\n${[...headers, ...length].map((one) => one.join(': ')).join('\r\n')}\r\n\r\n`;
  const sent =
    body === null
      ? []
      : chunked && body.length > 0
        ? [Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]
        : [body];
  const bytes = Buffer.concat([Buffer.from(head, 'latin1'), ...sent]);
  return { text: bytes.toString('latin1'), visitor };
}

/** Requests whose signature holds, with bodies of every kind. */
function aSignedShot({ merchant, ids }: Ground): fc.Arbitrary<Shot> {
  const good = { customerId: merchant.customers[0], returnUrl };
  const body = fc.oneof(
    fc.json({ maxDepth: 5 }),
    fc
      .record(
        {
          customerId: fc.oneof(fc.constantFrom(...ids), fc.jsonValue()),
          returnUrl: fc.oneof(fc.webUrl(), fc.jsonValue()),
        },
        { requiredKeys: [] },
      )
      .map((made) => JSON.stringify(made)),
    fc
      .dictionary(fc.constantFrom('customerId', 'returnUrl', '__proto__', 'flow', 'locale'), fc.jsonValue())
      .map((made) => JSON.stringify({ ...good, ...made })),
    fc.constantFrom(
      '',
      '[',
      '{}',
      'null',
      '{"customerId":1,"customerId":2}',
      '['.repeat(10_000),
      `{"returnUrl":"${'x'.repeat(5_000)}"}`,
      JSON.stringify({ ...good, customerId: card }),
    ),
  );
  const targets = fc.constantFrom(
    '/api/v1/portal-sessions',
    '/v1/portal-sessions',
    '/v1/portal-sessions?x=%zz',
    '/v1/customers',
    '/api/v1/%2e%2e',
  );
  return fc
    .tuple(targets, body, fc.option(fc.string({ unit: 'grapheme-ascii', maxLength: 300 }), { nil: undefined }))
    .map(([target, text, given]) => {
      const idempotencyKey = given?.trim();
      const timestamp = String(Math.floor((performance.timeOrigin + performance.now()) / 1_000));
      const signed = signedHeaders(merchant.key, { method: 'POST', target, timestamp, body: text, idempotencyKey });
      const lines = [
        ['Host', 'localhost'],
        ['Connection', 'close'],
        ['Content-Type', 'application/json'],
        ...Object.entries(signed),
      ];
      return compose('POST', target, lines, new TextEncoder().encode(text), false, null);
    });
}

/** Refusals of Node's own parser, before anything of ours sees the request. */
const parserRefusals = [400, 408, 413, 431];

/** What is the same for everybody and may be kept by anybody. */
const isPublic = /^\w+ \/(portal\.js|icon\.svg|speculation\.json|docs\/|logo\/|assets\/|_next\/static\/)/;

function check(origin: string, shot: Shot, answer: SocketAnswer | null): void {
  const about = (shot.text.split(' HTTP/1.1\r\n')[0] ?? '').slice(0, 300);
  if (answer === null) {
    // CONNECT and Upgrade end at the door without a word; a large body may be cut off together with its answer.
    expect(shot.text.length > 60_000 || /^CONNECT /.test(about), `no answer to ${about}`).toBe(true);
    return;
  }
  if (parserRefusals.includes(answer.status) && answer.headers.length <= 1) {
    expect(answer.body).toBe('');
    return;
  }
  const isLookAhead = shot.text.includes('Sec-Purpose: prefetch');
  // The sample shop is a merchant: what the API refuses it, such as an eleventh link in a minute, is its bad gateway.
  const isShop = /^\w+ \/test\/shop\/manage-billing\b/.test(about);
  if (answer.status >= 500) {
    const isMeant = (answer.status === 503 && isLookAhead) || (answer.status === 502 && isShop);
    expect(isMeant, `${answer.status} to ${about}`).toBe(true);
  }
  expect(answer.body, about).not.toMatch(/\n\s+at .+:\d+|node_modules|\.next\/|\/lib\/|SQLITE|syntax error/);
  for (const [name, value] of Object.entries(securityHeaders)) {
    const sent = answer.headers.filter(([one]) => one === name.toLowerCase()).map(([, text]) => text);
    expect(sent, `${name} of ${answer.status} to ${about}`).toEqual([value]);
  }
  const headerOf = (wanted: string) => answer.headers.find(([name]) => name === wanted)?.[1] ?? '';
  expect(headerOf('content-security-policy'), about).toContain("frame-ancestors 'none'");
  if (isPublic.test(about) && headerOf('cache-control').startsWith('public')) {
    expect(answer.headers.filter(([name]) => name === 'set-cookie')).toEqual([]);
  } else expect(headerOf('cache-control'), `Cache-Control of ${answer.status} to ${about}`).toContain('no-store');
  for (const [name, value] of answer.headers) {
    if (name !== 'set-cookie') continue;
    expect(value, about).toMatch(/^__Host-[a-z-]+=[^;\s,"\\]*; Path=\/; Max-Age=\d+; Secure; HttpOnly; SameSite=Lax$/);
  }
  const location = headerOf('location');
  expect(new URL(location, origin).origin, `where ${about} leads`).toBe(origin);
  checkOwner(shot, answer, about);
  if (/^\w+ \/(api\/v1|v1)(\/|$)/.test(about) && answer.body !== '') checkEnvelope(answer, about);
}

/** A page shows its own buyer and nobody else. */
function checkOwner(shot: Shot, answer: SocketAnswer, about: string): void {
  for (const [, index] of answer.body.matchAll(/dewi(\d+)@example\.com|INV-bad-(\d+)-/g)) {
    if (index !== undefined)
      expect(Number(index), `somebody else's data in the answer to ${about}`).toBe(shot.visitor?.index);
  }
}

function checkEnvelope(answer: SocketAnswer, about: string): void {
  if (answer.status < 400) return;
  const { data, error } = JSON.parse(answer.body);
  expect(data, about).toBeNull();
  expect(error.code, about).toMatch(/^[a-z_]+$/);
  if (error.code === 'validation_error') expect(error.field, about).toMatch(/./);
}

/** Nothing of what only a browser or a merchant may know, and no card number, is in a log or in the database. */
async function expectNoSecrets(ground: Ground, on: Runtime): Promise<void> {
  const { portal, visitors, tokens, merchant } = ground;
  const secrets = [...tokens, merchant.key.secret, card, '4242 4242 4242 4242'];
  for (const { cookie } of visitors) {
    const seal = /__Host-portal=([^;]*)/.exec(cookie)?.[1] ?? '';
    const { id } = await openCookie(on.config.rootKeys, seal, 7_260, () => undefined);
    expect(id).toMatch(/.{40}/);
    secrets.push(seal, String(id), /__Host-pe=([^;]*)/.exec(cookie)?.[1] ?? '');
  }
  secrets.push(portal.environment.PORTAL_KEYS?.slice(2) ?? '');
  const file = portal.environment.PORTAL_DATABASE_FILE ?? '';
  const places: [string, Buffer][] = [['the log', Buffer.from(portal.log())]];
  for (const ending of ['', '-wal']) {
    if (existsSync(file + ending)) places.push([`the database file ${ending}`, readFileSync(file + ending)]);
  }
  expect(places.map(([, bytes]) => bytes.length).every((length) => length > 1_000)).toBe(true);
  for (const [place, bytes] of places) {
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(14);
      const at = bytes.indexOf(secret);
      expect(at < 0 ? '' : bytes.subarray(Math.max(0, at - 80), at).toString('latin1'), `a secret in ${place}`).toBe(
        '',
      );
    }
  }
}
