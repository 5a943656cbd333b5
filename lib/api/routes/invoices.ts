import { z } from '@hono/zod-openapi';
import { answerMade, documentQuery, leadToPdf, readWish, rollQuery } from '@/lib/api/documents.ts';
import {
  amount,
  currency,
  idText,
  instant,
  longText,
  metadata,
  nothing,
  oneOf,
  shown,
  whole,
} from '@/lib/api/fields.ts';
import type { ListPage } from '@/lib/api/list.ts';
import { filterText, pageMeta, pageQuery, readPageWish, timeText, toListPage } from '@/lib/api/list.ts';
import { mailAnswer, mailOrder, wireMailed } from '@/lib/api/mail.ts';
import type { AdmittedRequest, AnyRoute, WriteRequest } from '@/lib/api/route.ts';
import { makeRoute } from '@/lib/api/route.ts';
import { stopPayments } from '@/lib/api/stop-payments.ts';
import { findMerchantReceipt } from '@/lib/data/receipts.ts';
import type { MerchantInvoice } from '@/lib/data/workspace-invoices.ts';
import { findMerchantInvoice, listMerchantInvoices } from '@/lib/data/workspace-invoices.ts';
import type { CustomerId, SubscriptionId } from '@/lib/domain/ids.ts';
import { readId } from '@/lib/domain/ids.ts';
import { invoiceStatus } from '@/lib/domain/invoice.ts';
import { moveInvoice } from '@/lib/domain/invoice-moves.ts';
import type { Receipt } from '@/lib/domain/receipt.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import { wireInvoice } from '@/lib/domain/wire-invoice.ts';
import { wireReceipt } from '@/lib/domain/wire-receipt.ts';
import { createInvoice } from '@/lib/operations/create-invoice.ts';
import { finalizeInvoice } from '@/lib/operations/finalize-invoice.ts';
import type { MailedInvoice } from '@/lib/operations/mail-invoice.ts';
import { mailInvoice } from '@/lib/operations/mail-invoice.ts';
import type { DocumentWish, MadeDocument } from '@/lib/operations/make-document.ts';
import { makeInvoiceDocument } from '@/lib/operations/make-document.ts';
import { payInvoiceElsewhere } from '@/lib/operations/pay-invoice-elsewhere.ts';
import { voidInvoice } from '@/lib/operations/void-invoice.ts';
import { receipt } from './receipts.ts';

const statuses = ['draft', 'open', 'past_due', 'paid', 'void', 'uncollectible'] as const;

const newLine = z
  .strictObject({
    description: longText(1_000),
    quantity: whole.min(1, 'must be at least 1').max(1_000_000, 'must not be more than 1000000').optional(),
    unitAmount: amount.optional(),
    amount: amount.optional().openapi({ description: 'Another name of unitAmount', deprecated: true }),
  })
  .transform(({ description, quantity = 1, unitAmount, amount: other }, context) => {
    const unit = unitAmount ?? other;
    if (unit !== undefined) return { description, quantity, unitAmount: unit };
    context.addIssue({ code: 'custom', message: 'is missing', path: ['unitAmount'] });
    return z.NEVER;
  });

const newInvoice = z
  .strictObject({
    customerId: idText,
    currency,
    lines: z
      .array(newLine, { error: 'must be a list of lines' })
      .min(1, 'must hold a line')
      .max(250, 'must not hold more than 250 lines'),
    discount: amount.optional(),
    tax: amount.optional(),
    dueAt: instant.nullable().optional().openapi({ description: 'Absent: due when it is issued' }),
    status: oneOf('draft', 'open').optional(),
    memo: longText(2_000).nullable().optional().openapi({ description: 'Printed on the invoice' }),
    subscriptionId: idText.nullable().optional(),
    templateId: idText.nullable().optional(),
    metadata: metadata.nullable().optional(),
  })
  .openapi('NewInvoice');

