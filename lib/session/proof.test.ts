import { describe, expect, it } from 'vitest';
import { minuteMs } from '@/lib/domain/time.ts';
import { judgeProof } from './proof.ts';

const enteredAt = Date.UTC(2027, 4, 13, 9);
const quiet = { binding: 'none', enteredAt, contestedAt: null } as const;

describe('a sensitive act in a browser without a key', () => {
  it('is possible for ten minutes after the entry, and not at the tenth', () => {
    const until = enteredAt + 10 * minuteMs;
    expect(judgeProof(quiet, until - 1)).toEqual({ proven: true, until });
    expect(judgeProof(quiet, until)).toEqual({ proven: false, why: 'late' });
  });

  it('is not possible once somebody else tried the link, and says that rather than the time', () => {
    const contested = { ...quiet, contestedAt: enteredAt + minuteMs };
    expect(judgeProof(contested, enteredAt + 2 * minuteMs)).toEqual({ proven: false, why: 'contested' });
    expect(judgeProof(contested, enteredAt + 11 * minuteMs)).toEqual({ proven: false, why: 'contested' });
  });
});
