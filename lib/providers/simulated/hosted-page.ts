import { containsCardNumber } from '@/lib/domain/card-number.ts';
import { dayMs } from '@/lib/domain/time.ts';
import {
  fingerprintOf,
  notifyPortal,
  outcomeOf,
  type SimulatedParts,
  settledState,
  silentMs,
  textOf,
} from './simulated-provider.ts';
import type { SimulatedMethod, SimulatedVisit } from './simulated-store.ts';
import { findTestCard, findTestWallet, type Play, walletBrands } from './test-numbers.ts';

/** What the buyer sees next: the page again, or the portal. Or why what was typed was not taken. */
export type PageStep = 'page' | 'back' | 'unknown_number' | 'unknown_expiry' | 'unknown_phone';

/** What a buyer can do on the simulated provider's own page. */
export type HostedPage = {
  /** The visit as the clock has it now, or null. */
  findVisit(id: string): Promise<SimulatedVisit | null>;
  /** The method a visit is about, for its name. */
  findMethodOf(visit: SimulatedVisit): Promise<SimulatedMethod | null>;
  enterCard(visit: SimulatedVisit, typed: { number: string; expiry: string }): Promise<PageStep>;
  enterWallet(visit: SimulatedVisit, typed: { brand: string; phone: string }): Promise<PageStep>;
  chooseTransfer(visit: SimulatedVisit): Promise<PageStep>;
  /** The money of a transfer arrives. */
  receiveTransfer(visit: SimulatedVisit): Promise<PageStep>;
  /** The bank's question is answered. */
  answerBank(visit: SimulatedVisit, confirms: boolean): Promise<PageStep>;
  leave(visit: SimulatedVisit): Promise<PageStep>;
  /** The provider says nothing to anybody about this buyer for a minute; then the visit has come to nothing. */
  fallSilent(visit: SimulatedVisit): Promise<PageStep>;
};

export function makeHostedPage(parts: SimulatedParts): HostedPage {
  const { store, now } = parts;
  return {
    async findVisit(id) {
      const visit = await store.findVisit(id);
      return visit === null ? null : { ...visit, status: settledState(visit, now()) };
    },
    findMethodOf: async (visit) => (visit.methodToken === null ? null : store.findMethod(visit.methodToken)),
    async enterCard(visit, { number, expiry }) {
      const card = findTestCard(number);
      if (card === null) return 'unknown_number';
      const month = readExpiry(expiry, now());
      if (month === null) return 'unknown_expiry';
      const method = await store.keepMethod({
        ...newMethod(parts, visit, card.number),
        type: 'card',
        brand: card.brand,
        last4: card.number.slice(-4),
        ...month,
        behaviour: card.charge,
      });
      return actOn(parts, visit, method, playOn(visit, card));
    },
    async enterWallet(visit, { brand, phone }) {
      const wallet = findTestWallet(phone);
      const known = walletBrands.find((one) => one === brand);
      if (wallet === null || known === undefined) return 'unknown_phone';
      const method = await store.keepMethod({
        ...newMethod(parts, visit, `${known} ${wallet.phone}`),
        type: 'ewallet',
        brand: known,
        label: `${wallet.phone.slice(0, 4)}•••${wallet.phone.slice(-2)}`,
        behaviour: wallet.charge,
      });
      return actOn(parts, visit, method, playOn(visit, wallet));
    },
    async chooseTransfer(visit) {
      if (visit.kind !== 'pay_invoice') return 'page';
      const changed = await store.changeVisit(visit.id, ['open'], {
        status: 'pending',
        transferNumber: newTransferNumber(parts),
        payBefore: now() + dayMs,
      });
      if (changed) await notifyPortal(parts, 'visit', visit.id);
      return 'page';
    },
    async receiveTransfer(visit) {
      if (visit.transferNumber === null || (visit.payBefore ?? 0) <= now()) return 'page';
      const chargeId = `simch_${textOf(parts, 9)}`;
      const changed = await store.changeVisit(visit.id, ['pending'], { status: 'succeeded', chargeId });
      if (changed) await notifyPortal(parts, 'visit', visit.id);
      return 'back';
    },
    answerBank: (visit, confirms) => answerBank(parts, visit, confirms),
    async leave(visit) {
      // What the bank asked can still be answered later; a page that was left is over.
      const changed = await store.changeVisit(visit.id, ['open'], { status: 'left' });
      if (changed) await notifyPortal(parts, 'visit', visit.id);
      return 'back';
    },
    async fallSilent(visit) {
      await store.changeVisit(visit.id, ['open'], {
        status: 'silent',
        reason: 'provider_problem',
        settlesAt: now() + silentMs,
        settlesAs: 'refused',
      });
      return 'back';
    },
  };
}

