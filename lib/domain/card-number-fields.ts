import type { RecordProblem } from './billing-record.ts';
import { containsCardNumber, isIndonesianTaxId } from './card-number.ts';

/**
 * Every text of a value that looks like a full card number, with its field: ids, numbers of documents and names of keys
 * too. A tax id in an Indonesian form passes where a tax id stands; so does the address of a logo, which is one of our own
 * or is refused.
 */
export function findCardNumbers(value: unknown, field = ''): RecordProblem[] {
  if (typeof value === 'string') {
    if (!containsCardNumber(value) || field === 'brandLogoUrl' || (isTaxIdField(field) && isIndonesianTaxId(value)))
      return [];
    return [no(field, 'holds what looks like a full card number; the portal has no place for one')];
  }
  if (typeof value !== 'object' || value === null) return [];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([name, part]) => {
    const inKey = isList || !containsCardNumber(name) ? [] : [no(field, 'holds what looks like a full card number')];
    const place = isList ? `${field}[${name}]` : field === '' ? name : `${field}.${name}`;
    return [...inKey, ...findCardNumbers(part, place)];
  });
}

function isTaxIdField(field: string): boolean {
  return /(^|\.)(taxId|businessTaxId|merchantTaxId)$/.test(field);
}

function no(field: string, reason: string): RecordProblem {
  return { field, reason };
}
