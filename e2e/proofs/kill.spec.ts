import { randomBytes, randomUUID } from 'node:crypto';
import type { Agent } from 'node:http';
import { expect } from '@playwright/test';
import { test } from '@/e2e/fixtures.ts';
import { signedHeaders } from '@/e2e/merchant.ts';
import type { LaidLink, LaidMerchant } from '@/e2e/portal-data.ts';
import { layLinks, layMerchant, openBeside, returnUrl } from '@/e2e/portal-data.ts';
import type { PortalServer } from '@/e2e/portal-server.ts';
import type { RawAnswer } from '@/e2e/raw-http.ts';
import { cookieOf, entryForm, keepAlive, send } from '@/e2e/raw-http.ts';
import { openCookie } from '@/lib/crypto/cookie-seal.ts';
import { findBrokenAuditLine } from '@/lib/data/audit-lines.ts';
import type { CustomerId } from '@/lib/domain/ids.ts';
import type { Runtime } from '@/lib/runtime.ts';
import type { Chance } from './chance.ts';
import { chooseSeed, makeChance } from './chance.ts';

const rounds = { sqlite: 50, postgres: 10 } as const;
const mintsARound = 6;
const burnsARound = 6;
const cancelsARound = 4;

/** One thing asked of the server, which may be asked again, and what it said each time. */
type Try<T> = { readonly what: T; readonly answers: RawAnswer[] };
type Mint = Try<{ readonly customerId: CustomerId; readonly key: string }>;
type Burn = Try<LaidLink & { readonly nonce: string }>;
/** A cancel form as its page gave it, and the cookie of the buyer it was given to. */
type Cancel = Try<{
  readonly linkId: string;
  readonly subscriptionId: string;
  readonly cookie: string;
  readonly form: string;
}>;

for (const engine of ['sqlite', 'postgres'] as const) {
  test(`${rounds[engine]} kills in the middle of minting, burning and cancelling lose nothing acknowledged and do nothing twice, ${engine}`, async ({
    startPortal,
  }) => {
    test.setTimeout(420_000);
    const seed = chooseSeed();
    console.log(`kill sweep on ${engine}: PORTAL_SEED=${seed}`);
    const chance = makeChance(seed);
    const portal = await startPortal({ engine });
    const merchant = await lay(portal, (on) => layMerchant(on, 'kill', rounds[engine] * cancelsARound));
    const links = await lay(portal, (on) => layLinks(on, merchant, rounds[engine] * burnsARound));
    const mints: Mint[] = [];
    const burns: Burn[] = [];
    const cancels: Cancel[] = [];
    for (let round = 0; round < rounds[engine]; round += 1) {
      const mintsNow = Array.from({ length: mintsARound }, (_, index) => ({
        what: { customerId: pick(merchant.customers, round * mintsARound + index), key: randomUUID() },
        answers: [],
      }));
      const burnsNow = Array.from({ length: burnsARound }, (_, index) => ({
        what: { ...pick(links, round * burnsARound + index), nonce: randomBytes(16).toString('base64url') },
        answers: [],
      }));
      const cancelsNow = await prepareCancels(portal, merchant, round);
      const ask = (agent: Agent) => [
        ...mintsNow.map((one) => askToMint(agent, merchant, one)),
        ...burnsNow.map((one) => askToBurn(agent, portal, one)),
        ...cancelsNow.map((one) => askToCancel(agent, portal, one)),
      ];
      await fireAndKill(portal, chance, ask);
      await portal.restart();
      const agent = keepAlive(8);
      await Promise.all(ask(agent));
      agent.destroy();
      mints.push(...mintsNow);
      burns.push(...burnsNow);
      cancels.push(...cancelsNow);
    }
    await settleMints(merchant, mints);
    await checkMints(portal, mints);
    const entries = cancels.map((one) => one.what.linkId);
    await checkBurns(portal, burns, entries);
    await checkCancels(portal, cancels);
    await lay(portal, async (on) => expect(await findBrokenAuditLine(on.read, merchant.scope)).toBeNull());
    const all = [...mints, ...burns, ...cancels];
    const broken = all.filter((one) => one.answers.length === 1).length;
    console.log(`${broken} of ${all.length} requests had no answer when the server was killed`);
    expect(broken).toBeGreaterThan(rounds[engine]);
  });
}

