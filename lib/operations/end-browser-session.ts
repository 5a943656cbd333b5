import { appendAudit } from '@/lib/data/audit-lines.ts';
import { endBrowserSession as endRow } from '@/lib/data/browser-sessions.ts';
import { appendEvent } from '@/lib/data/outbox.ts';
import type { EndedReason } from '@/lib/domain/browser-session.ts';
import type { BrowserSessionId } from '@/lib/domain/ids.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** Ends one browser session of a customer. False when it had ended before or is not the customer's: nothing changes. */
export async function endBrowserSession(
  on: Runtime,
  scope: CustomerScope,
  id: BrowserSessionId,
  reason: EndedReason,
  by: BrowserSessionId,
): Promise<boolean> {
  const now = on.now();
  return on.write(async (tx) => {
    if (!(await endRow(tx, scope, id, reason, now))) return false;
    await appendAudit(
      tx,
      scope,
      { actor: `viewer:${by}`, act: 'browser_session.ended', object: id, detail: { reason } },
      now,
      on.random,
    );
    await appendEvent(
      tx,
      scope,
      {
        what: 'browser_session.ended',
        aggregateType: 'browser_session',
        aggregateId: id,
        object: { id, customerId: scope.customerId },
        extras: { origin: 'portal', browserSessionId: by, customerId: scope.customerId, reason },
        source: 'portal',
      },
      now,
      on.random,
    );
    return true;
  });
}
