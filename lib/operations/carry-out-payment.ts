import { openProviderReference, visitState } from '@/lib/crypto/provider-reference.ts';
import { sealText } from '@/lib/crypto/sealed-box.ts';
import { changePayers } from '@/lib/data/change-payers.ts';
import { holdCustomer } from '@/lib/data/customers.ts';
import type { Reader, Writer } from '@/lib/data/db.ts';
import { findInvoice } from '@/lib/data/invoices.ts';
import { readPayingFacts } from '@/lib/data/paying-facts.ts';
import { findAttemptByKey, settleAttempt } from '@/lib/data/payment-attempts.ts';
import { findSealedReference } from '@/lib/data/payment-methods.ts';
import { changeWaitingVisit, findProviderVisit, takeNotification } from '@/lib/data/provider-visits.ts';
import { recordFailedTry } from '@/lib/data/record-failed-try.ts';
import { recordPayment, recordUnpaid } from '@/lib/data/record-payment.ts';
import { causeOfVisit } from '@/lib/data/tell-of-change.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import { billingNow } from '@/lib/domain/customer.ts';
import type { ProviderVisitId } from '@/lib/domain/ids.ts';
import { amountDue, type PaymentAttempt } from '@/lib/domain/invoice.ts';
import { assignPayers } from '@/lib/domain/method-duties.ts';
import { isWaiting, type ProviderVisit } from '@/lib/domain/provider-visit.ts';
import type { Result } from '@/lib/domain/result.ts';
import { minuteMs, secondMs } from '@/lib/domain/time.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import type { ChargeReport, Provider } from '@/lib/providers/provider.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** A buyer's charge is sent soon after it was noted or not at all; later it is only asked for. */
const sendWithinMs = 30 * secondMs;

/** A charge the provider has not heard of by then was never sent. */
const lostAfterMs = minuteMs;

export type Carrying = {
  /** `send` charges; `ask` asks what became of it; `cancel` gives up one that waits for the bank. */
  readonly how: 'send' | 'ask' | 'cancel';
  readonly locale?: 'en' | 'id';
  /** The notification that led here, which acts once. */
  readonly notificationId?: string;
};

/**
 * Sends a noted charge to the provider, or asks for it by the same key, and writes what it answers: the invoice paid with
 * its receipt, or refused, or waiting. Whatever happens in between, a crash too, the next call with the key finds out and
 * nothing is charged twice. Without an answer the attempt stays on its way. Answers the attempt, or null when unknown.
 */
export async function carryOutPayment(
  on: Runtime,
  scope: CustomerScope,
  visitId: ProviderVisitId,
  carrying: Carrying,
): Promise<PaymentAttempt | null> {
  const visit = await findProviderVisit(on.read, scope, visitId);
  const attempt = await findAttemptByKey(on.read, scope, visitId);
  if (visit === null || attempt === null) return null;
  // Money that arrives after all is told by a notification; nothing else reopens what is over.
  const mayBeLate = carrying.notificationId !== undefined && attempt.status !== 'succeeded';
  if (!isWaiting(visit) && !mayBeLate) return attempt;
  const provider = on.providers.byAdapter(visit.adapter);
  const answer = provider === null ? null : await askProvider(on, provider, visit, attempt, carrying);
  if (answer === null) {
    on.log('error', 'provider.missing', { reason: visit.adapter });
    return attempt;
  }
  await on.write((tx) => settle(on, tx, visit, answer, carrying.notificationId ?? null));
  return findAttemptByKey(on.read, scope, visitId);
}

async function askProvider(
  on: Runtime,
  provider: Provider,
  visit: ProviderVisit,
  attempt: PaymentAttempt,
  { how, locale }: Carrying,
): Promise<Result<ChargeReport | null, 'upstream_error'>> {
  if (how === 'cancel') return provider.cancelCharge(visit.id);
  const isFresh = on.now() - visit.createdAt < sendWithinMs;
  const isSent = attempt.providerReference !== null;
  if (how === 'ask' || !isFresh || isSent) {
    const known = await provider.askCharge(visit.id);
    // What the clock noted and nobody sent is sent now: no buyer waits for it, and its key charges once.
    const isUnsent = known.ok && known.value === null && visit.browserSessionId === null && !isSent;
    if (!isUnsent || isFresh || !(await isStillCollected(on, visit, attempt))) return known;
  }
  const token = await findToken(on, on.read, visit);
  const invoice = await findInvoice(on.read, visit, attempt.invoiceId);
  const workspace = await findWorkspace(on.read, visit);
  if (token === null || invoice === null || workspace === null) {
    return { ok: true, value: { state: 'refused', reason: 'provider_problem', chargeReference: null } };
  }
  return provider.charge({
    idempotencyKey: visit.id,
    token,
    customerReference: visit.customerId,
    merchantName: workspace.brand.name,
    locale: locale ?? 'en',
    money: { amount: attempt.amount, currency: invoice.currency },
    returnUrl: `${on.config.origin}/payment-methods/return?state=${visitState(on.config.rootKeys, visit.id)}`,
  });
}

/** Is an invoice the clock began to charge still owed, and still collected? */
async function isStillCollected(on: Runtime, visit: ProviderVisit, attempt: PaymentAttempt): Promise<boolean> {
  const invoice = await findInvoice(on.read, visit, attempt.invoiceId);
  return invoice !== null && amountDue(invoice) > 0 && invoice.collectionStoppedAt === null;
}

async function findToken(on: Runtime, read: Reader, visit: ProviderVisit): Promise<string | null> {
  if (visit.paymentMethodId === null) return null;
  const sealed = await findSealedReference(read, visit, visit.paymentMethodId);
  return sealed === null ? null : openProviderReference(on.config.rootKeys, visit.paymentMethodId, sealed);
}

