import { openSealedText, sealText } from './sealed-box.ts';
import { deriveKey, fingerprint, keyedHash, newestKeyNumber, type RootKeys } from './secret.ts';

/**
 * A provider's own reference as it is stored: sealed to its row, and a keyed hash that finds a method that is already
 * here.
 */
export function sealProviderReference(
  roots: RootKeys,
  rowId: string,
  reference: string,
  random: (bytes: number) => Uint8Array,
): { sealed: string; hash: string } {
  const key = deriveKey(roots, newestKeyNumber(roots), 'reference');
  if (key === null) throw new Error('No key to hash references with.');
  return { sealed: sealText(roots, reference, rowId, random), hash: keyedHash(key, reference) };
}

/** The hashes a reference may be stored under: one for each configured key. */
export function referenceHashes(roots: RootKeys, reference: string): string[] {
  return [...roots.keys()].flatMap((number) => {
    const key = deriveKey(roots, number, 'reference');
    return key === null ? [] : [keyedHash(key, reference)];
  });
}

/**
 * The provider's fingerprint of a method as it is stored: hashed with its customer, so that equal cards of two customers
 * are not known as equal. It needs no key, and so outlives every one.
 */
export function fingerprintHash(
  { workspaceId, mode, customerId }: { workspaceId: string; mode: string; customerId: string },
  adapter: string,
  given: string,
): string {
  return fingerprint([workspaceId, mode, customerId, adapter, given].join('\n'));
}

/** The reference of a row, or null when its key is gone or the value was moved. */
export function openProviderReference(roots: RootKeys, rowId: string, sealed: string): string | null {
  return openSealedText(roots, sealed, rowId);
}

/**
 * The one-time state that comes back from a provider's page: 256 bits that only this deployment can make for a visit, so
 * that a charge sent again after a crash names the same way back.
 */
export function visitState(roots: RootKeys, visitId: string): string {
  const key = deriveKey(roots, newestKeyNumber(roots), 'visit-state');
  if (key === null) throw new Error('No key to make states with.');
  return keyedHash(key, visitId);
}
