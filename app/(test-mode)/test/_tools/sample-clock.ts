import { customerIdOf } from '@/app/(test-mode)/test/_sample/load-sample.ts';
import type { SampleBuyer } from '@/app/(test-mode)/test/_sample/sample-buyers.ts';
import { sampleScope } from '@/app/(test-mode)/test/_sample/sample-workspace.ts';
import { findCustomer } from '@/lib/data/customers.ts';
import { listSubscriptions } from '@/lib/data/subscriptions.ts';
import type { Cause } from '@/lib/data/tell-of-change.ts';
import type { Instant } from '@/lib/domain/time.ts';
import { dayMs, hourMs } from '@/lib/domain/time.ts';
import { advanceTestClock } from '@/lib/operations/advance-test-clock.ts';
import { billCustomer } from '@/lib/operations/bill-customer.ts';
import { carryOutPayment } from '@/lib/operations/carry-out-payment.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** Where a sample's clock can be moved to, and the words for it. */
export const clockMoves = {
  stay: 'preview.moves.stay',
  day: 'preview.moves.day',
  three_days: 'preview.moves.threeDays',
  next_payment: 'preview.moves.nextPayment',
  after_period: 'preview.moves.afterPeriod',
} as const;

export type ClockMove = keyof typeof clockMoves;

export function readClockMove(text: string | null): ClockMove {
  return text !== null && Object.hasOwn(clockMoves, text) ? (text as ClockMove) : 'stay';
}

export type ClockProblem = 'no_sample' | 'no_payment' | 'too_far';

/**
 * Moves a sample buyer's clock forward and does the work that is due then. Answers what is wrong, or null. "To the next
 * payment" stops an hour before the soonest period's end, "after" goes an hour beyond it.
 */
export async function moveSampleClock(on: Runtime, buyer: SampleBuyer, move: ClockMove): Promise<ClockProblem | null> {
  const customerId = customerIdOf(buyer);
  const customer = await findCustomer(on.read, { ...sampleScope, customerId });
  if (customer === null) return 'no_sample';
  if (move === 'stay') return null;
  const now = on.now() + customer.clockAheadMs;
  const to = await momentOf(on, customerId, move, now);
  if (to === null) return 'no_payment';
  const cause: Cause = {
    actor: 'operator',
    source: 'test_clock',
    extras: { daysAdvanced: Math.ceil((to - now) / dayMs) },
  };
  const bill = () => billCustomer(on, customer, { sendCharge: carryOutPayment, cause });
  const moved = await advanceTestClock(on, sampleScope, { customerId, to, cause, bill });
  if (!moved.ok) return moved.failure.code === 'not_found' ? 'no_sample' : 'too_far';
  return null;
}

async function momentOf(
  on: Runtime,
  customerId: ReturnType<typeof customerIdOf>,
  move: Exclude<ClockMove, 'stay'>,
  now: Instant,
): Promise<Instant | null> {
  if (move === 'day') return now + dayMs;
  if (move === 'three_days') return now + 3 * dayMs;
  const all = await listSubscriptions(on.read, { ...sampleScope, customerId });
  const side = move === 'next_payment' ? -hourMs : hourMs;
  const ends = all
    .filter(({ subscription }) => ['trialing', 'active', 'past_due'].includes(subscription.status))
    .map(({ subscription }) => subscription.currentPeriodEnd + side)
    .filter((moment) => moment > now);
  return ends.length === 0 ? null : Math.min(...ends);
}
