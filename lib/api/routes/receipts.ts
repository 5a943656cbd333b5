import { z } from '@hono/zod-openapi';
import { answerMade, documentQuery, readWish, rollQuery } from '@/lib/api/documents.ts';
import { nothing, oneOf, shown } from '@/lib/api/fields.ts';
import type { ListPage } from '@/lib/api/list.ts';
import { filterText, pageMeta, pageQuery, readPageWish, timeText, toListPage } from '@/lib/api/list.ts';
import { mailAnswer, mailOrder, wireMailed } from '@/lib/api/mail.ts';
import type { AnyRoute } from '@/lib/api/route.ts';
import { makeRoute } from '@/lib/api/route.ts';
import { findMerchantReceipt, listMerchantReceipts } from '@/lib/data/receipts.ts';
import { readId } from '@/lib/domain/ids.ts';
import type { MailAddress } from '@/lib/domain/mail-address.ts';
import type { Receipt } from '@/lib/domain/receipt.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import { wireReceipt, wireReceiptRow } from '@/lib/domain/wire-receipt.ts';
import { mailReceipt } from '@/lib/operations/mail-receipt.ts';
import type { DocumentWish, MadeDocument } from '@/lib/operations/make-document.ts';
import { makeReceiptDocument } from '@/lib/operations/make-document.ts';

const row = z.object({
  id: z.string(),
  number: z.string(),
  sourceType: z.enum(['checkout_session', 'invoice']),
  sourceId: z.string(),
  customerId: shown.textOrNull,
  amount: z.int(),
  currency: shown.currency,
  method: shown.textOrNull,
  adapter: shown.textOrNull,
  issuedAt: shown.time,
  emailedAt: shown.timeOrNull,
  emailedTo: shown.textOrNull,
});

/** A receipt with the sale as it stood when it was issued. */
export const receipt = row
  .extend({
    merchant: z.object({ brandName: z.string(), address: shown.textOrNull, taxId: shown.textOrNull }),
    customer: z.object({ id: z.string(), name: shown.textOrNull, email: shown.textOrNull }),
    lineItems: z.array(z.object({ description: z.string(), quantity: z.int(), unitAmount: z.int(), amount: z.int() })),
    subtotal: z.int(),
    discount: z.int(),
    taxAmount: z.int(),
    total: z.int(),
    providerReference: shown.textOrNull,
    template: z.object({
      showTax: z.boolean(),
      taxLabel: z.string(),
      taxRate: z.number(),
      thankYouText: shown.textOrNull,
      footerText: shown.textOrNull,
    }),
    pdfUrl: z.null(),
  })
  .openapi('Receipt');

const receiptQuery = pageQuery.extend({
  sourceType: oneOf('checkout_session', 'invoice').optional(),
  customerId: filterText.optional(),
  issuedAfter: timeText.optional(),
  issuedBefore: timeText.optional(),
  since: timeText.optional(),
  until: timeText.optional(),
});

const base = {
  method: 'GET',
  scope: ['plugipay:checkout:read', 'plugipay:receipt:read'],
  successStatus: 200,
  strictIdempotency: false,
  tag: 'Receipts',
} as const;

const unknown = fail('not_found', 'There is no such receipt.');

function documentRoute(form: DocumentWish['form'], summary: string) {
  return makeRoute<z.infer<typeof rollQuery>, MadeDocument>({
    ...base,
    path: `/receipts/{id}/receipt.${form}`,
    summary,
    input: form === 'escpos' ? rollQuery : documentQuery,
    answer: null,
    async run(request) {
      const id = readId<'receipt'>(request.params.id);
      return id === null
        ? unknown
        : makeReceiptDocument(request.call.runtime, request.scope, id, readWish(form, request));
    },
    toWire: () => null,
    toResponse: (made, call) => answerMade(call, made),
  });
}

/** The routes of `/receipts`. */
export const receiptRoutes: readonly AnyRoute[] = [
  makeRoute<z.infer<typeof receiptQuery>, ListPage<Receipt>>({
    ...base,
    path: '/receipts',
    summary: 'List receipts, newest first',
    input: receiptQuery,
    answer: row.openapi('ReceiptRow'),
    async run({ call, scope, input }) {
      const wish = readPageWish(input);
      if (!wish.ok) return wish;
      const { sourceType, customerId, issuedAfter = input.since, issuedBefore = input.until } = input;
      const filter = { sourceType, customerId, issuedAfter, issuedBefore };
      const page = await listMerchantReceipts(call.runtime.read, scope, filter, wish.value);
      return succeed(toListPage(input, wish.value, page, ({ issuedAt, id }) => ({ at: issuedAt, id })));
    },
    toWire: ({ rows }) => rows.map(wireReceiptRow),
    toMeta: pageMeta,
  }),
  documentRoute('pdf', 'A receipt as a PDF'),
  documentRoute('html', 'A receipt as a page'),
  documentRoute('escpos', 'A receipt for a receipt printer'),
  makeRoute<unknown, Receipt>({
    ...base,
    path: '/receipts/{id}',
    summary: 'Read a receipt with the sale as it stood',
    input: nothing,
    answer: receipt,
    async run({ call, scope, params }) {
      const id = readId<'receipt'>(params.id);
      const found = id === null ? null : await findMerchantReceipt(call.runtime.read, scope, { id });
      return found === null ? unknown : succeed(found);
    },
    toWire: wireReceipt,
  }),
  makeRoute<z.infer<typeof mailOrder>, { readonly to: MailAddress }>({
    ...base,
    method: 'POST',
    scope: ['plugipay:checkout:write', 'plugipay:receipt:write'],
    path: '/receipts/{id}/email',
    summary: 'Mail a receipt with its PDF',
    input: mailOrder,
    answer: mailAnswer,
    async write({ on, scope, by, params, input }) {
      const id = readId<'receipt'>(params.id);
      return id === null ? unknown : mailReceipt(on, scope, by, id, input.to ?? null);
    },
    toWire: wireMailed,
  }),
];
