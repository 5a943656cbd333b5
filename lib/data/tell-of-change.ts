import type { BrowserSessionId } from '@/lib/domain/ids.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope, Viewer, WorkspaceScope } from '@/lib/domain/viewer.ts';
import { type Actor, appendAudit } from './audit-lines.ts';
import type { Reader, Writer } from './db.ts';
import { appendEvent } from './outbox.ts';

/** Who made a change, for the audit log, and what every event of a buyer's act says beside its object. */
export type Cause = {
  readonly actor: Actor;
  readonly source: 'portal' | 'api' | 'job' | 'collection' | 'test_clock' | 'operator';
  readonly extras: Readonly<Record<string, unknown>>;
  /** The merchant's request that made it; null or absent for everybody else. */
  readonly request?: Pick<MerchantAct, 'requestId' | 'idempotencyKey'> | null;
};

export type Change = {
  /** Audit line: what was done to which object. */
  readonly act: string;
  readonly object: string;
  readonly detail?: Readonly<Record<string, string | number | boolean | null>>;
  /** The event that tells others, or none. `object` is the resource after the change, as the wire has it. */
  readonly event?: {
    readonly what: string;
    readonly of: string;
    readonly object: Readonly<Record<string, unknown>>;
    readonly extras?: Readonly<Record<string, unknown>>;
  };
};

/** Writes the audit line and the event of a change, in its transaction. */
export async function tellOfChange(
  tx: Writer,
  scope: WorkspaceScope,
  cause: Cause,
  change: Change,
  now: Instant,
  random: (bytes: number) => Uint8Array,
): Promise<void> {
  const { act, object, detail, event } = change;
  await appendAudit(
    tx,
    scope,
    { actor: cause.actor, act, object, ...(detail === undefined ? {} : { detail }) },
    now,
    random,
  );
  if (event !== undefined) await tellEvent(tx, scope, cause, object, event, now, random);
}

/** Writes one event of a change whose audit line is written already, such as an extension beside a compatible one. */
export async function tellEvent(
  tx: Writer,
  scope: WorkspaceScope,
  cause: Cause,
  object: string,
  event: NonNullable<Change['event']>,
  now: Instant,
  random: (bytes: number) => Uint8Array,
): Promise<void> {
  await appendEvent(
    tx,
    scope,
    {
      what: event.what,
      aggregateType: event.of,
      aggregateId: object,
      object: event.object,
      extras: { ...cause.extras, ...event.extras },
      source: cause.source,
      requestId: cause.request?.requestId ?? null,
      idempotencyKey: cause.request?.idempotencyKey ?? null,
    },
    now,
    random,
  );
}

/** A buyer acts in this request. */
export function causeOf(viewer: Viewer): Cause {
  const { portalSessionId, browserSessionId, customerId } = viewer;
  return {
    actor: `viewer:${browserSessionId}`,
    source: 'portal',
    extras: { origin: 'portal', portalSessionId, browserSessionId, customerId },
  };
}

/** A merchant acts by a request of its own. */
export function causeOfMerchant({ keyName, requestId, idempotencyKey }: MerchantAct): Cause {
  return { actor: `key:${keyName}`, source: 'api', extras: {}, request: { requestId, idempotencyKey } };
}

/**
 * What a provider says of something a buyer began: the buyer is the cause, the provider the one who acts now. Without a
 * buyer it was a collection.
 */
export async function causeOfVisit(
  read: Reader,
  scope: CustomerScope,
  visit: { readonly adapter: string; readonly browserSessionId: BrowserSessionId | null },
): Promise<Cause> {
  const actor: Actor = `provider:${visit.adapter}`;
  if (visit.browserSessionId === null) {
    return { actor, source: 'collection', extras: { customerId: scope.customerId } };
  }
  const session = await read
    .selectFrom('browserSessions')
    .select('portalSessionId')
    .where('id', '=', visit.browserSessionId)
    .executeTakeFirst();
  return {
    actor,
    source: 'portal',
    extras: {
      origin: 'portal',
      portalSessionId: session?.portalSessionId ?? null,
      browserSessionId: visit.browserSessionId,
      customerId: scope.customerId,
    },
  };
}
