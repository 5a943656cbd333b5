import { isWaiting } from '@/lib/domain/provider-visit.ts';
import type { Journey } from './follow-visit.ts';

/** The page that shows how something begun at the provider stands. */
export function resultPlace({ visit, payment }: Journey): string {
  if (visit.purpose === 'add_method') {
    return visit.status === 'pending' && payment === null
      ? `/waiting/${visit.id}`
      : `/payment-methods?visit=${visit.id}#result`;
  }
  const { invoiceId } = visit;
  if (payment?.attempt.status === 'succeeded') return `/invoices/${invoiceId}?payment=${visit.id}#result`;
  const isOnItsWay = payment !== null ? payment.attempt.status === 'pending' : visit.status === 'pending';
  if (isOnItsWay && isWaiting(visit)) return `/waiting/${visit.id}`;
  return `/invoices/${invoiceId}/pay?payment=${visit.id}#result`;
}
