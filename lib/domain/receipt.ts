import type { CustomerId, InvoiceId, ReceiptId } from './ids.ts';
import type { BilledTo, MethodName } from './invoice.ts';
import type { Currency } from './money.ts';
import type { Instant } from './time.ts';
import type { WorkspaceScope } from './viewer.ts';

/** Proof of one payment. All figures and names are frozen when it is issued; nothing about it is ever edited. */
export type Receipt = WorkspaceScope & {
  readonly id: ReceiptId;
  readonly customerId: CustomerId;
  readonly number: string;
  readonly sourceType: 'invoice' | 'checkout_session';
  readonly sourceId: InvoiceId | string;
  readonly amount: number;
  readonly currency: Currency;
  readonly method: MethodName | null;
  readonly adapter: string | null;
  readonly providerReference: string | null;
  readonly issuedAt: Instant;
  /** When and to whom it was mailed last. */
  readonly emailedAt: Instant | null;
  readonly emailedTo: string | null;
  readonly body: ReceiptBody;
};

/** The sale as it stood at the moment of payment. Amounts in minor units of the receipt's currency. */
export type ReceiptBody = {
  readonly invoiceNumber: string | null;
  readonly merchant: {
    readonly brandName: string;
    readonly legalName: string | null;
    readonly address: string | null;
    readonly taxId: string | null;
    readonly country: string | null;
  };
  readonly customer: BilledTo;
  readonly lines: readonly {
    readonly description: string;
    readonly quantity: number;
    readonly unitAmount: number;
    readonly amount: number;
  }[];
  readonly subtotal: number;
  readonly discount: number;
  readonly tax: number;
  readonly total: number;
  readonly template: {
    readonly showTax: boolean;
    readonly taxLabel: string;
    readonly taxRateBasisPoints: number;
    readonly thankYouText: string | null;
    readonly footerText: string | null;
  };
  /** Stamp duty number (meterai) of an Indonesian document above Rp 5,000,000, when the merchant gave one. */
  readonly stampDutyNumber: string | null;
};
