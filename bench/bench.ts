/**
 * The figures of the README: what the portal costs beside a bare `node:http` handler that does the same on the same
 * machine in the same run. Starts its servers itself, on loopback alone.
 *
 *   npm run bench
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { signedHeaders } from '@/e2e/merchant.ts';
import type { LaidLink, LaidMerchant } from '@/e2e/portal-data.ts';
import { layLinks, openBeside, returnUrl } from '@/e2e/portal-data.ts';
import { startPortal } from '@/e2e/portal-server.ts';
import type { RawAnswer, RawRequest } from '@/e2e/raw-http.ts';
import { cookieOf, entryForm, keepAlive, send } from '@/e2e/raw-http.ts';
import { isBuilt } from '@/scripts/build.mjs';
import { compareBurnsInProcess } from './compare-burns.ts';
import { comparePaint } from './compare-paint.ts';
import { compareReceipts } from './compare-receipts.ts';
import { layMerchants, layWeighedAccount } from './lay-ground.ts';
import { cpuMs, residentMiB } from './process-figures.ts';
import type { Figure } from './report.ts';
import { describeMachine, judge, report } from './report.ts';
import { quantile, spreadOf, timeArrivals, timeCalls } from './timing.ts';
import { weighPage } from './weigh-page.ts';

const rounds = 5;
const inFlight = 16;
const agent = keepAlive(64);
const figures: Figure[] = [];
const machine = describeMachine();
const begun = performance.now();
const minted = { ours: 0, bare: 0 };

/** One side of a comparison: where its requests go and what they carry. */
type Side = {
  readonly origin: string;
  readonly merchants: readonly LaidMerchant[];
  readonly links: LaidLink[];
};

if (!isBuilt()) spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: ['ignore', 'ignore', 'inherit'] });
const portal = await startPortal({ environment: { PORTAL_TRUSTED_PROXIES: '127.0.0.1,::1' } });
const folder = mkdtempSync(path.join(tmpdir(), 'billing-portal-bench-'));
const bare: { child?: ChildProcess } = {};
try {
  const on = await openBeside(portal.environment);
  const merchants = await layMerchants(on);
  const weighed = await layWeighedAccount(on);
  const ours: Side = { origin: portal.origin, merchants, links: [] };
  for (const merchant of merchants) ours.links.push(...(await layLinks(on, merchant, 110)));
  const [link] = await layLinks(on, weighed, 1);
  const entered = await enter(ours, link);
  const cookie = cookieOf(entered, '__Host-portal') ?? '';

  const yardstick = await startBare();
  await weighPages(cookie, ours.links[0]);
  await compareMints(ours, yardstick);
  await compareBurns(ours, yardstick);
  figures.push(...(await compareBurnsInProcess(portal.environment, folder)));
  await compareViews(cookie, yardstick);
  await mixLoad(ours, cookie);
  await growMemory(ours);
  figures.push(
    ...(await comparePaint(portal.origin, yardstick.origin, (await layLinks(on, weighed, 1))[0]?.token ?? '')),
  );
  figures.push(...(await compareReceipts(on, weighed)));
  await on.close();
  await startAgain();
} finally {
  bare.child?.kill();
  agent.destroy();
  await portal.stop();
  rmSync(folder, { recursive: true, force: true });
}
figures.sort((one, other) => Number(one.id.slice(1)) - Number(other.id.slice(1)));
report(machine, figures.map(judge), [
  'P3 (pages that wait on a provider carry the framework; weigh one by hand)',
  'P7 (peers: needs their sources and a shaped link; see the reference figures)',
  'P11 (10^6 customers)',
  'P14, first half (fresh clone to first page)',
]);
console.log(`${((performance.now() - begun) / 1_000).toFixed(0)} s`);

