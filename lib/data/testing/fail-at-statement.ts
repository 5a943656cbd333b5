import type { KyselyPlugin } from 'kysely';
import type { Writer } from '@/lib/data/db.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** A runtime that breaks once, and what it had done by then. */
export type FailingRuntime = {
  readonly runtime: Runtime;
  /** Null: it never came so far. `before`: nothing of that transaction may stay. `after`: it is committed, only its answer is lost. */
  failed(): 'before' | 'after' | null;
};

/**
 * A runtime whose `nth` step in a transaction throws, once. Steps are the statements, the commit, and the way back from
 * the commit to the caller.
 */
export function failAtStatement(on: Runtime, nth: number, makeError: () => Error): FailingRuntime {
  let steps = 0;
  let failed: 'before' | 'after' | null = null;
  const step = (when: 'before' | 'after'): void => {
    steps += 1;
    if (steps !== nth) return;
    failed = when;
    throw makeError();
  };
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      step('before');
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const write: Runtime['write'] = async (work) => {
    const value = await on.write(async (tx) => {
      const made = await work(tx.withPlugin(plugin) as Writer);
      step('before');
      return made;
    });
    step('after');
    return value;
  };
  return { runtime: { ...on, write }, failed: () => failed };
}
