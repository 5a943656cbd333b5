import type { BrowserSessionId, CustomerId, PortalSessionId } from './ids.ts';
import type { PortalFlow } from './portal-flow.ts';
import { type Instant, minuteMs } from './time.ts';
import type { WorkspaceScope } from './viewer.ts';

/** The key that ties a browser session to its browser; null while that is not settled. */
export type Binding = 'dbsc' | 'webcrypto' | 'none';

export type EndedReason = 'signed_out' | 'ended_elsewhere' | 'ended_by_merchant' | 'replaced';

/** What the cookie stands for after a burn. */
export type BrowserSession = WorkspaceScope & {
  readonly id: BrowserSessionId;
  readonly portalSessionId: PortalSessionId;
  readonly customerId: CustomerId;
  readonly returnUrl: string;
  /** The page its link was minted for, if any. */
  readonly flow: PortalFlow | null;
  readonly enteredAt: Instant;
  readonly lastSeenAt: Instant;
  readonly endedAt: Instant | null;
  readonly endedReason: EndedReason | null;
  /** Somebody tried the burned link from elsewhere. */
  readonly contestedAt: Instant | null;
  readonly binding: Binding | null;
  /** Browser and system in words, such as "Chrome on Android"; shown in the ledger, never a gate. */
  readonly agent: string;
  readonly epoch: number;
};

export const sessionLimits = {
  idleMs: 30 * minuteMs,
  absoluteMs: 120 * minuteMs,
  /** Binding `none`: the whole life. */
  unboundMs: 30 * minuteMs,
  /** Binding `none`: how long after entry a sensitive act is possible. */
  unboundActMs: 10 * minuteMs,
} as const;

export type SessionState = 'live' | 'idle_expired' | 'expired' | 'ended';

/** When a browser session closes at the latest: 2 h, or 30 min without a key. */
export function closesAt(session: Pick<BrowserSession, 'enteredAt' | 'binding'>): Instant {
  const bound = session.binding === 'dbsc' || session.binding === 'webcrypto';
  return session.enteredAt + (bound ? sessionLimits.absoluteMs : sessionLimits.unboundMs);
}

/** What the clock and the row say of a browser session. Ends are exclusive. */
export function sessionState(
  session: Pick<BrowserSession, 'enteredAt' | 'binding' | 'lastSeenAt' | 'endedAt' | 'epoch'>,
  now: Instant,
  epoch: number,
): SessionState {
  if (session.endedAt !== null || session.epoch !== epoch) return 'ended';
  if (closesAt(session) <= now) return 'expired';
  if (session.lastSeenAt + sessionLimits.idleMs <= now) return 'idle_expired';
  return 'live';
}
