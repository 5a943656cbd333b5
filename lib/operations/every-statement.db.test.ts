import { beforeAll, describe, expect, it } from 'vitest';
import type { LaidMerchant } from '@/e2e/portal-data.ts';
import { layLinks, layMerchant, returnUrl } from '@/e2e/portal-data.ts';
import { makeApi } from '@/lib/api/app.ts';
import { noLimits } from '@/lib/api/testing/merchant-side.ts';
import { signRequest } from '@/lib/crypto/request-signature.ts';
import { fingerprint } from '@/lib/crypto/secret.ts';
import { findBrokenAuditLine } from '@/lib/data/audit-lines.ts';
import { findBrowserSessionBySecret } from '@/lib/data/browser-sessions.ts';
import { listUnpaidInvoices } from '@/lib/data/invoices.ts';
import { findSubscription } from '@/lib/data/subscriptions.ts';
import type { Tables } from '@/lib/data/tables.ts';
import { aViewer } from '@/lib/data/testing/builders.ts';
import { failAtStatement } from '@/lib/data/testing/fail-at-statement.ts';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { openTestRuntime, testEngine } from '@/lib/data/testing/test-runtime.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import { planCancellation, promiseOf } from '@/lib/domain/cancellation.ts';
import type { SubscriptionId } from '@/lib/domain/ids.ts';
import { secondMs } from '@/lib/domain/time.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { type Burn, burnPortalLink } from './burn-portal-link.ts';
import { cancelSubscription } from './cancel-subscription.ts';
import { endBrowserSession } from './end-browser-session.ts';
import { endOtherBrowserSessions } from './end-other-browser-sessions.ts';
import { undoCancellation } from './undo-cancellation.ts';

let test: TestRuntime;
let merchant: LaidMerchant;
let made = 0;
beforeAll(async () => {
  test = await openTestRuntime();
});

/** One thing to do, ready to be done once: repeating it is what a client does that got no answer. */
type Ready = {
  act(on: Runtime): Promise<unknown>;
  /** That it was done exactly once. */
  check(): Promise<void>;
};

class Broken extends Error {
  override name = 'Broken';
}

/** What stays of an act that failed: that it was seen. */
const earlier: readonly (keyof Tables)[] = ['requestSignatures', 'apiKeys'];

const tables: readonly (keyof Tables)[] = [
  'customers',
  'subscriptions',
  'invoices',
  'portalSessions',
  'browserSessions',
  'formOutcomes',
  'cancellationCertificates',
  'numberSequences',
  'auditLines',
  'auditHeads',
  'outbox',
  'idempotentAnswers',
  ...earlier,
];

/** Every row, as text. */
async function dump(names: readonly (keyof Tables)[]): Promise<string[]> {
  const rows: string[] = [];
  for (const name of names) {
    const all = await test.runtime.read.selectFrom(name).selectAll().execute();
    rows.push(...all.map((row) => `${name} ${JSON.stringify(row)}`).sort());
  }
  return rows;
}

/** Breaks at each step in turn, until a run comes through; answers how many steps there were. */
async function sweep(prepare: () => Promise<Ready>, makeError: () => Error, isRetried: boolean): Promise<number> {
  for (let nth = 1; ; nth += 1) {
    made += 1;
    merchant = await layMerchant(test.runtime, `sweep${made}`, 2);
    const ready = await prepare();
    const before = await dump(tables);
    const failing = failAtStatement(test.runtime, nth, makeError);
    const outcome = await ready.act(failing.runtime).then(
      () => 'done',
      (thrown: unknown) => thrown,
    );
    const failed = failing.failed();
    if (failed === null) {
      expect(outcome).toBe('done');
      await ready.check();
      return nth - 1;
    }
    if (isRetried && failed === 'before') expect(outcome, `step ${nth}`).toBe('done');
    else expect(outcome, `step ${nth}`).toBeInstanceOf(Broken);
    if (!isRetried && failed === 'before') {
      const kept = (rows: string[]) => rows.filter((row) => !earlier.some((name) => row.startsWith(`${name} `)));
      expect(kept(await dump(tables)), `step ${nth}`).toEqual(kept(before));
    }
    await ready.act(test.runtime);
    await ready.check();
    expect(await findBrokenAuditLine(test.runtime.read, merchant.scope), `step ${nth}`).toBeNull();
  }
}

async function countAudit(act: string, object: string): Promise<number> {
  const query = test.runtime.read.selectFrom('auditLines').select('id').where('act', '=', act);
  return (await query.where('object', '=', object).execute()).length;
}

async function countEvents(what: string, object: string): Promise<number> {
  const query = test.runtime.read.selectFrom('outbox').select('id').where('type', '=', `plugipay.${what}.v1`);
  return (await query.where('aggregateId', '=', object).execute()).length;
}

function aBurn(token: string, formerSecret: string | null = null): Burn {
  const nonce = 'nonce-of-this-browser';
  return { token, nonce, formerSecret, maySwitch: false, arrival: 'cold', agent: 'Chrome|Linux', binding: 'none' };
}

