import { visitState } from '@/lib/crypto/provider-reference.ts';
import { fingerprint } from '@/lib/crypto/secret.ts';
import { takeBillingStep } from '@/lib/data/take-billing-step.ts';
import type { Cause } from '@/lib/data/tell-of-change.ts';
import type { ProviderVisitId } from '@/lib/domain/ids.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** Sends a charge that was noted. Operations do not call each other: whoever bills hands `carryOutPayment` in. */
export type SendCharge = (
  on: Runtime,
  scope: CustomerScope,
  visitId: ProviderVisitId,
  how: { readonly how: 'send' },
) => Promise<unknown>;

export type Billing = {
  readonly sendCharge: SendCharge;
  /** Who makes the clock go; without it the billing clock itself. */
  readonly cause?: Cause;
  /** Steps at most, so that one customer holds nobody up; what is left waits for the next time. */
  readonly mostSteps?: number;
};

/**
 * Does all that is due in a customer's billing, in the order it became due and each in a transaction of its own: ends,
 * resumes, renewals with their invoices, and charges, which are noted, sent, and settled. A crash between any two leaves
 * what is done done and what is not due still. Periods that were missed are caught up one by one. Answers how many steps
 * were taken.
 */
export async function billCustomer(on: Runtime, scope: CustomerScope, billing: Billing): Promise<number> {
  const { sendCharge, cause = clock, mostSteps = 60 } = billing;
  for (let taken = 0; taken < mostSteps; taken += 1) {
    const step = await on.write((tx) =>
      takeBillingStep(tx, scope, {
        cause,
        now: on.now(),
        random: on.random,
        chargeable: on.providers.reach(scope.mode).chargeable,
        stateHash: (visitId) => fingerprint(visitState(on.config.rootKeys, visitId)),
      }),
    );
    if (step === null) return taken;
    if (step.charge !== null) await sendCharge(on, scope, step.charge, { how: 'send' });
  }
  return mostSteps;
}

const clock: Cause = { actor: 'job:billing-clock', source: 'job', extras: {} };
