import { listWaitingRefunds } from '@/lib/data/merchant-refunds.ts';
import { secondMs } from '@/lib/domain/time.ts';
import { errorFields } from '@/lib/log.ts';
import { carryOutRefund } from '@/lib/operations/carry-out-refund.ts';
import type { Job } from './job.ts';

const batch = 100;

/** Whoever began a refund is given this long before the job asks as well. */
const quietMs = 10 * secondMs;

/** Asks providers for every refund whose end is still to come, and sends what never arrived. */
export const settleWaitingRefunds: Job = {
  name: 'settle-waiting-refunds',
  everyMs: 15 * secondMs,
  async run(on) {
    let count = 0;
    for (const refund of await listWaitingRefunds(on.read, on.now() - quietMs, batch)) {
      const cause = { actor: `provider:${refund.adapter ?? 'none'}`, source: 'job', extras: {} } as const;
      try {
        const { ok } = await carryOutRefund(on, refund, refund.id, { how: 'ask', cause });
        if (ok) count += 1;
      } catch (thrown) {
        on.log('error', 'refund.settle_failed', { reason: refund.id, ...errorFields(thrown) });
      }
    }
    return count;
  },
};
