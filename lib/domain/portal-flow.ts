import type { InvoiceId, ReceiptId, SubscriptionId } from './ids.ts';

/** The one page a portal session opens on, when its merchant named one. */
export type PortalFlow = {
  /** A line of the merchant's own, plain text, shown when the buyer has done what the flow is for. */
  readonly message: string | null;
} & (
  | {
      readonly type: 'payment_method_update';
      readonly subscriptionId: SubscriptionId | null;
      readonly invoiceId: InvoiceId | null;
    }
  | { readonly type: 'invoice' | 'invoice_pay'; readonly invoiceId: InvoiceId }
  | { readonly type: 'receipt'; readonly receiptId: ReceiptId }
  | { readonly type: 'subscription' | 'subscription_cancel'; readonly subscriptionId: SubscriptionId }
);

/** Path and query of the page a flow lands on. */
export function flowPlace(flow: PortalFlow): string {
  switch (flow.type) {
    case 'payment_method_update': {
      const query = new URLSearchParams();
      if (flow.subscriptionId !== null) query.set('subscription', flow.subscriptionId);
      if (flow.invoiceId !== null) query.set('invoice', flow.invoiceId);
      return query.size === 0 ? '/payment-methods/add' : `/payment-methods/add?${query}`;
    }
    case 'invoice':
      return `/invoices/${flow.invoiceId}`;
    case 'invoice_pay':
      return `/invoices/${flow.invoiceId}/pay`;
    case 'receipt':
      return `/receipts/${flow.receiptId}`;
    case 'subscription':
      return `/subscriptions/${flow.subscriptionId}`;
    case 'subscription_cancel':
      return `/subscriptions/${flow.subscriptionId}/cancel`;
  }
}

/** Is this page part of the flow, where nothing else is in the way? Its own page, what follows from it, and its result. */
export function isInFlow(flow: PortalFlow, path: string): boolean {
  switch (flow.type) {
    case 'payment_method_update':
      return (
        path === '/payment-methods' || path.startsWith('/payment-methods/') || isOf(path, 'invoices', flow.invoiceId)
      );
    case 'invoice':
    case 'invoice_pay':
      return isOf(path, 'invoices', flow.invoiceId);
    case 'receipt':
      return isOf(path, 'receipts', flow.receiptId);
    case 'subscription':
    case 'subscription_cancel':
      return isOf(path, 'subscriptions', flow.subscriptionId);
  }
}

function isOf(path: string, noun: string, id: string | null): boolean {
  const place = `/${noun}/${id}`;
  return id !== null && (path === place || path.startsWith(`${place}/`));
}

/** A flow as the wire shows it: as it was given. */
export function wireFlow({ message, ...flow }: PortalFlow): Readonly<Record<string, unknown>> {
  const given = Object.entries({ ...flow, message }).filter(([, value]) => value !== null);
  return Object.fromEntries(given);
}
