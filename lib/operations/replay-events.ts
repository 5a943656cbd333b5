import { findEvent } from '@/lib/data/events.ts';
import { appendReplay } from '@/lib/data/outbox.ts';
import { causeOfMerchant, tellOfChange } from '@/lib/data/tell-of-change.ts';
import type { BillingEvent, EventId } from '@/lib/domain/event.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Writes events again, in the order named: each a new event with the stored data of the old one. An id that is unknown
 * here fails the whole order with `not_found`.
 */
export async function replayEvents(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  eventIds: readonly EventId[],
): Promise<Result<readonly BillingEvent[]>> {
  const now = on.now();
  return on.write(async (tx) => {
    for (const eventId of eventIds) {
      if ((await findEvent(tx, scope, eventId)) !== null) continue;
      return fail('not_found', `There is no event ${eventId}.`, { field: 'eventIds' });
    }
    const events: BillingEvent[] = [];
    for (const eventId of eventIds) {
      const event = await appendReplay(tx, scope, eventId, by, now, on.random);
      events.push(event);
      const change = { act: 'event.replayed', object: eventId, detail: { as: event.id } };
      await tellOfChange(tx, scope, causeOfMerchant(by), change, now, on.random);
    }
    return succeed(events);
  });
}
