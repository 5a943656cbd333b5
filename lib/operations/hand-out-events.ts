import { endLease, takeLease } from '@/lib/data/job-leases.ts';
import {
  holdWantingEndpoints,
  listWaitingEvents,
  queueDeliveries,
  takeWaitingEvents,
} from '@/lib/data/webhook-queue.ts';
import { secondMs } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

const batch = 100;
const mostBatches = 20;

/** One instance hands out at a time; if it dies, others wait so long. */
const lease = 'hand-out-events';
const leaseMs = 15 * secondMs;

/**
 * Hands waiting events to the endpoints that want them, in transactions of their own; an event without such an endpoint
 * is done with that. Bounded: what is left waits for the next run. Answers how many events there were; none where another
 * instance is at it.
 */
export async function handOutEvents(on: Runtime): Promise<number> {
  if ((await listWaitingEvents(on.read, 1)).length === 0) return 0;
  const holder = Buffer.from(on.random(9)).toString('base64url');
  const now = on.now();
  if (!(await on.write((tx) => takeLease(tx, lease, holder, now, now + leaseMs)))) return 0;
  let count = 0;
  for (let round = 0; round < mostBatches; round += 1) {
    const waiting = await listWaitingEvents(on.read, batch);
    for (const [scope, ids] of groupByScope(waiting)) count += await handOutWithin(on, scope, ids);
    if (waiting.length < batch) break;
  }
  await on.write((tx) => endLease(tx, lease, holder, on.now()));
  return count;
}

function handOutWithin(on: Runtime, scope: WorkspaceScope, ids: readonly string[]): Promise<number> {
  return on.write(async (tx) => {
    const now = on.now();
    const events = await takeWaitingEvents(tx, ids, now);
    const types = [...new Set(events.map((event) => event.type))];
    const endpoints = await holdWantingEndpoints(tx, scope, types);
    await queueDeliveries(tx, events, endpoints, now, on.random);
    return events.length;
  });
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
