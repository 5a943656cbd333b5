/** `INV-2026-0042`: at least four digits, more when a year needs them. Given out when the invoice is issued. */
export function invoiceNumber(year: number, count: number): string {
  return `INV-${year}-${String(count).padStart(4, '0')}`;
}

/** `DRAFT-0007`: what a draft shows until it is issued. */
export function draftNumber(count: number): string {
  return `DRAFT-${String(count).padStart(4, '0')}`;
}

/** Reads an issued number of our own form back, or null for one of another form. */
export function readInvoiceNumber(text: string): { readonly year: number; readonly count: number } | null {
  const match = /^INV-(\d{4})-(\d{4,9})$/.exec(text);
  return match === null ? null : { year: Number(match[1]), count: Number(match[2]) };
}
