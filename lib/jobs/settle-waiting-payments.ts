import { listWaitingVisits } from '@/lib/data/provider-visits.ts';
import type { ProviderVisit } from '@/lib/domain/provider-visit.ts';
import { secondMs } from '@/lib/domain/time.ts';
import { carryOutPayment } from '@/lib/operations/carry-out-payment.ts';
import { settleProviderVisit } from '@/lib/operations/settle-provider-visit.ts';
import type { Runtime } from '@/lib/runtime.ts';
import type { Job } from './job.ts';

const batch = 100;

/** Whoever began something is given this long before the job asks as well. */
const quietMs = 10 * secondMs;

/**
 * Asks providers for everything whose end is still to come, so that a lost notification or a crash heals by itself; what
 * is older than its time is closed or given up first, so that it cannot be paid any more.
 */
export const settleWaitingPayments: Job = {
  name: 'settle-waiting-payments',
  everyMs: 15 * secondMs,
  async run(on) {
    const now = on.now();
    let count = 0;
    for (const visit of await listWaitingVisits(on.read, now - quietMs, batch)) {
      if (await settleOne(on, visit, visit.expiresAt <= now)) count += 1;
    }
    return count;
  },
};

async function settleOne(on: Runtime, visit: ProviderVisit, isOver: boolean): Promise<boolean> {
  if (visit.purpose === 'confirm_payment') {
    const attempt = await carryOutPayment(on, visit, visit.id, { how: isOver ? 'cancel' : 'ask' });
    return attempt !== null && attempt.finishedAt !== null;
  }
  // A transfer has a time of its own: the provider says when it ran out.
  const how = isOver && visit.status === 'open' ? 'close' : 'ask';
  const settled = await settleProviderVisit(on, visit, { how });
  if (settled.paymentToSend !== null) await carryOutPayment(on, visit, settled.paymentToSend, { how: 'send' });
  return settled.visit.finishedAt !== null;
}
