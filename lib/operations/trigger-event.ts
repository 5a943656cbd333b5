import { appendEvent } from '@/lib/data/outbox.ts';
import { causeOfMerchant, tellOfChange } from '@/lib/data/tell-of-change.ts';
import { findWireObject } from '@/lib/data/wire-objects.ts';
import type { BillingEvent } from '@/lib/domain/event.ts';
import { bareEventType } from '@/lib/domain/event-types.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

export type EventToTrigger = {
  /** Wire name of a known type. */
  readonly type: string;
  readonly aggregateId: string;
  /** Goes beside the object; an `object` in it is told in place of the one that stands here. */
  readonly data: Readonly<Record<string, unknown>>;
};

/**
 * Raises an event on purpose, for trying out receivers; nothing else changes. Its object is the named one as it stands,
 * unless the caller brings one. Fails with `not_found` when neither is there.
 */
export async function triggerEvent(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  { type, aggregateId, data }: EventToTrigger,
): Promise<Result<BillingEvent>> {
  const now = on.now();
  const what = bareEventType(type);
  const aggregateType = what.split('.', 1)[0] ?? what;
  const { object: given, ...extras } = data;
  return on.write(async (tx) => {
    const own = isObject(given) ? given : await findWireObject(tx, scope, aggregateType, aggregateId, now);
    if (own === null) return fail('not_found', `There is no ${aggregateType} with this id.`, { field: 'aggregateId' });
    const { requestId, idempotencyKey } = by;
    const told = { what, aggregateType, aggregateId, object: own, extras, source: 'trigger' };
    const event = await appendEvent(tx, scope, { ...told, requestId, idempotencyKey }, now, on.random);
    const change = { act: 'event.triggered', object: event.id, detail: { type } };
    await tellOfChange(tx, scope, causeOfMerchant(by), change, now, on.random);
    return succeed(event);
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
