import type { Instant } from '@/lib/domain/time.ts';

/** How many requests at once, and how fast the allowance grows back. */
export type Limit = { readonly name: string; readonly atOnce: number; readonly perSecond: number };

/** What one request found: whether it may go on, and the figures of the X-RateLimit headers. */
export type Allowance = {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** When the allowance is whole again, epoch ms. */
  readonly fullAt: Instant;
  /** For a refused request: whole seconds until the next one is allowed. */
  readonly retryAfterSeconds: number;
};

export const readLimit: Limit = { name: 'read', atOnce: 100, perSecond: 100 };
export const writeLimit: Limit = { name: 'write', atOnce: 20, perSecond: 20 };
/** Replays and exports. */
export const heavyLimit: Limit = { name: 'heavy', atOnce: 5, perSecond: 5 / 60 };
export const mintLimit: Limit = { name: 'mint', atOnce: 10, perSecond: 1 / 6 };
/** Requests that name no key we know: counted by the address they come from. */
export const strangerLimit: Limit = { name: 'stranger', atOnce: 60, perSecond: 20 };

/** Takes one from the allowance of `whom`. */
export type Limits = { take(limit: Limit, whom: string, now: Instant): Allowance };

/** Allowances of this process, in memory; whole ones are forgotten. */
export function makeLimits(): Limits {
  // When each allowance will be whole again: one number says how much of it is used.
  const wholeAt = new Map<string, Instant>();
  let sweepAt = 10_000;
  return {
    take(limit, whom, now) {
      const name = `${limit.name} ${whom}`;
      const one = 1_000 / limit.perSecond;
      const whole = limit.atOnce * one;
      const before = Math.max(wholeAt.get(name) ?? now, now);
      const allowed = before + one - now <= whole;
      const fullAt = allowed ? before + one : before;
      wholeAt.set(name, fullAt);
      if (wholeAt.size > sweepAt) {
        for (const [other, at] of wholeAt) if (at <= now) wholeAt.delete(other);
        sweepAt = Math.max(10_000, 2 * wholeAt.size);
      }
      return {
        allowed,
        limit: limit.atOnce,
        remaining: Math.max(0, Math.floor((whole - (fullAt - now)) / one)),
        fullAt,
        retryAfterSeconds: Math.max(1, Math.ceil((fullAt + one - now - whole) / 1_000)),
      };
    },
  };
}
