import type { BilledTo } from './invoice.ts';

const fields = ['name', 'legalName', 'email', 'address', 'taxId'] as const;

/** Do a customer's details differ now from those a document was made out to? */
export function hasChangedSince(billedTo: BilledTo, now: BilledTo): boolean {
  return fields.some((field) => (billedTo[field] ?? '') !== (now[field] ?? ''));
}

/** A customer's details as a document made out to them now freezes them. */
export function billedToOf({ name, legalName, email, address, taxId }: BilledTo): BilledTo {
  return { name, legalName, email, address, taxId };
}
