import { findAttemptByKey } from '@/lib/data/payment-attempts.ts';
import { findProviderVisit } from '@/lib/data/provider-visits.ts';
import type { ProviderVisitId } from '@/lib/domain/ids.ts';
import type { PaymentAttempt } from '@/lib/domain/invoice.ts';
import { isWaiting, type ProviderVisit } from '@/lib/domain/provider-visit.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import { carryOutPayment } from '@/lib/operations/carry-out-payment.ts';
import { settleProviderVisit } from '@/lib/operations/settle-provider-visit.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** Something begun at the provider, with the payment that belongs to it or followed from it. */
export type Journey = {
  readonly visit: ProviderVisit;
  /** The charge: of the visit itself, or of "Save and pay". */
  readonly payment: { readonly visit: ProviderVisit; readonly attempt: PaymentAttempt } | null;
};

export type Following = {
  readonly how?: 'ask' | 'close';
  readonly locale?: 'en' | 'id';
  readonly notificationId?: string;
};

/** Asks the provider what became of a visit, as far as its end is still to come, and reads how it stands then. */
export async function followVisit(on: Runtime, visit: ProviderVisit, following: Following = {}): Promise<Journey> {
  const { how = 'ask', locale = 'en', notificationId } = following;
  const taken = notificationId === undefined ? {} : { notificationId };
  if (visit.purpose === 'confirm_payment') {
    await carryOutPayment(on, visit, visit.id, { how: how === 'close' ? 'cancel' : 'ask', locale, ...taken });
  } else if (isWaiting(visit)) {
    const settled = await settleProviderVisit(on, visit, { how, ...taken });
    if (settled.paymentToSend !== null) {
      await carryOutPayment(on, visit, settled.paymentToSend, { how: 'send', locale });
    }
  }
  const journey = await findJourney(on, visit, visit.id);
  const followed = journey?.payment ?? null;
  // A charge that followed may be waiting too.
  if (followed !== null && followed.visit.id !== visit.id && isWaiting(followed.visit)) {
    await carryOutPayment(on, visit, followed.visit.id, { how: 'ask', locale });
  }
  return (await findJourney(on, visit, visit.id)) ?? { visit, payment: null };
}

/** A visit of this customer and its payment as they stand, or null. Asks nobody. */
export async function findJourney(on: Runtime, scope: CustomerScope, id: ProviderVisitId): Promise<Journey | null> {
  const visit = await findProviderVisit(on.read, scope, id);
  if (visit === null) return null;
  const paymentId = visit.purpose === 'add_method' ? visit.outcome.paymentVisitId : visit.id;
  const paying = paymentId === null ? null : await findProviderVisit(on.read, scope, paymentId);
  const attempt = paymentId === null ? null : await findAttemptByKey(on.read, scope, paymentId);
  return { visit, payment: paying === null || attempt === null ? null : { visit: paying, attempt } };
}

/** Does its end depend on the provider alone? What waits for the buyer is no longer waiting here. */
export function isJourneyWaiting({ visit, payment }: Journey): boolean {
  if (payment !== null) return payment.attempt.status === 'pending';
  return visit.status === 'pending' || visit.status === 'unknown';
}
