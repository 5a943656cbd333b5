import { openSealedText, sealText } from '@/lib/crypto/sealed-box.ts';
import { deriveKey, keyedHash, newestKeyNumber } from '@/lib/crypto/secret.ts';
import type { Writer } from '@/lib/data/db.ts';
import type { SealedPage, SealedValue } from '@/lib/data/sealed-values.ts';
import { replaceSealed, staleLists } from '@/lib/data/sealed-values.ts';
import type { Result } from '@/lib/domain/result.ts';
import { succeed } from '@/lib/domain/result.ts';
import type { Runtime } from '@/lib/runtime.ts';

export type ResealReport = {
  /** Number of the root key everything is under now. */
  readonly keyNumber: number;
  readonly resealed: number;
  /** Ids of rows that no configured key opens. They were left as they are. */
  readonly unreadable: readonly string[];
};

const batch = 200;

/**
 * Puts secrets of keys and webhook endpoints and references of payment methods under the newest root key, in batches of their own transaction.
 * Run it after a new root key was added and before an old one is taken out; it may be stopped and started again. Links,
 * cookies and stored answers under the old key live on for 24 hours at most: keep it that long.
 */
export async function resealSecrets(on: Runtime): Promise<Result<ResealReport, never>> {
  const keyNumber = newestKeyNumber(on.config.rootKeys);
  const unreadable = new Set<string>();
  let resealed = 0;
  for (const list of staleLists) {
    for (let after: string | null = ''; after !== null; ) {
      const page: SealedPage = await list(on.read, keyNumber, after, batch);
      const done = await on.write(async (tx) => {
        const outcomes: Outcome[] = [];
        for (const value of page.values) outcomes.push(await reseal(on, tx, keyNumber, value));
        return outcomes;
      });
      resealed += done.filter((one) => one === 'done').length;
      for (const [at, { id }] of page.values.entries()) if (done[at] === 'unreadable') unreadable.add(id);
      after = page.last;
    }
  }
  return succeed({ keyNumber, resealed, unreadable: [...unreadable] });
}

type Outcome = 'done' | 'unreadable' | 'changed';

async function reseal(on: Runtime, tx: Writer, keyNumber: number, value: SealedValue): Promise<Outcome> {
  const { rootKeys } = on.config;
  const text = openSealedText(rootKeys, value.sealed, value.id);
  if (text === null) return 'unreadable';
  const key = value.table === 'paymentMethods' ? deriveKey(rootKeys, keyNumber, 'reference') : null;
  const hash = key === null ? null : keyedHash(key, text);
  const fresh = sealText(rootKeys, text, value.id, on.random);
  return (await replaceSealed(tx, value, fresh, hash)) ? 'done' : 'changed';
}
