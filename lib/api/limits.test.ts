import { describe, expect, it } from 'vitest';
import { makeLimits, mintLimit, readLimit, writeLimit } from './limits.ts';

const start = Date.UTC(2026, 2, 3);

describe('an allowance', () => {
  it('of 20 writes a second lets 20 through at once and refuses the next one', () => {
    const limits = makeLimits();
    const taken = Array.from({ length: 21 }, () => limits.take(writeLimit, 'acc_1 test', start));
    expect(taken.map((one) => one.allowed)).toEqual([...Array(20).fill(true), false]);
    expect(taken.map((one) => one.remaining)).toEqual([
      19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0,
    ]);
    expect(taken[20]).toMatchObject({ limit: 20, retryAfterSeconds: 1, fullAt: start + 1_000 });
  });

  it('grows back steadily: 20 more in the next second, never more than 20', () => {
    const limits = makeLimits();
    for (let i = 0; i < 20; i += 1) limits.take(writeLimit, 'a', start);
    expect(limits.take(writeLimit, 'a', start + 49).allowed).toBe(false);
    expect(limits.take(writeLimit, 'a', start + 50).allowed).toBe(true);
    const later = Array.from({ length: 30 }, () => limits.take(writeLimit, 'a', start + 3_600_000));
    expect(later.filter((one) => one.allowed)).toHaveLength(20);
  });

  it('is kept apart by limit and by whom', () => {
    const limits = makeLimits();
    for (let i = 0; i < 20; i += 1) limits.take(writeLimit, 'acc_1 test', start);
    expect(limits.take(writeLimit, 'acc_1 live', start).allowed).toBe(true);
    expect(limits.take(writeLimit, 'acc_2 test', start).allowed).toBe(true);
    expect(limits.take(readLimit, 'acc_1 test', start).allowed).toBe(true);
  });

  it('of 10 mints a minute names the seconds until the next one', () => {
    const limits = makeLimits();
    for (let i = 0; i < 10; i += 1) expect(limits.take(mintLimit, 'cus', start).allowed).toBe(true);
    expect(limits.take(mintLimit, 'cus', start)).toMatchObject({ allowed: false, retryAfterSeconds: 6 });
    expect(limits.take(mintLimit, 'cus', start + 5_999).allowed).toBe(false);
    expect(limits.take(mintLimit, 'cus', start + 6_000).allowed).toBe(true);
  });

  it('does not run backwards with the clock', () => {
    const limits = makeLimits();
    for (let i = 0; i < 20; i += 1) limits.take(writeLimit, 'a', start);
    expect(limits.take(writeLimit, 'a', start - 60_000).allowed).toBe(false);
  });
});
