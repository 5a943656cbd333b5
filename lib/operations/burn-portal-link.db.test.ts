import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprint } from '@/lib/crypto/secret.ts';
import { findBrokenAuditLine } from '@/lib/data/audit-lines.ts';
import { aCustomer, aLink, aWorkspace } from '@/lib/data/testing/builders.ts';
import { openTestRuntime, type TestRuntime, testNow } from '@/lib/data/testing/test-runtime.ts';
import { sessionLimits, sessionState } from '@/lib/domain/browser-session.ts';
import type { CustomerId, WorkspaceId } from '@/lib/domain/ids.ts';
import { type Burn, burnPortalLink } from './burn-portal-link.ts';
import { endBrowserSession } from './end-browser-session.ts';

let test: TestRuntime;
let workspace: WorkspaceId;
let customer: CustomerId;

beforeEach(async () => {
  test = await openTestRuntime();
  workspace = await aWorkspace(test.runtime);
  customer = await aCustomer(test.runtime, workspace);
});
afterEach(() => test.close());

function aBurn(token: string, given: Partial<Burn> = {}): Burn {
  return {
    token,
    nonce: 'nonce-of-the-first-browser',
    formerSecret: null,
    maySwitch: false,
    arrival: 'warm',
    agent: 'Chrome|Android',
    binding: 'none',
    ...given,
  };
}

async function countSessions(): Promise<number> {
  return (await test.runtime.read.selectFrom('browserSessions').select('id').execute()).length;
}

async function listEvents(): Promise<string[]> {
  const rows = await test.runtime.read
    .selectFrom('outbox')
    .select('type')
    .orderBy('occurredAt')
    .orderBy('id')
    .execute();
  return rows.map((row) => row.type);
}

