import type { SubscriptionId } from './ids.ts';
import { readId } from './ids.ts';
import type { InvoiceSearch } from './invoice-search.ts';
import { readInvoiceSearch } from './invoice-search.ts';

/** States a list of invoices can be narrowed to. `paid` holds refunded ones too. */
export const invoiceFilterStatuses = ['open', 'past_due', 'paid', 'refunded', 'void', 'uncollectible'] as const;

export type InvoiceFilterStatus = (typeof invoiceFilterStatuses)[number];

/** What a list of invoices is narrowed to; null parts narrow nothing. */
export type InvoiceFilter = {
  /** Calendar year of issue in the billing zone. */
  readonly year: number | null;
  readonly status: InvoiceFilterStatus | null;
  readonly subscriptionId: SubscriptionId | null;
  readonly search: InvoiceSearch | null;
};

/** Reads a filter from an address. What cannot be read narrows nothing. */
export function readInvoiceFilter(query: URLSearchParams): InvoiceFilter {
  return {
    year: readYear(query.get('year')),
    status: invoiceFilterStatuses.find((one) => one === query.get('status')) ?? null,
    subscriptionId: readId<'subscription'>(query.get('subscription')),
    search: readInvoiceSearch(query.get('q')),
  };
}

/** How many parts narrow the list. */
export function countFilters(filter: InvoiceFilter): number {
  return Object.values(filter).filter((part) => part !== null).length;
}

/** A calendar year from 1970 to 9998, or null. */
export function readYear(text: string | null): number | null {
  const year = /^\d{4}$/.test(text ?? '') ? Number(text) : 0;
  return year >= 1970 && year <= 9998 ? year : null;
}

/** A page number from 1; what cannot be read is the first page. */
export function readPageNumber(text: string | null): number {
  return /^[1-9]\d{0,5}$/.test(text ?? '') ? Number(text) : 1;
}
