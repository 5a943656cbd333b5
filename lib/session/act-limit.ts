import type { BrowserSessionId } from '@/lib/domain/ids.ts';
import { type Instant, minuteMs } from '@/lib/domain/time.ts';

const most = 10;
const sessions = new Map<BrowserSessionId, Instant[]>();

/**
 * Counts what a browser session does: ten acts a minute are enough for a person. Null: go on. A number: seconds to wait.
 * Kept in memory, so each instance counts for itself; sending a form again is no new act, and what is refused changes nothing: neither is counted.
 */
export function admitAct(id: BrowserSessionId, now: Instant): number | null {
  const recent = (sessions.get(id) ?? []).filter((at) => at > now - minuteMs);
  const oldest = recent[0];
  if (recent.length >= most && oldest !== undefined) return Math.max(1, Math.ceil((oldest + minuteMs - now) / 1_000));
  if (sessions.size > 10_000) sessions.clear();
  sessions.set(id, [...recent, now]);
  return null;
}

/** Takes an act back out of the count: it was refused and changed nothing. */
export function forgetAct(id: BrowserSessionId, at: Instant): void {
  const recent = sessions.get(id) ?? [];
  const index = recent.indexOf(at);
  if (index !== -1) sessions.set(id, recent.toSpliced(index, 1));
}
