import { findCustomer } from '@/lib/data/customers.ts';
import { findNextDue } from '@/lib/data/take-billing-step.ts';
import type { Cause } from '@/lib/data/tell-of-change.ts';
import { tellOfChange } from '@/lib/data/tell-of-change.ts';
import { advanceTestClock as moveClock } from '@/lib/data/test-customers.ts';
import type { CustomerId } from '@/lib/domain/ids.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { Instant } from '@/lib/domain/time.ts';
import { dayMs } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** As far as a test clock goes: so much before the wall clock. */
export const furthestAheadMs = 3_660 * dayMs;

export type ClockMove = {
  readonly customerId: CustomerId;
  /** Billing time to reach. */
  readonly to: Instant;
  readonly cause: Cause;
  /** Does what is due on the customer's clock as it stands: `billCustomer`, handed in as operations do not call each other. */
  bill(): Promise<number>;
};

/**
 * Moves a test-mode customer's billing clock forward, from one moment at which something is due to the next, and does at
 * each what is due there, as if the days had passed; the wall clock and sessions stay. Fails with `not_found`,
 * `validation_error` for a moment too far, `conflict` for one that is over on their clock: it moves forward only.
 */
export async function advanceTestClock(
  on: Runtime,
  scope: WorkspaceScope,
  { customerId, to, cause, bill }: ClockMove,
): Promise<Result<{ now: Instant }, 'not_found' | 'validation_error' | 'conflict'>> {
  const { workspaceId, mode } = scope;
  if (mode !== 'test') return fail('not_found', 'There is no such customer in test mode.');
  const own = { workspaceId, mode, customerId };
  const customer = await findCustomer(on.read, own);
  if (customer === null) return fail('not_found', 'There is no such customer in test mode.');
  if (!(Number.isInteger(to) && to - on.now() <= furthestAheadMs)) {
    return fail('validation_error', 'The clock moves ten years at most.', { field: 'to' });
  }
  let clock = on.now() + customer.clockAheadMs;
  if (to <= clock) return fail('conflict', 'The clock moves forward only. Reset the sample to go back to today.');
  for (;;) {
    await bill();
    const due = await findNextDue(on.read, own);
    // What is due and was not done now, such as in a suspended workspace, does not hold the clock up.
    clock = due !== null && due > clock && due < to ? due : to;
    const stop = clock;
    await on.write((tx) => moveClock(tx, own, stop - on.now()));
    if (stop === to) break;
  }
  await bill();
  await on.write((tx) => {
    const change = { act: 'test_clock.advanced', object: customerId, detail: { to } };
    return tellOfChange(tx, scope, { ...cause, extras: {} }, change, on.now(), on.random);
  });
  return succeed({ now: to });
}
