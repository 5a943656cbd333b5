import { appendAudit } from '@/lib/data/audit-lines.ts';
import { findCertificate } from '@/lib/data/cancellation-certificates.ts';
import { settleForm, spendForm } from '@/lib/data/form-outcomes.ts';
import { appendEvent } from '@/lib/data/outbox.ts';
import { findSubscription } from '@/lib/data/subscriptions.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import { readCancelFeedback } from '@/lib/domain/cancel-feedback.ts';
import type { SubscriptionId } from '@/lib/domain/ids.ts';
import { fail, type Result, succeed } from '@/lib/domain/result.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import { wireSubscription } from '@/lib/domain/wire-subscription.ts';
import type { Runtime } from '@/lib/runtime.ts';

export type FeedbackInput = {
  readonly formId: string;
  readonly subscriptionId: SubscriptionId;
  readonly reason: string | null;
  readonly comment: string | null;
};

/**
 * Hands the merchant what a buyer says after cancelling, as an event of its own; the audit line holds no free text.
 * Failures: `not_found`, `not_offered` (the workspace does not ask, or nothing was cancelled here), `validation_error`.
 */
export async function sendCancelFeedback(
  on: Runtime,
  viewer: Viewer,
  input: FeedbackInput,
): Promise<Result<'sent', 'not_found' | 'not_offered' | 'validation_error'>> {
  const now = on.now();
  const said = readCancelFeedback(input.reason, input.comment);
  if (!said.ok) return said;
  const { reason, comment } = said.value;
  return on.write(async (tx) => {
    const spent = await spendForm(tx, viewer, input.formId, 'cancel_feedback', now);
    if (spent !== null) return succeed('sent');
    const planned = await findSubscription(tx, viewer, input.subscriptionId);
    const workspace = await findWorkspace(tx, viewer);
    if (planned === null || workspace === null) return fail('not_found', 'No such subscription.');
    const certificate = await findCertificate(tx, viewer, input.subscriptionId);
    if (workspace.configuration.cancel.reasons === 'off' || certificate === null) {
      return fail('not_offered', 'Nobody asks for a reason here.');
    }
    const saysSomething = reason !== null || comment !== null;
    if (saysSomething) {
      const { portalSessionId, browserSessionId, customerId } = viewer;
      await appendAudit(
        tx,
        viewer,
        {
          actor: `viewer:${browserSessionId}`,
          act: 'subscription.cancel_feedback',
          object: input.subscriptionId,
          detail: { reason },
        },
        now,
        on.random,
      );
      await appendEvent(
        tx,
        viewer,
        {
          what: 'subscription.cancel_feedback',
          aggregateType: 'subscription',
          aggregateId: input.subscriptionId,
          object: wireSubscription(planned.subscription),
          extras: { origin: 'portal', portalSessionId, browserSessionId, customerId, reason, comment },
          source: 'portal',
        },
        now,
        on.random,
      );
    }
    const facts = { subscriptionId: input.subscriptionId };
    await settleForm(tx, viewer, input.formId, { code: saysSomething ? 'feedback_sent' : 'feedback_empty', facts });
    return succeed('sent');
  });
}
