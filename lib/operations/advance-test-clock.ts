import { appendAudit } from '@/lib/data/audit-lines.ts';
import { findCustomer } from '@/lib/data/customers.ts';
import { advanceTestClock as advance } from '@/lib/data/test-customers.ts';
import type { CustomerId } from '@/lib/domain/ids.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { Instant } from '@/lib/domain/time.ts';
import { dayMs } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** As far as a sample's clock goes: 366 days before the wall clock. */
export const furthestAheadMs = 366 * dayMs;

/**
 * Moves a test-mode customer's billing clock forward to `to`, in billing time; the wall clock and sessions stay. Work
 * that is due then is done by the jobs. Fails with `not_found`, `validation_error` for a moment too far, `conflict` for
 * one that is over on their clock: it moves forward only.
 */
export async function advanceTestClock(
  on: Runtime,
  scope: WorkspaceScope,
  customerId: CustomerId,
  to: Instant,
): Promise<Result<{ now: Instant }, 'not_found' | 'validation_error' | 'conflict'>> {
  const { workspaceId, mode } = scope;
  if (mode !== 'test') return fail('not_found', 'There is no such customer in test mode.');
  const now = on.now();
  const aheadMs = to - now;
  if (!(Number.isInteger(to) && aheadMs <= furthestAheadMs)) {
    return fail('validation_error', 'The clock moves 366 days at most.', { field: 'to' });
  }
  return on.write(async (tx) => {
    const customer = await findCustomer(tx, { workspaceId, mode, customerId });
    if (customer === null) return fail('not_found', 'There is no such customer in test mode.');
    if (!(await advance(tx, { workspaceId, mode, customerId }, aheadMs))) {
      return fail('conflict', 'The clock moves forward only. Reset the sample to go back to today.');
    }
    const entry = { actor: 'operator', act: 'test_clock.advanced', object: customerId, detail: { to } } as const;
    await appendAudit(tx, scope, entry, now, on.random);
    return succeed({ now: to });
  });
}
