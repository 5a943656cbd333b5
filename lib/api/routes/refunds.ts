import { z } from '@hono/zod-openapi';
import { amount, idText, metadata, nothing, oneOf, shown, text } from '@/lib/api/fields.ts';
import type { ListPage } from '@/lib/api/list.ts';
import { filterText, pageMeta, pageQuery, readPageWish, timeText, toListPage } from '@/lib/api/list.ts';
import type { AnyRoute } from '@/lib/api/route.ts';
import { makeRoute } from '@/lib/api/route.ts';
import { findMerchantRefund, listMerchantRefunds } from '@/lib/data/merchant-refunds.ts';
import { causeOfMerchant } from '@/lib/data/tell-of-change.ts';
import type { InvoiceId } from '@/lib/domain/ids.ts';
import { readId } from '@/lib/domain/ids.ts';
import type { MerchantRefund } from '@/lib/domain/refund.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import { wireRefund } from '@/lib/domain/wire-refund.ts';
import { beginRefund } from '@/lib/operations/begin-refund.ts';
import { carryOutRefund } from '@/lib/operations/carry-out-refund.ts';

const reasons = ['requested_by_customer', 'duplicate', 'fraudulent', 'other'] as const;
const statuses = ['pending', 'succeeded', 'failed'] as const;

const newRefund = z
  .strictObject({
    sourceType: oneOf('invoice', 'checkout_session').optional(),
    sourceId: idText.optional(),
    chargeId: text(255).optional(),
    amount: amount.min(1, 'must be at least 1').optional().openapi({ description: 'Absent: all that is left' }),
    reason: oneOf(...reasons).optional(),
    metadata: metadata.nullable().optional(),
  })
  .superRefine(({ sourceType, sourceId, chargeId }, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', message, path: [field] });
    const hasSource = sourceType !== undefined || sourceId !== undefined;
    if (chargeId !== undefined && hasSource) refuse('chargeId', 'must not stand beside sourceType and sourceId');
    else if (chargeId === undefined && sourceId === undefined) refuse('sourceId', 'is missing, and chargeId too');
    else if (chargeId === undefined && sourceType === undefined) refuse('sourceType', 'is missing');
  })
  .openapi('NewRefund');

const refund = z
  .object({
    id: z.string(),
    arn: z.string(),
    accountId: z.string(),
    chargeId: z.string(),
    invoiceId: shown.textOrNull,
    amount: z.int(),
    currency: shown.currency,
    reason: z.enum(reasons),
    status: z.enum(statuses),
    failureCode: shown.textOrNull,
    failureMessage: shown.textOrNull,
    metadata: shown.metadata,
    createdAt: shown.time,
    updatedAt: shown.time,
  })
  .openapi('Refund');

const refundQuery = pageQuery.extend({
  status: oneOf(...statuses).optional(),
  chargeId: filterText.optional(),
  createdAfter: timeText.optional(),
  createdBefore: timeText.optional(),
  since: timeText.optional(),
  until: timeText.optional(),
});

const base = { strictIdempotency: false, tag: 'Refunds', answer: refund, toWire: wireRefund } as const;

/** The routes of `/refunds`. */
export const refundRoutes: readonly AnyRoute[] = [
  makeRoute<z.infer<typeof newRefund>, MerchantRefund>({
    ...base,
    method: 'POST',
    path: '/refunds',
    scope: 'plugipay:refund:create',
    successStatus: 201,
    strictIdempotency: true,
    summary: 'Give money back, all that is left or a part',
    input: newRefund,
    async run({ call, scope, by, input, answering }) {
      const { sourceType, sourceId, chargeId, amount: wished = null, reason = 'other', metadata: more = null } = input;
      // Checkout sessions are not kept here, so that none of them is known.
      if (sourceType === 'checkout_session') {
        return fail('not_found', 'There is no such checkout session.', { field: 'sourceId' });
      }
      const of = chargeId === undefined ? { invoiceId: sourceId as InvoiceId } : { chargeId };
      const order = { of, amount: wished, reason, metadata: more };
      const begun = await beginRefund(call.runtime, scope, by, order, answering);
      if (!begun.ok) return begun;
      const carrying = { how: 'send', cause: causeOfMerchant(by), answering } as const;
      return carryOutRefund(call.runtime, scope, begun.value.id, carrying);
    },
  }),
  makeRoute<z.infer<typeof refundQuery>, ListPage<MerchantRefund>>({
    ...base,
    method: 'GET',
    path: '/refunds',
    scope: 'plugipay:refund:read',
    successStatus: 200,
    summary: 'List refunds, newest first',
    input: refundQuery,
    async run({ call, scope, input }) {
      const wish = readPageWish(input);
      if (!wish.ok) return wish;
      const { status, chargeId, createdAfter = input.since, createdBefore = input.until } = input;
      const filter = { status, chargeId, createdAfter, createdBefore };
      const page = await listMerchantRefunds(call.runtime.read, scope, filter, wish.value);
      return succeed(toListPage(input, wish.value, page, ({ createdAt, id }) => ({ at: createdAt, id })));
    },
    toWire: ({ rows }) => rows.map(wireRefund),
    toMeta: pageMeta,
  }),
  makeRoute<unknown, MerchantRefund>({
    ...base,
    method: 'GET',
    path: '/refunds/{id}',
    scope: 'plugipay:refund:read',
    successStatus: 200,
    summary: 'Read a refund',
    input: nothing,
    async run({ call, scope, params }) {
      const id = readId<'refund'>(params.id);
      const found = id === null ? null : await findMerchantRefund(call.runtime.read, scope, id);
      return found === null ? fail('not_found', 'There is no such refund.') : succeed(found);
    },
  }),
];
