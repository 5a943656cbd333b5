import { listTestCustomers } from '@/lib/data/test-customers.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import type { BillingRecord } from '@/lib/domain/billing-record.ts';
import type { CustomerId } from '@/lib/domain/ids.ts';
import { readId } from '@/lib/domain/ids.ts';
import { clearTestCustomer } from '@/lib/operations/clear-test-customer.ts';
import { createWorkspace } from '@/lib/operations/create-workspace.ts';
import { importBillingData } from '@/lib/operations/import-billing-data.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { cancelAsBuyer } from './cancel-as-buyer.ts';
import { drawLogo } from './draw-logo.ts';
import type { SampleBuyer } from './sample-buyers.ts';
import { sampleBuyers } from './sample-buyers.ts';
import { samplePlanRecords } from './sample-plans.ts';
import { sampleBrand, sampleConfiguration, sampleCustomerPrefix, sampleName, sampleScope } from './sample-workspace.ts';

/**
 * Puts the sample shop and those of its buyers that are missing into the database, through the operations a merchant's
 * own data comes in by. Safe to repeat: what is there stays as it is. Answers the buyers that are new.
 */
export async function loadSample(on: Runtime): Promise<readonly SampleBuyer[]> {
  if ((await findWorkspace(on.read, sampleScope)) === null) {
    const made = await createWorkspace(on, {
      id: sampleScope.workspaceId,
      name: sampleName,
      brand: sampleBrand,
      configuration: sampleConfiguration,
      logo: drawLogo(),
    });
    // Somebody else may have opened it in this moment.
    if (!made.ok && made.failure.code !== 'conflict') throw new Error(made.failure.message);
  }
  await takeIn(on, samplePlanRecords());
  const present = new Set((await listTestCustomers(on.read, sampleScope)).map((customer) => customer.id));
  const missing = sampleBuyers.filter((buyer) => !present.has(customerIdOf(buyer)));
  for (const buyer of missing) await settle(on, buyer);
  return missing;
}

/** Takes back what a sample buyer did and what their clock did to them: all of theirs is made anew, from today. */
export async function resetSample(on: Runtime, buyer: SampleBuyer): Promise<void> {
  await loadSample(on);
  await clearTestCustomer(on, sampleScope, customerIdOf(buyer));
  await settle(on, buyer);
}

async function settle(on: Runtime, buyer: SampleBuyer): Promise<void> {
  await takeIn(on, buyer.build(on.now()));
  if (buyer.cancels === true) await cancelAsBuyer(on, { ...sampleScope, customerId: customerIdOf(buyer) });
}

export function customerIdOf(buyer: SampleBuyer): CustomerId {
  const id = readId<'customer'>(`${sampleCustomerPrefix}${buyer.slug}`);
  if (id === null) throw new Error(`The slug ${buyer.slug} makes no id.`);
  return id;
}

async function takeIn(on: Runtime, records: readonly BillingRecord[]): Promise<void> {
  const lines = records.map((record, at) => ({ line: at + 1, ok: true, record }) as const);
  const result = await importBillingData(on, sampleScope, () => lines);
  if (!result.ok) throw new Error(`The sample data was refused: ${JSON.stringify(result.problems)}`);
}