describe('burning a portal link', () => {
  it('opens one browser session, with its audit line and its events', async () => {
    const { token, id } = await aLink(test.runtime, workspace, customer);
    const burned = await burnPortalLink(test.runtime, aBurn(token));
    expect(burned).toMatchObject({
      ok: true,
      value: { repeated: false, session: { customerId: customer, portalSessionId: id } },
    });
    expect(await countSessions()).toBe(1);
    expect((await listEvents()).sort()).toEqual([
      'plugipay.browser_session.started.v1',
      'plugipay.portal_session.burned.v1',
    ]);
    const lines = await test.runtime.read.selectFrom('auditLines').select('act').execute();
    expect(lines).toEqual([{ act: 'portal_session.burned' }]);
    expect(await findBrokenAuditLine(test.runtime.read, { workspaceId: workspace, mode: 'test' })).toBeNull();
  });

  it('stores fingerprints only: neither the token nor the secret of the session is in the database', async () => {
    const { token } = await aLink(test.runtime, workspace, customer);
    const burned = await burnPortalLink(test.runtime, aBurn(token));
    const secret = burned.ok ? burned.value.secret : '';
    const rows = JSON.stringify([
      await test.runtime.read.selectFrom('portalSessions').selectAll().execute(),
      await test.runtime.read.selectFrom('browserSessions').selectAll().execute(),
      await test.runtime.read.selectFrom('outbox').selectAll().execute(),
      await test.runtime.read.selectFrom('auditLines').selectAll().execute(),
    ]);
    expect(rows).not.toContain(token);
    expect(rows).not.toContain(secret);
    expect(rows).not.toContain('nonce-of-the-first-browser');
    expect(rows).toContain(fingerprint(secret));
  });

  it('has exactly one winner among 64 browsers at once', async () => {
    const { token } = await aLink(test.runtime, workspace, customer);
    const tries = await Promise.all(
      Array.from({ length: 64 }, (_, at) =>
        burnPortalLink(test.runtime, aBurn(token, { nonce: `nonce-number-${at}-of-many` })),
      ),
    );
    expect(tries.filter((one) => one.ok)).toHaveLength(1);
    expect(await countSessions()).toBe(1);
  });

  it('gives the same browser the same session for 60 seconds, and not a millisecond longer', async () => {
    const { token } = await aLink(test.runtime, workspace, customer);
    const first = await burnPortalLink(test.runtime, aBurn(token));
    test.setTime(testNow + 59_999);
    const again = await burnPortalLink(test.runtime, aBurn(token));
    expect(again.ok && first.ok && again.value.secret === first.value.secret && again.value.repeated).toBe(true);
    expect(await countSessions()).toBe(1);
    test.setTime(testNow + 60_000);
    expect(await burnPortalLink(test.runtime, aBurn(token))).toMatchObject({
      failure: { code: 'gone', facts: { state: 'burned' } },
    });
  });

  it('opens nothing in a second browser, and marks the first session contested once a minute', async () => {
    const { token } = await aLink(test.runtime, workspace, customer);
    const first = await burnPortalLink(test.runtime, aBurn(token));
    for (let tries = 0; tries < 3; tries += 1) {
      const other = await burnPortalLink(test.runtime, aBurn(token, { nonce: 'nonce-of-another-browser' }));
      expect(other).toMatchObject({ ok: false, failure: { code: 'gone', facts: { state: 'burned' } } });
    }
    const rows = await test.runtime.read.selectFrom('browserSessions').selectAll().execute();
    expect(rows).toMatchObject([{ endedAt: null, contestedAt: testNow }]);
    expect(first.ok).toBe(true);
    expect((await listEvents()).filter((type) => type.includes('reuse_refused'))).toHaveLength(1);
    test.setTime(testNow + 61_000);
    await burnPortalLink(test.runtime, aBurn(token, { nonce: 'nonce-of-another-browser' }));
    expect((await listEvents()).filter((type) => type.includes('reuse_refused'))).toHaveLength(2);
  });

  it('refuses at the very millisecond of expiry, and a clock set back revives nothing', async () => {
    const { token, expiresAt } = await aLink(test.runtime, workspace, customer);
    test.setTime(expiresAt);
    const late = await burnPortalLink(test.runtime, aBurn(token));
    expect(late).toMatchObject({ failure: { code: 'gone', facts: { state: 'expired' } } });
    test.setTime(testNow);
    expect(await burnPortalLink(test.runtime, aBurn(token))).toMatchObject({
      failure: { facts: { state: 'expired' } },
    });
    expect(await countSessions()).toBe(0);
  });

  it('works one millisecond before expiry', async () => {
    const { token, expiresAt } = await aLink(test.runtime, workspace, customer);
    test.setTime(expiresAt - 1);
    expect((await burnPortalLink(test.runtime, aBurn(token))).ok).toBe(true);
  });

  it.each([
    ['unknown but well signed', async () => (await aLinkElsewhere()).token],
    ['cut off', async () => (await aLink(test.runtime, workspace, customer)).token.slice(0, -1)],
    ['changed in its last character', async () => flipLast((await aLink(test.runtime, workspace, customer)).token)],
    ['empty', async () => ''],
    ['the id of the portal session', async () => (await aLink(test.runtime, workspace, customer)).id as string],
    ['a megabyte of letters', async () => 'a'.repeat(1_000_000)],
  ])('does not know a token that is %s', async (_, make) => {
    expect(await burnPortalLink(test.runtime, aBurn(await make()))).toMatchObject({
      ok: false,
      failure: { code: 'not_found' },
    });
    expect(await countSessions()).toBe(0);
  });

  it('refuses when the customer was deleted or the workspace suspended since the mint', async () => {
    const gone = await aCustomer(test.runtime, workspace);
    const link = await aLink(test.runtime, workspace, gone);
    await test.runtime.write((tx) =>
      tx.updateTable('customers').set({ deletedAt: testNow }).where('id', '=', gone).execute(),
    );
    expect(await burnPortalLink(test.runtime, aBurn(link.token))).toMatchObject({
      failure: { facts: { state: 'revoked' } },
    });
    const open = await aLink(test.runtime, workspace, customer);
    await test.runtime.write((tx) => tx.updateTable('workspaces').set({ suspendedAt: testNow }).execute());
    expect(await burnPortalLink(test.runtime, aBurn(open.token))).toMatchObject({
      failure: { facts: { state: 'revoked' } },
    });
    expect(await countSessions()).toBe(0);
  });

  it('refuses a link of an older epoch: a restored backup revives nothing', async () => {
    const { token } = await aLink(test.runtime, workspace, customer, { epoch: test.runtime.epoch - 1 });
    expect(await burnPortalLink(test.runtime, aBurn(token))).toMatchObject({
      failure: { facts: { state: 'revoked' } },
    });
  });

  it('does not know a test link on a host that serves live mode alone', async () => {
    const liveOnly = await openTestRuntime({ PORTAL_MODES: 'live' });
    const other = await aWorkspace(liveOnly.runtime);
    const link = await aLink(liveOnly.runtime, other, await aCustomer(liveOnly.runtime, other));
    expect(await burnPortalLink(liveOnly.runtime, aBurn(link.token))).toMatchObject({ failure: { code: 'not_found' } });
  });

  it('ends the session this browser had before, when it was of the same customer', async () => {
    const first = await burnPortalLink(test.runtime, aBurn((await aLink(test.runtime, workspace, customer)).token));
    const formerSecret = first.ok ? first.value.secret : '';
    const second = await aLink(test.runtime, workspace, customer);
    await burnPortalLink(test.runtime, aBurn(second.token, { formerSecret }));
    const rows = await test.runtime.read
      .selectFrom('browserSessions')
      .select(['endedReason'])
      .orderBy('endedReason')
      .execute();
    expect(rows.map((row) => row.endedReason).sort()).toEqual([null, 'replaced'].sort());
  });

  it('tells the merchant of a session that was replaced, once, and nothing there of what replaced it', async () => {
    const first = await burnPortalLink(test.runtime, aBurn((await aLink(test.runtime, workspace, customer)).token));
    if (!first.ok) throw new Error('not burned');
    const former = first.value.session;
    const elsewhere = await aWorkspace(test.runtime);
    const link = await aLink(test.runtime, elsewhere, await aCustomer(test.runtime, elsewhere));
    const switched = aBurn(link.token, { formerSecret: first.value.secret, maySwitch: true });
    const second = await burnPortalLink(test.runtime, switched);
    await burnPortalLink(test.runtime, switched);
    const ended = await test.runtime.read
      .selectFrom('outbox')
      .selectAll()
      .where('type', '=', 'plugipay.browser_session.ended.v1')
      .execute();
    expect(ended).toHaveLength(1);
    expect(ended[0]).toMatchObject({ workspaceId: workspace, aggregateId: former.id });
    const told = JSON.stringify(ended[0]);
    expect(told).toMatch(/reason[\\"]+:[\\"]+replaced/);
    expect(told).toContain(former.portalSessionId);
    expect(second.ok && told.includes(second.value.session.id)).toBe(false);
    expect(told).not.toContain(link.id);
    expect(await findBrokenAuditLine(test.runtime.read, { workspaceId: workspace, mode: 'test' })).toBeNull();
  });

  it("burns nothing over another customer's live session until somebody agrees", async () => {
    const first = await burnPortalLink(test.runtime, aBurn((await aLink(test.runtime, workspace, customer)).token));
    const formerSecret = first.ok ? first.value.secret : '';
    const other = await aLink(
      test.runtime,
      workspace,
      await aCustomer(test.runtime, workspace, { email: 'eko@example.com' }),
    );
    const asked = await burnPortalLink(test.runtime, aBurn(other.token, { formerSecret }));
    expect(asked).toMatchObject({ ok: false, failure: { code: 'conflict' } });
    expect(await countSessions()).toBe(1);
    expect((await burnPortalLink(test.runtime, aBurn(other.token, { formerSecret, maySwitch: true }))).ok).toBe(true);
    expect(await countSessions()).toBe(2);
  });
});

