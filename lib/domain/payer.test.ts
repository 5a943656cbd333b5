import { expect, it } from 'vitest';
import { payerOf } from './payer.ts';
import { aCustomerRecord, aMethod, anId, aSubscription } from './testing/billing-nouns.ts';

const first = aMethod();
const second = aMethod({ id: anId('pt_2') });

it('a subscription is charged on its own method, else on the default of the customer, else on none', () => {
  const customer = aCustomerRecord();
  const own = aSubscription({ defaultPaymentMethodId: second.id });
  expect(payerOf(own, customer, [first, second])).toBe(second);
  expect(payerOf(own, customer, [first, { ...second, status: 'detached' }])).toBe(first);
  expect(payerOf(aSubscription(), customer, [first, second])).toBe(first);
  expect(payerOf(aSubscription(), aCustomerRecord({ defaultPaymentMethodId: null }), [first])).toBeNull();
});

it('no method pays where invoices are sent', () => {
  expect(payerOf(aSubscription({ collectionMethod: 'send_invoice' }), aCustomerRecord(), [first])).toBeNull();
});
