import type { CustomerChanges } from '@/lib/data/customers.ts';
import { holdCustomer, updateCustomer as updateRow } from '@/lib/data/customers.ts';
import type { Writer } from '@/lib/data/db.ts';
import { isUniqueViolation } from '@/lib/data/db.ts';
import { findPaymentMethod } from '@/lib/data/payment-methods.ts';
import { causeOfMerchant, tellOfChange } from '@/lib/data/tell-of-change.ts';
import type { Customer } from '@/lib/domain/customer.ts';
import { billingNow } from '@/lib/domain/customer.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import { isUsable } from '@/lib/domain/payment-method.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import { changedFields } from '@/lib/domain/row-changes.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import { wireCustomer } from '@/lib/domain/wire-customer.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Changes what is named of a customer; null clears. The default method must be an active one of this customer. The event
 * names the fields that differ; without a difference there is none. Fails with `not_found`, with `validation_error` for
 * the default method, with `conflict` for an external id that is taken.
 */
export async function updateCustomer(
  on: Runtime,
  scope: CustomerScope,
  by: MerchantAct,
  changes: CustomerChanges,
): Promise<Result<Customer>> {
  try {
    return await on.write((tx) => update(on, tx, scope, by, changes));
  } catch (thrown) {
    if (!isUniqueViolation(thrown)) throw thrown;
    return fail('conflict', 'This externalId belongs to another customer.', { field: 'externalId' });
  }
}

async function update(
  on: Runtime,
  tx: Writer,
  scope: CustomerScope,
  by: MerchantAct,
  changes: CustomerChanges,
): Promise<Result<Customer>> {
  const now = on.now();
  const before = await holdCustomer(tx, scope);
  if (before === null) return fail('not_found', 'There is no such customer.');
  const { defaultPaymentMethodId: methodId } = changes;
  if (methodId !== undefined && methodId !== null) {
    const method = await findPaymentMethod(tx, scope, methodId);
    if (method === null || !isUsable(method, billingNow(before, now))) {
      const message = 'defaultPaymentTokenId must be an active payment method of this customer.';
      return fail('validation_error', message, { field: 'defaultPaymentTokenId' });
    }
  }
  const changed = changedFields(before, changes).map((name) =>
    name === 'defaultPaymentMethodId' ? 'defaultPaymentTokenId' : name,
  );
  if (changed.length === 0) return succeed(before);
  const after = await updateRow(tx, scope, changes, now);
  if (after === null) return fail('not_found', 'There is no such customer.');
  const extras = { customerId: after.id, changed };
  const event = { what: 'customer.updated', of: 'customer', object: wireCustomer(after), extras };
  await tellOfChange(
    tx,
    scope,
    causeOfMerchant(by),
    { act: 'customer.updated', object: after.id, detail: { changed: changed.join(' ') }, event },
    now,
    on.random,
  );
  return succeed(after);
}
