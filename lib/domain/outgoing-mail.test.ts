import { expect, it } from 'vitest';
import { buyerMailAt, nextAttemptAt } from './outgoing-mail.ts';
import { hourMs, minuteMs } from './time.ts';

const createdAt = Date.UTC(2026, 2, 3);

it('attempts come apart further and further, and end within a day', () => {
  const gaps: number[] = [];
  let now = createdAt;
  for (let attempts = 1; ; attempts += 1) {
    const next = nextAttemptAt({ createdAt }, attempts, now);
    if (next === null) break;
    gaps.push((next - now) / minuteMs);
    now = next;
  }
  expect(gaps).toEqual([1, 3, 9, 27, 81, 240, 240, 240, 240, 240]);
  expect(now - createdAt).toBeLessThan(24 * hourMs);
});

it('a buyer asks for five mails an hour and waits until the oldest of them is an hour old', () => {
  const now = createdAt + 10 * hourMs;
  const asked = [50, 40, 30, 20].map((minutes) => now - minutes * minuteMs);
  expect(buyerMailAt(asked, now)).toBeNull();
  expect(buyerMailAt([...asked, now - minuteMs], now)).toBe(now + 10 * minuteMs);
  expect(buyerMailAt([...asked, now - hourMs], now)).toBeNull();
  expect(buyerMailAt([now - 59 * minuteMs, ...asked, now - minuteMs], now)).toBe(now + 10 * minuteMs);
});