/** Looks at, or lays into, the database of a server, with connections that are closed before the next kill. */
async function lay<T>(portal: PortalServer, work: (on: Runtime) => Promise<T>): Promise<T> {
  const on = await openBeside(portal.environment);
  try {
    return await work(on);
  } finally {
    await on.close();
  }
}

/** Sends everything at once and kills the server when some of it is answered, or a moment later. */
async function fireAndKill(
  portal: PortalServer,
  chance: Chance,
  ask: (agent: Agent) => Promise<unknown>[],
): Promise<void> {
  const agent = keepAlive(32);
  const asked = ask(agent);
  const waitFor = chance.draw(asked.length);
  const spinMs = chance.draw(40) / 10;
  let answered = 0;
  await new Promise<void>((resolve) => {
    if (waitFor === 0) setImmediate(resolve);
    for (const one of asked) {
      void one.finally(() => {
        answered += 1;
        if (answered >= waitFor) resolve();
      });
    }
  });
  // A moment within an event-loop turn: timers are too coarse to land between two statements.
  for (const until = performance.now() + spinMs; performance.now() < until; );
  await portal.kill();
  await Promise.all(asked);
  agent.destroy();
}

async function askToMint(agent: Agent, merchant: LaidMerchant, mint: Mint): Promise<void> {
  const target = '/api/v1/portal-sessions';
  const body = JSON.stringify({ customerId: mint.what.customerId, returnUrl });
  const signed = { method: 'POST', target, timestamp: unixSeconds(), body, idempotencyKey: mint.what.key };
  const headers = { ...signedHeaders(merchant.key, signed), 'Content-Type': 'application/json' };
  await note(mint, send(agent, merchant.key.origin, { method: 'POST', target, headers, body }));
}

async function askToBurn(agent: Agent, portal: PortalServer, burn: Burn): Promise<void> {
  await note(burn, send(agent, portal.origin, entryForm(portal.origin, burn.what)));
}

