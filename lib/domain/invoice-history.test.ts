import { describe, expect, it } from 'vitest';
import type { ReceiptId } from './ids.ts';
import type { Invoice, PaymentAttempt, Refund } from './invoice.ts';
import { invoiceHistory } from './invoice-history.ts';

const at = Date.UTC(2027, 4, 1, 3);
const hour = 3_600_000;
const paid = {
  status: 'paid',
  currency: 'IDR',
  issuedAt: at,
  paidAt: at + 2 * hour,
  updatedAt: at + 9 * hour,
} as Invoice;
const attempt = (id: string, status: string, after: number) =>
  ({ id, status, createdAt: at + after }) as PaymentAttempt;
const receipt = { id: 'rcpt_1' as ReceiptId, number: 'RCP-1', issuedAt: at + 2 * hour };
const refund = { id: 'rf_1', createdAt: at + 3 * hour, status: 'succeeded' } as Refund;

const told = (
  invoice: Invoice,
  attempts: PaymentAttempt[],
  refunds: Refund[] = [],
  of: typeof receipt | null = receipt,
) =>
  invoiceHistory(invoice, attempts, of, refunds).map((step) =>
    'count' in step ? `${step.is} ${step.count}` : step.is,
  );

describe('what happened to an invoice', () => {
  it('is told in order: issued, attempts by number, paid, receipt, refunds', () => {
    const attempts = [attempt('b', 'succeeded', 2 * hour), attempt('a', 'refused', hour)];
    expect(told(paid, attempts, [refund])).toEqual(['issued', 'attempt 1', 'paid', 'receipt', 'refund']);
  });

  it('the attempt that paid it is told once, as the payment', () => {
    const steps = invoiceHistory(paid, [attempt('a', 'succeeded', 2 * hour)], null, [refund]);
    expect(steps.map((step) => step.is)).toEqual(['issued', 'paid', 'refund']);
    expect(steps.find((step) => step.is === 'paid')?.attempt?.id).toBe('a');
    expect(steps.find((step) => step.is === 'refund')?.attempt?.id).toBe('a');
  });

  it('a payment that leaves something to pay is a part, whether the rest was paid or not', () => {
    const open = { ...paid, status: 'open', paidAt: null } as Invoice;
    expect(told(open, [attempt('a', 'succeeded', hour)], [], null)).toEqual(['issued', 'partPaid 1']);
    const both = [attempt('a', 'succeeded', hour), attempt('b', 'succeeded', 2 * hour)];
    expect(told(paid, both, [], null)).toEqual(['issued', 'partPaid 1', 'paid']);
  });

  it('an invoice paid elsewhere has no attempt to name', () => {
    const steps = invoiceHistory(paid, [], receipt, []);
    expect(steps.map((step) => step.is)).toEqual(['issued', 'paid', 'receipt']);
    expect(steps.find((step) => step.is === 'paid')?.attempt).toBeNull();
  });

  it('ends with the cancellation or the write-off', () => {
    const cancelled = { ...paid, status: 'void', paidAt: null, voidedAt: at + 5 * hour } as Invoice;
    expect(told(cancelled, [attempt('a', 'refused', hour)], [], null)).toEqual(['issued', 'attempt 1', 'cancelled']);
    const writtenOff = { ...paid, status: 'uncollectible', paidAt: null } as Invoice;
    expect(told(writtenOff, [], [], null)).toEqual(['issued', 'writtenOff']);
  });
});