async function startBare(): Promise<Side> {
  const file = path.join(folder, 'bare.db');
  const on = await openBeside({ ...portal.environment, PORTAL_DATABASE_FILE: file });
  const merchants = await layMerchants(on);
  const links: LaidLink[] = [];
  for (const merchant of merchants) links.push(...(await layLinks(on, merchant, 60)));
  await on.close();
  // The bare handler knows one key; the merchants sign with it alike.
  const key = { keyId: 'bare', secret: `sk_test_${randomBytes(24).toString('hex')}` };
  const child = spawn(
    process.execPath,
    ['--import', './scripts/ts-alias.mjs', 'bench/bare-server.ts', file, key.secret],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  bare.child = child;
  const port = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', () => reject(new Error('The bare server did not start.')));
  });
  const origin = `http://localhost:${port}`;
  return { origin, links, merchants: merchants.map((one) => ({ ...one, key: { ...key, origin } })) };
}

function mintRequest({ merchants }: Side, index: number): RawRequest {
  const merchant = merchants[index % merchants.length];
  const customerId = merchant?.customers[Math.floor(index / merchants.length) % merchant.customers.length];
  if (merchant === undefined) throw new Error('No merchant.');
  const target = '/api/v1/portal-sessions';
  const body = JSON.stringify({ customerId, returnUrl });
  const timestamp = String(Math.floor((performance.timeOrigin + performance.now()) / 1_000));
  const signed = { method: 'POST', target, timestamp, body, idempotencyKey: randomUUID() };
  const headers = { ...signedHeaders(merchant.key, signed), 'Content-Type': 'application/json' };
  return { method: 'POST', target, headers, body };
}

async function expectStatus(status: number, answer: Promise<RawAnswer>): Promise<RawAnswer> {
  const came = await answer;
  if (came.status !== status) throw new Error(`Expected ${status}, got ${came.status}: ${came.body.slice(0, 300)}`);
  return came;
}

function mint(side: Side, from: keyof typeof minted): Promise<RawAnswer> {
  minted[from] += 1;
  return expectStatus(201, send(agent, side.origin, mintRequest(side, minted[from])));
}

function enter(side: Side, link: LaidLink | undefined): Promise<RawAnswer> {
  if (link === undefined) throw new Error('The links are used up.');
  const form = entryForm(side.origin, { token: link.token, nonce: randomBytes(16).toString('base64url') });
  return expectStatus(303, send(agent, side.origin, form));
}

/** Times two sides in turns, so that whatever else the machine does falls on both. */
async function compare(
  count: number,
  atOnce: number,
  our: (index: number) => Promise<unknown>,
  their: (index: number) => Promise<unknown>,
) {
  await timeCalls(count, atOnce, our);
  await timeCalls(count, atOnce, their);
  const p50 = { ours: [] as number[], bare: [] as number[], ratio: [] as number[] };
  const rate = { ours: [] as number[], bare: [] as number[], ratio: [] as number[] };
  const all: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const one = await timeCalls(count, atOnce, our);
    const other = await timeCalls(count, atOnce, their);
    all.push(...one.times);
    p50.ours.push(quantile(one.times, 0.5));
    p50.bare.push(quantile(other.times, 0.5));
    p50.ratio.push(quantile(one.times, 0.5) / quantile(other.times, 0.5));
    rate.ours.push(one.perSecond);
    rate.bare.push(other.perSecond);
    rate.ratio.push(one.perSecond / other.perSecond);
  }
  all.sort((one, other) => one - other);
  return { p50, rate, p99: quantile(all, 0.99) };
}

async function compareMints(ours: Side, yardstick: Side): Promise<void> {
  const one = await compare(
    80,
    1,
    () => mint(ours, 'ours'),
    () => mint(yardstick, 'bare'),
  );
  const many = await compare(
    200,
    inFlight,
    () => mint(ours, 'ours'),
    () => mint(yardstick, 'bare'),
  );
  figures.push(
    { id: 'P9', what: 'mint p50, one at a time', value: spreadOf(one.p50.ours), unit: 'ms' },
    { id: 'P9', what: 'mint p50, bare handler', value: spreadOf(one.p50.bare), unit: 'ms' },
    { id: 'P9', what: 'mint p50 against the bare handler', value: spreadOf(one.p50.ratio), unit: 'x', budget: 4 },
    { id: 'P9', what: `mints a second, ${inFlight} in flight`, value: spreadOf(many.rate.ours), unit: '/s' },
    { id: 'P9', what: `mints a second, bare handler`, value: spreadOf(many.rate.bare), unit: '/s' },
  );
}

