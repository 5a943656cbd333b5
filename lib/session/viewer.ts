import { fingerprint } from '@/lib/crypto/secret.ts';
import { findBrowserSessionBySecret } from '@/lib/data/browser-sessions.ts';
import { findCustomer } from '@/lib/data/customers.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import { type BrowserSession, sessionState } from '@/lib/domain/browser-session.ts';
import type { Customer } from '@/lib/domain/customer.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import { noteVisit } from '@/lib/operations/note-visit.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { readSealedCookie } from './cookie.ts';

/** Why a browser has no session: it never had one here, or its session is over. */
export type EndedWhy =
  | 'signed_out'
  | 'idle'
  | 'limit'
  | 'ended_elsewhere'
  | 'ended_by_merchant'
  | 'replaced'
  /** The workspace is suspended: opening billing again leads nowhere. */
  | 'switched_off';

export type Presence =
  | {
      readonly state: 'live';
      readonly viewer: Viewer;
      readonly session: BrowserSession;
      readonly customer: Customer;
      readonly workspace: Workspace;
    }
  | {
      readonly state: 'ended';
      readonly why: EndedWhy;
      readonly session: BrowserSession;
      readonly workspace: Workspace | null;
    }
  | { readonly state: 'none' };

/** The secret id in the session cookie, or null. */
export async function readSessionSecret(on: Runtime, request: Request): Promise<string | null> {
  const { id } = await readSealedCookie(on, request, 'session');
  return typeof id === 'string' ? id : null;
}

/**
 * Who is looking: the row behind the sealed cookie decides at every request. A deleted customer or a suspended workspace
 * ends the session at the next one.
 */
export async function findPresence(on: Runtime, request: Request): Promise<Presence> {
  const secret = await readSessionSecret(on, request);
  const session = secret === null ? null : await findBrowserSessionBySecret(on.read, fingerprint(secret));
  if (session === null || !on.config.modes.has(session.mode)) return { state: 'none' };
  const now = on.now();
  const workspace = await findWorkspace(on.read, session);
  const state = sessionState(session, now, on.epoch);
  if (state !== 'live') {
    const why =
      state === 'idle_expired' ? 'idle' : state === 'expired' ? 'limit' : (session.endedReason ?? 'ended_by_merchant');
    return { state: 'ended', why, session, workspace };
  }
  if (workspace?.suspended === true) return { state: 'ended', why: 'switched_off', session, workspace };
  const customer = workspace === null ? null : await findCustomer(on.read, session);
  if (workspace === null || customer === null) return { state: 'ended', why: 'ended_by_merchant', session, workspace };
  const viewer = {
    workspaceId: session.workspaceId,
    mode: session.mode,
    customerId: session.customerId,
    browserSessionId: session.id,
    portalSessionId: session.portalSessionId,
    now: now + (session.mode === 'test' ? customer.clockAheadMs : 0),
  } as Viewer;
  return { state: 'live', viewer, session, customer, workspace };
}

/** Like `findPresence`, and notes the visit of a live viewer. Looking ahead (prefetch) is not a visit. */
export async function requirePresence(on: Runtime, request: Request): Promise<Presence> {
  const presence = await findPresence(on, request);
  if (presence.state === 'live' && !isPrefetch(request)) await noteVisit(on, presence.session);
  return presence;
}

/** Does a browser only look ahead? All three names of the purpose header are checked. */
export function isPrefetch(request: Request): boolean {
  return ['sec-purpose', 'purpose', 'x-moz'].some((name) =>
    /prefetch|prerender|preview/i.test(request.headers.get(name) ?? ''),
  );
}
