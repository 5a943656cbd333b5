import { deriveKey, keyedHash, newestKeyNumber, type RootKeys } from '@/lib/crypto/secret.ts';
import type { MethodName } from '@/lib/domain/invoice.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import { type Instant, minuteMs, secondMs } from '@/lib/domain/time.ts';
import type {
  AddingRequest,
  ChargeReport,
  ChargeRequest,
  OpenedVisit,
  PaymentRequest,
  Provider,
  RefundReport,
  RefundRequest,
  ReportedMethod,
  VisitReport,
} from '@/lib/providers/provider.ts';
import { readSignedNotification, signatureHeader, signNotification } from './signed-notification.ts';
import type {
  SimulatedCharge,
  SimulatedMethod,
  SimulatedRefund,
  SimulatedStore,
  SimulatedVisit,
} from './simulated-store.ts';
import type { Play, RefundPlay } from './test-numbers.ts';
import { fingerprintOfLooks, playOfImportedToken, refundPlayOf } from './test-numbers.ts';

/** What the simulated provider needs from outside. */
export type SimulatedParts = {
  readonly store: SimulatedStore;
  readonly rootKeys: RootKeys;
  /** Public origin of the portal's host, which serves the provider's pages in test mode. */
  readonly origin: string;
  now(): Instant;
  random(bytes: number): Uint8Array;
  /** Carries a notification to the portal. May lose it: the portal asks by itself as well. */
  deliver(url: string, body: Uint8Array, headers: Readonly<Record<string, string>>): Promise<void>;
};

export const simulatedName = 'Simulated Pay';

/** How long a pending act takes, and how long a silent provider says nothing. */
export const pendingMs = 5 * secondMs;
export const silentMs = minuteMs;

const noAnswer = fail('upstream_error', 'The provider does not answer.');

/** The simulated provider as the portal sees it: behind the same interface as a real one. */
export function makeSimulatedProvider(parts: SimulatedParts): Provider {
  const { store, now } = parts;

  const openVisit = async (visit: Omit<SimulatedVisit, 'id' | 'createdAt'>): Promise<OpenedVisit> => {
    const made = await store.addVisit({ ...visit, id: textOf(parts, 18), createdAt: now() });
    return { redirectUrl: pageOf(parts, made.id), providerReference: made.id };
  };

  const isSilent = async (customerReference: string): Promise<boolean> =>
    (await store.silentUntil(customerReference, now())) !== null;

  return {
    adapter: 'simulated',
    capabilities: {
      name: simulatedName,
      pageOrigin: null,
      savedKinds: ['card', 'ewallet'],
      paymentKinds: ['card', 'ewallet', 'va'],
    },
    async beginAddingMethod(request) {
      if (await isSilent(request.customerReference)) return noAnswer;
      return succeed(await openVisit(newVisit('add_method', request)));
    },
    async beginPayment(request) {
      if (await isSilent(request.customerReference)) return noAnswer;
      return succeed(await openVisit({ ...newVisit('pay_invoice', request), ...request.money }));
    },
    async askVisit(providerReference) {
      const visit = await store.findVisit(providerReference);
      if (visit === null) return succeed({ state: 'left' });
      if (await isSilent(visit.customerReference)) return noAnswer;
      return succeed(await reportVisit(parts, visit));
    },
    async closeVisit(providerReference) {
      const visit = await store.findVisit(providerReference);
      if (visit === null) return succeed({ state: 'left' });
      if (await isSilent(visit.customerReference)) return noAnswer;
      await store.changeVisit(visit.id, ['open', 'asking'], { status: 'left' });
      if (visit.transferNumber !== null) await store.changeVisit(visit.id, ['pending'], { status: 'left' });
      const after = await store.findVisit(visit.id);
      return succeed(after === null ? { state: 'left' } : await reportVisit(parts, after));
    },
    charge: (request) => chargeMethod(parts, request),
    async askCharge(idempotencyKey) {
      const charge = await store.findCharge(idempotencyKey);
      if (charge === null) return succeed(null);
      const report = await reportCharge(parts, charge);
      return report === null ? noAnswer : succeed(report);
    },
    async cancelCharge(idempotencyKey) {
      const visit = await store.findConfirmation(idempotencyKey);
      const charge = await store.findCharge(idempotencyKey);
      if (charge === null) return succeed(null);
      const given = { status: 'refused', reason: 'needs_confirmation' } as const;
      if (visit === null || (await store.changeVisit(visit.id, ['asking'], given))) {
        await store.changeCharge(charge.id, ['needs_confirmation'], given);
      }
      const after = await store.findCharge(idempotencyKey);
      const report = after === null ? null : await reportCharge(parts, after);
      return report === null ? noAnswer : succeed(report);
    },
    refund: (request) => giveBack(parts, request),
    async askRefund(idempotencyKey) {
      const refund = await store.findRefund(idempotencyKey);
      return refund === null ? succeed(null) : reportRefund(parts, refund);
    },
    async askMethod(token, customerReference) {
      const method = await store.findMethod(token);
      if (method === null) return succeed(playOfImportedToken(token) === null ? null : importedMethod(token));
      const isOthers = method.customerReference !== customerReference;
      if (isOthers || method.detachedAt !== null || method.type === 'va') return succeed(null);
      const { type, brand, last4, expMonth, expYear, label } = method;
      return succeed({ token, fingerprint: fingerprintOfLooks(method), type, brand, last4, expMonth, expYear, label });
    },
    async detach(token) {
      await store.forgetMethod(token, now());
      return succeed(null);
    },
    readNotification: (body, headers) => readSignedNotification(parts.rootKeys, body, headers, now()),
  };
}

