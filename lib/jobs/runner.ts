import { endLease, takeLease } from '@/lib/data/job-leases.ts';
import { type Instant, minuteMs, secondMs } from '@/lib/domain/time.ts';
import { errorFields } from '@/lib/log.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { billingClock } from './billing-clock.ts';
import { deliverWebhooks } from './deliver-webhooks.ts';
import { detachLeavingMethods } from './detach-leaving-methods.ts';
import { endSubscriptions } from './end-subscriptions.ts';
import type { Job } from './job.ts';
import { purge } from './purge.ts';
import { sendMails } from './send-mails.ts';
import { settleWaitingPayments } from './settle-waiting-payments.ts';
import { settleWaitingRefunds } from './settle-waiting-refunds.ts';

/** Every job of the product. */
export const jobs: readonly Job[] = [
  settleWaitingPayments,
  settleWaitingRefunds,
  endSubscriptions,
  billingClock,
  detachLeavingMethods,
  deliverWebhooks,
  sendMails,
  purge,
];

/** Longest time a run may take before another instance believes that its holder died. */
const leaseMs = 2 * minuteMs;

/**
 * Runs each job that is due, one after the other, unless another instance has it. Failures are logged, never thrown. A
 * job of every instance needs no lease here: it leases what it works on.
 */
export async function runDueJobs(on: Runtime, all: readonly Job[], holder: string): Promise<void> {
  for (const job of all) {
    const startedAt = on.now();
    const isShared = job.onEveryInstance !== true;
    try {
      const until = startedAt + leaseMs;
      if (isShared && !(await on.write((tx) => takeLease(tx, job.name, holder, startedAt, until)))) continue;
      const count = await job.run(on);
      if (isShared) await on.write((tx) => endLease(tx, job.name, holder, startedAt + job.everyMs));
      if (count > 0) on.log('info', 'job.ran', { job: job.name, count, durationMs: on.now() - startedAt });
    } catch (thrown) {
      on.log('error', 'job.failed', { job: job.name, ...errorFields(thrown) });
    }
  }
}

const shared = globalThis as typeof globalThis & { billingPortalJobs?: { stop(): Promise<void> } };

/**
 * Starts the jobs of this process, once: a second call answers the first one's handle. Each job runs by itself, so that
 * one that takes long holds up no other. `stop` waits for what is under way.
 */
export function startJobs(on: Runtime, all: readonly Job[] = jobs): { stop(): Promise<void> } {
  if (shared.billingPortalJobs !== undefined) return shared.billingPortalJobs;
  const holder = Buffer.from(on.random(9)).toString('base64url');
  const lookAgainAt = new Map<string, Instant>();
  const running = new Map<string, Promise<void>>();
  const timer = setInterval(() => {
    const now = on.now();
    for (const job of all) {
      if (running.has(job.name) || (lookAgainAt.get(job.name) ?? 0) > now) continue;
      lookAgainAt.set(job.name, now + job.everyMs);
      const run = runDueJobs(on, [job], holder).finally(() => running.delete(job.name));
      running.set(job.name, run);
    }
  }, secondMs);
  timer.unref();
  shared.billingPortalJobs = {
    async stop() {
      clearInterval(timer);
      delete shared.billingPortalJobs;
      await Promise.all(running.values());
      await Promise.all(all.map((job) => job.finish?.()));
    },
  };
  return shared.billingPortalJobs;
}
