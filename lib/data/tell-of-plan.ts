import type { PricedPlan } from '@/lib/domain/plan.ts';
import type { Instant } from '@/lib/domain/time.ts';
import { wirePlan } from '@/lib/domain/wire-plan.ts';
import type { Writer } from './db.ts';
import { findPlan } from './plans.ts';
import type { Cause } from './tell-of-change.ts';
import { tellOfChange } from './tell-of-change.ts';

/** What was done to a plan or one of its prices, and which fields of the plan differ. */
export type PlanAct = {
  readonly act: 'plan.created' | 'plan.updated' | 'plan.archived' | 'price.created' | 'price.updated' | 'price.deleted';
  readonly changed: readonly string[];
  /** The price it was about, for the audit log. */
  readonly priceId?: string;
};

/**
 * Writes the audit line and the event of a change of a plan, in its transaction, and answers the plan as it stands after
 * it. A change of a price is a change of its plan: the wire has no event of a price alone.
 */
export async function tellOfPlan(
  tx: Writer,
  { plan: { id, workspaceId, mode } }: PricedPlan,
  cause: Cause,
  { act, changed, priceId }: PlanAct,
  now: Instant,
  random: (bytes: number) => Uint8Array,
): Promise<PricedPlan> {
  const scope = { workspaceId, mode };
  const after = await findPlan(tx, scope, id);
  if (after === null) throw new Error('A plan that was changed in this transaction is gone.');
  const what = act.startsWith('price.') ? 'plan.updated' : act;
  const extras = act === 'plan.created' ? {} : { changed };
  const detail = {
    ...(changed.length === 0 ? {} : { changed: changed.join(' ') }),
    ...(priceId === undefined ? {} : { priceId }),
  };
  const event = { what, of: 'plan', object: wirePlan(after), extras };
  await tellOfChange(tx, scope, cause, { act, object: id, detail, event }, now, random);
  return after;
}
