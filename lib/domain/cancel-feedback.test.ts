import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commentLimit, feedbackReasons, readCancelFeedback, shuffleReasons } from './cancel-feedback.ts';

it('both parts may be left out', () => {
  expect(readCancelFeedback(null, null)).toEqual({ ok: true, value: { reason: null, comment: null } });
  expect(readCancelFeedback('', '  \r\n ')).toEqual({ ok: true, value: { reason: null, comment: null } });
  expect(readCancelFeedback('quality', ' a\r\nb ')).toEqual({
    ok: true,
    value: { reason: 'quality', comment: 'a\nb' },
  });
});

it('a reason off the list, a long comment and a card number are refused at their field', () => {
  expect(readCancelFeedback('bored', null)).toMatchObject({ ok: false, failure: { field: 'reason' } });
  expect(readCancelFeedback(null, 'x'.repeat(commentLimit + 1))).toMatchObject({ failure: { facts: { why: 'long' } } });
  expect(readCancelFeedback(null, 'my card 4242 4242 4242 4242')).toMatchObject({
    failure: { field: 'comment', facts: { why: 'card_number' } },
  });
});

it('reasons keep their order for one seed, are all there for any, and the last one stays last', () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const shuffled = shuffleReasons(seed);
      expect(shuffled).toEqual(shuffleReasons(seed));
      expect([...shuffled].sort()).toEqual([...feedbackReasons].sort());
      expect(shuffled.at(-1)).toBe('something_else');
    }),
  );
  const firsts = new Set(Array.from({ length: 200 }, (_, seed) => shuffleReasons(`seed ${seed}`)[0]));
  expect(firsts.size).toBe(feedbackReasons.length - 1);
});
