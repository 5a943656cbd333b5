import { touchBrowserSession } from '@/lib/data/browser-sessions.ts';
import { isDatabaseUnavailable } from '@/lib/data/db.ts';
import type { BrowserSession } from '@/lib/domain/browser-session.ts';
import { minuteMs } from '@/lib/domain/time.ts';
import { errorFields } from '@/lib/log.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Notes that a buyer was here, so that the idle limit counts from now; written at most once a minute. A database that
 * takes no writes now does not keep the buyer from reading: the limit only comes earlier.
 */
export async function noteVisit(on: Runtime, session: BrowserSession): Promise<void> {
  const now = on.now();
  if (now - session.lastSeenAt < minuteMs) return;
  try {
    await on.write((tx) => touchBrowserSession(tx, session.id, now));
  } catch (thrown) {
    if (!isDatabaseUnavailable(thrown)) throw thrown;
    on.log('warn', 'visit.unnoted', { browserSessionId: session.id, ...errorFields(thrown) });
  }
}
