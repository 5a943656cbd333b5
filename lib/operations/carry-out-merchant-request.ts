import type { Writer } from '@/lib/data/db.ts';
import type { Answering, IdempotencyClaim } from '@/lib/data/idempotent-answers.ts';
import { settleClaim } from '@/lib/data/idempotent-answers.ts';
import type { BegunRequest, NotBegun, RequestToBegin } from '@/lib/data/merchant-requests.ts';
import { beginRequest } from '@/lib/data/merchant-requests.ts';
import type { Result } from '@/lib/domain/result.ts';
import { succeed } from '@/lib/domain/result.ts';
import type { Runtime } from '@/lib/runtime.ts';

type Answered = Extract<BegunRequest, { is: 'answered' }>;

/**
 * Carries a merchant's request out in one transaction: its signature, its idempotency key, its effect and the answer to
 * keep are there together or not at all. `act` gets a runtime whose one write is that transaction, and answers what its
 * work answered. When the request was answered before, or may not begin, the work is not run and `act` is left.
 *
 * A refusal that `act` finds without writing is kept as well, where `compose` makes an answer of it.
 */
export async function carryOutMerchantRequest<T>(
  runtime: Runtime,
  request: RequestToBegin,
  act: (on: Runtime) => Promise<Result<T>>,
  compose: (result: Result<T>, claim: IdempotencyClaim) => ReturnType<Answering<T>['compose']>,
): Promise<Result<Answered | { readonly is: 'ran'; readonly result: Result<T> }, NotBegun>> {
  const now = runtime.now();
  let written: { readonly value: unknown } | null = null;
  const write = async <W>(work: (tx: Writer) => Promise<W>): Promise<W> => {
    if (written !== null) throw new Error('A request that is one transaction writes once.');
    const outcome = await runtime.write(async (tx) => {
      const begun = await beginRequest(tx, request, now);
      if (!begun.ok) return begun;
      if (begun.value.is === 'answered') return succeed(begun.value);
      const { claim } = begun.value;
      const value = await work(tx);
      const answering = claim && { claim, compose: (result: Result<T>) => compose(result, claim) };
      await settleClaim(tx, answering, value as Result<T>);
      return succeed({ is: 'ran' as const, value });
    });
    if (!outcome.ok || outcome.value.is === 'answered') throw new NotRun(outcome as Result<Answered, NotBegun>);
    written = outcome.value;
    return outcome.value.value;
  };
  try {
    const result = await act({ ...runtime, write, writeAlone: write });
    if (written === null) await write(async () => result);
    else if ((written as { readonly value: unknown }).value !== result) {
      throw new Error('A request that is one transaction answers what its work answered.');
    }
    return succeed({ is: 'ran', result });
  } catch (thrown) {
    if (thrown instanceof NotRun) return thrown.why;
    throw thrown;
  }
}

/** Leaves `act` when its work was not run; the transaction itself is kept. */
class NotRun extends Error {
  override name = 'NotRun';
  readonly why: Result<Answered, NotBegun>;
  constructor(why: Result<Answered, NotBegun>) {
    super('The work of this request was not run.');
    this.why = why;
  }
}
