import type { Runtime } from '@/lib/runtime.ts';

/** Something that happens without a request. */
export type Job = {
  readonly name: string;
  /** At most one run in this time, over all instances. */
  readonly everyMs: number;
  /** Does what is due and answers how many things that were. Bounded: what is left waits for the next run. */
  run(on: Runtime): Promise<number>;
};
