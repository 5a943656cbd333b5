import { fingerprint } from '@/lib/crypto/secret.ts';
import { appendAudit } from '@/lib/data/audit-lines.ts';
import { insertCertificate } from '@/lib/data/cancellation-certificates.ts';
import { findCustomer } from '@/lib/data/customers.ts';
import type { Writer } from '@/lib/data/db.ts';
import { settleForm, spendForm } from '@/lib/data/form-outcomes.ts';
import { settleOwedInvoices } from '@/lib/data/invoice-collection.ts';
import { listUnpaidInvoices } from '@/lib/data/invoices.ts';
import { takeNumber } from '@/lib/data/number-sequences.ts';
import { appendEvent } from '@/lib/data/outbox.ts';
import { writeEnd } from '@/lib/data/subscription-ends.ts';
import { findSubscription } from '@/lib/data/subscriptions.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import {
  type CancellationOption,
  type CancellationTiming,
  findOption,
  keepsPromise,
  owedSums,
  planCancellation,
} from '@/lib/domain/cancellation.ts';
import { canonicalJson } from '@/lib/domain/canonical-json.ts';
import type { Certificate, CertificateBody } from '@/lib/domain/certificate.ts';
import { certificateNumber, certifyCancellation, yearIn } from '@/lib/domain/certify-cancellation.ts';
import type { Customer } from '@/lib/domain/customer.ts';
import { newId, type SubscriptionId } from '@/lib/domain/ids.ts';
import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import { fail, type Result, succeed } from '@/lib/domain/result.ts';
import type { Subscription } from '@/lib/domain/subscription.ts';
import { isoText } from '@/lib/domain/time.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import { wireSubscription } from '@/lib/domain/wire-subscription.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import type { Runtime } from '@/lib/runtime.ts';

export type Cancellation = {
  readonly formId: string;
  readonly subscriptionId: SubscriptionId;
  readonly timing: CancellationTiming | null;
  /** What the page promised (`promiseOf`); where the write would do something else, nothing is done. */
  readonly promised: string;
  /** Language of the certificate. */
  readonly locale: CertificateBody['locale'];
};

/** `cancelled`: by this form. `already`: it had been cancelled or was over before; nothing more was needed. */
export type CancelOutcome = 'cancelled' | 'already';

/**
 * Cancels a subscription, with the certificate, the end of collection where the workspace says so, the audit line and
 * the events, all or nothing. The same form again gives the same outcome. Failures: `not_found`, `not_offered`,
 * `validation_error` (field `timing`), `conflict` (it would do something else than the page said; nothing is done).
 */
export async function cancelSubscription(
  on: Runtime,
  viewer: Viewer,
  input: Cancellation,
): Promise<Result<CancelOutcome, 'not_found' | 'not_offered' | 'validation_error' | 'conflict'>> {
  try {
    return await on.write((tx) => cancelWithin(on, tx, viewer, input));
  } catch (thrown) {
    if (thrown instanceof ChangedMeanwhile) return changedElsewhere;
    throw thrown;
  }
}

/** Something that was read is not so any more: what was written in this transaction must go. */
class ChangedMeanwhile extends Error {
  override name = 'ChangedMeanwhile';
}

const changedElsewhere = fail('conflict', 'The subscription is not as the page showed it.');

