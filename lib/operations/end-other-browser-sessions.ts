import { appendAudit } from '@/lib/data/audit-lines.ts';
import { endBrowserSession, listBrowserSessions } from '@/lib/data/browser-sessions.ts';
import { settleForm, spendForm } from '@/lib/data/form-outcomes.ts';
import { appendEvent } from '@/lib/data/outbox.ts';
import { sessionLimits, sessionState } from '@/lib/domain/browser-session.ts';
import type { BrowserSessionId } from '@/lib/domain/ids.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Ends the customer's other live browser sessions, or the one named; never the one that asks. Answers how many it ended:
 * one that is over, another customer's or unknown counts for nothing.
 */
export async function endOtherBrowserSessions(
  on: Runtime,
  viewer: Viewer,
  input: { readonly formId: string; readonly only: BrowserSessionId | null },
): Promise<number> {
  const now = on.now();
  return on.write(async (tx) => {
    const spent = await spendForm(tx, viewer, input.formId, 'end_sessions', now);
    if (spent !== null) return Number(spent.facts.n ?? 0);
    const sessions = await listBrowserSessions(tx, viewer, now - sessionLimits.absoluteMs);
    let n = 0;
    for (const one of sessions) {
      const isMeant = input.only === null || one.id === input.only;
      if (one.id === viewer.browserSessionId || !isMeant || sessionState(one, now, on.epoch) !== 'live') continue;
      if (!(await endBrowserSession(tx, viewer, one.id, 'ended_elsewhere', now))) continue;
      n += 1;
      const { portalSessionId, browserSessionId, customerId } = viewer;
      await appendAudit(
        tx,
        viewer,
        {
          actor: `viewer:${browserSessionId}`,
          act: 'browser_session.ended',
          object: one.id,
          detail: { reason: 'ended_elsewhere' },
        },
        now,
        on.random,
      );
      await appendEvent(
        tx,
        viewer,
        {
          what: 'browser_session.ended',
          aggregateType: 'browser_session',
          aggregateId: one.id,
          object: { id: one.id, customerId },
          extras: { origin: 'portal', portalSessionId, browserSessionId, customerId, reason: 'ended_elsewhere' },
          source: 'portal',
        },
        now,
        on.random,
      );
    }
    await settleForm(tx, viewer, input.formId, { code: 'sessions_ended', facts: { n } });
    return n;
  });
}