/** Tells the portal that something changed. A notification that gets lost is no harm: the portal asks too. */
export async function notifyPortal(parts: SimulatedParts, about: 'visit' | 'charge', reference: string): Promise<void> {
  const notification = { id: `simev_${textOf(parts, 15)}`, about, reference };
  const body = new TextEncoder().encode(JSON.stringify(notification));
  const headers = {
    'content-type': 'application/json',
    [signatureHeader]: signNotification(parts.rootKeys, body, parts.now()),
  };
  await parts.deliver(`${parts.origin}/provider-notifications/simulated`, body, headers);
}

/** The state of something that may have settled by itself: what the clock decides is computed, not stored. */
export function settledState<S extends string>(
  one: { readonly status: S; readonly settlesAt: Instant | null; readonly settlesAs: 'succeeded' | 'refused' | null },
  now: Instant,
): S | 'succeeded' | 'refused' {
  return one.settlesAt !== null && one.settlesAs !== null && one.settlesAt <= now ? one.settlesAs : one.status;
}

/** How a play ends a charge or a set-up: its state, and when it settles by itself. */
export function outcomeOf(play: Play, now: Instant) {
  const none = { reason: null, settlesAt: null, settlesAs: null } as const;
  switch (play) {
    case 'succeeds':
    case 'refund_refused':
    case 'refund_pending_succeeds':
    case 'refund_pending_fails':
    case 'refund_silent':
      return { ...none, status: 'succeeded' } as const;
    case 'asks':
      return { ...none, status: 'asks' } as const;
    case 'pending_succeeds':
      return { ...none, status: 'pending', settlesAt: now + pendingMs, settlesAs: 'succeeded' } as const;
    case 'pending_fails':
      return { reason: 'unsaid', status: 'pending', settlesAt: now + pendingMs, settlesAs: 'refused' } as const;
    case 'silent':
      return { ...none, status: 'silent', settlesAt: now + silentMs, settlesAs: 'succeeded' } as const;
    default:
      return { ...none, status: 'refused', reason: play } as const;
  }
}

/** The name of a method as buyers know it. */
export function nameOf(method: SimulatedMethod): MethodName {
  const { type, brand, last4, label } = method;
  return { type, brand, last4, label };
}

