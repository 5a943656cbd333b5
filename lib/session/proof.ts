import { type BrowserSession, sessionLimits } from '@/lib/domain/browser-session.ts';
import type { Instant } from '@/lib/domain/time.ts';

/** May this browser session do a sensitive act now, and if it is unbound, until when. */
export type Proof = { readonly proven: boolean; readonly until: Instant | null };

/**
 * The gate of sensitive acts (cancel, remove, make default, pay). An unbound session acts for ten minutes after its
 * entry, and not once somebody else tried its link. Bound sessions will answer with their key here.
 */
export function judgeProof(
  session: Pick<BrowserSession, 'binding' | 'enteredAt' | 'contestedAt'>,
  now: Instant,
): Proof {
  const until = session.enteredAt + sessionLimits.unboundActMs;
  return { proven: now < until && session.contestedAt === null, until };
}
