import { z } from '@hono/zod-openapi';
import { amount, idText, instant, metadata, nothing, oneOf, shown, text, whole } from '@/lib/api/fields.ts';
import type { ListPage } from '@/lib/api/list.ts';
import { filterText, pageMeta, pageQuery, readPageWish, toListPage } from '@/lib/api/list.ts';
import type { AnyRoute } from '@/lib/api/route.ts';
import { makeRoute } from '@/lib/api/route.ts';
import { findSubscriptionOf, listSubscriptionPage } from '@/lib/data/subscriptions.ts';
import type { CustomerId, PaymentMethodId, PlanId, PriceId } from '@/lib/domain/ids.ts';
import { readId } from '@/lib/domain/ids.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { Subscription } from '@/lib/domain/subscription.ts';
import { wireSubscription } from '@/lib/domain/wire-subscription.ts';
import { errorFields } from '@/lib/log.ts';
import { answerWithSubscription } from '@/lib/operations/answer-with-subscription.ts';
import { billCustomer } from '@/lib/operations/bill-customer.ts';
import { cancelSubscriptionForMerchant } from '@/lib/operations/cancel-subscription-for-merchant.ts';
import { carryOutPayment } from '@/lib/operations/carry-out-payment.ts';
import { createSubscription } from '@/lib/operations/create-subscription.ts';
import { pauseSubscription } from '@/lib/operations/pause-subscription.ts';
import { resumeSubscription } from '@/lib/operations/resume-subscription.ts';
import { updateSubscription } from '@/lib/operations/update-subscription.ts';

const statuses = ['trialing', 'active', 'past_due', 'canceled', 'paused', 'incomplete'] as const;
const reasons = ['customer_portal', 'merchant', 'failed_payment', 'user_request'] as const;
const collectionMethod = oneOf('charge_automatically', 'send_invoice');

const newSubscription = z
  .strictObject({
    customerId: idText,
    planId: idText,
    priceId: idText,
    trialDays: whole
      .min(0, 'must not be negative')
      .max(36_500, 'must not be more than 36500')
      .nullable()
      .default(null)
      .openapi({ description: 'Absent: those of the plan' }),
    paymentTokenId: idText.nullable().default(null),
    collectionMethod: collectionMethod.default('charge_automatically'),
    couponId: text(64).nullable().default(null),
    startAt: instant.nullable().default(null),
    metadata: metadata.nullable().default(null),
    initialDiscount: amount
      .nullable()
      .default(null)
      .openapi({ description: 'One-off credit on the first invoice, in minor units; what is over is dropped' }),
  })
  .openapi('NewSubscription');

const subscriptionChanges = z
  .strictObject({
    priceId: idText.openapi({ description: 'Counts from the next period on; nothing is prorated' }),
    defaultPaymentTokenId: idText.nullable(),
    metadata: metadata.nullable(),
  })
  .partial()
  .openapi('SubscriptionChanges');

const cancellation = z
  .strictObject({ at: oneOf('now', 'period_end'), reason: oneOf(...reasons).default('user_request') })
  .openapi('Cancellation');

const pause = z.strictObject({ resumeAt: instant.nullable().default(null) }).openapi('Pause');

/** A subscription as it is answered. */
export const subscription = z
  .object({
    id: z.string(),
    arn: z.string(),
    accountId: z.string(),
    customerId: z.string(),
    planId: z.string(),
    priceId: shown.textOrNull,
    status: z.enum(statuses),
    currentPeriodStart: shown.time,
    currentPeriodEnd: shown.time,
    trialEnd: shown.timeOrNull,
    cancelAt: shown.timeOrNull,
    canceledAt: shown.timeOrNull,
    canceledReason: z.enum(reasons).nullable(),
    pausedAt: shown.timeOrNull,
    defaultPaymentTokenId: shown.textOrNull,
    discountCouponId: shown.textOrNull,
    collectionMethod: z.enum(['charge_automatically', 'send_invoice']),
    metadata: shown.metadata,
    createdAt: shown.time,
    updatedAt: shown.time,
  })
  .openapi('Subscription');

const subscriptionQuery = pageQuery.extend({
  status: oneOf(...statuses).optional(),
  customerId: filterText.optional(),
  planId: filterText.optional(),
});

const base = {
  strictIdempotency: false,
  tag: 'Subscriptions',
  answer: subscription,
  successStatus: 200,
  toWire: wireSubscription,
} as const;

const missing = fail('not_found', 'There is no such subscription.');

