import { type DuePlace, dueKinds, listDueCustomers } from '@/lib/data/due-customers.ts';
import { type Instant, secondMs } from '@/lib/domain/time.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import { errorFields } from '@/lib/log.ts';
import { billCustomer } from '@/lib/operations/bill-customer.ts';
import { carryOutPayment } from '@/lib/operations/carry-out-payment.ts';
import type { Runtime } from '@/lib/runtime.ts';
import type { Job } from './job.ts';

/** How long one run takes at most, begun customers aside. */
const runMs = 20 * secondMs;
const pageSize = 200;

/** Customers that are billed at the same time: a provider's answer takes longer than our own writes. */
const atOnce = 4;

/**
 * The billing clock: moves subscriptions whose period is over into the next one, ends trials and pauses, writes invoices
 * and charges them, and tries again what failed. Several instances may run it at once; each customer is held for each
 * step. A customer whose billing fails stops no other.
 */
export const billingClock: Job = {
  name: 'billing-clock',
  everyMs: 5 * secondMs,
  async run(on) {
    const until = on.now() + runMs;
    let steps = 0;
    for (const kind of dueKinds) {
      for (let after: DuePlace | null = null; on.now() < until; ) {
        const page = await listDueCustomers(on.read, kind, on.now(), after, pageSize);
        steps += await billAll(on, distinct(page.map(({ scope }) => scope)), until);
        after = page.at(-1)?.place ?? null;
        if (page.length < pageSize || after === null) break;
      }
    }
    return steps;
  },
};

async function billAll(on: Runtime, customers: readonly CustomerScope[], until: Instant): Promise<number> {
  const waiting = customers.filter(({ mode }) => on.config.modes.has(mode));
  let steps = 0;
  const work = async (): Promise<void> => {
    for (let scope = waiting.shift(); scope !== undefined && on.now() < until; scope = waiting.shift()) {
      try {
        steps += await billCustomer(on, scope, { sendCharge: carryOutPayment });
      } catch (thrown) {
        on.log('error', 'billing.failed', { customerId: scope.customerId, ...errorFields(thrown) });
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return steps;
}

function distinct(customers: readonly CustomerScope[]): CustomerScope[] {
  return [...new Map(customers.map((one) => [one.customerId, one])).values()];
}
