import type { IdempotencyClaim } from '@/lib/data/idempotent-answers.ts';
import { releaseClaim } from '@/lib/data/idempotent-answers.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** Gives the claim of a request back that ended without an answer to keep, so that its retry need not wait for the lease. */
export async function releaseMerchantRequest(runtime: Runtime, claim: IdempotencyClaim): Promise<void> {
  await runtime.write((tx) => releaseClaim(tx, claim));
}