/** A typed-in card for one payment is set up and charged at once: what refuses first decides. */
function playOn(visit: SimulatedVisit, plays: { setUp: Play; charge: Play }): Play {
  if (visit.kind === 'add_method') return plays.setUp;
  return plays.setUp === 'succeeds' || plays.setUp.startsWith('pending') ? plays.charge : plays.setUp;
}

async function actOn(
  parts: SimulatedParts,
  visit: SimulatedVisit,
  method: SimulatedMethod,
  play: Play,
): Promise<PageStep> {
  const outcome = outcomeOf(play, parts.now());
  const changed = await parts.store.changeVisit(visit.id, ['open'], {
    ...outcome,
    status: outcome.status === 'asks' ? 'asking' : outcome.status,
    methodToken: method.token,
    chargeId: visit.kind === 'pay_invoice' ? `simch_${textOf(parts, 9)}` : null,
  });
  if (!changed) return 'back';
  if (outcome.status === 'asks') return 'page';
  if (outcome.status !== 'silent') await notifyPortal(parts, 'visit', visit.id);
  return 'back';
}

async function answerBank(parts: SimulatedParts, visit: SimulatedVisit, confirms: boolean): Promise<PageStep> {
  const outcome = confirms
    ? ({ status: 'succeeded', reason: null } as const)
    : ({ status: 'refused', reason: 'unsaid' } as const);
  const changed = await parts.store.changeVisit(visit.id, ['asking'], outcome);
  if (!changed) return 'back';
  if (visit.kind === 'confirm_payment' && visit.chargeId !== null) {
    await parts.store.changeCharge(visit.chargeId, ['needs_confirmation'], outcome);
    await notifyPortal(parts, 'charge', visit.reference);
  } else {
    await notifyPortal(parts, 'visit', visit.id);
  }
  return 'back';
}

function newMethod(parts: SimulatedParts, visit: SimulatedVisit, number: string): SimulatedMethod {
  return {
    token: `simtok_${textOf(parts, 18)}`,
    customerReference: visit.customerReference,
    type: 'card',
    brand: null,
    last4: null,
    expMonth: null,
    expYear: null,
    label: null,
    behaviour: 'succeeds',
    fingerprint: fingerprintOf(parts, visit.customerReference, number),
    detachedAt: null,
    createdAt: parts.now(),
  };
}

/** "08/29" or "08/2029" that is not over yet, or null. */
function readExpiry(text: string, now: number): { expMonth: number; expYear: number } | null {
  const match = /^\s*(\d{1,2})\s*\/\s*(?:20)?(\d{2})\s*$/.exec(text);
  const expMonth = Number(match?.[1]);
  const expYear = 2_000 + Number(match?.[2]);
  const isMonth = match !== null && expMonth >= 1 && expMonth <= 12;
  return isMonth && Date.UTC(expYear, expMonth) > now ? { expMonth, expYear } : null;
}

/** 15 digits that cannot be taken for a card number. */
function newTransferNumber(parts: SimulatedParts): string {
  for (;;) {
    let digits = '8808';
    for (const byte of parts.random(11)) digits += String(byte % 10);
    if (!containsCardNumber(digits)) return digits;
  }
}
