import type { Runtime } from '@/lib/runtime.ts';

/** Something that happens without a request. */
export type Job = {
  readonly name: string;
  /** At most one run in this time, over all instances. */
  readonly everyMs: number;
  /** Every instance runs it by its own clock: it leases what it works on, one thing at a time. */
  readonly onEveryInstance?: boolean;
  /** Does what is due and answers how many things that were. Bounded: what is left waits for the next run. */
  run(on: Runtime): Promise<number>;
  /** Waits for what runs have begun and left under way; begins nothing new. */
  finish?(): Promise<void>;
};
