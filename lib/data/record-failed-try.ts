import { dunningEndOf, nextTryAt } from '@/lib/domain/dunning.ts';
import type { Invoice } from '@/lib/domain/invoice.ts';
import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import type { Subscription } from '@/lib/domain/subscription.ts';
import { statusAfter } from '@/lib/domain/subscription-moves.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import { wireSubscription } from '@/lib/domain/wire-subscription.ts';
import type { Writer } from './db.ts';
import { moveSubscription, stopCollecting } from './move-subscription.ts';
import { findSubscription } from './subscriptions.ts';
import { type Cause, tellOfChange } from './tell-of-change.ts';

type At = { readonly billing: Instant; readonly now: Instant; random(bytes: number): Uint8Array };

/**
 * A try of the clock to collect an invoice has failed: the next one is planned, the subscription is past due, and after
 * the last one it ends as its plan says. A subscription that waits for its first payment is not tried again; the buyer
 * can pay it. In the transaction that settles the try.
 */
export async function recordFailedTry(
  tx: Writer,
  scope: CustomerScope,
  invoice: Invoice,
  cause: Cause,
  at: At,
): Promise<void> {
  const planned = invoice.subscriptionId === null ? null : await findSubscription(tx, scope, invoice.subscriptionId);
  const mayTryAgain = planned?.subscription.status !== 'incomplete' && invoice.collectionStoppedAt === null;
  const next = await countTry(tx, scope, invoice, mayTryAgain, at);
  if (planned === null || planned.subscription.endedAt !== null) return;
  const late = await fallBehind(tx, planned.subscription, cause, at);
  if (next !== null || !mayTryAgain || dunningEndOf(planned.plan) === 'past_due') return;
  await giveUp(tx, { ...planned, subscription: late }, invoice, cause, at);
}

async function countTry(
  tx: Writer,
  scope: CustomerScope,
  invoice: Invoice,
  mayTryAgain: boolean,
  { billing, now }: At,
): Promise<Instant | null> {
  const row = await tx
    .selectFrom('invoices')
    .select(['collectionBeganAt', 'collectionTries'])
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('id', '=', invoice.id)
    .executeTakeFirst();
  const collectionBeganAt = row?.collectionBeganAt ?? billing;
  const collectionTries = (row?.collectionTries ?? 0) + 1;
  const nextAttemptAt = mayTryAgain ? nextTryAt(collectionBeganAt, collectionTries, billing) : null;
  await tx
    .updateTable('invoices')
    .set({ collectionBeganAt, collectionTries, nextAttemptAt, updatedAt: now })
    .where('workspaceId', '=', scope.workspaceId)
    .where('mode', '=', scope.mode)
    .where('customerId', '=', scope.customerId)
    .where('id', '=', invoice.id)
    .where('status', 'in', ['open', 'past_due'])
    .execute();
  return nextAttemptAt;
}

/** A running subscription is past due from now on. */
async function fallBehind(tx: Writer, seen: Subscription, cause: Cause, at: At): Promise<Subscription> {
  const status = statusAfter(seen.status, 'fail');
  if (status === null || status === seen.status) return seen;
  const late = await moveSubscription(tx, seen, { status }, at.now);
  if (late === null) return seen;
  await tellOfChange(
    tx,
    late,
    cause,
    {
      act: 'subscription.past_due',
      object: late.id,
      event: {
        what: 'subscription.updated',
        of: 'subscription',
        object: wireSubscription(late),
        extras: { customerId: late.customerId, changed: ['status'] },
      },
    },
    at.now,
    at.random,
  );
  return late;
}

/** The last try failed: the subscription ends, and nothing of it is collected any more. */
async function giveUp(
  tx: Writer,
  { subscription }: PlannedSubscription,
  invoice: Invoice,
  cause: Cause,
  at: At,
): Promise<void> {
  const status = statusAfter(subscription.status, 'end');
  if (status === null) return;
  const { billing, now, random } = at;
  const end = { cancelAt: billing, canceledAt: billing, endedAt: billing, canceledReason: 'failed_payment' } as const;
  const ended = await moveSubscription(tx, subscription, { ...end, status, pausedAt: null, resumeAt: null }, now);
  if (ended === null) return;
  await stopCollecting(tx, ended, ended.id, billing, now);
  await tellOfChange(
    tx,
    ended,
    cause,
    {
      act: 'subscription.canceled',
      object: ended.id,
      detail: { endedAt: billing, invoice: invoice.id },
      event: {
        what: 'subscription.canceled',
        of: 'subscription',
        object: wireSubscription(ended),
        extras: { customerId: ended.customerId, certificateId: null },
      },
    },
    now,
    random,
  );
}
