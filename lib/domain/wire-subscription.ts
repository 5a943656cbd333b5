import type { Subscription } from './subscription.ts';
import { type Instant, isoText } from './time.ts';

/** A subscription as it stands on the wire. */
export function wireSubscription(subscription: Subscription): Readonly<Record<string, unknown>> {
  const { workspaceId, mode, id } = subscription;
  return {
    id,
    arn: `arn:plugipay:${mode}:${workspaceId}:subscription/${id}`,
    accountId: workspaceId,
    customerId: subscription.customerId,
    planId: subscription.planId,
    priceId: subscription.priceId,
    status: subscription.status,
    currentPeriodStart: isoText(subscription.currentPeriodStart),
    currentPeriodEnd: isoText(subscription.currentPeriodEnd),
    trialEnd: textOf(subscription.trialEnd),
    cancelAt: textOf(subscription.cancelAt),
    canceledAt: textOf(subscription.canceledAt),
    canceledReason: subscription.canceledReason,
    pausedAt: textOf(subscription.pausedAt),
    defaultPaymentTokenId: subscription.defaultPaymentMethodId,
    discountCouponId: subscription.discountCouponId,
    collectionMethod: subscription.collectionMethod,
    metadata: subscription.metadata,
    createdAt: isoText(subscription.createdAt),
    updatedAt: isoText(subscription.updatedAt),
  };
}

function textOf(instant: Instant | null): string | null {
  return instant === null ? null : isoText(instant);
}
