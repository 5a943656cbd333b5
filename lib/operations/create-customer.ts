import { insertCustomer } from '@/lib/data/customers.ts';
import { causeOfMerchant, tellOfChange } from '@/lib/data/tell-of-change.ts';
import type { Customer } from '@/lib/domain/customer.ts';
import { newId } from '@/lib/domain/ids.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { wireCustomer } from '@/lib/domain/wire-customer.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** What a merchant says of a new customer; null where it says nothing. */
export type CustomerFields = Pick<Customer, 'externalId' | 'email' | 'name' | 'phone' | 'taxId' | 'metadata'>;

/** Creates a customer. Fails with `conflict` when the external id belongs to another one of the workspace and mode. */
export async function createCustomer(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  fields: CustomerFields,
): Promise<Result<Customer>> {
  const now = on.now();
  return on.write(async (tx) => {
    const id = newId('customer', now, on.random);
    const customer = await insertCustomer(tx, {
      ...fields,
      id,
      customerId: id,
      workspaceId: scope.workspaceId,
      mode: scope.mode,
      legalName: null,
      address: null,
      defaultPaymentMethodId: null,
      clockAheadMs: 0,
      createdAt: now,
      updatedAt: now,
    });
    if (customer === null) {
      return fail('conflict', 'This externalId belongs to another customer.', { field: 'externalId' });
    }
    const event = { what: 'customer.created', of: 'customer', object: wireCustomer(customer) };
    const change = { act: 'customer.created', object: id, event };
    await tellOfChange(tx, scope, causeOfMerchant(by), change, now, on.random);
    return succeed(customer);
  });
}