async function compareBurns(ours: Side, yardstick: Side): Promise<void> {
  const burn = (side: Side) => () => enter(side, side.links.pop());
  const one = await compare(50, 1, burn(ours), burn(yardstick));
  const many = await compare(200, inFlight, burn(ours), burn(yardstick));
  const links = ours.links.slice(0, 100);
  const pages = await timeCalls(100, 1, (index) =>
    expectStatus(200, send(agent, ours.origin, { target: `/p/${links[index]?.token}` })),
  );
  figures.push(
    { id: 'P10', what: 'entry page (GET /p), p50', value: quantile(pages.times, 0.5), unit: 'ms' },
    { id: 'P10', what: 'burn (POST /enter) p50, one at a time', value: spreadOf(one.p50.ours), unit: 'ms' },
    { id: 'P10', what: 'burn p50 against the bare handler', value: spreadOf(one.p50.ratio), unit: 'x' },
    { id: 'P10', what: `burns a second over HTTP, ${inFlight} in flight`, value: spreadOf(many.rate.ours), unit: '/s' },
    { id: 'P10', what: 'burns a second over HTTP, bare handler', value: spreadOf(many.rate.bare), unit: '/s' },
  );
}

async function weighPages(cookie: string, open: LaidLink | undefined): Promise<void> {
  const page = await weighPage(agent, portal.origin, '/', cookie);
  const entry = await weighPage(agent, portal.origin, `/p/${open?.token}`, '');
  const kib = 1_024;
  figures.push(
    { id: 'P1', what: 'overview: HTML raw', value: page.html.raw / kib, unit: 'KiB' },
    { id: 'P1', what: 'overview: of that CSS, raw', value: page.styles.raw / kib, unit: 'KiB' },
    { id: 'P1', what: 'overview: HTML gzip', value: page.html.gzip / kib, unit: 'KiB' },
    { id: 'P1', what: 'overview: HTML brotli', value: page.html.brotli / kib, unit: 'KiB' },
    { id: 'P1', what: 'overview: headers', value: page.headers / kib, unit: 'KiB' },
    {
      id: 'P1',
      what: 'overview stands: HTML brotli and headers',
      value: (page.html.brotli + page.headers) / kib,
      unit: 'KiB',
      budget: 10,
    },
    {
      id: 'P2',
      what: 'our own script, brotli, after content',
      value: page.scripts.brotli / kib,
      unit: 'KiB',
      budget: 3,
    },
    { id: 'P4', what: 'requests until content', value: page.requests, unit: '', budget: 1 },
    { id: 'P4', what: 'rounds in series until content', value: page.rounds, unit: '', budget: 1 },
    { id: 'P4', what: 'fonts fetched', value: page.fonts, unit: '', budget: 0 },
    { id: 'P5', what: 'entry page, raw', value: entry.html.raw / kib, unit: 'KiB', budget: 4 },
    { id: 'P5', what: 'entry page, brotli', value: entry.html.brotli / kib, unit: 'KiB' },
  );
}

