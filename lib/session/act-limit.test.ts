import { expect, it } from 'vitest';
import type { BrowserSessionId } from '@/lib/domain/ids.ts';
import { admitAct, forgetAct } from './act-limit.ts';

it('lets a browser session act ten times in any minute, then names the seconds to wait, and counts each apart', () => {
  const [one, other] = ['bs_one', 'bs_other'] as BrowserSessionId[] as [BrowserSessionId, BrowserSessionId];
  for (let at = 0; at < 10; at += 1) expect(admitAct(one, 1_000 * at)).toBeNull();
  expect(admitAct(one, 10_000)).toBe(50);
  expect(admitAct(other, 10_000)).toBeNull();
  expect(admitAct(one, 60_000)).toBeNull();
  expect(admitAct(one, 60_500)).toBe(1);
});

it('does not count what was refused', () => {
  const three = 'bs_three' as BrowserSessionId;
  for (let at = 0; at < 30; at += 1) {
    expect(admitAct(three, at)).toBeNull();
    forgetAct(three, at);
  }
  expect(admitAct(three, 30)).toBeNull();
});
