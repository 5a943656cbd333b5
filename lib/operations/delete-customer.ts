import { deleteCustomer as deleteRow, holdCustomer } from '@/lib/data/customers.ts';
import type { Writer } from '@/lib/data/db.ts';
import { detachAllMethods } from '@/lib/data/payment-methods.ts';
import { causeOfMerchant, tellOfChange } from '@/lib/data/tell-of-change.ts';
import { billingNow } from '@/lib/domain/customer.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import { wireCustomer } from '@/lib/domain/wire-customer.ts';
import { wirePaymentMethod } from '@/lib/domain/wire-payment-method.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Deletes a customer: its links and browser sessions open nothing any more, its methods are detached and then forgotten
 * at the provider. Fails with `not_found`, and with `conflict` while a subscription or an invoice holds the row.
 */
export async function deleteCustomer(on: Runtime, scope: CustomerScope, by: MerchantAct): Promise<Result<null>> {
  return on.write((tx) => remove(on, tx, scope, by));
}

async function remove(on: Runtime, tx: Writer, scope: CustomerScope, by: MerchantAct): Promise<Result<null>> {
  const now = on.now();
  const before = await holdCustomer(tx, scope);
  if (before === null) return fail('not_found', 'There is no such customer.');
  if ((await deleteRow(tx, scope, now)) === null) {
    return fail('conflict', 'Subscriptions or invoices hold this customer.');
  }
  const cause = causeOfMerchant(by);
  for (const method of await detachAllMethods(tx, scope, now)) {
    const object = wirePaymentMethod(method, before, billingNow(before, now));
    const event = { what: 'payment_method.detached', of: 'payment_method', object };
    await tellOfChange(tx, scope, cause, { act: 'payment_method.detached', object: method.id, event }, now, on.random);
  }
  const event = { what: 'customer.deleted', of: 'customer', object: wireCustomer(before) };
  await tellOfChange(tx, scope, cause, { act: 'customer.deleted', object: before.id, event }, now, on.random);
  return succeed(null);
}
