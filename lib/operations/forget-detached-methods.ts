import { openProviderReference } from '@/lib/crypto/provider-reference.ts';
import { forgetReference, listUnforgottenMethods } from '@/lib/data/payment-methods.ts';
import type { Runtime } from '@/lib/runtime.ts';

const batch = 50;

/**
 * Lets providers forget the methods that were removed, up to 50, and then forgets their references here. A provider that
 * does not answer is asked again at the next run. Answers how many were forgotten.
 */
export async function forgetDetachedMethods(on: Runtime): Promise<number> {
  let count = 0;
  for (const { method, sealed } of await listUnforgottenMethods(on.read, batch)) {
    const provider = on.providers.byAdapter(method.adapter);
    const token = openProviderReference(on.config.rootKeys, method.id, sealed);
    if (provider === null || token === null) continue;
    const forgotten = await provider.detach(token);
    if (!forgotten.ok) continue;
    await on.write((tx) => forgetReference(tx, method, method.id));
    count += 1;
  }
  return count;
}
