import {
  fingerprintHash,
  openProviderReference,
  referenceHashes,
  sealProviderReference,
  visitState,
} from '@/lib/crypto/provider-reference.ts';
import { fingerprint } from '@/lib/crypto/secret.ts';
import { changeDefault, changePayers } from '@/lib/data/change-payers.ts';
import { holdCustomer } from '@/lib/data/customers.ts';
import type { Writer } from '@/lib/data/db.ts';
import { findInvoice } from '@/lib/data/invoices.ts';
import { openCharge } from '@/lib/data/open-charge.ts';
import { readPayingFacts } from '@/lib/data/paying-facts.ts';
import { findAttemptByKey, insertAttempt, settleAttempt } from '@/lib/data/payment-attempts.ts';
import {
  findByFingerprint,
  insertPaymentMethod,
  renewPaymentMethod,
  replaceReference,
} from '@/lib/data/payment-methods.ts';
import {
  changeWaitingVisit,
  findProviderVisit,
  noteVisitOutcome,
  takeNotification,
} from '@/lib/data/provider-visits.ts';
import { recordPayment, recordUnpaid } from '@/lib/data/record-payment.ts';
import { type Cause, causeOfVisit, tellOfChange } from '@/lib/data/tell-of-change.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import { billingNow, type Customer } from '@/lib/domain/customer.ts';
import { newId, type ProviderVisitId } from '@/lib/domain/ids.ts';
import { amountDue, type MethodName, type PaymentAttempt } from '@/lib/domain/invoice.ts';
import { assignPayers, dutiesOf, lacksDefault } from '@/lib/domain/method-duties.ts';
import type { PaymentMethod } from '@/lib/domain/payment-method.ts';
import { isWaiting, type ProviderVisit, type VisitOutcome } from '@/lib/domain/provider-visit.ts';
import { hourMs, type Instant, isoText, minuteMs } from '@/lib/domain/time.ts';
import { wirePaymentMethod } from '@/lib/domain/wire-payment-method.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import type { ReportedMethod, VisitReport } from '@/lib/providers/provider.ts';
import type { Runtime } from '@/lib/runtime.ts';

export type Settled = {
  /** The visit as it is now. */
  readonly visit: ProviderVisit;
  /** A charge that was noted along with it and is to be carried out now: "Save and pay". */
  readonly paymentToSend: ProviderVisitId | null;
  /** The provider gave no answer. */
  readonly silent: boolean;
};

export type Settling = {
  /** `ask` what became of it, or `close` the page first, so that nobody can pay there any more. */
  readonly how: 'ask' | 'close';
  /** The notification that led here, which acts once. */
  readonly notificationId?: string;
};

/**
 * Asks the provider what became of a visit to its page and writes it: the method saved (or its expiry renewed when it is
 * already here) and what the buyer wished done with it, or the invoice paid, or why not. However often and from wherever
 * it is called, from a notification, the way back, or the job, each effect happens once.
 */
export async function settleProviderVisit(on: Runtime, visit: ProviderVisit, settling: Settling): Promise<Settled> {
  if (!isWaiting(visit)) return { visit, paymentToSend: null, silent: false };
  const provider = on.providers.byAdapter(visit.adapter);
  if (provider === null) {
    on.log('error', 'provider.missing', { reason: visit.adapter });
    return { visit, paymentToSend: null, silent: true };
  }
  const report = await reportOf(on, visit, settling);
  if (report === null) {
    await on.write((tx) => noteSilence(tx, visit));
    return { visit: (await findProviderVisit(on.read, visit, visit.id)) ?? visit, paymentToSend: null, silent: true };
  }
  const paymentToSend = await on.write((tx) => settle(on, tx, visit, report, settling.notificationId ?? null));
  const after = await findProviderVisit(on.read, visit, visit.id);
  return { visit: after ?? visit, paymentToSend, silent: false };
}

async function reportOf(on: Runtime, visit: ProviderVisit, settling: Settling): Promise<VisitReport | null> {
  const provider = on.providers.byAdapter(visit.adapter);
  if (visit.providerReference === null) {
    // Its page was never opened: after a while nobody will come from there.
    const isLost = settling.how === 'close' || on.now() - visit.createdAt > 2 * minuteMs;
    return isLost ? { state: 'left' } : { state: 'open', bankAsks: false };
  }
  const reference = visit.providerReference;
  const answer = settling.how === 'close' ? provider?.closeVisit(reference) : provider?.askVisit(reference);
  const report = await answer;
  return report?.ok === true ? report.value : null;
}