async function settle(
  on: Runtime,
  tx: Writer,
  seen: ProviderVisit,
  answer: Result<ChargeReport | null, 'upstream_error'>,
  notificationId: string | null,
): Promise<void> {
  const now = on.now();
  if (notificationId !== null && !(await takeNotification(tx, seen.adapter, notificationId, now))) return;
  const visit = await findProviderVisit(tx, seen, seen.id);
  const attempt = await findAttemptByKey(tx, seen, seen.id);
  if (visit === null || attempt === null) return;
  if (answer.ok && answer.value?.state === 'succeeded') {
    await succeedCharge(on, tx, visit, attempt, answer.value.chargeReference);
    return;
  }
  if (!isWaiting(visit)) return;
  if (!answer.ok) {
    // It may have been charged: nobody says anything until the provider does.
    if (visit.status === 'open' && attempt.status === 'pending') {
      await changeWaitingVisit(tx, visit, { status: 'unknown', outcome: visit.outcome, finishedAt: null });
    }
    return;
  }
  const report = answer.value;
  if (report === null) {
    if (now - visit.createdAt < lostAfterMs) return;
    await refuse(on, tx, visit, attempt, { state: 'refused', reason: 'provider_problem', chargeReference: null });
    return;
  }
  if (report.state === 'refused') await refuse(on, tx, visit, attempt, report);
  else if (report.state !== 'succeeded') await wait(on, tx, visit, attempt, report);
}

async function succeedCharge(
  on: Runtime,
  tx: Writer,
  visit: ProviderVisit,
  attempt: PaymentAttempt,
  chargeReference: string,
): Promise<void> {
  const now = on.now();
  const customer = await holdCustomer(tx, visit);
  const workspace = await findWorkspace(tx, visit);
  if (customer === null || workspace === null) return;
  const billing = billingNow(customer, now);
  const change = { status: 'succeeded', outcome: visit.outcome, finishedAt: now } as const;
  if (isWaiting(visit) && !(await changeWaitingVisit(tx, visit, change))) return;
  const paid = await settleAttempt(tx, visit, attempt.id, {
    status: 'succeeded',
    reason: null,
    providerReference: chargeReference,
    payBefore: null,
    finishedAt: billing,
  });
  if (paid === null) return;
  const cause = await causeOfVisit(tx, visit, visit);
  const at = { billing, now, random: on.random };
  await recordPayment(tx, workspace, visit, { ...paid, adapter: visit.adapter }, cause, at);
  const { subscriptionIds } = visit.wishes;
  if (subscriptionIds.length === 0 || visit.paymentMethodId === null) return;
  const facts = await readPayingFacts(tx, visit, customer, workspace);
  const { defaultPaymentMethodId } = customer;
  const chosen = new Set(subscriptionIds);
  const assigned = assignPayers(facts, visit.paymentMethodId, chosen, defaultPaymentMethodId, billing);
  await changePayers(tx, visit, assigned, cause, now, on.random);
}

async function refuse(
  on: Runtime,
  tx: Writer,
  visit: ProviderVisit,
  attempt: PaymentAttempt,
  report: Extract<ChargeReport, { state: 'refused' }>,
): Promise<void> {
  const now = on.now();
  const { reason, chargeReference } = report;
  const outcome = { ...visit.outcome, reason, redirectSealed: null };
  if (!(await changeWaitingVisit(tx, visit, { status: 'refused', outcome, finishedAt: now }))) return;
  const billing = await billingNowOf(on, tx, visit);
  const end = { status: 'refused', reason, payBefore: null, finishedAt: billing } as const;
  const refused = await settleAttempt(tx, visit, attempt.id, { ...end, providerReference: chargeReference });
  if (refused === null) return;
  const cause = await causeOfVisit(tx, visit, visit);
  const at = { billing, now, random: on.random };
  await recordUnpaid(tx, visit, refused, 'invoice.failed', { reason }, cause, at);
  const invoice = visit.browserSessionId === null ? await findInvoice(tx, visit, refused.invoiceId) : null;
  if (invoice !== null) await recordFailedTry(tx, visit, invoice, cause, at);
}

async function wait(
  on: Runtime,
  tx: Writer,
  visit: ProviderVisit,
  attempt: PaymentAttempt,
  report: Extract<ChargeReport, { state: 'needs_confirmation' | 'pending' }>,
): Promise<void> {
  const now = on.now();
  const isConfirmation = report.state === 'needs_confirmation';
  const status = isConfirmation ? 'needs_confirmation' : 'pending';
  const isNews = attempt.status !== status || attempt.providerReference === null;
  const redirectSealed = isConfirmation
    ? sealText(on.config.rootKeys, report.redirectUrl, visit.id, on.random)
    : visit.outcome.redirectSealed;
  const changed = await changeWaitingVisit(tx, visit, {
    status: isConfirmation ? 'open' : 'pending',
    outcome: { ...visit.outcome, redirectSealed },
    finishedAt: null,
  });
  if (!changed || !isNews) return;
  const waiting = await settleAttempt(tx, visit, attempt.id, {
    status,
    reason: isConfirmation ? 'needs_confirmation' : null,
    providerReference: report.chargeReference,
    payBefore: null,
    finishedAt: null,
  });
  if (waiting === null) return;
  const cause = await causeOfVisit(tx, visit, visit);
  const billing = await billingNowOf(on, tx, visit);
  const at = { billing, now, random: on.random };
  await recordUnpaid(tx, visit, waiting, 'invoice.pending', { payBefore: null }, cause, at);
}

async function billingNowOf(on: Runtime, tx: Writer, visit: ProviderVisit): Promise<number> {
  const customer = await holdCustomer(tx, visit);
  return customer === null ? on.now() : billingNow(customer, on.now());
}
