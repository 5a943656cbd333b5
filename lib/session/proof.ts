import { type BrowserSession, sessionLimits } from '@/lib/domain/browser-session.ts';
import type { Instant } from '@/lib/domain/time.ts';

/** May this browser session do a sensitive act now: until when, or why not. */
export type Proof =
  | { readonly proven: true; readonly until: Instant }
  /** `late`: the entry is too old. `contested`: somebody else tried the link that opened the session. */
  | { readonly proven: false; readonly why: 'late' | 'contested' };

/**
 * The gate of sensitive acts (cancel, remove, make default, pay). An unbound session acts for ten minutes after its
 * entry, and not once somebody else tried its link. Bound sessions will answer with their key here.
 */
export function judgeProof(
  session: Pick<BrowserSession, 'binding' | 'enteredAt' | 'contestedAt'>,
  now: Instant,
): Proof {
  const until = session.enteredAt + sessionLimits.unboundActMs;
  if (session.contestedAt !== null) return { proven: false, why: 'contested' };
  return now < until ? { proven: true, until } : { proven: false, why: 'late' };
}
