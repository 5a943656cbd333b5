import { appendAudit } from '@/lib/data/audit-lines.ts';
import { findCertificate, takeBackCertificates } from '@/lib/data/cancellation-certificates.ts';
import type { Writer } from '@/lib/data/db.ts';
import { settleForm, spendForm } from '@/lib/data/form-outcomes.ts';
import { resumeCollection } from '@/lib/data/invoice-collection.ts';
import { appendEvent } from '@/lib/data/outbox.ts';
import { takeBackEnd } from '@/lib/data/subscription-ends.ts';
import { findSubscription } from '@/lib/data/subscriptions.ts';
import { canUndoCancellation } from '@/lib/domain/cancellation.ts';
import type { SubscriptionId } from '@/lib/domain/ids.ts';
import { fail, type Result, succeed } from '@/lib/domain/result.ts';
import type { Subscription } from '@/lib/domain/subscription.ts';
import { isEnded } from '@/lib/domain/subscription-standing.ts';
import { dayMs } from '@/lib/domain/time.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import { wireSubscription } from '@/lib/domain/wire-subscription.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Takes a planned cancellation back until its moment. The subscription goes on, collecting goes on where the
 * cancellation had stopped it, and the certificate keeps standing with the day it was taken back. Failures: `not_found`;
 * `conflict` when it is too late or the end is not the buyer's to take back.
 */
export async function undoCancellation(
  on: Runtime,
  viewer: Viewer,
  input: { readonly formId: string; readonly subscriptionId: SubscriptionId },
): Promise<Result<'undone', 'not_found' | 'conflict'>> {
  const now = on.now();
  return on.write(async (tx) => {
    const spent = await spendForm(tx, viewer, input.formId, 'undo_cancellation', now);
    if (spent !== null) return succeed('undone');
    const seen = (await findSubscription(tx, viewer, input.subscriptionId))?.subscription ?? null;
    if (seen === null) return fail('not_found', 'No such subscription.');
    const { cancelAt } = seen;
    if (cancelAt !== null && canUndoCancellation(seen, viewer.now)) {
      const going = await takeBackEnd(tx, { ...seen, cancelAt }, viewer.now, now);
      if (going !== null) {
        await goOn(on, tx, viewer, seen, going);
        await settleForm(tx, viewer, input.formId, { code: 'undone', facts: { subscriptionId: going.id } });
        return succeed('undone');
      }
    }
    // Somebody else may have taken it back already: then nothing more is needed.
    const after = (await findSubscription(tx, viewer, input.subscriptionId))?.subscription ?? seen;
    if (after.cancelAt !== null || isEnded(after, viewer.now)) return fail('conflict', 'It is too late to undo this.');
    await settleForm(tx, viewer, input.formId, { code: 'undone', facts: { subscriptionId: seen.id } });
    return succeed('undone');
  });
}

async function goOn(on: Runtime, tx: Writer, viewer: Viewer, before: Subscription, going: Subscription): Promise<void> {
  const now = on.now();
  if (before.canceledAt !== null) {
    await resumeCollection(tx, viewer, going.id, before.canceledAt, viewer.now + dayMs, now);
  }
  const certificate = await findCertificate(tx, viewer, going.id);
  await takeBackCertificates(tx, viewer, going.id, viewer.now);
  await appendAudit(
    tx,
    viewer,
    {
      actor: `viewer:${viewer.browserSessionId}`,
      act: 'subscription.cancel_undone',
      object: going.id,
      detail: { certificate: certificate?.number ?? null },
    },
    now,
    on.random,
  );
  const { portalSessionId, browserSessionId, customerId } = viewer;
  const extras = {
    origin: 'portal',
    portalSessionId,
    browserSessionId,
    customerId,
    certificateId: certificate?.id ?? null,
  };
  const changed = ['cancelAt', 'canceledAt', 'canceledReason'];
  for (const event of [
    { what: 'subscription.updated', extras: { ...extras, changed } },
    { what: 'subscription.cancel_undone', extras },
  ]) {
    await appendEvent(
      tx,
      viewer,
      {
        ...event,
        aggregateType: 'subscription',
        aggregateId: going.id,
        object: wireSubscription(going),
        source: 'portal',
      },
      now,
      on.random,
    );
  }
}
