import { holdCustomer } from '@/lib/data/customers.ts';
import { moveSubscription, stopCollecting } from '@/lib/data/move-subscription.ts';
import { findSubscriptionOf } from '@/lib/data/subscriptions.ts';
import { causeOfMerchant, tellEvent, tellOfChange } from '@/lib/data/tell-of-change.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import { billingNow } from '@/lib/domain/customer.ts';
import type { SubscriptionId } from '@/lib/domain/ids.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { CanceledReason, Subscription } from '@/lib/domain/subscription.ts';
import { cancelMove } from '@/lib/domain/subscription-moves.ts';
import { isoText } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { wireSubscription } from '@/lib/domain/wire-subscription.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Ends a subscription for its merchant, now or when the running period is over. What is still owed is collected on or not
 * as the workspace has it for every cancellation. The same planned end again changes nothing. Fails with `not_found`, and
 * with `conflict` when it is final.
 */
export async function cancelSubscriptionForMerchant(
  on: Runtime,
  scope: WorkspaceScope,
  id: SubscriptionId,
  by: MerchantAct,
  order: { readonly at: 'now' | 'period_end'; readonly reason: CanceledReason },
): Promise<Result<Subscription>> {
  return on.write(async (tx) => {
    const now = on.now();
    const seen = (await findSubscriptionOf(tx, scope, id))?.subscription ?? null;
    const workspace = await findWorkspace(tx, scope);
    if (seen === null || workspace === null) return fail('not_found', 'There is no such subscription.');
    const customer = await holdCustomer(tx, { ...scope, customerId: seen.customerId });
    const billing = customer === null ? now : billingNow(customer, now);
    const move = cancelMove(seen, order.at, order.reason, billing);
    if (!move.can) return fail('conflict', move.why);
    const isOver = move.changes.endedAt !== undefined;
    if (!isOver && seen.cancelAt === move.changes.cancelAt) return succeed(seen);
    const after = await moveSubscription(tx, seen, move.changes, now);
    if (after === null) return fail('conflict', 'It was changed elsewhere at the same moment.');
    if (workspace.configuration.cancel.pastDue === 'stop_collection') {
      await stopCollecting(tx, after, after.id, billing, now);
    }
    const cause = causeOfMerchant(by);
    const told = { of: 'subscription', object: wireSubscription(after) };
    const extras = { customerId: after.customerId };
    const detail = { endsAt: after.cancelAt, reason: order.reason };
    if (isOver) {
      const event = { ...told, what: 'subscription.canceled', extras };
      const change = { act: 'subscription.canceled', object: after.id, detail, event };
      await tellOfChange(tx, scope, cause, change, now, on.random);
      return succeed(after);
    }
    const changed = ['cancelAt', 'canceledAt', 'canceledReason'];
    const event = { ...told, what: 'subscription.updated', extras: { ...extras, changed } };
    const change = { act: 'subscription.cancel_scheduled', object: after.id, detail, event };
    await tellOfChange(tx, scope, cause, change, now, on.random);
    const cancelAt = after.cancelAt === null ? null : isoText(after.cancelAt);
    const planned = { ...told, what: 'subscription.cancel_scheduled', extras: { ...extras, cancelAt } };
    await tellEvent(tx, scope, cause, after.id, planned, now, on.random);
    return succeed(after);
  });
}
