import { expect, it } from 'vitest';
import { moneyStyleOf } from './money-style.ts';
import type { PlannedSubscription } from './planned-subscription.ts';

it('a page with two currencies writes codes, whether they come from prices or invoices', () => {
  const [rupiah, dollars] = [
    { price: { currency: 'IDR' } as PlannedSubscription['price'] },
    { price: { currency: 'USD' } as PlannedSubscription['price'] },
  ];
  expect(moneyStyleOf([rupiah, { price: null }], [{ currency: 'IDR' }])).toBe('sign');
  expect(moneyStyleOf([rupiah, dollars], [])).toBe('mixed');
  expect(moneyStyleOf([rupiah], [{ currency: 'USD' }])).toBe('mixed');
});
