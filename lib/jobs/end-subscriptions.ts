import { minuteMs } from '@/lib/domain/time.ts';
import { endDueSubscriptions } from '@/lib/operations/end-due-subscriptions.ts';
import type { Job } from './job.ts';

/** Ends what was cancelled for a moment that has come. */
export const endSubscriptions: Job = {
  name: 'end-subscriptions',
  everyMs: minuteMs,
  run: (on) => endDueSubscriptions(on),
};
