import { minuteMs } from '@/lib/domain/time.ts';
import { detachLeavingMethods as detach } from '@/lib/operations/detach-leaving-methods.ts';
import { forgetDetachedMethods } from '@/lib/operations/forget-detached-methods.ts';
import type { Job } from './job.ts';

/** Removes methods that were to go by themselves, and lets providers forget what was removed. */
export const detachLeavingMethods: Job = {
  name: 'detach-leaving-methods',
  everyMs: minuteMs,
  run: async (on) => (await detach(on)) + (await forgetDetachedMethods(on)),
};