/** Address of a visit's page. */
export function pageOf(parts: Pick<SimulatedParts, 'origin'>, visitId: string): string {
  return `${parts.origin}/test/provider/${visitId}`;
}

export function textOf(parts: Pick<SimulatedParts, 'random'>, bytes: number): string {
  return Buffer.from(parts.random(bytes)).toString('base64url');
}

/** Finds a card that is already here: a keyed hash of buyer and number, never the number. */
export function fingerprintOf(parts: SimulatedParts, customerReference: string, number: string): string {
  const key = deriveKey(parts.rootKeys, newestKeyNumber(parts.rootKeys), 'simulated');
  if (key === null) throw new Error('No key for fingerprints.');
  return keyedHash(key, `${customerReference}\n${number}`);
}

export const transferBank = 'Bank Simulasi';

async function reportVisit(parts: SimulatedParts, visit: SimulatedVisit): Promise<VisitReport> {
  const now = parts.now();
  const method = visit.methodToken === null ? null : await parts.store.findMethod(visit.methodToken);
  const name = visit.transferNumber === null ? (method === null ? null : nameOf(method)) : transferName;
  const state = settledState(visit, now);
  switch (state) {
    case 'open':
    case 'asking':
    case 'silent':
      return { state: 'open', bankAsks: state === 'asking' };
    case 'left':
      return { state: 'left' };
    case 'refused':
      return { state: 'refused', method: name, reason: visit.reason ?? 'unsaid' };
    case 'pending': {
      if (visit.transferNumber === null || visit.payBefore === null) {
        return { state: 'pending', method: name, transfer: null };
      }
      if (visit.payBefore <= now) return { state: 'ran_out', method: transferName };
      const transfer = { bank: transferBank, number: visit.transferNumber, payBefore: visit.payBefore };
      return { state: 'pending', method: name, transfer };
    }
    case 'succeeded': {
      if (visit.kind === 'add_method' && method !== null && method.type !== 'va') {
        const { token, type, brand, last4, expMonth, expYear, label } = method;
        const fingerprint = fingerprintOfLooks(method);
        return { state: 'saved', method: { token, fingerprint, type, brand, last4, expMonth, expYear, label } };
      }
      return { state: 'paid', method: name ?? transferName, chargeReference: visit.chargeId ?? visit.id };
    }
  }
}

/** A card that was brought along: nothing is known of it but its token. */
function importedMethod(token: string): ReportedMethod {
  const unknown = { brand: null, last4: null, expMonth: null, expYear: null, label: null };
  return { token, fingerprint: null, type: 'card', ...unknown };
}

const transferName: MethodName = { type: 'va', brand: null, last4: null, label: null };

async function chargeMethod(parts: SimulatedParts, request: ChargeRequest) {
  const { store } = parts;
  const now = parts.now();
  if ((await store.silentUntil(request.customerReference, now)) !== null) return noAnswer;
  const method = await store.findMethod(request.token);
  const outcome = outcomeOf(playOf(method, request, now), now);
  const charge = await store.addCharge({
    ...outcome,
    status: outcome.status === 'asks' ? 'needs_confirmation' : outcome.status,
    id: `simch_${textOf(parts, 9)}`,
    idempotencyKey: request.idempotencyKey,
    methodToken: request.token,
    visitId: null,
    ...request.money,
    createdAt: now,
  });
  if (charge.status === 'needs_confirmation') {
    await store.addVisit({
      ...newVisit('confirm_payment', { ...request, reference: request.idempotencyKey }),
      ...request.money,
      status: 'asking',
      methodToken: request.token,
      chargeId: charge.id,
      id: textOf(parts, 18),
      createdAt: now,
    });
  }
  const report = await reportCharge(parts, charge);
  return report === null ? noAnswer : succeed(report);
}

