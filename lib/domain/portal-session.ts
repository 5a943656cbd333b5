import type { BrowserSessionId, CustomerId, PortalSessionId } from './ids.ts';
import type { PortalFlow } from './portal-flow.ts';
import type { Instant } from './time.ts';
import type { WorkspaceScope } from './viewer.ts';

/** The wire object a merchant mints. Its link is known to us only as a fingerprint. */
export type PortalSession = WorkspaceScope & {
  readonly id: PortalSessionId;
  readonly customerId: CustomerId;
  readonly returnUrl: string;
  readonly flow: PortalFlow | null;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly burnedAt: Instant | null;
  readonly burnedNonceHash: string | null;
  readonly browserSessionId: BrowserSessionId | null;
  readonly revokedAt: Instant | null;
  readonly epoch: number;
};

export type LinkState = 'open' | 'burned' | 'expired' | 'revoked';

/** What the clock and the row say of a link. The end is exclusive: at `expiresAt` it is expired. */
export function linkState(
  link: Pick<PortalSession, 'burnedAt' | 'revokedAt' | 'expiresAt' | 'epoch'>,
  now: Instant,
  epoch: number,
): LinkState {
  if (link.revokedAt !== null || link.epoch !== epoch) return 'revoked';
  if (link.burnedAt !== null) return 'burned';
  return now < link.expiresAt ? 'open' : 'expired';
}

/** How long the browser that burned a link may repeat the burn and get the same browser session. */
export const repeatBurnMs = 60_000;

/** How long a link lives: what the workspace's configuration says, never under 300 or over 900 seconds. */
export function linkLifetimeMs(linkLifetimeSeconds: number): number {
  return Math.min(Math.max(linkLifetimeSeconds, 300), 900) * 1_000;
}
