import { changeDefault } from '@/lib/data/change-payers.ts';
import { holdCustomer } from '@/lib/data/customers.ts';
import type { Writer } from '@/lib/data/db.ts';
import { readPayingFacts } from '@/lib/data/paying-facts.ts';
import { listWaitingAttemptsWith } from '@/lib/data/payment-attempts.ts';
import { detachPaymentMethod as detachRow, findMethodOfWorkspace } from '@/lib/data/payment-methods.ts';
import { causeOfMerchant, tellOfChange } from '@/lib/data/tell-of-change.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import { billingNow } from '@/lib/domain/customer.ts';
import type { PaymentMethodId } from '@/lib/domain/ids.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import { dutiesOf } from '@/lib/domain/method-duties.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { wirePaymentMethod } from '@/lib/domain/wire-payment-method.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Detaches a method; the provider is told to forget it soon after. One that is detached already stays so. Fails with
 * `not_found`, and with `conflict` while a running subscription is charged on it or a payment with it is on its way.
 */
export async function detachPaymentMethod(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  methodId: PaymentMethodId,
): Promise<Result<null>> {
  return on.write((tx) => detach(on, tx, scope, by, methodId));
}

async function detach(
  on: Runtime,
  tx: Writer,
  scope: WorkspaceScope,
  by: MerchantAct,
  methodId: PaymentMethodId,
): Promise<Result<null>> {
  const seen = await findMethodOfWorkspace(tx, scope, methodId);
  const customer = seen === null ? null : await holdCustomer(tx, seen);
  const workspace = await findWorkspace(tx, scope);
  if (seen === null || seen.status === 'detached') {
    return seen === null ? fail('not_found', 'There is no such payment method.') : succeed(null);
  }
  if (customer === null || workspace === null) return fail('not_found', 'There is no such payment method.');
  const now = on.now();
  const billing = billingNow(customer, now);
  const duties = dutiesOf(seen, await readPayingFacts(tx, seen, customer, workspace), billing);
  if (duties.length > 0) {
    return fail('conflict', 'A running subscription is charged on it: set another default first.', {
      details: { subscriptionIds: duties.map(({ subscription }) => subscription.id) },
    });
  }
  if ((await listWaitingAttemptsWith(tx, seen, seen.id)).length > 0) {
    return fail('conflict', 'A payment with it is on its way.');
  }
  const cause = causeOfMerchant(by);
  const isDefault = customer.defaultPaymentMethodId === seen.id;
  const after = isDefault ? await changeDefault(tx, customer, null, cause, now, on.random) : customer;
  const gone = await detachRow(tx, seen, seen.id, billing, now);
  if (gone === null) return succeed(null);
  const object = wirePaymentMethod(gone, after, billing);
  const event = { what: 'payment_method.detached', of: 'payment_method', object };
  await tellOfChange(tx, scope, cause, { act: 'payment_method.detached', object: gone.id, event }, now, on.random);
  return succeed(null);
}