const invoice = z
  .object({
    id: z.string(),
    arn: z.string(),
    accountId: z.string(),
    customerId: z.string(),
    subscriptionId: shown.textOrNull,
    status: z.enum(statuses),
    number: z.string(),
    currency: shown.currency,
    subtotal: z.int(),
    discount: z.int(),
    tax: z.int(),
    total: z.int(),
    amountPaid: z.int(),
    amountDue: z.int(),
    dueAt: shown.timeOrNull,
    issuedAt: shown.timeOrNull,
    paidAt: shown.timeOrNull,
    voidedAt: shown.timeOrNull,
    hostedInvoiceUrl: z.null(),
    chargeId: shown.textOrNull,
    collectionAttempts: z.int(),
    lines: z.array(
      z.object({
        id: z.string(),
        description: z.string(),
        quantity: z.int(),
        unitAmount: z.int(),
        amount: z.int(),
        priceId: shown.textOrNull,
        metadata: shown.metadata,
      }),
    ),
    metadata: shown.metadata,
    createdAt: shown.time,
    updatedAt: shown.time,
  })
  .openapi('Invoice');

const invoiceQuery = pageQuery.extend({
  status: oneOf(...statuses).optional(),
  customerId: filterText.optional(),
  subscriptionId: filterText.optional(),
  createdAfter: timeText.optional(),
  createdBefore: timeText.optional(),
  since: timeText.optional(),
  until: timeText.optional(),
});

const toWire = ({ invoice: row, lines, billing }: MerchantInvoice) => wireInvoice(row, lines, billing);

const base = { strictIdempotency: false, tag: 'Invoices', answer: invoice, toWire } as const;
const write = { ...base, method: 'POST', scope: 'plugipay:invoice:write', successStatus: 200, input: nothing } as const;

const unknown = fail('not_found', 'There is no such invoice.');

/** Makes a move once what a buyer has open at the provider is closed, where the invoice can make the move at all. */
async function moveOnceStopped(
  kind: 'pay' | 'void',
  move: typeof payInvoiceElsewhere,
  { call, scope, by, params, answering }: AdmittedRequest<unknown, MerchantInvoice>,
): Promise<Result<MerchantInvoice>> {
  const id = readId<'invoice'>(params.id);
  if (id === null) return unknown;
  const seen = await findMerchantInvoice(call.runtime.read, scope, id, call.now);
  if (seen !== null && moveInvoice(invoiceStatus(seen.invoice, seen.billing), kind).ok) {
    await stopPayments(call.runtime, scope, id);
  }
  return move(call.runtime, scope, by, id, answering);
}

async function mailOne(
  { on, scope, by, params, input }: WriteRequest<z.infer<typeof mailOrder>>,
  tells: boolean,
): Promise<Result<MailedInvoice>> {
  const id = readId<'invoice'>(params.id);
  return id === null ? unknown : mailInvoice(on, scope, by, id, { to: input.to ?? null, tells });
}

async function findOne({ call, scope, params }: AdmittedRequest<unknown, MerchantInvoice>) {
  const id = readId<'invoice'>(params.id);
  const found = id === null ? null : await findMerchantInvoice(call.runtime.read, scope, id, call.now);
  return found === null ? unknown : succeed(found);
}

const readOne = { ...base, method: 'GET', scope: 'plugipay:invoice:read', successStatus: 200 } as const;

function documentRoute(form: DocumentWish['form'], summary: string) {
  return makeRoute<z.infer<typeof rollQuery>, MadeDocument>({
    ...readOne,
    path: `/invoices/{id}/invoice.${form}`,
    summary,
    input: form === 'escpos' ? rollQuery : documentQuery,
    answer: null,
    async run(request) {
      const id = readId<'invoice'>(request.params.id);
      if (id === null) return unknown;
      return makeInvoiceDocument(request.call.runtime, request.scope, id, readWish(form, request));
    },
    toWire: () => null,
    toResponse: (made, call) => answerMade(call, made),
  });
}