/** Buyers enter and open the page that cancels; each comes back with its form filled in. */
async function prepareCancels(portal: PortalServer, merchant: LaidMerchant, round: number): Promise<Cancel[]> {
  const from = round * cancelsARound;
  const customers = merchant.customers.slice(from, from + cancelsARound);
  const links = await lay(portal, (on) => layLinks(on, { ...merchant, customers }, customers.length));
  const agent = keepAlive(cancelsARound);
  const prepared = await Promise.all(
    links.map(async ({ id, token, customerId }): Promise<Cancel> => {
      const entry = entryForm(portal.origin, { token, nonce: randomBytes(16).toString('base64url') });
      const cookie = cookieOf(await send(agent, portal.origin, entry), '__Host-portal') ?? '';
      const subscriptionId = customerId.replace('cus_', 'sub_');
      const target = `/subscriptions/${subscriptionId}/cancel`;
      const page = await send(agent, portal.origin, { target, headers: { Cookie: cookie } });
      const fields = [...page.body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
      const ask = fields.slice(fields.findIndex(([, name]) => name === 'form'));
      const form = new URLSearchParams({ timing: 'period_end' });
      for (const [, name = '', value = ''] of ask) form.set(name, value);
      return { what: { linkId: id, subscriptionId, cookie, form: form.toString() }, answers: [] };
    }),
  );
  agent.destroy();
  return prepared;
}

async function askToCancel(agent: Agent, portal: PortalServer, cancel: Cancel): Promise<void> {
  const { subscriptionId, cookie, form } = cancel.what;
  const headers = { Origin: portal.origin, Cookie: cookie, 'Content-Type': 'application/x-www-form-urlencoded' };
  const target = `/subscriptions/${subscriptionId}/cancel`;
  await note(cancel, send(agent, portal.origin, { method: 'POST', target, headers, body: form }));
}

/** A connection that broke is no answer. */
async function note(one: Try<unknown>, answer: Promise<RawAnswer>): Promise<void> {
  const came = await answer.catch(() => null);
  if (came !== null) one.answers.push(came);
}

/**
 * A mint killed between its claim and its effect holds its idempotency key until the lease ends; asked again after that
 * it runs.
 */
async function settleMints(merchant: LaidMerchant, mints: readonly Mint[]): Promise<void> {
  const agent = keepAlive(4);
  for (const deadline = performance.now() + 60_000; performance.now() < deadline; ) {
    const open = mints.filter((one) => one.answers.at(-1)?.status !== 201);
    if (open.length === 0) break;
    for (const one of open) {
      expect([409, 429]).toContain(one.answers.at(-1)?.status);
      await askToMint(agent, merchant, one);
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  agent.destroy();
}

async function checkMints(portal: PortalServer, mints: readonly Mint[]): Promise<void> {
  const ids = new Set<string>();
  for (const { answers } of mints) {
    const made = answers.filter((one) => one.status === 201).map((one) => JSON.parse(one.body).data);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map((one) => `${one.id} ${one.url}`)).size, 'one key, one session, one link').toBe(1);
    ids.add(made[0].id);
  }
  expect(ids.size).toBe(mints.length);
  await lay(portal, async (on) => {
    const rows = await on.read
      .selectFrom('portalSessions')
      .select('id')
      .where('mintedByKeyId', 'is not', null)
      .execute();
    expect(new Set(rows.map((row) => row.id))).toEqual(ids);
    await expectEach(on, 'portal_session.minted', 'portal_session.created', ids);
  });
}

/** `entries`: links burned without a kill, by the buyers who came to cancel. */
async function checkBurns(portal: PortalServer, burns: readonly Burn[], entries: readonly string[]): Promise<void> {
  await lay(portal, async (on) => {
    for (const { what, answers } of burns) {
      expect(answers.map((one) => one.status).filter((status) => status !== 303)).toEqual([]);
      const secrets = new Set<unknown>();
      for (const answer of answers) {
        const seal = cookieOf(answer, '__Host-portal')?.slice('__Host-portal='.length) ?? '';
        secrets.add((await openCookie(on.config.rootKeys, seal, 7_260, () => undefined)).id);
      }
      expect(secrets.size, 'the same browser session each time').toBe(1);
      const rows = await on.read
        .selectFrom('browserSessions')
        .select('id')
        .where('portalSessionId', '=', what.id)
        .execute();
      expect(rows).toHaveLength(1);
    }
    const ids = new Set([...entries, ...burns.map((one) => one.what.id)]);
    await expectEach(on, 'portal_session.burned', 'portal_session.burned', ids);
  });
}

async function checkCancels(portal: PortalServer, cancels: readonly Cancel[]): Promise<void> {
  for (const { what, answers } of cancels) {
    const id = new URLSearchParams(what.form).get('form');
    const done = `/subscriptions/${what.subscriptionId}/cancel?done=${id}#result`;
    expect(answers.map((one) => `${one.status} ${one.headers.location}`)).toEqual(answers.map(() => `303 ${done}`));
  }
  await lay(portal, async (on) => {
    const ids = new Set(cancels.map((one) => one.what.subscriptionId));
    const rows = await on.read
      .selectFrom('subscriptions')
      .select(['id', 'cancelAt', 'canceledReason'])
      .where('cancelAt', 'is not', null)
      .execute();
    expect(new Set(rows.map((row) => row.id))).toEqual(ids);
    expect(rows.filter((row) => row.canceledReason !== 'customer_portal')).toEqual([]);
    const certificates = await on.read
      .selectFrom('cancellationCertificates')
      .select(['subscriptionId', 'number'])
      .execute();
    expect(certificates.map((one) => one.subscriptionId).sort()).toEqual([...ids].sort());
    const numbers = certificates.map((one) => Number(one.number.split('-').at(-1))).sort((one, other) => one - other);
    expect(numbers, 'numbers without a gap').toEqual(cancels.map((_, index) => index + 1));
    await expectEach(on, 'subscription.cancel_scheduled', 'subscription.cancel_scheduled', ids);
  });
}

/** One audit line and one event for each of these objects, and for no other. */
async function expectEach(on: Runtime, act: string, event: string, ids: ReadonlySet<string>): Promise<void> {
  const lines = await on.read.selectFrom('auditLines').select('object').where('act', '=', act).execute();
  expect(lines.map((line) => line.object).sort(), act).toEqual([...ids].sort());
  const type = `plugipay.${event}.v1`;
  const events = await on.read.selectFrom('outbox').select('aggregateId').where('type', '=', type).execute();
  expect(events.map((one) => one.aggregateId).sort(), type).toEqual([...ids].sort());
}

function pick<T>(from: readonly T[], index: number): T {
  const found = from[index % from.length];
  if (found === undefined) throw new Error('Nothing to pick from.');
  return found;
}

function unixSeconds(): string {
  return String(Math.floor((performance.timeOrigin + performance.now()) / 1_000));
}
