import { endLiveBrowserSessions } from '@/lib/data/browser-sessions.ts';
import { findCustomer } from '@/lib/data/customers.ts';
import type { Writer } from '@/lib/data/db.ts';
import { findPortalSession, revokePortalSessions as revokeRows } from '@/lib/data/portal-sessions.ts';
import type { Cause } from '@/lib/data/tell-of-change.ts';
import { causeOfMerchant, tellOfChange } from '@/lib/data/tell-of-change.ts';
import type { CustomerId, PortalSessionId } from '@/lib/domain/ids.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import { isoText } from '@/lib/domain/time.ts';
import type { CustomerScope, WorkspaceScope } from '@/lib/domain/viewer.ts';
import { wireArn } from '@/lib/domain/wire.ts';
import type { Runtime } from '@/lib/runtime.ts';

export type RevokeOrder = {
  /** One of the two: a single link, or everything of a customer. Null for text that cannot be an id. */
  readonly of: { readonly portalSessionId: PortalSessionId | null } | { readonly customerId: CustomerId | null };
  readonly endBrowserSessions: boolean;
};

export type Revoked = {
  readonly customerId: CustomerId;
  readonly linksRevoked: number;
  readonly browserSessionsEnded: number;
};

/**
 * Revokes open links and, if asked, ends the browser sessions born from them; by customer all of that customer's. Safe to
 * repeat: what is over counts for nothing. Fails with `not_found`.
 */
export async function revokePortalSessions(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  order: RevokeOrder,
): Promise<Result<Revoked>> {
  return on.write((tx) => revoke(on, tx, scope, by, order));
}

async function revoke(
  on: Runtime,
  tx: Writer,
  scope: WorkspaceScope,
  by: MerchantAct,
  order: RevokeOrder,
): Promise<Result<Revoked>> {
  const meant = await findMeant(tx, scope, order);
  if (!meant.ok) return meant;
  const { customerId, only } = meant.value;
  const whose = { ...scope, customerId };
  const cause = causeOfMerchant(by);
  const now = on.now();
  const links = await revokeRows(tx, whose, only, now);
  for (const link of links) {
    const object = {
      id: link.id,
      arn: wireArn(scope, 'portal-session', link.id),
      accountId: scope.workspaceId,
      customerId,
      returnUrl: link.returnUrl,
      expiresAt: isoText(link.expiresAt),
      createdAt: isoText(link.createdAt),
    };
    const event = { what: 'portal_session.revoked', of: 'portal_session', object, extras: { by: cause.actor } };
    await tellOfChange(tx, scope, cause, { act: 'portal_session.revoked', object: link.id, event }, now, on.random);
  }
  const browserSessionsEnded = order.endBrowserSessions ? await endSessions(on, tx, whose, only, cause) : 0;
  return succeed({ customerId, linksRevoked: links.length, browserSessionsEnded });
}

async function findMeant(
  tx: Writer,
  scope: WorkspaceScope,
  { of }: RevokeOrder,
): Promise<Result<{ customerId: CustomerId; only: PortalSessionId | null }>> {
  if ('customerId' in of) {
    const { customerId } = of;
    const customer = customerId === null ? null : await findCustomer(tx, { ...scope, customerId });
    if (customer === null) return fail('not_found', 'There is no such customer.', { field: 'customerId' });
    return succeed({ customerId: customer.id, only: null });
  }
  const link = of.portalSessionId === null ? null : await findPortalSession(tx, scope, of.portalSessionId);
  if (link === null) return fail('not_found', 'There is no such portal session.', { field: 'portalSessionId' });
  return succeed({ customerId: link.customerId, only: link.id });
}

async function endSessions(
  on: Runtime,
  tx: Writer,
  scope: CustomerScope,
  only: PortalSessionId | null,
  cause: Cause,
): Promise<number> {
  const now = on.now();
  const ended = await endLiveBrowserSessions(tx, scope, only, 'ended_by_merchant', now);
  for (const id of ended) {
    const extras = { customerId: scope.customerId, reason: 'ended_by_merchant' };
    const object = { id, customerId: scope.customerId };
    const event = { what: 'browser_session.ended', of: 'browser_session', object, extras };
    const change = { act: 'browser_session.ended', object: id, detail: { reason: extras.reason }, event };
    await tellOfChange(tx, scope, cause, change, now, on.random);
  }
  return ended.length;
}
