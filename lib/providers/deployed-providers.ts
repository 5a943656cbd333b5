import { noReach, type ProviderReach } from '@/lib/domain/provider-reach.ts';
import type { Providers } from './provider.ts';
import { type HostedPage, makeHostedPage } from './simulated/hosted-page.ts';
import { makeSimulatedProvider, type SimulatedParts } from './simulated/simulated-provider.ts';

/** The providers of a deployment, with the simulated one's own pages. */
export type DeployedProviders = Providers & {
  /** Null on a host that does not serve test mode. */
  readonly simulatedPage: HostedPage | null;
};

/** The simulated provider serves test mode only; `simulated` is null on a host for live mode alone. */
export function makeProviders(simulated: SimulatedParts | null): DeployedProviders {
  if (simulated === null) {
    return { forNew: () => null, byAdapter: () => null, reach: () => noReach, simulatedPage: null };
  }
  const provider = makeSimulatedProvider(simulated);
  const { savedKinds, paymentKinds } = provider.capabilities;
  const inTest: ProviderReach = {
    chargeable: new Set([provider.adapter]),
    savesMethods: savedKinds.length > 0,
    takesPayments: paymentKinds.length > 0,
  };
  return {
    forNew: (mode) => (mode === 'test' ? provider : null),
    byAdapter: (adapter) => (adapter === provider.adapter ? provider : null),
    reach: (mode) => (mode === 'test' ? inTest : noReach),
    simulatedPage: makeHostedPage(simulated),
  };
}
