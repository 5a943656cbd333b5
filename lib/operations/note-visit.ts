import { touchBrowserSession } from '@/lib/data/browser-sessions.ts';
import type { BrowserSession } from '@/lib/domain/browser-session.ts';
import { minuteMs } from '@/lib/domain/time.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** Notes that a buyer was here, so that the idle limit counts from now; written at most once a minute. */
export async function noteVisit(on: Runtime, session: BrowserSession): Promise<void> {
  const now = on.now();
  if (now - session.lastSeenAt < minuteMs) return;
  await on.write((tx) => touchBrowserSession(tx, session.id, now));
}
