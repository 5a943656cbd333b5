import type { MerchantRefund } from './refund.ts';
import { isoText } from './time.ts';
import { wireArn } from './wire.ts';

/** A refund as it stands on the wire. */
export function wireRefund(refund: MerchantRefund): Readonly<Record<string, unknown>> {
  const { id, chargeId, invoiceId, amount, currency, reason, status, failureCode, failureMessage, metadata } = refund;
  return {
    id,
    arn: wireArn(refund, 'refund', id),
    accountId: refund.workspaceId,
    chargeId,
    invoiceId,
    amount,
    currency,
    reason,
    status,
    failureCode,
    failureMessage,
    metadata,
    createdAt: isoText(refund.createdAt),
    updatedAt: isoText(refund.updatedAt),
  };
}