async function compareViews(cookie: string, yardstick: Side): Promise<void> {
  const headers = { Cookie: cookie };
  const page = await expectStatus(200, send(agent, portal.origin, { target: '/', headers }));
  await send(agent, yardstick.origin, { method: 'PUT', target: '/page', body: page.body });
  const firstBytes: number[] = [];
  const view = async () => {
    firstBytes.push((await expectStatus(200, send(agent, portal.origin, { target: '/', headers }))).firstByteMs);
  };
  const bareView = () => expectStatus(200, send(agent, yardstick.origin, { target: '/page' }));
  await timeCalls(100, 1, view);
  await timeCalls(500, 4, bareView);
  const [ttfb, cost, bareCost, ratio, rate]: number[][] = [[], [], [], [], []];
  for (let round = 0; round < rounds; round += 1) {
    firstBytes.length = 0;
    const own = await cpuOf(portal.pid(), 150, view);
    ttfb?.push(
      quantile(
        [...firstBytes].sort((one, other) => one - other),
        0.5,
      ),
    );
    const theirs = await cpuOf(bare.child?.pid ?? 0, 2_500, bareView);
    cost?.push(own);
    bareCost?.push(theirs);
    ratio?.push(own / theirs);
    rate?.push((await timeCalls(150, 8, view)).perSecond);
  }
  figures.push(
    { id: 'P8', what: 'overview: time to first byte, one at a time', value: spreadOf(ttfb ?? []), unit: 'ms' },
    { id: 'P8', what: 'overview: views a second, 8 in flight', value: spreadOf(rate ?? []), unit: '/s' },
    { id: 'P8', what: 'overview: processor a view', value: spreadOf(cost ?? []), unit: 'ms' },
    { id: 'P8', what: 'the same bytes from the bare handler', value: spreadOf(bareCost ?? []), unit: 'ms' },
    {
      id: 'P8',
      what: 'processor a view against the bare handler',
      value: spreadOf(ratio ?? []),
      unit: 'x',
      budget: 75,
    },
  );
}

/** Milliseconds of processor a call costs the process that answers it. */
async function cpuOf(pid: number, count: number, call: () => Promise<unknown>): Promise<number> {
  const before = cpuMs(pid);
  await timeCalls(count, 1, call);
  return (cpuMs(pid) - before) / count;
}

/** A busy shop, whether or not the answers keep up: 50 mints, 20 entries and 10 page views a second. */
async function mixLoad(ours: Side, cookie: string): Promise<void> {
  const seconds = 8;
  const [mints, entries, views] = await Promise.all([
    timeArrivals(50, seconds, () => mint(ours, 'ours')),
    timeArrivals(20, seconds, async () => {
      const link = ours.links.pop();
      await expectStatus(200, send(agent, ours.origin, { target: `/p/${link?.token}` }));
      await enter(ours, link);
    }),
    timeArrivals(10, seconds, () =>
      expectStatus(200, send(agent, ours.origin, { target: '/', headers: { Cookie: cookie } })),
    ),
  ]);
  figures.push(
    {
      id: 'P9',
      what: 'mixed load (50 mints, 20 entries, 10 views a second): mint p50',
      value: quantile(mints, 0.5),
      unit: 'ms',
    },
    { id: 'P9', what: 'mixed load: mint p99', value: quantile(mints, 0.99), unit: 'ms', budget: 50 },
    { id: 'P9', what: 'mixed load: entry (both steps) p99', value: quantile(entries, 0.99), unit: 'ms', budget: 150 },
    { id: 'P9', what: 'mixed load: overview p99', value: quantile(views, 0.99), unit: 'ms' },
  );
}

/** The short form of P13: entries with a page view each, no hour of rest. */
async function growMemory(ours: Side): Promise<void> {
  const visit = async (): Promise<void> => {
    const cookie = cookieOf(await enter(ours, ours.links.pop()), '__Host-portal') ?? '';
    await expectStatus(200, send(agent, ours.origin, { target: '/', headers: { Cookie: cookie } }));
  };
  await timeCalls(300, 8, visit);
  const before = residentMiB(portal.pid());
  await timeCalls(1_200, 8, visit);
  const after = residentMiB(portal.pid());
  figures.push(
    { id: 'P13', what: 'memory after the runs above and 300 entries', value: before, unit: 'MiB' },
    { id: 'P13', what: 'memory after 1,200 entries more', value: after, unit: 'MiB' },
    { id: 'P13', what: 'growth (short form)', value: after / before, unit: 'x', budget: 1.2 },
  );
}

async function startAgain(): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await portal.kill();
    const from = performance.now();
    await portal.restart();
    times.push((performance.now() - from) / 1_000);
  }
  figures.push({ id: 'P14', what: 'process start to ready', value: spreadOf(times), unit: 's', budget: 1.5 });
}
