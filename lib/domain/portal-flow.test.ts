import { expect, it } from 'vitest';
import type { InvoiceId, SubscriptionId } from './ids.ts';
import type { PortalFlow } from './portal-flow.ts';
import { flowPlace, isInFlow, wireFlow } from './portal-flow.ts';

const cancel: PortalFlow = {
  type: 'subscription_cancel',
  subscriptionId: 'sub_1' as SubscriptionId,
  message: null,
};
const method: PortalFlow = {
  type: 'payment_method_update',
  subscriptionId: null,
  invoiceId: 'inv_1' as InvoiceId,
  message: 'Thank you!',
};

it('a flow lands on its own page', () => {
  expect(flowPlace(cancel)).toBe('/subscriptions/sub_1/cancel');
  expect(flowPlace(method)).toBe('/payment-methods/add?invoice=inv_1');
  expect(flowPlace({ ...method, invoiceId: null })).toBe('/payment-methods/add');
});

it('what belongs to a flow is its object and nothing beside it', () => {
  expect(isInFlow(cancel, '/subscriptions/sub_1/cancel/certificate')).toBe(true);
  expect(isInFlow(cancel, '/subscriptions/sub_1')).toBe(true);
  expect(isInFlow(cancel, '/subscriptions/sub_12')).toBe(false);
  expect(isInFlow(cancel, '/')).toBe(false);
  expect(isInFlow(method, '/payment-methods')).toBe(true);
  expect(isInFlow(method, '/invoices/inv_1')).toBe(true);
  expect(isInFlow({ ...method, invoiceId: null }, '/invoices/null')).toBe(false);
});

it('the wire shows a flow as it was given', () => {
  expect(wireFlow(cancel)).toEqual({ type: 'subscription_cancel', subscriptionId: 'sub_1' });
  expect(wireFlow(method)).toEqual({ type: 'payment_method_update', invoiceId: 'inv_1', message: 'Thank you!' });
});
