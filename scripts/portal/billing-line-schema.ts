import { z } from '@hono/zod-openapi';
import {
  amount,
  currency,
  emailText,
  flag,
  idText as id,
  instant,
  longText,
  metadata as metadataObject,
  oneOf,
  signedAmount,
  text,
  whole,
} from '@/lib/api/fields.ts';
import { issueWords } from '@/lib/api/issue-words.ts';
import type { BillingRecord, RecordProblem } from '@/lib/domain/billing-record.ts';
import { defaultPortalFeatures } from '@/lib/domain/plan.ts';

/**
 * Reads one parsed line of an import file as a billing record. Fields are those of the wire; `arn`, `hostedInvoiceUrl`
 * and `pdfUrl` are read over, `accountId` must be the workspace's own, and an unknown field is a problem.
 */
export function readBillingRecord(
  value: unknown,
  workspaceId: string,
): { ok: true; record: BillingRecord } | { ok: false; problems: RecordProblem[] } {
  const noun = typeof value === 'object' && value !== null && 'object' in value ? value.object : undefined;
  const schema =
    typeof noun === 'string' && Object.hasOwn(schemas, noun) ? schemas[noun as keyof typeof schemas] : null;
  if (schema === null) {
    return { ok: false, problems: [{ field: 'object', reason: `must be one of ${Object.keys(schemas).join(', ')}` }] };
  }
  const read = schema.safeParse(value, { error: issueWords });
  if (!read.success) return { ok: false, problems: read.error.issues.flatMap(toProblems) };
  const { accountId, arn: _arn, ...record } = read.data;
  if (accountId !== undefined && accountId !== workspaceId) {
    return { ok: false, problems: [{ field: 'accountId', reason: `must be ${workspaceId}, or be left out` }] };
  }
  return { ok: true, record };
}

function toProblems(issue: z.core.$ZodIssue): RecordProblem[] {
  const place = issue.path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  );
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: place === '' ? key : `${place}.${key}`, reason: 'is not a known field' }));
  }
  return [{ field: place, reason: issue.message }];
}

const optionalId = orNull(id);
const optionalInstant = orNull(instant);
const metadata = orNull(metadataObject);

function orNull<S extends z.ZodType>(schema: S) {
  return schema.nullish().transform((value) => value ?? null);
}

const methodType = oneOf('card', 'ewallet', 'paypal', 'va', 'qris', 'retail', 'manual');
const last4 = orNull(z.string({ error: 'must be 4 digits' }).regex(/^\d{4}$/, 'must be 4 digits'));
const adapter = text(40).regex(/^[a-z][a-z0-9_]*$/, 'must be the name of an adapter, such as xendit');

/** What every object on the wire may carry besides its own fields. */
const common = { id, accountId: z.string().optional(), arn: z.string().optional() };
const stamps = { createdAt: instant, updatedAt: instant.optional() };

/** An absent `updatedAt` is `createdAt`. */
function withStamps<T extends { createdAt: number; updatedAt?: number | undefined }>(value: T) {
  return { ...value, updatedAt: value.updatedAt ?? value.createdAt };
}

const tier = z.strictObject({
  upTo: z.union([whole.min(1, 'must be at least 1'), z.literal('inf')], { error: 'must be a number or "inf"' }),
  unitAmount: amount,
  flatAmount: amount.default(0),
});

const price = z.strictObject({
  ...common,
  object: z.literal('price').default('price'),
  planId: id,
  currency,
  model: oneOf('flat', 'tiered', 'volume', 'usage').default('flat'),
  unitAmount: orNull(amount),
  tiers: orNull(z.array(tier, { error: 'must be a list' })),
  taxMode: oneOf('exclusive', 'inclusive').default('exclusive'),
  active: flag.default(true),
  createdAt: instant,
});

const line = z.strictObject({
  id,
  description: longText(500),
  quantity: whole.min(0, 'must not be negative').max(1_000_000_000, 'must not be more than 1000000000').default(1),
  unitAmount: signedAmount,
  amount: signedAmount,
  priceId: optionalId,
  metadata,
});