describe('the life of a browser session', () => {
  it('closes 30 minutes after entry without a key, and after 30 idle minutes with one', async () => {
    const burned = await burnPortalLink(test.runtime, aBurn((await aLink(test.runtime, workspace, customer)).token));
    if (!burned.ok) throw new Error('not burned');
    const { session } = burned.value;
    const { epoch } = test.runtime;
    expect(sessionState(session, testNow + sessionLimits.unboundMs - 1, epoch)).toBe('live');
    expect(sessionState({ ...session, lastSeenAt: testNow + 1_000 }, testNow + sessionLimits.unboundMs, epoch)).toBe(
      'expired',
    );
    const bound = { ...session, binding: 'dbsc' as const };
    expect(sessionState(bound, testNow + sessionLimits.idleMs, epoch)).toBe('idle_expired');
    const busy = { ...bound, lastSeenAt: testNow + sessionLimits.absoluteMs - 1 };
    expect(sessionState(busy, testNow + sessionLimits.absoluteMs - 1, epoch)).toBe('live');
    expect(sessionState(busy, testNow + sessionLimits.absoluteMs, epoch)).toBe('expired');
  });

  it('ends once, by its own customer alone', async () => {
    const burned = await burnPortalLink(test.runtime, aBurn((await aLink(test.runtime, workspace, customer)).token));
    if (!burned.ok) throw new Error('not burned');
    const { session } = burned.value;
    const stranger = { ...session, customerId: await aCustomer(test.runtime, workspace) };
    expect(await endBrowserSession(test.runtime, stranger, session.id, 'ended_elsewhere', session.id)).toBe(false);
    expect(await endBrowserSession(test.runtime, session, session.id, 'signed_out', session.id)).toBe(true);
    expect(await endBrowserSession(test.runtime, session, session.id, 'signed_out', session.id)).toBe(false);
    expect((await listEvents()).filter((type) => type.includes('browser_session.ended'))).toHaveLength(1);
  });
});

function flipLast(token: string): string {
  return token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
}

async function aLinkElsewhere(): Promise<{ token: string }> {
  const other = await openTestRuntime();
  const elsewhere = await aWorkspace(other.runtime);
  return aLink(other.runtime, elsewhere, await aCustomer(other.runtime, elsewhere));
}