/** No answer: it may have been saved or paid. Nobody says anything until the provider does. */
async function noteSilence(tx: Writer, { id, workspaceId, mode, customerId }: ProviderVisit): Promise<void> {
  const visit = await findProviderVisit(tx, { workspaceId, mode, customerId }, id);
  if (visit === null || visit.status !== 'open' || visit.providerReference === null) return;
  await changeWaitingVisit(tx, visit, { status: 'unknown', outcome: visit.outcome, finishedAt: null });
}

/** Still open: what is new is at most that the bank asks, or that the provider speaks again. */
async function noteOpen({ tx, visit }: Step, bankAsks: boolean): Promise<void> {
  const reason = bankAsks ? ('needs_confirmation' as const) : null;
  if (visit.status === 'open' && visit.outcome.reason === reason) return;
  await changeWaitingVisit(tx, visit, { status: 'open', outcome: { ...visit.outcome, reason }, finishedAt: null });
}

type Step = {
  readonly on: Runtime;
  readonly tx: Writer;
  readonly visit: ProviderVisit;
  readonly customer: Customer;
  readonly workspace: Workspace;
  readonly cause: Cause;
  readonly now: Instant;
  readonly billing: Instant;
};

async function settle(
  on: Runtime,
  tx: Writer,
  seen: ProviderVisit,
  report: VisitReport,
  notificationId: string | null,
): Promise<ProviderVisitId | null> {
  const now = on.now();
  if (notificationId !== null && !(await takeNotification(tx, seen.adapter, notificationId, now))) return null;
  const customer = await holdCustomer(tx, seen);
  const workspace = await findWorkspace(tx, seen);
  const visit = await findProviderVisit(tx, seen, seen.id);
  if (visit === null || !isWaiting(visit)) return null;
  if (customer === null || workspace === null) {
    await changeWaitingVisit(tx, visit, { status: 'left', outcome: visit.outcome, finishedAt: now });
    return null;
  }
  const cause = await causeOfVisit(tx, visit, visit);
  const step: Step = { on, tx, visit, customer, workspace, cause, now, billing: billingNow(customer, now) };
  switch (report.state) {
    case 'open':
      await noteOpen(step, report.bankAsks);
      return null;
    case 'saved':
      return saveMethod(step, report.method);
    case 'paid':
      await payInvoice(step, report.method, report.chargeReference);
      return null;
    case 'pending':
      await waitForProvider(step, report);
      return null;
    default:
      await endVisit(step, report);
      return null;
  }
}

async function saveMethod(step: Step, reported: ReportedMethod): Promise<ProviderVisitId | null> {
  const { on, tx, visit, cause, now, billing } = step;
  const name = nameOf(reported);
  const hashes = referenceHashes(on.config.rootKeys, reported.token);
  const known = reported.fingerprint === null ? null : fingerprintHash(visit, visit.adapter, reported.fingerprint);
  const fresh = { ...reported, fingerprintHash: known };
  const renewed =
    (await renewPaymentMethod(tx, visit, visit.adapter, hashes, fresh, now)) ?? (await renewByFingerprint(step, fresh));
  const method = renewed ?? (await insertMethod(step, fresh));
  if (method === null) {
    const outcome = { ...visit.outcome, method: name, reason: 'not_allowed' as const };
    await changeWaitingVisit(tx, visit, { status: 'refused', outcome, finishedAt: now });
    return null;
  }
  const outcome = { ...visit.outcome, method: name, reason: null, alreadyHere: renewed !== null, redirectSealed: null };
  const change = { status: 'succeeded', outcome, finishedAt: now, paymentMethodId: method.id } as const;
  if (!(await changeWaitingVisit(tx, visit, change))) return null;
  const { customer, duties } = await applyWishes(step, method);
  const act = renewed === null ? 'payment_method.attached' : 'payment_method.renewed';
  const object = wirePaymentMethod(method, customer, billing);
  const extras = { subscriptionIds: duties.map(({ subscription }) => subscription.id) };
  const event = { what: 'payment_method.attached', of: 'payment_method', object, extras };
  await tellOfChange(
    tx,
    visit,
    cause,
    { act, object: method.id, ...(renewed === null ? { event } : {}) },
    now,
    on.random,
  );
  const charge = await noteCharge(step, method);
  const pays = duties.map(({ plan }) => plan.name);
  await noteVisitOutcome(tx, visit.id, { ...outcome, pays, ...charge });
  return charge.paymentVisitId;
}

