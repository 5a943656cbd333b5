import type { BegunRequest, NotBegun, RequestToBegin } from '@/lib/data/merchant-requests.ts';
import { beginRequest } from '@/lib/data/merchant-requests.ts';
import type { Result } from '@/lib/domain/result.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Begins a merchant's request in a transaction of its own, before an effect that is not one transaction. What it claims
 * is held for a lease of 30 s: should the process die, the same request may be run again after it.
 */
export async function beginMerchantRequest(
  runtime: Runtime,
  request: RequestToBegin,
): Promise<Result<BegunRequest, NotBegun>> {
  const now = runtime.now();
  return runtime.write((tx) => beginRequest(tx, request, now));
}
