import { readLinkToken } from '@/lib/crypto/link-token.ts';
import { deriveKey, fingerprint, isSameText, keyedHash } from '@/lib/crypto/secret.ts';
import { appendAudit } from '@/lib/data/audit-lines.ts';
import {
  contestBrowserSession,
  endBrowserSession,
  findBrowserSessionBySecret,
  insertBrowserSession,
} from '@/lib/data/browser-sessions.ts';
import type { Writer } from '@/lib/data/db.ts';
import { appendEvent } from '@/lib/data/outbox.ts';
import { burnPortalSession, findPortalSessionByToken } from '@/lib/data/portal-sessions.ts';
import { type Binding, type BrowserSession, sessionState } from '@/lib/domain/browser-session.ts';
import { newId } from '@/lib/domain/ids.ts';
import { linkState, type PortalSession, repeatBurnMs } from '@/lib/domain/portal-session.ts';
import { fail, type Result, succeed } from '@/lib/domain/result.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { Runtime } from '@/lib/runtime.ts';

export type Burn = {
  readonly token: string;
  /** The entry nonce of the browser, from its cookie. */
  readonly nonce: string;
  /** Secret id of the browser session this browser had before, from its cookie, or null. */
  readonly formerSecret: string | null;
  /** A live session of another customer in this browser may be ended only by somebody who saw both identities. */
  readonly maySwitch: boolean;
  readonly arrival: 'warm' | 'cold';
  readonly agent: string;
  readonly binding: Binding | null;
};

export type Burned = {
  /** What the cookie seals: 256 bits known to this browser alone; the database has only its fingerprint. */
  readonly secret: string;
  readonly session: BrowserSession;
  readonly repeated: boolean;
};

/**
 * Uses a link up in exchange for a browser session, once. The same browser may repeat for 60 s and gets the same one.
 * Failures: `not_found` (unknown, malformed, tampered), `gone` with facts.state burned | expired | revoked, `conflict`
 * (another customer's session is live here and nobody agreed to end it; nothing is burned).
 */
export async function burnPortalLink(
  on: Runtime,
  burn: Burn,
): Promise<Result<Burned, 'not_found' | 'gone' | 'conflict'>> {
  const now = on.now();
  const tokenHash = fingerprint(burn.token);
  const claims = await readLinkToken(on.config.rootKeys, burn.token);
  const secret = claims === null ? null : sessionSecret(on, claims.keyNumber, burn);
  return on.write(async (tx) => {
    const link = await findPortalSessionByToken(tx, tokenHash);
    if (claims === null || secret === null || link === null || !on.config.modes.has(link.mode)) {
      return fail('not_found', 'This link is not known.');
    }
    const former =
      burn.formerSecret === null ? null : await findBrowserSessionBySecret(tx, fingerprint(burn.formerSecret));
    const formerLives = former !== null && sessionState(former, now, on.epoch) === 'live';
    if (formerLives && !isSameCustomer(former, link) && !burn.maySwitch && linkState(link, now, on.epoch) === 'open') {
      return fail('conflict', 'Another customer is signed in here.');
    }
    const browserSessionId = newId('browserSession', now, on.random);
    const won = await burnPortalSession(tx, tokenHash, {
      nonceHash: fingerprint(burn.nonce),
      browserSessionId,
      now,
      epoch: on.epoch,
    });
    if (won === null) {
      // Two arrivals at once may each have brought a nonce; a browser inside by this very link is no other browser.
      if (formerLives && former.portalSessionId === link.id && burn.formerSecret !== null) {
        return succeed({ secret: burn.formerSecret, session: former, repeated: true });
      }
      return repeatOrRefuse(on, tx, link, secret, burn, now);
    }
    const session: BrowserSession = {
      id: browserSessionId,
      portalSessionId: won.id,
      workspaceId: won.workspaceId,
      mode: won.mode,
      customerId: won.customerId,
      returnUrl: won.returnUrl,
      flow: won.flow,
      agent: burn.agent,
      enteredAt: now,
      lastSeenAt: now,
      endedAt: null,
      endedReason: null,
      contestedAt: null,
      binding: burn.binding,
      epoch: on.epoch,
    };
    await insertBrowserSession(tx, { ...session, idHash: fingerprint(secret) });
    if (former !== null && (await endBrowserSession(tx, former, former.id, 'replaced', now))) {
      await tellOfReplacement(on, tx, former, now);
    }
    await tellOfBurn(on, tx, won, session, burn, now);
    return succeed({ secret, session, repeated: false });
  });
}

