import { raiseEpoch as raise } from '@/lib/data/raise-epoch.ts';
import type { Result } from '@/lib/domain/result.ts';
import { succeed } from '@/lib/domain/result.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Ends every portal link and every browser session of before, as after a restored backup they must never live again.
 * A running instance knows the epoch it started with: start all of them anew afterwards.
 */
export async function raiseEpoch(on: Runtime): Promise<Result<{ epoch: number }, never>> {
  const now = on.now();
  return on.write(async (tx) => succeed({ epoch: await raise(tx, on.epoch, 'epoch.raised', now, on.random) }));
}
