import type { Answering } from '@/lib/data/idempotent-answers.ts';
import { replaceAnswer } from '@/lib/data/idempotent-answers.ts';
import { findSubscriptionOf } from '@/lib/data/subscriptions.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { Subscription } from '@/lib/domain/subscription.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Answers a request with a subscription as it is now that its billing was done, and keeps that for retries in place of
 * how it was when it was written.
 */
export async function answerWithSubscription(
  on: Runtime,
  written: Subscription,
  answering: Answering<Subscription> | null,
): Promise<Result<Subscription>> {
  return on.write(async (tx) => {
    const planned = await findSubscriptionOf(tx, written, written.id);
    const result: Result<Subscription> =
      planned === null ? fail('not_found', 'There is no such subscription.') : succeed(planned.subscription);
    await replaceAnswer(tx, answering, result);
    return result;
  });
}
