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
export const mintLimit: Limit = { name: 'mint', atOnce: 10, perSecond: 10 / 60 };
/** Requests that name no key we know: counted by the address they come from. */
export const strangerLimit: Limit = { name: 'stranger', atOnce: 60, perSecond: 20 };

/** Takes one from the allowance of `whom`. */
export type Limits = { take(limit: Limit, whom: string, now: Instant): Allowance };

/** Allowances of this process, in memory; full ones are forgotten. */
export function makeLimits(): Limits {
  const buckets = new Map<string, { left: number; at: Instant; limit: Limit }>();
  let sweepAt = 10_000;
  return {
    take(limit, whom, now) {
      const name = `${limit.name} ${whom}`;
      const known = buckets.get(name);
      const grown = known === undefined ? limit.atOnce : grow(known.left, known.at, limit, now);
      const allowed = grown >= 1;
      const left = allowed ? grown - 1 : grown;
      buckets.set(name, { left, at: now, limit });
      if (buckets.size > sweepAt) {
        for (const [one, bucket] of buckets) {
          if (grow(bucket.left, bucket.at, bucket.limit, now) >= bucket.limit.atOnce) buckets.delete(one);
        }
        sweepAt = Math.max(10_000, 2 * buckets.size);
      }
      return {
        allowed,
        limit: limit.atOnce,
        remaining: Math.floor(left),
        fullAt: now + ((limit.atOnce - left) / limit.perSecond) * 1_000,
        retryAfterSeconds: Math.max(1, Math.ceil((1 - left) / limit.perSecond)),
      };
    },
  };
}

function grow(left: number, at: Instant, limit: Limit, now: Instant): number {
  return Math.min(limit.atOnce, left + (Math.max(0, now - at) / 1_000) * limit.perSecond);
}