/**
 * The same card under another reference: its row goes on with the new one. The old reference stands in a row of its own,
 * already removed, until the provider has forgotten it.
 */
async function renewByFingerprint(step: Step, fresh: FreshMethod): Promise<PaymentMethod | null> {
  const { on, tx, visit, now, billing } = step;
  const { rootKeys } = on.config;
  if (fresh.fingerprintHash === null) return null;
  const known = await findByFingerprint(tx, visit, visit.adapter, fresh.fingerprintHash);
  if (known === null) return null;
  const reference = sealProviderReference(rootKeys, known.method.id, fresh.token, on.random);
  const renewed = await replaceReference(tx, visit, known.method.id, fresh, reference, now);
  const old = renewed === null ? null : openProviderReference(rootKeys, known.method.id, known.sealed);
  if (old !== null) {
    const id = newId('paymentMethod', now, on.random);
    const left = {
      ...known.method,
      id,
      status: 'detached',
      detachAt: null,
      detachedAt: billing,
      updatedAt: now,
    } as const;
    await insertPaymentMethod(tx, left, sealProviderReference(rootKeys, id, old, on.random), null);
  }
  return renewed;
}

type FreshMethod = ReportedMethod & { readonly fingerprintHash: string | null };

async function insertMethod(step: Step, fresh: FreshMethod): Promise<PaymentMethod | null> {
  const { on, tx, visit, now } = step;
  const { token, type, brand, last4, expMonth, expYear, label } = fresh;
  const id = newId('paymentMethod', now, on.random);
  const method: PaymentMethod = {
    id,
    workspaceId: visit.workspaceId,
    mode: visit.mode,
    customerId: visit.customerId,
    type,
    adapter: visit.adapter,
    brand,
    last4,
    expMonth,
    expYear,
    label,
    status: 'active',
    detachAt: null,
    metadata: null,
    detachedAt: null,
    createdAt: now,
    updatedAt: now,
  };
  const reference = sealProviderReference(on.config.rootKeys, id, token, on.random);
  return insertPaymentMethod(tx, method, reference, fresh.fingerprintHash);
}

/** Moves what the buyer chose, and makes it the default when asked or when there is none that works. */
async function applyWishes(step: Step, method: PaymentMethod) {
  const { on, tx, visit, workspace, cause, now, billing } = step;
  const facts = await readPayingFacts(tx, visit, step.customer, workspace);
  const { defaultPaymentMethodId } = step.customer;
  const newDefault = visit.wishes.makeDefault || lacksDefault(facts) ? method.id : defaultPaymentMethodId;
  const chosen = new Set(visit.wishes.subscriptionIds);
  const assigned = assignPayers(facts, method.id, chosen, newDefault, billing);
  await changePayers(tx, visit, assigned, cause, now, on.random);
  const customer = await changeDefault(tx, step.customer, newDefault, cause, now, on.random);
  const after = await readPayingFacts(tx, visit, customer, workspace);
  return { customer, duties: dutiesOf(method, after, billing) };
}

/** "Save and pay": notes the charge in the same transaction, so that it happens if the method was saved, and once. */
async function noteCharge(step: Step, method: PaymentMethod): Promise<Pick<VisitOutcome, 'paymentVisitId' | 'unpaid'>> {
  const { on, tx, visit, now, billing } = step;
  const { payInvoiceId } = visit.wishes;
  const invoice = payInvoiceId === null ? null : await findInvoice(tx, visit, payInvoiceId);
  if (invoice === null) return { paymentVisitId: null, unpaid: null };
  const visitId = newId('providerVisit', now, on.random);
  const opened = await openCharge(tx, visit, {
    visitId,
    stateHash: fingerprint(visitState(on.config.rootKeys, visitId)),
    browserSessionId: visit.browserSessionId,
    invoice,
    method,
    subscriptionIds: [],
    billing,
    now,
    expiresAt: now + hourMs,
    random: on.random,
  });
  if (opened.ok) return { paymentVisitId: visitId, unpaid: null };
  const { code, facts } = opened.failure;
  if (code === 'rate_limited') return { paymentVisitId: null, unpaid: { why: 'limit', at: Number(facts?.at) } };
  return { paymentVisitId: null, unpaid: { why: facts?.why === 'waiting' ? 'waiting' : 'paid', at: null } };
}