async function enter(): Promise<{ secret: string; viewer: Viewer }> {
  const [link] = await layLinks(test.runtime, merchant, 1);
  const burned = await burnPortalLink(test.runtime, aBurn(link?.token ?? ''));
  if (!burned.ok) throw new Error(burned.failure.message);
  return { secret: burned.value.secret, viewer: aViewer(test.runtime, burned.value.session) };
}

async function mint(): Promise<Ready> {
  const target = '/api/v1/portal-sessions';
  const body = JSON.stringify({ customerId: merchant.customers[0], returnUrl });
  const idempotencyKey = `key-${made}`;
  const { keyId, secret } = merchant.key;
  const urls = new Set<string>();
  const act = async (on: Runtime): Promise<void> => {
    const timestamp = String(Math.floor(on.now() / secondMs));
    const bytes = new TextEncoder().encode(body);
    const signature = signRequest(secret, { method: 'POST', target, timestamp, body: bytes, idempotencyKey });
    const answer = await makeApi(
      on,
      noLimits,
    )(
      new Request(`http://portal.invalid${target}`, {
        method: 'POST',
        headers: {
          'x-raw-target': target,
          'x-peer': '192.0.2.7',
          'content-type': 'application/json',
          'idempotency-key': idempotencyKey,
          'x-plugipay-timestamp': timestamp,
          authorization: `Plugipay-HMAC-SHA256 keyId=${keyId}, scope=*, signature=${signature}`,
        },
        body,
      }),
    );
    if (answer.status === 500) throw new Broken('500');
    expect(answer.status).toBe(201);
    urls.add((await answer.json()).data.url);
  };
  const check = async (): Promise<void> => {
    expect(urls.size).toBe(1);
    const rows = await test.runtime.read
      .selectFrom('portalSessions')
      .select(['id', 'tokenHash'])
      .where('workspaceId', '=', merchant.scope.workspaceId)
      .execute();
    expect(rows).toHaveLength(1);
    expect(rows[0]?.tokenHash).toBe(fingerprint([...urls].join().split('/p/')[1] ?? ''));
    expect(await countAudit('portal_session.minted', rows[0]?.id ?? '')).toBe(1);
    expect(await countEvents('portal_session.created', rows[0]?.id ?? '')).toBe(1);
  };
  return { act, check };
}

async function burn(): Promise<Ready> {
  const former = await enter();
  const [link] = await layLinks(test.runtime, merchant, 1);
  const { token = '', id = '' } = link ?? {};
  let secret = '';
  return {
    async act(on) {
      const burned = await burnPortalLink(on, aBurn(token, former.secret));
      if (!burned.ok) throw new Error(burned.failure.message);
      secret = burned.value.secret;
    },
    async check() {
      const rows = await test.runtime.read
        .selectFrom('browserSessions')
        .select('idHash')
        .where('portalSessionId', '=', id)
        .execute();
      expect(rows).toEqual([{ idHash: fingerprint(secret) }]);
      const before = await findBrowserSessionBySecret(test.runtime.read, fingerprint(former.secret));
      expect(before?.endedReason).toBe('replaced');
      expect(await countAudit('portal_session.burned', id)).toBe(1);
      expect(await countEvents('portal_session.burned', id)).toBe(1);
      expect(await countAudit('browser_session.ended', before?.id ?? '')).toBe(1);
    },
  };
}

async function refuseAnother(): Promise<Ready> {
  const { secret } = await enter();
  const session = await findBrowserSessionBySecret(test.runtime.read, fingerprint(secret));
  const [link] = await layLinks(test.runtime, merchant, 1);
  const token = link?.token ?? '';
  await burnPortalLink(test.runtime, aBurn(token));
  return {
    async act(on) {
      const refused = await burnPortalLink(on, { ...aBurn(token), nonce: 'nonce-of-another-browser' });
      expect(refused).toMatchObject({ ok: false, failure: { code: 'gone', facts: { state: 'burned' } } });
    },
    async check() {
      expect(await countAudit('portal_session.reuse_refused', link?.id ?? '')).toBe(1);
      expect(await countEvents('portal_session.reuse_refused', link?.id ?? '')).toBe(1);
      expect(session?.endedAt).toBeNull();
    },
  };
}

