import type { Metadata } from './customer.ts';
import type { CustomerId, PaymentAttemptId } from './ids.ts';
import type { Refund } from './invoice.ts';
import type { Result } from './result.ts';
import { fail, succeed } from './result.ts';
import type { Instant } from './time.ts';
import type { WorkspaceScope } from './viewer.ts';

/** A refund as its merchant sees it. */
export type MerchantRefund = WorkspaceScope &
  Refund & {
    readonly customerId: CustomerId;
    readonly failureCode: string | null;
    readonly failureMessage: string | null;
    readonly metadata: Metadata | null;
    /** The charge it gives back and the provider that does; null for what was brought along. */
    readonly paymentAttemptId: PaymentAttemptId | null;
    readonly adapter: string | null;
    /** The provider's own name of it. */
    readonly providerReference: string | null;
    /** The merchant's idempotency key. */
    readonly requestKey: string | null;
    /** When the provider was asked last, by the wall clock. */
    readonly askedAt: Instant | null;
  };

/**
 * How much of a charge is given back: what is wished, or all that is left. `refunded` is what was given back before or is
 * on its way. Fails with `validation_error` for more than is left, and with `conflict` where nothing is.
 */
export function refundAmount(
  captured: number,
  refunded: number,
  wished: number | null,
): Result<number, 'validation_error' | 'conflict'> {
  const left = captured - refunded;
  if (wished === null) {
    return left > 0 ? succeed(left) : fail('conflict', 'All of this charge is refunded already, or on its way back.');
  }
  if (wished <= left) return succeed(wished);
  const message = `amount: must not be more than ${Math.max(0, left)}, which is left of this charge.`;
  return fail('validation_error', message, { field: 'amount', details: { left: Math.max(0, left) } });
}
