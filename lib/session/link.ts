import { readLinkToken } from '@/lib/crypto/link-token.ts';
import { fingerprint } from '@/lib/crypto/secret.ts';
import { findCustomer } from '@/lib/data/customers.ts';
import { findPortalSessionByToken } from '@/lib/data/portal-sessions.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import type { Customer } from '@/lib/domain/customer.ts';
import { linkState, type PortalSession } from '@/lib/domain/portal-session.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { isPrefetch } from './viewer.ts';

export type LinkJudgement =
  | { readonly state: 'open'; readonly link: PortalSession; readonly workspace: Workspace; readonly customer: Customer }
  | { readonly state: 'burned' | 'expired' | 'revoked'; readonly link: PortalSession; readonly workspace: Workspace }
  | { readonly state: 'unknown' };

/** What a token opens, by row, clock and epoch. Reads only. Malformed, tampered and unknown tokens are all `unknown`. */
export async function judgeLink(on: Runtime, token: string): Promise<LinkJudgement> {
  // Both are always done, so that a forged token and a forgotten one take the same time.
  const claims = await readLinkToken(on.config.rootKeys, token);
  const link = await findPortalSessionByToken(on.read, fingerprint(token));
  if (claims === null || link === null || !on.config.modes.has(link.mode)) return { state: 'unknown' };
  const workspace = await findWorkspace(on.read, link);
  if (workspace === null) return { state: 'unknown' };
  const state = linkState(link, on.now(), on.epoch);
  if (state !== 'open') return { state, link, workspace };
  const customer = workspace.suspended ? null : await findCustomer(on.read, link);
  return customer === null ? { state: 'revoked', link, workspace } : { state, link, workspace, customer };
}

/**
 * How a GET of a link arrived. `machine`: looks ahead. `embedded`: an image, a frame, a script. `warm`: a navigation from
 * a site, which may post by itself. `cold`: typed, pasted, from an app, or a client that says nothing: waits for a click.
 */
export type Arrival = 'machine' | 'embedded' | 'warm' | 'cold';

export function judgeArrival(request: Request): Arrival {
  if (isPrefetch(request)) return 'machine';
  const site = request.headers.get('sec-fetch-site');
  const mode = request.headers.get('sec-fetch-mode');
  const dest = request.headers.get('sec-fetch-dest');
  if ((mode !== null && mode !== 'navigate') || (dest !== null && dest !== 'document')) return 'embedded';
  const fromSite = site === 'cross-site' || site === 'same-site' || site === 'same-origin';
  return fromSite && mode === 'navigate' && dest === 'document' ? 'warm' : 'cold';
}