/** The secret of the browser session: from token and nonce, so that a repeat yields the same without its being stored. */
function sessionSecret(on: Runtime, keyNumber: number, burn: Burn): string | null {
  const key = deriveKey(on.config.rootKeys, keyNumber, 'entry');
  return key === null ? null : keyedHash(key, `${burn.token}\n${burn.nonce}`);
}

function isSameCustomer(one: BrowserSession, link: PortalSession): boolean {
  return one.workspaceId === link.workspaceId && one.mode === link.mode && one.customerId === link.customerId;
}

async function repeatOrRefuse(
  on: Runtime,
  tx: Writer,
  before: PortalSession,
  secret: string,
  burn: Burn,
  now: Instant,
): Promise<Result<Burned, 'not_found' | 'gone'>> {
  // Read again: the link may have been burned between the first look and the update.
  const link = (await findPortalSessionByToken(tx, fingerprint(burn.token))) ?? before;
  const state = linkState(link, now, on.epoch);
  if (state === 'burned' && link.burnedAt !== null && link.burnedNonceHash !== null) {
    const sameBrowser = isSameText(link.burnedNonceHash, fingerprint(burn.nonce));
    const session = await findBrowserSessionBySecret(tx, fingerprint(secret));
    if (
      sameBrowser &&
      now < link.burnedAt + repeatBurnMs &&
      session !== null &&
      sessionState(session, now, on.epoch) === 'live'
    ) {
      return succeed({ secret, session, repeated: true });
    }
    if (!sameBrowser) await noteReuse(on, tx, link, burn, now);
  }
  // Still open, yet nobody could burn it: its customer or workspace is gone.
  return fail('gone', 'This link no longer opens anything.', {
    facts: { state: state === 'open' ? 'revoked' : state },
  });
}

/** A burned link tried from elsewhere is a signal, told once a minute; it never ends the first browser session. */
async function noteReuse(on: Runtime, tx: Writer, link: PortalSession, burn: Burn, now: Instant): Promise<void> {
  if (link.browserSessionId === null || !(await contestBrowserSession(tx, link.browserSessionId, now))) return;
  await appendAudit(
    tx,
    link,
    {
      actor: `viewer:${link.browserSessionId}`,
      act: 'portal_session.reuse_refused',
      object: link.id,
      detail: { agent: burn.agent },
    },
    now,
    on.random,
  );
  await appendEvent(
    tx,
    link,
    {
      what: 'portal_session.reuse_refused',
      aggregateType: 'portal_session',
      aggregateId: link.id,
      object: { id: link.id, customerId: link.customerId },
      extras: { agentFamily: burn.agent.split('|')[0] ?? '' },
      source: 'portal',
    },
    now,
    on.random,
  );
}

/** The former session may be another customer's, of another workspace: nothing of the new one is told there. */
async function tellOfReplacement(on: Runtime, tx: Writer, former: BrowserSession, now: Instant): Promise<void> {
  const { id, portalSessionId, customerId } = former;
  const reason = 'replaced';
  await appendAudit(
    tx,
    former,
    { actor: `viewer:${id}`, act: 'browser_session.ended', object: id, detail: { reason } },
    now,
    on.random,
  );
  await appendEvent(
    tx,
    former,
    {
      what: 'browser_session.ended',
      aggregateType: 'browser_session',
      aggregateId: id,
      object: { id, customerId },
      extras: { origin: 'portal', portalSessionId, browserSessionId: id, customerId, reason },
      source: 'portal',
    },
    now,
    on.random,
  );
}

async function tellOfBurn(
  on: Runtime,
  tx: Writer,
  link: PortalSession,
  session: BrowserSession,
  burn: Burn,
  now: Instant,
): Promise<void> {
  await appendAudit(
    tx,
    link,
    { actor: `viewer:${session.id}`, act: 'portal_session.burned', object: link.id, detail: { arrival: burn.arrival } },
    now,
    on.random,
  );
  const extras = {
    origin: 'portal',
    portalSessionId: link.id,
    browserSessionId: session.id,
    customerId: link.customerId,
  };
  await appendEvent(
    tx,
    link,
    {
      what: 'portal_session.burned',
      aggregateType: 'portal_session',
      aggregateId: link.id,
      object: { id: link.id, customerId: link.customerId },
      extras: { ...extras, arrival: burn.arrival, agentFamily: burn.agent.split('|')[0] ?? '' },
      source: 'portal',
    },
    now,
    on.random,
  );
  await appendEvent(
    tx,
    link,
    {
      what: 'browser_session.started',
      aggregateType: 'browser_session',
      aggregateId: session.id,
      object: { id: session.id, customerId: link.customerId },
      extras: { ...extras, binding: session.binding },
      source: 'portal',
    },
    now,
    on.random,
  );
}
