import { holdCustomer } from '@/lib/data/customers.ts';
import { moveSubscription } from '@/lib/data/move-subscription.ts';
import { findSubscriptionOf } from '@/lib/data/subscriptions.ts';
import { causeOfMerchant, tellOfChange } from '@/lib/data/tell-of-change.ts';
import { billingNow } from '@/lib/domain/customer.ts';
import type { SubscriptionId } from '@/lib/domain/ids.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { Subscription } from '@/lib/domain/subscription.ts';
import { pauseMove } from '@/lib/domain/subscription-moves.ts';
import { type Instant, isoText } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { wireSubscription } from '@/lib/domain/wire-subscription.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Pauses a running subscription at once, until `resumeAt` or until it is resumed: no invoices, no charges, and its period
 * stands still. Fails with `not_found`, `validation_error` for a `resumeAt` that is over, `conflict` when it does not run.
 */
export async function pauseSubscription(
  on: Runtime,
  scope: WorkspaceScope,
  id: SubscriptionId,
  by: MerchantAct,
  resumeAt: Instant | null,
): Promise<Result<Subscription>> {
  return on.write(async (tx) => {
    const now = on.now();
    const seen = (await findSubscriptionOf(tx, scope, id))?.subscription ?? null;
    if (seen === null) return fail('not_found', 'There is no such subscription.');
    const customer = await holdCustomer(tx, { ...scope, customerId: seen.customerId });
    const billing = customer === null ? now : billingNow(customer, now);
    const move = pauseMove(seen, resumeAt, billing);
    if (!move.can) return fail('conflict', move.why);
    if (resumeAt !== null && resumeAt <= billing) {
      return fail('validation_error', 'resumeAt must lie in the future.', { field: 'resumeAt' });
    }
    const after = await moveSubscription(tx, seen, move.changes, now);
    if (after === null) return fail('conflict', 'It was changed elsewhere at the same moment.');
    const event = {
      what: 'subscription.paused',
      of: 'subscription',
      object: wireSubscription(after),
      extras: { customerId: after.customerId, resumeAt: resumeAt === null ? null : isoText(resumeAt) },
    };
    const change = { act: 'subscription.paused', object: after.id, detail: { resumeAt }, event };
    await tellOfChange(tx, scope, causeOfMerchant(by), change, now, on.random);
    return succeed(after);
  });
}
