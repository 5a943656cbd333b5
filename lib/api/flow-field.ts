import { z } from '@hono/zod-openapi';
import type { InvoiceId, ReceiptId, SubscriptionId } from '@/lib/domain/ids.ts';
import type { PortalFlow } from '@/lib/domain/portal-flow.ts';
import { idText, text } from './fields.ts';

const message = text(200)
  .optional()
  .openapi({ description: 'Plain text shown when the buyer has done what the flow is for' });

const after = z
  .literal('confirmation', { error: 'must be confirmation' })
  .optional()
  .openapi({ description: 'Where a finished flow leaves the buyer: at the fact, with the way back as main button' });

const common = { message, after };

/** The `flow` of a mint: the one page to land on after entry. */
export const flowField = z
  .discriminatedUnion(
    'type',
    [
      z.strictObject({
        type: z.literal('payment_method_update'),
        subscriptionId: idText.optional(),
        invoiceId: idText.optional(),
        ...common,
      }),
      z.strictObject({ type: z.literal('invoice'), invoiceId: idText, ...common }),
      z.strictObject({ type: z.literal('invoice_pay'), invoiceId: idText, ...common }),
      z.strictObject({ type: z.literal('receipt'), receiptId: idText, ...common }),
      z.strictObject({ type: z.literal('subscription'), subscriptionId: idText, ...common }),
      z.strictObject({ type: z.literal('subscription_cancel'), subscriptionId: idText, ...common }),
    ],
    {
      error:
        'must have a type: payment_method_update, invoice, invoice_pay, receipt, subscription or subscription_cancel',
    },
  )
  .openapi('PortalFlow');

/** A flow from the wire, its ids read by the schema; whether they are the customer's own is still to be found out. */
export function readFlow(given: z.infer<typeof flowField>): PortalFlow {
  const words = { message: given.message ?? null };
  switch (given.type) {
    case 'payment_method_update':
      return {
        ...words,
        type: given.type,
        subscriptionId: (given.subscriptionId ?? null) as SubscriptionId | null,
        invoiceId: (given.invoiceId ?? null) as InvoiceId | null,
      };
    case 'invoice':
    case 'invoice_pay':
      return { ...words, type: given.type, invoiceId: given.invoiceId as InvoiceId };
    case 'receipt':
      return { ...words, type: given.type, receiptId: given.receiptId as ReceiptId };
    case 'subscription':
    case 'subscription_cancel':
      return { ...words, type: given.type, subscriptionId: given.subscriptionId as SubscriptionId };
  }
}