async function giveBack(parts: SimulatedParts, request: RefundRequest) {
  const { store } = parts;
  const now = parts.now();
  const { idempotencyKey, chargeReference, money } = request;
  const taking = await store.findTaking(chargeReference);
  const whose = taking?.customerReference ?? null;
  if (whose !== null && (await store.silentUntil(whose, now)) !== null) return noAnswer;
  const token = taking?.methodToken ?? null;
  const behaviour = taking?.behaviour ?? (token === null ? null : playOfImportedToken(token));
  const refund = await store.addRefund(
    {
      ...refundOutcomeOf(refundPlayOf(behaviour, chargeReference), now),
      id: `simre_${textOf(parts, 9)}`,
      idempotencyKey,
      chargeReference,
      ...money,
      createdAt: now,
    },
    taking?.amount ?? null,
  );
  return reportRefund(parts, refund);
}

function refundOutcomeOf(play: RefundPlay | 'succeeds', now: Instant) {
  const none = { settlesAt: null, settlesAs: null } as const;
  switch (play) {
    case 'succeeds':
      return { ...none, status: 'succeeded' } as const;
    case 'refund_refused':
      return { ...none, status: 'refused' } as const;
    case 'refund_pending_succeeds':
      return { status: 'pending', settlesAt: now + pendingMs, settlesAs: 'succeeded' } as const;
    case 'refund_pending_fails':
      return { status: 'pending', settlesAt: now + pendingMs, settlesAs: 'refused' } as const;
    case 'refund_silent':
      return { status: 'silent', settlesAt: now + silentMs, settlesAs: 'succeeded' } as const;
  }
}

function reportRefund(parts: SimulatedParts, refund: SimulatedRefund): Result<RefundReport, 'upstream_error'> {
  const refundReference = refund.id;
  const state = settledState(refund, parts.now());
  switch (state) {
    case 'silent':
      return noAnswer;
    case 'refused': {
      const message = 'The bank does not take this money back.';
      return succeed({ state, code: 'refund_refused', message, refundReference });
    }
    default:
      return succeed({ state, refundReference });
  }
}

function playOf(method: SimulatedMethod | null, request: ChargeRequest, now: Instant): Play {
  if (method === null) return playOfImportedToken(request.token) ?? 'provider_problem';
  if (method.customerReference !== request.customerReference) return 'not_allowed';
  if (method.detachedAt !== null) return 'blocked';
  const ends = method.expMonth === null || method.expYear === null ? null : Date.UTC(method.expYear, method.expMonth);
  return ends !== null && ends <= now ? 'expired' : method.behaviour;
}

/** Null: no answer. */
async function reportCharge(parts: SimulatedParts, charge: SimulatedCharge): Promise<ChargeReport | null> {
  const chargeReference = charge.id;
  switch (settledState(charge, parts.now())) {
    case 'silent':
      return null;
    case 'succeeded':
      return { state: 'succeeded', chargeReference };
    case 'refused':
      return { state: 'refused', reason: charge.reason ?? 'unsaid', chargeReference };
    case 'pending':
      return { state: 'pending', chargeReference };
    case 'needs_confirmation': {
      const visit = await parts.store.findConfirmation(charge.idempotencyKey);
      if (visit === null) return null;
      return { state: 'needs_confirmation', redirectUrl: pageOf(parts, visit.id), chargeReference };
    }
  }
}

function newVisit(
  kind: SimulatedVisit['kind'],
  request: Omit<AddingRequest | PaymentRequest, 'money'>,
): Omit<SimulatedVisit, 'id' | 'createdAt'> {
  const { reference, customerReference, merchantName, locale, returnUrl } = request;
  return {
    kind,
    reference,
    customerReference,
    merchantName,
    locale,
    returnUrl,
    amount: null,
    currency: null,
    status: 'open',
    reason: null,
    methodToken: null,
    chargeId: null,
    transferNumber: null,
    payBefore: null,
    settlesAt: null,
    settlesAs: null,
  };
}
