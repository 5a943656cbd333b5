import type { Instant } from '@/lib/domain/time.ts';
import type { Reader, Writer } from './db.ts';

/** A signature that was seen, with the fingerprint of the headers it does not cover. */
export type SeenSignature = {
  readonly keyId: string;
  readonly signature: string;
  readonly unsignedHash: string;
  readonly method: string;
};

/** What is remembered of this signature under this key id, or null. */
export async function findSignature(read: Reader, keyId: string, signature: string): Promise<SeenSignature | null> {
  const row = await read
    .selectFrom('requestSignatures')
    .select(['keyId', 'signature', 'unsignedHash', 'method'])
    .where('keyId', '=', keyId)
    .where('signature', '=', signature)
    .executeTakeFirst();
  return row ?? null;
}

/** Remembers a signature. False when it was remembered before: the first one stays. */
export async function rememberSignature(tx: Writer, seen: SeenSignature, now: Instant): Promise<boolean> {
  const row = await tx
    .insertInto('requestSignatures')
    .values({ ...seen, seenAt: now })
    .onConflict((on) => on.columns(['keyId', 'signature']).doNothing())
    .returning('keyId')
    .executeTakeFirst();
  return row !== undefined;
}