async function signOut(): Promise<Ready> {
  const { viewer } = await enter();
  const id = viewer.browserSessionId;
  return {
    act: (on) => endBrowserSession(on, viewer, id, 'signed_out', id),
    async check() {
      const row = await test.runtime.read
        .selectFrom('browserSessions')
        .select(['endedAt', 'endedReason'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      expect(row).toEqual({ endedAt: expect.any(Number), endedReason: 'signed_out' });
      expect(await countAudit('browser_session.ended', id)).toBe(1);
      expect(await countEvents('browser_session.ended', id)).toBe(1);
    },
  };
}

async function endOthers(): Promise<Ready> {
  const others = [(await enter()).viewer, (await enter()).viewer];
  const { viewer } = await enter();
  return {
    act: (on) => endOtherBrowserSessions(on, viewer, { formId: `form-${made}-0123456789`, only: null }),
    async check() {
      for (const one of others) {
        expect(await countAudit('browser_session.ended', one.browserSessionId)).toBe(1);
        expect(await countEvents('browser_session.ended', one.browserSessionId)).toBe(1);
      }
      expect(await countAudit('browser_session.ended', viewer.browserSessionId)).toBe(0);
    },
  };
}

async function cancel(): Promise<Ready> {
  const { viewer } = await enter();
  const subscriptionId = `sub_sweep${made}_0` as SubscriptionId;
  const order = await cancelOrder(viewer, subscriptionId);
  return {
    async act(on) {
      expect(await cancelSubscription(on, viewer, order)).toEqual({ ok: true, value: 'cancelled' });
    },
    async check() {
      await checkCancelled(viewer, subscriptionId);
    },
  };
}

async function undo(): Promise<Ready> {
  const { viewer } = await enter();
  const subscriptionId = `sub_sweep${made}_0` as SubscriptionId;
  await cancelSubscription(test.runtime, viewer, await cancelOrder(viewer, subscriptionId));
  const input = { formId: `undo-${made}-0123456789`, subscriptionId };
  return {
    async act(on) {
      expect(await undoCancellation(on, viewer, input)).toEqual({ ok: true, value: 'undone' });
    },
    async check() {
      const seen = await findSubscription(test.runtime.read, viewer, subscriptionId);
      expect(seen?.subscription).toMatchObject({ cancelAt: null, canceledAt: null, endedAt: null });
      const rows = await listCertificates(subscriptionId);
      expect(rows).toEqual([{ takenBackAt: expect.any(Number) }]);
    },
  };
}

async function cancelOrder(viewer: Viewer, subscriptionId: SubscriptionId) {
  const { read } = test.runtime;
  const planned = await findSubscription(read, viewer, subscriptionId);
  const workspace = await findWorkspace(read, viewer);
  if (planned === null || workspace === null) throw new Error('Nothing to cancel.');
  const { configuration } = workspace;
  const invoices = await listUnpaidInvoices(read, viewer);
  const plan = planCancellation({ ...planned, invoices, configuration }, viewer.now);
  if (!plan.can) throw new Error(plan.why);
  const formId = `cancel-${made}-0123456789`;
  const promised = promiseOf(plan.options[0]);
  return { formId, subscriptionId, timing: plan.options[0].timing, promised, locale: 'en' } as const;
}

async function checkCancelled(viewer: Viewer, subscriptionId: SubscriptionId): Promise<void> {
  const seen = await findSubscription(test.runtime.read, viewer, subscriptionId);
  expect(seen?.subscription).toMatchObject({
    cancelAt: expect.any(Number),
    canceledAt: viewer.now,
    canceledReason: 'customer_portal',
  });
  expect(await listCertificates(subscriptionId)).toEqual([{ takenBackAt: null }]);
  const numbers = await test.runtime.read
    .selectFrom('numberSequences')
    .select('last')
    .where('workspaceId', '=', viewer.workspaceId)
    .where('name', 'like', 'certificate:%')
    .execute();
  expect(numbers).toEqual([{ last: 1 }]);
  const lines = await test.runtime.read
    .selectFrom('auditLines')
    .select('act')
    .where('object', '=', subscriptionId)
    .where('act', 'like', 'subscription.cancel%')
    .execute();
  expect(lines).toHaveLength(1);
  const events = await test.runtime.read
    .selectFrom('outbox')
    .select('type')
    .where('aggregateId', '=', subscriptionId)
    .execute();
  expect(new Set(events.map((one) => one.type)).size).toBe(events.length);
  expect(events.length).toBeGreaterThan(0);
}

function listCertificates(subscriptionId: SubscriptionId) {
  return test.runtime.read
    .selectFrom('cancellationCertificates')
    .select('takenBackAt')
    .where('subscriptionId', '=', subscriptionId)
    .execute();
}

const acts: readonly [string, () => Promise<Ready>, number][] = [
  ['minting over the API', mint, 12],
  ['burning a link', burn, 12],
  ['refusing another browser', refuseAnother, 6],
  ['signing out', signOut, 6],
  ['ending the other sessions', endOthers, 8],
  ['cancelling', cancel, 15],
  ['undoing a cancellation', undo, 10],
];

describe('whichever statement fails, nothing is half done, and asked again it is done once', () => {
  it.each(acts)(
    '%s',
    async (_, prepare, atLeast) => {
      expect(await sweep(prepare, () => new Broken('on purpose'), false)).toBeGreaterThanOrEqual(atLeast);
    },
    60_000,
  );
});

describe.runIf(testEngine === 'postgres')(
  'a transaction that PostgreSQL could not serialise runs again by itself, and its effect is there once',
  () => {
    it.each(acts)(
      '%s',
      async (_, prepare) => {
        await sweep(prepare, () => Object.assign(new Broken('could not serialise'), { code: '40001' }), true);
      },
      60_000,
    );
  },
);
