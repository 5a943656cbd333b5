import { describe, expect, it } from 'vitest';
import type { PaymentMethod } from './payment-method.ts';
import { canPayHere, isChargeable, noReach, offerWithin, type ProviderReach } from './provider-reach.ts';
import { completeConfiguration } from './workspace.ts';

const now = Date.UTC(2026, 2, 3);
const card = { adapter: 'simulated', status: 'active', expMonth: 8, expYear: 2030 } as PaymentMethod;
const all: ProviderReach = { chargeable: new Set(['simulated']), savesMethods: true, takesPayments: true };

describe('what the deployed providers can do', () => {
  it('a method is charged only by a provider that is deployed, and only while it is good', () => {
    expect(isChargeable(card, all, now)).toBe(true);
    expect(isChargeable({ ...card, adapter: 'xendit' }, all, now)).toBe(false);
    expect(isChargeable({ ...card, expYear: 2025 }, all, now)).toBe(false);
  });

  it('paying needs a provider with a page, or a method that can be charged', () => {
    expect(canPayHere(all, [], now)).toBe(true);
    expect(canPayHere(noReach, [card], now)).toBe(false);
    const charging = { ...noReach, chargeable: new Set(['simulated']) };
    expect(canPayHere(charging, [card], now)).toBe(true);
    expect(canPayHere(charging, [{ ...card, adapter: 'xendit' }], now)).toBe(false);
  });

  it('without a provider nothing is paid or added; with one the workspace decides', () => {
    const { invoices, paymentMethods } = offerWithin(completeConfiguration, noReach, false);
    expect([invoices.pay, paymentMethods.add]).toEqual([false, false]);
    expect(paymentMethods).toEqual({ ...completeConfiguration.paymentMethods, add: false });
    expect(offerWithin(completeConfiguration, all, true)).toEqual(completeConfiguration);
    const closed = { ...completeConfiguration, invoices: { ...completeConfiguration.invoices, pay: false } };
    expect(offerWithin(closed, all, true).invoices.pay).toBe(false);
  });
});