async function payInvoice(step: Step, method: MethodName, chargeReference: string): Promise<void> {
  const { on, tx, visit, workspace, cause, now, billing } = step;
  const outcome = { ...visit.outcome, method, reason: null, redirectSealed: null };
  if (!(await changeWaitingVisit(tx, visit, { status: 'succeeded', outcome, finishedAt: now }))) return;
  const paid = await settleHostedAttempt(step, method, {
    status: 'succeeded',
    reason: null,
    providerReference: chargeReference,
    payBefore: null,
    finishedAt: billing,
  });
  if (paid === null) return;
  const at = { billing, now, random: on.random };
  await recordPayment(tx, workspace, visit, { ...paid, adapter: visit.adapter }, cause, at);
}

async function waitForProvider(step: Step, report: Extract<VisitReport, { state: 'pending' }>): Promise<void> {
  const { on, tx, visit, customer, cause, now, billing } = step;
  const wasPending = visit.status === 'pending';
  // The provider counts by the wall clock; the page shows billing time.
  const payBefore = report.transfer === null ? null : report.transfer.payBefore + (billingNow(customer, now) - now);
  const transfer = report.transfer === null || payBefore === null ? null : { ...report.transfer, payBefore };
  const outcome = { ...visit.outcome, method: report.method, transfer };
  const changed = await changeWaitingVisit(tx, visit, { status: 'pending', outcome, finishedAt: null });
  if (!changed || wasPending || visit.purpose !== 'pay_invoice' || report.method === null) return;
  const waiting = await settleHostedAttempt(step, report.method, {
    status: 'pending',
    reason: null,
    providerReference: visit.providerReference,
    payBefore,
    finishedAt: null,
  });
  if (waiting === null) return;
  const extras = { payBefore: payBefore === null ? null : isoText(payBefore) };
  await recordUnpaid(tx, visit, waiting, 'invoice.pending', extras, cause, { billing, now, random: on.random });
}

async function endVisit(
  step: Step,
  report: Extract<VisitReport, { state: 'refused' | 'ran_out' | 'left' }>,
): Promise<void> {
  const { on, tx, visit, cause, now, billing } = step;
  const reason = report.state === 'refused' ? report.reason : null;
  const method = report.state === 'left' ? visit.outcome.method : report.method;
  const status = report.state === 'refused' ? 'refused' : 'left';
  const outcome = { ...visit.outcome, method, reason, redirectSealed: null };
  if (!(await changeWaitingVisit(tx, visit, { status, outcome, finishedAt: now }))) return;
  const known = await findAttemptByKey(tx, visit, visit.id);
  if (visit.purpose !== 'pay_invoice' || method === null || (known === null && report.state !== 'refused')) return;
  const ended = await settleHostedAttempt(step, method, {
    status: report.state === 'refused' ? 'refused' : 'expired',
    reason,
    providerReference: visit.providerReference,
    payBefore: known?.payBefore ?? null,
    finishedAt: billing,
  });
  if (ended === null) return;
  await recordUnpaid(tx, visit, ended, 'invoice.failed', { reason }, cause, { billing, now, random: on.random });
}

/** The attempt of a payment on the provider's page: noted when the provider first tells of it, then brought to its end. */
async function settleHostedAttempt(
  step: Step,
  method: MethodName,
  end: Pick<PaymentAttempt, 'status' | 'reason' | 'providerReference' | 'payBefore' | 'finishedAt'>,
): Promise<PaymentAttempt | null> {
  const { on, tx, visit, now, billing } = step;
  const known = await findAttemptByKey(tx, visit, visit.id);
  if (known !== null) return settleAttempt(tx, visit, known.id, end);
  const invoice = visit.invoiceId === null ? null : await findInvoice(tx, visit, visit.invoiceId);
  if (invoice === null) return null;
  const attempt: PaymentAttempt = {
    id: newId('paymentAttempt', now, on.random),
    invoiceId: invoice.id,
    paymentMethodId: null,
    methodName: method,
    amount: amountDue(invoice) === 0 ? invoice.total : amountDue(invoice),
    createdAt: billing,
    ...end,
  };
  const noted = await insertAttempt(tx, visit, { ...attempt, adapter: visit.adapter, idempotencyKey: visit.id });
  return noted ? attempt : null;
}

function nameOf({ type, brand, last4, label }: ReportedMethod): MethodName {
  return { type, brand, last4, label };
}
