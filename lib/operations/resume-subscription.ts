import { findCertificate, takeBackCertificates } from '@/lib/data/cancellation-certificates.ts';
import { holdCustomer } from '@/lib/data/customers.ts';
import type { Writer } from '@/lib/data/db.ts';
import { resumeCollection } from '@/lib/data/invoice-collection.ts';
import { moveSubscription } from '@/lib/data/move-subscription.ts';
import { type Billing, renewSubscription } from '@/lib/data/renew-subscription.ts';
import { findSubscriptionOf } from '@/lib/data/subscriptions.ts';
import { resumeSubscription as endPause } from '@/lib/data/take-billing-step.ts';
import { causeOfMerchant, tellEvent, tellOfChange } from '@/lib/data/tell-of-change.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import { billingNow } from '@/lib/domain/customer.ts';
import type { SubscriptionId } from '@/lib/domain/ids.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { Subscription } from '@/lib/domain/subscription.ts';
import { resumeMove, takeBackMove } from '@/lib/domain/subscription-moves.ts';
import { dayMs } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { wireSubscription } from '@/lib/domain/wire-subscription.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Ends a pause: paid time that was left runs on, and without any a new period begins now, with its invoice. A
 * subscription that is about to end goes on instead. Fails with `not_found`, and with `conflict` where there is nothing
 * to resume.
 */
export async function resumeSubscription(
  on: Runtime,
  scope: WorkspaceScope,
  id: SubscriptionId,
  by: MerchantAct,
): Promise<Result<Subscription>> {
  return on.write(async (tx) => {
    const now = on.now();
    const planned = await findSubscriptionOf(tx, scope, id);
    const workspace = await findWorkspace(tx, scope);
    if (planned === null || workspace === null) return fail('not_found', 'There is no such subscription.');
    const { subscription } = planned;
    const customer = await holdCustomer(tx, { ...scope, customerId: subscription.customerId });
    if (customer === null) return fail('not_found', 'There is no such subscription.');
    const cause = causeOfMerchant(by);
    const billing = { workspace, customer, cause, billing: billingNow(customer, now), now, random: on.random };
    if (subscription.status === 'paused') return restart(tx, planned, billing);
    return takeBack(tx, subscription, billing);
  });
}

const changedMeanwhile = fail('conflict', 'It was changed elsewhere at the same moment.');

async function restart(tx: Writer, planned: PlannedSubscription, billing: Billing): Promise<Result<Subscription>> {
  const move = resumeMove(planned.subscription, billing.billing);
  if (!move.can) return fail('conflict', move.why);
  const resumed = await endPause(tx, planned.subscription, billing.billing, billing);
  if (resumed === null) return changedMeanwhile;
  if (resumed.currentPeriodEnd > billing.billing) return succeed(resumed);
  const renewed = await renewSubscription(tx, { ...planned, subscription: resumed }, billing);
  return succeed(renewed ?? resumed);
}

async function takeBack(tx: Writer, seen: Subscription, billing: Billing): Promise<Result<Subscription>> {
  const { now, random, cause } = billing;
  const move = takeBackMove(seen, billing.billing);
  if (!move.can) return fail('conflict', move.why);
  const going = await moveSubscription(tx, seen, move.changes, now);
  if (going === null) return changedMeanwhile;
  if (seen.canceledAt !== null) {
    await resumeCollection(tx, going, going.id, seen.canceledAt, billing.billing + dayMs, now);
  }
  const certificate = await findCertificate(tx, going, going.id);
  await takeBackCertificates(tx, going, going.id, billing.billing);
  const changed = ['cancelAt', 'canceledAt', 'canceledReason'];
  const event = {
    what: 'subscription.updated',
    of: 'subscription',
    object: wireSubscription(going),
    extras: { customerId: going.customerId, changed },
  };
  const detail = { certificate: certificate?.number ?? null };
  const change = { act: 'subscription.cancel_undone', object: going.id, detail, event };
  await tellOfChange(tx, going, cause, change, now, random);
  const extras = { customerId: going.customerId, certificateId: certificate?.id ?? null };
  const undone = { ...event, what: 'subscription.cancel_undone', extras };
  await tellEvent(tx, going, cause, going.id, undone, now, random);
  return succeed(going);
}