const methodName = z.strictObject({
  type: methodType,
  brand: orNull(text(40)),
  last4,
  label: orNull(text(64)),
});

const attempt = z.strictObject({
  id,
  paymentTokenId: optionalId,
  method: orNull(methodName),
  adapter: orNull(adapter),
  amount,
  status: oneOf('succeeded', 'refused', 'needs_confirmation', 'pending', 'expired'),
  reason: orNull(
    oneOf(
      'not_enough_money',
      'expired',
      'needs_confirmation',
      'over_limit',
      'wrong_details',
      'not_allowed',
      'blocked',
      'unsaid',
      'provider_problem',
    ),
  ),
  providerReference: orNull(text(255)),
  payBefore: optionalInstant,
  createdAt: instant,
  finishedAt: optionalInstant,
});

const billedTo = z.strictObject({
  name: orNull(text(255)),
  legalName: orNull(text(255)),
  email: orNull(emailText),
  address: orNull(longText(1_000)),
  taxId: orNull(text(64)),
});

const schemas = {
  customer: z
    .strictObject({
      ...common,
      ...stamps,
      object: z.literal('customer'),
      externalId: orNull(text(255)),
      email: orNull(emailText),
      name: orNull(text(255)),
      phone: orNull(text(64)),
      taxId: orNull(text(64)),
      legalName: orNull(text(255)),
      address: orNull(longText(1_000)),
      defaultPaymentTokenId: optionalId,
      metadata,
    })
    .transform(withStamps),
  plan: z
    .strictObject({
      ...common,
      ...stamps,
      object: z.literal('plan'),
      name: text(255),
      description: orNull(longText(1_024)),
      interval: oneOf('day', 'week', 'month', 'year'),
      intervalCount: whole.min(1, 'must be at least 1').max(366, 'must not be more than 366').default(1),
      trialDays: whole.min(0, 'must not be negative').max(3_650, 'must not be more than 3650').default(0),
      prices: z
        .array(
          price.transform(({ accountId: _accountId, arn: _arn, ...rest }) => rest),
          { error: 'must be a list' },
        )
        .max(100, 'must not hold more than 100')
        .default([]),
      usageAggregate: orNull(oneOf('sum', 'max', 'last')),
      meteredUnit: orNull(text(64)),
      portalFeatures: z
        .strictObject({
          selfServeCancel: flag.default(defaultPortalFeatures.selfServeCancel),
          selfServePause: flag.default(defaultPortalFeatures.selfServePause),
          selfServeUpgrade: flag.default(defaultPortalFeatures.selfServeUpgrade),
          selfServeDowngrade: flag.default(defaultPortalFeatures.selfServeDowngrade),
          updatePaymentMethod: flag.default(defaultPortalFeatures.updatePaymentMethod),
        })
        .default(defaultPortalFeatures),
      dunningPolicyId: optionalId,
      active: flag.default(true),
      archivedAt: optionalInstant,
      metadata,
    })
    .transform(withStamps),
  price,
  subscription: z
    .strictObject({
      ...common,
      ...stamps,
      object: z.literal('subscription'),
      customerId: id,
      planId: id,
      priceId: optionalId,
      status: oneOf('trialing', 'active', 'past_due', 'canceled', 'paused', 'incomplete'),
      quantity: whole.min(1, 'must be at least 1').max(1_000_000, 'must not be more than 1000000').default(1),
      startedAt: instant.optional(),
      currentPeriodStart: instant,
      currentPeriodEnd: instant,
      trialEnd: optionalInstant,
      cancelAt: optionalInstant,
      canceledAt: optionalInstant,
      canceledReason: orNull(oneOf('customer_portal', 'merchant', 'failed_payment', 'user_request')),
      endedAt: optionalInstant,
      pausedAt: optionalInstant,
      resumeAt: optionalInstant,
      defaultPaymentTokenId: optionalId,
      discountCouponId: optionalId,
      discount: orNull(z.strictObject({ label: text(120), amount, until: optionalInstant })),
      collectionMethod: oneOf('charge_automatically', 'send_invoice').default('charge_automatically'),
      metadata,
    })
    .transform((value) => ({
      ...withStamps(value),
      startedAt: value.startedAt ?? value.createdAt,
      // On the wire an ended subscription says so by canceledAt.
      endedAt: value.endedAt ?? (value.status === 'canceled' ? value.canceledAt : null),
    })),
  invoice: z
    .strictObject({
      ...common,
      ...stamps,
      object: z.literal('invoice'),
      customerId: id,
      subscriptionId: optionalId,
      status: oneOf('draft', 'open', 'past_due', 'paid', 'void', 'uncollectible'),
      number: text(64),
      currency,
      subtotal: amount,
      discount: amount.default(0),
      tax: amount.default(0),
      total: amount,
      amountPaid: amount.default(0),
      amountDue: orNull(amount),
      dueAt: optionalInstant,
      issuedAt: optionalInstant,
      paidAt: optionalInstant,
      voidedAt: optionalInstant,
      hostedInvoiceUrl: z.string().nullish(),
      chargeId: orNull(text(255)),
      collectionAttempts: orNull(whole.min(0, 'must not be negative').max(10_000, 'must not be more than 10000')),
      nextAttemptAt: optionalInstant,
      periodStart: optionalInstant,
      periodEnd: optionalInstant,
      billedTo: orNull(billedTo),
      lines: z
        .array(line, { error: 'must be a list' })
        .min(1, 'must hold at least one line')
        .max(1_000, 'must not hold more than 1000'),
      attempts: z.array(attempt, { error: 'must be a list' }).max(100, 'must not hold more than 100').default([]),
      metadata,
    })
    .transform(({ hostedInvoiceUrl: _address, ...rest }) => withStamps(rest)),
  payment_method: z
    .strictObject({
      ...common,
      ...stamps,
      object: z.literal('payment_method'),
      customerId: id,
      type: oneOf('card', 'ewallet', 'paypal'),
      adapter,
      providerToken: text(512),
      fingerprint: orNull(text(255)),
      brand: orNull(text(40)),
      last4,
      expMonth: orNull(whole.min(1, 'must lie between 1 and 12').max(12, 'must lie between 1 and 12')),
      expYear: orNull(whole.min(2000, 'must lie between 2000 and 2100').max(2100, 'must lie between 2000 and 2100')),
      label: orNull(text(64)),
      status: oneOf('active', 'expired', 'detached').default('active'),
      isDefault: flag.default(false),
      metadata,
      detachedAt: optionalInstant,
    })
    .transform(withStamps),
  receipt: z
    .strictObject({
      ...common,
      object: z.literal('receipt'),
      number: text(64),
      sourceType: z.literal('invoice', { error: 'must be "invoice"' }),
      sourceId: id,
      customerId: optionalId,
      amount,
      currency,
      method: orNull(methodType),
      adapter: orNull(adapter),
      issuedAt: instant,
      emailedAt: optionalInstant,
      emailedTo: orNull(emailText),
      providerReference: orNull(text(255)),
      stampDutyNumber: orNull(text(64)),
      pdfUrl: z.string().nullish(),
    })
    .transform(({ pdfUrl: _address, ...rest }) => rest),
  refund: z
    .strictObject({
      ...common,
      ...stamps,
      object: z.literal('refund'),
      chargeId: text(255),
      invoiceId: id,
      amount,
      currency,
      reason: oneOf('requested_by_customer', 'duplicate', 'fraudulent', 'other').default('other'),
      status: oneOf('pending', 'succeeded', 'failed'),
      failureCode: orNull(text(64)),
      failureMessage: orNull(longText(500)),
      metadata,
    })
    .transform(withStamps),
};
