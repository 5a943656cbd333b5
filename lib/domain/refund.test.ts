import fc from 'fast-check';
import { expect, it } from 'vitest';
import { refundAmount } from './refund.ts';

it('whatever is wished, in whatever order refunds fail or arrive, never more is given back than was captured', () => {
  const wish = fc.record({
    amount: fc.option(fc.integer({ min: 1, max: 2_000 })),
    end: fc.constantFrom('succeeded', 'failed', 'pending'),
  });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5_000 }), fc.array(wish, { maxLength: 30 }), (captured, wishes) => {
      let held = 0;
      for (const { amount, end } of wishes) {
        const made = refundAmount(captured, held, amount);
        if (!made.ok) {
          expect(made.failure.code).toBe(amount === null ? 'conflict' : 'validation_error');
          expect(amount === null ? captured - held : captured - held - amount).toBeLessThanOrEqual(
            amount === null ? 0 : -1,
          );
          continue;
        }
        expect(made.value).toBe(amount ?? captured - held);
        expect(made.value).toBeGreaterThan(0);
        if (end !== 'failed') held += made.value;
        expect(held).toBeLessThanOrEqual(captured);
      }
    }),
    { numRuns: 500 },
  );
});

it('one refund without an amount takes all that is left, to the last unit', () => {
  expect(refundAmount(165_390, 50_000, null)).toMatchObject({ value: 115_390 });
  expect(refundAmount(165_390, 50_000, 115_390)).toMatchObject({ ok: true });
  expect(refundAmount(165_390, 50_000, 115_391)).toMatchObject({
    failure: { field: 'amount', details: { left: 115_390 } },
  });
});
