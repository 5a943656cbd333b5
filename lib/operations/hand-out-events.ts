import {
  holdActiveEndpoints,
  listWaitingEvents,
  queueDeliveries,
  takeWaitingEvents,
} from '@/lib/data/webhook-queue.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

const batch = 100;
const mostBatches = 20;

/**
 * Hands waiting events to the endpoints that want them, in transactions of their own; an event without such an endpoint
 * is done with that. Bounded: what is left waits for the next run. Answers how many events there were.
 */
export async function handOutEvents(on: Runtime): Promise<number> {
  let count = 0;
  for (let round = 0; round < mostBatches; round += 1) {
    const waiting = await listWaitingEvents(on.read, batch);
    for (const [scope, ids] of groupByScope(waiting)) {
      count += await on.write(async (tx) => {
        const now = on.now();
        const events = await takeWaitingEvents(tx, ids, now);
        const endpoints = events.length === 0 ? [] : await holdActiveEndpoints(tx, scope);
        await queueDeliveries(tx, events, endpoints, now, on.random);
        return events.length;
      });
    }
    if (waiting.length < batch) break;
  }
  return count;
}

function groupByScope(
  events: readonly (WorkspaceScope & { readonly id: string })[],
): readonly (readonly [WorkspaceScope, readonly string[]])[] {
  const groups = new Map<string, [WorkspaceScope, string[]]>();
  for (const { id, workspaceId, mode } of events) {
    const name = `${workspaceId} ${mode}`;
    const group = groups.get(name) ?? [{ workspaceId, mode }, []];
    group[1].push(id);
    groups.set(name, group);
  }
  return [...groups.values()];
}