/** The routes of `/subscriptions`. */
export const subscriptionRoutes: readonly AnyRoute[] = [
  makeRoute<z.infer<typeof newSubscription>, Subscription>({
    ...base,
    method: 'POST',
    path: '/subscriptions',
    scope: 'plugipay:subscription:create',
    successStatus: 201,
    strictIdempotency: true,
    summary: 'Create a subscription; without a trial its first invoice is written and charged at once',
    input: newSubscription,
    async run({ call, scope, by, input, answering }) {
      const { paymentTokenId, ...terms } = input;
      const order = {
        ...terms,
        customerId: input.customerId as CustomerId,
        planId: input.planId as PlanId,
        priceId: input.priceId as PriceId,
        paymentMethodId: paymentTokenId as PaymentMethodId | null,
      };
      const made = await createSubscription(call.runtime, scope, by, order, answering);
      if (!made.ok) return made;
      try {
        await billCustomer(call.runtime, made.value, { sendCharge: carryOutPayment });
      } catch (thrown) {
        // It is written; what is still to be billed, the clock does.
        call.runtime.log('error', 'billing.failed', { subscriptionId: made.value.id, ...errorFields(thrown) });
      }
      return answerWithSubscription(call.runtime, made.value, answering);
    },
  }),
  makeRoute<z.infer<typeof subscriptionQuery>, ListPage<Subscription>>({
    ...base,
    method: 'GET',
    path: '/subscriptions',
    scope: 'plugipay:subscription:read',
    summary: 'List subscriptions, newest first',
    input: subscriptionQuery,
    async run({ call, scope, input }) {
      const wish = readPageWish(input);
      if (!wish.ok) return wish;
      const { status, customerId, planId } = input;
      const page = await listSubscriptionPage(call.runtime.read, scope, { status, customerId, planId }, wish.value);
      return succeed(toListPage(input, wish.value, page, ({ createdAt, id }) => ({ at: createdAt, id })));
    },
    toWire: ({ rows }) => rows.map(wireSubscription),
    toMeta: pageMeta,
  }),
  makeRoute<unknown, Subscription>({
    ...base,
    method: 'GET',
    path: '/subscriptions/{id}',
    scope: 'plugipay:subscription:read',
    summary: 'Read a subscription',
    input: nothing,
    async run({ call, scope, params }) {
      const id = readId<'subscription'>(params.id);
      const planned = id === null ? null : await findSubscriptionOf(call.runtime.read, scope, id);
      return planned === null ? missing : succeed(planned.subscription);
    },
  }),
  makeRoute<z.infer<typeof subscriptionChanges>, Subscription>({
    ...base,
    method: 'PATCH',
    path: '/subscriptions/{id}',
    scope: 'plugipay:subscription:write',
    summary: 'Change price, method or metadata; another price counts from the next period on',
    input: subscriptionChanges,
    async write({ on, scope, by, params, input }) {
      const id = readId<'subscription'>(params.id);
      if (id === null) return missing;
      const { priceId, defaultPaymentTokenId: methodId, metadata: more } = input;
      return updateSubscription(on, scope, id, by, {
        ...(priceId === undefined ? {} : { priceId: priceId as PriceId }),
        ...(methodId === undefined ? {} : { defaultPaymentMethodId: methodId as PaymentMethodId | null }),
        ...(more === undefined ? {} : { metadata: more }),
      });
    },
  }),
  makeRoute<z.infer<typeof cancellation>, Subscription>({
    ...base,
    method: 'POST',
    path: '/subscriptions/{id}/cancel',
    scope: 'plugipay:subscription:write',
    summary: 'Cancel a subscription now, or plan its end for when the running period is over',
    input: cancellation,
    async write({ on, scope, by, params, input }) {
      const id = readId<'subscription'>(params.id);
      return id === null ? missing : cancelSubscriptionForMerchant(on, scope, id, by, input);
    },
  }),
  makeRoute<z.infer<typeof pause>, Subscription>({
    ...base,
    method: 'POST',
    path: '/subscriptions/{id}/pause',
    scope: 'plugipay:subscription:write',
    summary: 'Pause a running subscription; its period stands still',
    input: pause,
    async write({ on, scope, by, params, input }) {
      const id = readId<'subscription'>(params.id);
      return id === null ? missing : pauseSubscription(on, scope, id, by, input.resumeAt);
    },
  }),
  makeRoute<unknown, Subscription>({
    ...base,
    method: 'POST',
    path: '/subscriptions/{id}/resume',
    scope: 'plugipay:subscription:write',
    summary: 'End a pause, or take a planned end back',
    input: nothing,
    async write({ on, scope, by, params }) {
      const id = readId<'subscription'>(params.id);
      return id === null ? missing : resumeSubscription(on, scope, id, by);
    },
  }),
];
