import { z } from '@hono/zod-openapi';
import { idText, whole } from '@/lib/api/fields.ts';
import type { AnyRoute } from '@/lib/api/route.ts';
import { makeRoute } from '@/lib/api/route.ts';
import { findCustomer } from '@/lib/data/customers.ts';
import { findSubscriptionOf } from '@/lib/data/subscriptions.ts';
import { causeOfMerchant } from '@/lib/data/tell-of-change.ts';
import { billingNow } from '@/lib/domain/customer.ts';
import type { SubscriptionId } from '@/lib/domain/ids.ts';
import { fail } from '@/lib/domain/result.ts';
import type { Subscription } from '@/lib/domain/subscription.ts';
import { isEnded } from '@/lib/domain/subscription-standing.ts';
import { dayMs } from '@/lib/domain/time.ts';
import { wireSubscription } from '@/lib/domain/wire-subscription.ts';
import { advanceTestClock } from '@/lib/operations/advance-test-clock.ts';
import { answerWithSubscription } from '@/lib/operations/answer-with-subscription.ts';
import { billCustomer } from '@/lib/operations/bill-customer.ts';
import { carryOutPayment } from '@/lib/operations/carry-out-payment.ts';
import { subscription } from './subscriptions.ts';

const advance = z
  .strictObject({
    subscriptionId: idText,
    days: whole.min(1, 'must be 1 to 366').max(366, 'must be 1 to 366'),
  })
  .openapi('ClockAdvance');

const missing = fail('not_found', 'There is no such subscription.', { field: 'subscriptionId' });

/** The test clock: `POST /test/clocks/advance`. */
export const testClockRoutes: readonly AnyRoute[] = [
  makeRoute<z.infer<typeof advance>, Subscription>({
    method: 'POST',
    path: '/test/clocks/advance',
    scope: 'plugipay:test:write',
    successStatus: 200,
    strictIdempotency: false,
    testOnly: true,
    tag: 'Test clocks',
    summary: 'Let days pass for a subscription; the clock is its customer’s, for all they have',
    input: advance,
    answer: subscription,
    toWire: wireSubscription,
    async run({ call, scope, by, input, answering }) {
      const { runtime } = call;
      const planned = await findSubscriptionOf(runtime.read, scope, input.subscriptionId as SubscriptionId);
      if (planned === null) return missing;
      const { subscription: seen } = planned;
      const customer = await findCustomer(runtime.read, { ...scope, customerId: seen.customerId });
      if (customer === null) return missing;
      const now = billingNow(customer, runtime.now());
      if (isEnded(seen, now)) return fail('conflict', 'It has ended, and that is final.');
      const cause = { ...causeOfMerchant(by), source: 'test_clock', extras: { daysAdvanced: input.days } } as const;
      const moved = await advanceTestClock(runtime, scope, {
        customerId: customer.id,
        to: now + input.days * dayMs,
        cause,
        bill: () => billCustomer(runtime, customer, { sendCharge: carryOutPayment, cause }),
      });
      return moved.ok ? answerWithSubscription(runtime, seen, answering) : moved;
    },
  }),
];