/** The routes of `/invoices`. */
export const invoiceRoutes: readonly AnyRoute[] = [
  makeRoute<z.infer<typeof newInvoice>, MerchantInvoice>({
    ...base,
    method: 'POST',
    path: '/invoices',
    scope: 'plugipay:invoice:create',
    successStatus: 201,
    strictIdempotency: true,
    summary: 'Write an invoice, as a draft or issued',
    input: newInvoice,
    write({ on, scope, by, input }) {
      const { customerId, subscriptionId, ...rest } = input;
      const order = {
        ...rest,
        status: rest.status ?? 'draft',
        discount: rest.discount ?? 0,
        tax: rest.tax ?? 0,
        dueAt: rest.dueAt ?? null,
        memo: rest.memo ?? null,
        templateId: rest.templateId ?? null,
        metadata: rest.metadata ?? null,
        subscriptionId: (subscriptionId ?? null) as SubscriptionId | null,
      } as const;
      const whose = { ...scope, customerId: customerId as CustomerId };
      return createInvoice(on, whose, by, order);
    },
  }),
  makeRoute<z.infer<typeof invoiceQuery>, ListPage<MerchantInvoice>>({
    ...base,
    method: 'GET',
    path: '/invoices',
    scope: 'plugipay:invoice:read',
    successStatus: 200,
    summary: 'List invoices, newest first',
    input: invoiceQuery,
    async run({ call, scope, input }) {
      const wish = readPageWish(input);
      if (!wish.ok) return wish;
      const { status, customerId, subscriptionId } = input;
      const { createdAfter = input.since, createdBefore = input.until } = input;
      const filter = { status, customerId, subscriptionId, createdAfter, createdBefore };
      const page = await listMerchantInvoices(call.runtime.read, scope, filter, wish.value, call.now);
      return succeed(toListPage(input, wish.value, page, ({ invoice: row }) => ({ at: row.createdAt, id: row.id })));
    },
    // The charge is named by the invoice alone, not by the list.
    toWire: ({ rows }) => rows.map((row) => ({ ...toWire(row), chargeId: null })),
    toMeta: pageMeta,
  }),
  makeRoute<unknown, MerchantInvoice>({
    ...base,
    method: 'GET',
    path: '/invoices/{id}',
    scope: 'plugipay:invoice:read',
    successStatus: 200,
    summary: 'Read an invoice',
    input: nothing,
    run: findOne,
  }),
  makeRoute<unknown, MerchantInvoice>({
    ...write,
    path: '/invoices/{id}/finalize',
    summary: 'Issue a draft: it gets its number, and the buyer sees it',
    async write({ on, scope, by, params }) {
      const id = readId<'invoice'>(params.id);
      return id === null ? unknown : finalizeInvoice(on, scope, by, id);
    },
  }),
  makeRoute<unknown, MerchantInvoice>({
    ...write,
    path: '/invoices/{id}/pay',
    summary: 'Mark an invoice paid whose money was taken elsewhere; charges nobody',
    run: (request) => moveOnceStopped('pay', payInvoiceElsewhere, request),
  }),
  makeRoute<unknown, MerchantInvoice>({
    ...write,
    path: '/invoices/{id}/void',
    summary: 'Take an invoice back; its number stays used',
    run: (request) => moveOnceStopped('void', voidInvoice, request),
  }),
  makeRoute<z.infer<typeof mailOrder>, MailedInvoice>({
    ...write,
    path: '/invoices/{id}/send',
    summary: 'Mail an invoice with its PDF, and tell so by an event',
    input: mailOrder,
    write: (request) => mailOne(request, true),
    toWire: ({ invoice: mailed }) => toWire(mailed),
  }),
  makeRoute<z.infer<typeof mailOrder>, MailedInvoice>({
    ...write,
    path: '/invoices/{id}/send-email',
    summary: 'Mail an invoice with its PDF',
    input: mailOrder,
    answer: mailAnswer,
    write: (request) => mailOne(request, false),
    toWire: wireMailed,
  }),
  makeRoute<unknown, MerchantInvoice>({
    ...readOne,
    path: '/invoices/{id}/pdf',
    successStatus: 302,
    summary: 'Leads to the PDF at an address that needs no key, for a few minutes',
    input: nothing,
    answer: null,
    run: findOne,
    toWire: () => null,
    toResponse: ({ invoice: row }, call) => leadToPdf(call, row, row.id),
  }),
  documentRoute('pdf', 'An invoice as a PDF'),
  documentRoute('html', 'An invoice as a page'),
  documentRoute('escpos', 'An invoice for a receipt printer'),
  makeRoute<unknown, Receipt>({
    ...readOne,
    path: '/invoices/{id}/receipt',
    summary: 'Read the receipt of a paid invoice',
    input: nothing,
    answer: receipt,
    async run({ call, scope, params }) {
      const invoiceId = readId<'invoice'>(params.id);
      const found = invoiceId === null ? null : await findMerchantReceipt(call.runtime.read, scope, { invoiceId });
      return found === null ? fail('not_found', 'There is no receipt of such an invoice.') : succeed(found);
    },
    toWire: wireReceipt,
  }),
];
