import fc from 'fast-check';
import { expect, it } from 'vitest';
import { invoiceTotals, mostInvoiceMinor } from './invoice-totals.ts';

const most = BigInt(mostInvoiceMinor);
const amount = fc.oneof(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: mostInvoiceMinor }));
const line = fc.record({
  quantity: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: mostInvoiceMinor })),
  unitAmount: amount,
});

/** The same sum in integers without bounds: null where it cannot be an invoice. */
function oracle(lines: readonly { quantity: number; unitAmount: number }[], discount: number, tax: number) {
  const amounts = lines.map((one) => BigInt(one.quantity) * BigInt(one.unitAmount));
  const subtotal = amounts.reduce((sum, one) => sum + one, 0n);
  const total = subtotal - BigInt(discount) + BigInt(tax);
  if (subtotal > most || BigInt(discount) > subtotal || total > most) return null;
  return { amounts, subtotal, total };
}

it('adds up as integers without bounds do, and refuses exactly what cannot be an invoice', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), amount, amount, (lines, discount, tax) => {
      const wanted = oracle(lines, discount, tax);
      const made = invoiceTotals(lines, discount, tax);
      expect(made.ok).toBe(wanted !== null);
      if (!made.ok || wanted === null) return;
      expect(made.value.amounts.map(BigInt)).toEqual(wanted.amounts);
      expect(BigInt(made.value.subtotal)).toBe(wanted.subtotal);
      expect(BigInt(made.value.total)).toBe(wanted.total);
      expect(made.value.total).toBe(made.value.subtotal - discount + tax);
    }),
    { numRuns: 2_000 },
  );
});

it('the total does not depend on the order of the lines, nor on how a quantity is split', () => {
  const few = fc.record({ quantity: fc.integer({ min: 2, max: 50 }), unitAmount: fc.integer({ min: 0, max: 1e9 }) });
  fc.assert(
    fc.property(fc.array(few, { minLength: 1, maxLength: 8 }), fc.integer({ min: 0, max: 1e9 }), (lines, tax) => {
      const split = lines
        .flatMap(({ quantity, unitAmount }) => [
          { quantity: 1, unitAmount },
          { quantity: quantity - 1, unitAmount },
        ])
        .reverse();
      const [one, other] = [invoiceTotals(lines, 0, tax), invoiceTotals(split, 0, tax)];
      expect(one.ok && one.value.total).toBe(other.ok && other.value.total);
    }),
  );
});

it('names the field that is too much', () => {
  const fieldOf = (...given: Parameters<typeof invoiceTotals>) => {
    const made = invoiceTotals(...given);
    return made.ok ? null : made.failure.field;
  };
  const one = { quantity: 1, unitAmount: 100 };
  expect(fieldOf([one, { quantity: 2, unitAmount: mostInvoiceMinor }], 0, 0)).toBe('lines.1.unitAmount');
  expect(fieldOf([one, { quantity: 1, unitAmount: mostInvoiceMinor }], 0, 0)).toBe('lines');
  expect(fieldOf([one], 101, 0)).toBe('discount');
  expect(fieldOf([one], 0, mostInvoiceMinor)).toBe('tax');
  expect(fieldOf([one], 100, 0)).toBeNull();
});