async function cancelWithin(
  on: Runtime,
  tx: Writer,
  viewer: Viewer,
  input: Cancellation,
): Promise<Result<CancelOutcome, 'not_found' | 'not_offered' | 'validation_error' | 'conflict'>> {
  const now = on.now();
  const spent = await spendForm(tx, viewer, input.formId, 'cancel', now);
  if (spent !== null) return succeed(spent.code === 'cancelled' ? 'cancelled' : 'already');
  const planned = await findSubscription(tx, viewer, input.subscriptionId);
  const workspace = await findWorkspace(tx, viewer);
  const customer = await findCustomer(tx, viewer);
  if (planned === null || workspace === null || customer === null) return fail('not_found', 'No such subscription.');
  const invoices = await listUnpaidInvoices(tx, viewer);
  const plan = planCancellation({ ...planned, invoices, configuration: workspace.configuration }, viewer.now);
  if (!plan.can) {
    if (plan.why === 'not_offered') return fail('not_offered', 'Cancelling is not offered here.');
    if (plan.why === 'incomplete') return changedElsewhere;
    return settleAlready(tx, viewer, input);
  }
  const option = findOption(plan, input.timing);
  if (option === null) return fail('validation_error', 'Choose when it should end.', { field: 'timing' });
  if (!keepsPromise(option, input.promised)) return changedElsewhere;
  const ended = await writeEnd(tx, planned.subscription, endOf(option, viewer), now);
  if (ended === null) {
    const seen = await findSubscription(tx, viewer, input.subscriptionId);
    const isOver = seen !== null && (seen.subscription.cancelAt !== null || seen.subscription.endedAt !== null);
    return isOver ? settleAlready(tx, viewer, input) : changedElsewhere;
  }
  const stopAt = option.owedRule === 'stop_collection' ? viewer.now : null;
  if (!(await settleOwedInvoices(tx, viewer, option.owed ?? [], stopAt, now))) throw new ChangedMeanwhile();
  const certificate = await fileCertificate(on, tx, viewer, { planned, option, workspace, customer }, input.locale);
  await tellOfCancellation(on, tx, viewer, ended, option, certificate);
  const facts = { subscriptionId: ended.id, certificateId: certificate.id };
  await settleForm(tx, viewer, input.formId, { code: 'cancelled', facts });
  return succeed('cancelled');
}

async function settleAlready(tx: Writer, viewer: Viewer, input: Cancellation) {
  const facts = { subscriptionId: input.subscriptionId };
  await settleForm(tx, viewer, input.formId, { code: 'already_cancelled', facts });
  return succeed<CancelOutcome>('already');
}

function endOf(option: CancellationOption, viewer: Viewer) {
  const isNow = option.endsAt <= viewer.now;
  return {
    cancelAt: option.endsAt,
    endedAt: isNow ? option.endsAt : null,
    canceledAt: viewer.now,
    canceledReason: 'customer_portal',
  } as const;
}

type Filed = Pick<Certificate, 'id' | 'number'>;

async function fileCertificate(
  on: Runtime,
  tx: Writer,
  viewer: Viewer,
  of: { planned: PlannedSubscription; option: CancellationOption; workspace: Workspace; customer: Customer },
  locale: CertificateBody['locale'],
): Promise<Filed> {
  const year = yearIn(viewer.now, of.workspace.configuration.timeZone);
  const number = certificateNumber(year, await takeNumber(tx, viewer, `certificate:${year}`));
  const body = canonicalJson(certifyCancellation(of.planned, of.option, of.workspace, of.customer, viewer.now, locale));
  const id = newId('certificate', on.now(), on.random);
  const hash = fingerprint(body);
  const subscriptionId = of.planned.subscription.id;
  await insertCertificate(tx, viewer, { id, subscriptionId, number, body, hash, issuedAt: viewer.now });
  return { id, number };
}

async function tellOfCancellation(
  on: Runtime,
  tx: Writer,
  viewer: Viewer,
  ended: Subscription,
  option: CancellationOption,
  certificate: Filed,
): Promise<void> {
  const now = on.now();
  const isOver = ended.endedAt !== null;
  await appendAudit(
    tx,
    viewer,
    {
      actor: `viewer:${viewer.browserSessionId}`,
      act: isOver ? 'subscription.canceled' : 'subscription.cancel_scheduled',
      object: ended.id,
      detail: { certificate: certificate.number, endsAt: option.endsAt, timing: option.timing, owed: option.owedRule },
    },
    now,
    on.random,
  );
  const { portalSessionId, browserSessionId, customerId } = viewer;
  const extras = { origin: 'portal', portalSessionId, browserSessionId, customerId, certificateId: certificate.id };
  const owed = { openInvoice: option.owedRule, amountOwed: owedSums(option.owed ?? []) };
  const changed = ['cancelAt', 'canceledAt', 'canceledReason'];
  const events = isOver
    ? [{ what: 'subscription.canceled', extras: { ...extras, ...owed } }]
    : [
        { what: 'subscription.updated', extras: { ...extras, changed } },
        {
          what: 'subscription.cancel_scheduled',
          extras: { ...extras, ...owed, cancelAt: isoText(option.endsAt) },
        },
      ];
  for (const event of events) {
    await appendEvent(
      tx,
      viewer,
      {
        ...event,
        aggregateType: 'subscription',
        aggregateId: ended.id,
        object: wireSubscription(ended),
        source: 'portal',
      },
      now,
      on.random,
    );
  }
}
