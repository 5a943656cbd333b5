import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { InvoiceStatus } from './invoice.ts';
import type { InvoiceMove } from './invoice-moves.ts';
import { moveInvoice } from './invoice-moves.ts';

const moves: readonly InvoiceMove[] = ['finalize', 'pay', 'void'];
const statuses: readonly InvoiceStatus[] = ['draft', 'open', 'past_due', 'paid', 'void', 'uncollectible'];

it('makes exactly the moves of the wire reference', () => {
  const made = statuses.flatMap((status) =>
    moves.flatMap((move) => {
      const result = moveInvoice(status, move);
      return result.ok ? [`${status} ${move} ${result.value}`] : [];
    }),
  );
  expect(made).toEqual([
    'draft finalize open',
    'draft void void',
    'open pay paid',
    'open void void',
    'past_due pay paid',
    'past_due void void',
  ]);
});

it('whatever is asked in whatever order, an invoice is issued once at most and what is final stays', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...moves), { maxLength: 20 }), (asked) => {
      let status: InvoiceStatus = 'draft';
      const done: InvoiceMove[] = [];
      for (const move of asked) {
        const result = moveInvoice(status, move);
        if (status === 'paid' || status === 'void') expect(result.ok).toBe(false);
        if (!result.ok) {
          expect(result.failure.code).toBe('conflict');
          continue;
        }
        status = result.value;
        done.push(move);
      }
      expect(done.length).toBeLessThanOrEqual(2);
      expect(new Set(done).size).toBe(done.length);
      if (status === 'paid') expect(done).toEqual(['finalize', 'pay']);
    }),
  );
});
