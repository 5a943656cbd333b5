import { isUsable, type PaymentMethod } from './payment-method.ts';
import type { Instant } from './time.ts';
import type { PortalConfiguration } from './workspace.ts';

/** What the payment providers of this deployment can do in one mode. Without any provider: nothing. */
export type ProviderReach = {
  /** Adapters whose saved methods can be charged. */
  readonly chargeable: ReadonlySet<string>;
  /** Can a method be added? */
  readonly savesMethods: boolean;
  /** Can one invoice be paid on a provider's page, by a method that is not saved? */
  readonly takesPayments: boolean;
};

/** Of a deployment without a provider. */
export const noReach: ProviderReach = { chargeable: new Set(), savesMethods: false, takesPayments: false };

/** May this method be charged here, now? One whose provider is not deployed may still be chosen for later payments. */
export function isChargeable(method: PaymentMethod, reach: Pick<ProviderReach, 'chargeable'>, now: Instant): boolean {
  return reach.chargeable.has(method.adapter) && isUsable(method, now);
}

/** Could an invoice be paid here at all? Where not, the merchant collects it. */
export function canPayHere(reach: ProviderReach, methods: readonly PaymentMethod[], now: Instant): boolean {
  return reach.takesPayments || methods.some((method) => isChargeable(method, reach, now));
}

/** What a page offers: what the workspace allows, without what the deployed providers cannot do for this buyer. */
export function offerWithin(
  configuration: PortalConfiguration,
  reach: ProviderReach,
  canPay: boolean,
): PortalConfiguration {
  const { invoices, paymentMethods } = configuration;
  return {
    ...configuration,
    invoices: { ...invoices, pay: invoices.pay && canPay },
    paymentMethods: { ...paymentMethods, add: paymentMethods.add && reach.savesMethods },
  };
}
