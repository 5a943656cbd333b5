import { sql } from 'kysely';
import type { BillingEvent, EventId } from '@/lib/domain/event.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Reader } from './db.ts';
import { toEvent } from './outbox.ts';
import type { Page, PageWish } from './page.ts';
import { cutPage } from './page.ts';

/** What a list of events is narrowed to. Bounds are exclusive. */
export type EventFilter = {
  readonly type?: string | undefined;
  readonly occurredAfter?: Instant | undefined;
  readonly occurredBefore?: Instant | undefined;
};

/** Where an event stands among those of its instant, as the cursor of a list carries it. */
export function placeOfEvent({ sequence, id }: BillingEvent): string {
  return `${sequence}-${id}`;
}

/** A page of the events of a workspace and mode; those of one object stand in the order of its changes. */
export async function listEventPage(
  read: Reader,
  scope: WorkspaceScope,
  filter: EventFilter,
  wish: PageWish,
): Promise<Page<BillingEvent>> {
  let query = read
    .selectFrom('outbox')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode);
  if (filter.type !== undefined) query = query.where('type', '=', filter.type);
  if (filter.occurredAfter !== undefined) query = query.where('occurredAt', '>', filter.occurredAfter);
  if (filter.occurredBefore !== undefined) query = query.where('occurredAt', '<', filter.occurredBefore);
  if (wish.after !== null) {
    const match = /^(\d{1,15})-(.+)$/.exec(wish.after.id);
    const [at, sequence, id] = [wish.after.at, Number(match?.[1] ?? 0), match?.[2] ?? ''];
    const [time, place, key] = [sql.ref('occurredAt'), sql.ref('sequence'), sql.ref('id')];
    query = query.where(
      wish.order === 'desc'
        ? sql<boolean>`(${time}, ${place}, ${key}) < (${at}, ${sequence}, ${id})`
        : sql<boolean>`(${time}, ${place}, ${key}) > (${at}, ${sequence}, ${id})`,
    );
  }
  const rows = await query
    .orderBy('occurredAt', wish.order)
    .orderBy('sequence', wish.order)
    .orderBy('id', wish.order)
    .limit(wish.limit + 1)
    .execute();
  return cutPage(wish, rows, toEvent);
}

/** An event of the workspace and mode, or null. */
export async function findEvent(read: Reader, scope: WorkspaceScope, eventId: EventId): Promise<BillingEvent | null> {
  const row = await read
    .selectFrom('outbox')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', eventId)
    .executeTakeFirst();
  return row === undefined ? null : toEvent(row);
}

/** The newest event of an object, or null. */
export async function findNewestEvent(
  read: Reader,
  scope: WorkspaceScope,
  aggregateType: string,
  aggregateId: string,
): Promise<BillingEvent | null> {
  const row = await read
    .selectFrom('outbox')
    .selectAll()
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('aggregateType', '=', aggregateType)
    .where('aggregateId', '=', aggregateId)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : toEvent(row);
}
