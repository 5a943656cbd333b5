import { describe, expect, it } from 'vitest';
import type { Invoice, PaymentAttempt } from '@/lib/domain/invoice.ts';
import { isPayable } from '@/lib/domain/invoice-standing.ts';
import { invoiceStatusWords } from './invoice-status.ts';
import { makeWords } from './words.ts';

const words = makeWords('en', 'Asia/Jakarta');
const now = Date.UTC(2027, 4, 10, 5);
const due = Date.UTC(2027, 4, 1, 5);

const base = {
  status: 'open',
  currency: 'IDR',
  total: 99_000,
  amountPaid: 0,
  dueAt: now + 86_400_000,
  paidAt: null,
  voidedAt: null,
  updatedAt: due,
} as unknown as Invoice;

const attempt = {
  status: 'pending',
  createdAt: due,
  payBefore: null,
  methodName: { type: 'card', brand: 'visa', last4: '4242', label: null },
} as unknown as PaymentAttempt;

function said(
  invoice: Partial<Invoice>,
  more: { waiting?: PaymentAttempt; paidBy?: PaymentAttempt; refunded?: number } = {},
) {
  const standing = { invoice: { ...base, ...invoice }, waiting: null, paidBy: null, refunded: 0, ...more };
  return invoiceStatusWords(words, 'Kopi Senja', standing, now);
}

describe('how an invoice stands, in the words of the one table', () => {
  it('names every state with its tone and its sentence', () => {
    expect(said({})).toEqual({ tone: 'amber', word: 'Due 11 May 2027', line: 'Rp\u00A099,000 to pay.' });
    expect(said({ dueAt: due })).toEqual({ tone: 'red', word: 'Overdue', line: 'Since 1 May 2027.' });
    expect(said({ amountPaid: 9_000 })).toEqual({
      tone: 'amber',
      word: 'Partly paid',
      line: 'Rp\u00A09,000 of Rp\u00A099,000 paid.',
    });
    expect(said({ status: 'paid', paidAt: due }, { paidBy: attempt })).toEqual({
      tone: 'green',
      word: 'Paid',
      line: 'On 1 May 2027 with Visa ending 4242.',
    });
    expect(said({ status: 'paid', paidAt: due }).line).toBe('On 1 May 2027.');
    expect(said({ status: 'void', voidedAt: due })).toEqual({
      tone: 'neutral',
      word: 'Cancelled',
      line: 'Cancelled by Kopi Senja on 1 May 2027. Nothing to pay.',
    });
    expect(said({ status: 'uncollectible' })).toEqual({
      tone: 'neutral',
      word: 'Written off',
      line: 'Kopi Senja no longer asks for it.',
    });
  });

  it('an invoice without a due date is open, never overdue', () => {
    expect(said({ dueAt: null, status: 'past_due' }).word).toBe('Open');
  });

  it('what is due at this very instant is not overdue yet: that is only after it', () => {
    expect(said({ dueAt: now - 1 }).word).toBe('Overdue');
    expect(said({ dueAt: now }).word).toBe('Due 10 May 2027');
  });

  it('a payment on its way is said before overdue; a bank that waits for the buyer is not on its way', () => {
    expect(said({ dueAt: due }, { waiting: attempt })).toEqual({
      tone: 'blue',
      word: 'Payment on its way',
      line: 'Started 1 May 2027 with Visa ending 4242.',
    });
    expect(said({ dueAt: due }, { waiting: { ...attempt, status: 'needs_confirmation' } }).word).toBe('Overdue');
  });

  it('money that came back is part of the word', () => {
    expect(said({ status: 'paid' }, { refunded: 9_000 })).toEqual({
      tone: 'neutral',
      word: 'Partly refunded',
      line: 'Rp\u00A09,000 of Rp\u00A099,000 came back.',
    });
    expect(said({ status: 'paid' }, { refunded: 99_000 }).word).toBe('Refunded');
  });
});

describe('when the way to pay is offered', () => {
  const on = { pay: true };

  it('only where something is due and the workspace lets buyers pay', () => {
    expect(isPayable({ invoice: base, waiting: null }, on, now)).toBe(true);
    expect(isPayable({ invoice: base, waiting: null }, { pay: false }, now)).toBe(false);
    for (const status of ['paid', 'void', 'uncollectible', 'draft'] as const) {
      expect(isPayable({ invoice: { ...base, status }, waiting: null }, on, now)).toBe(false);
    }
    expect(isPayable({ invoice: { ...base, amountPaid: 99_000 }, waiting: null }, on, now)).toBe(false);
  });

  it('not beside a charge on its way, but where a code or the bank waits for the buyer', () => {
    expect(isPayable({ invoice: base, waiting: attempt }, on, now)).toBe(false);
    expect(isPayable({ invoice: base, waiting: { ...attempt, payBefore: now + 1 } }, on, now)).toBe(true);
    expect(isPayable({ invoice: base, waiting: { ...attempt, payBefore: now } }, on, now)).toBe(false);
    expect(isPayable({ invoice: base, waiting: { ...attempt, status: 'needs_confirmation' } }, on, now)).toBe(true);
  });
});
