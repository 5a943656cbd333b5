import { changeDefault } from '@/lib/data/change-payers.ts';
import { holdCustomer } from '@/lib/data/customers.ts';
import type { Writer } from '@/lib/data/db.ts';
import { readPayingFacts } from '@/lib/data/paying-facts.ts';
import { listWaitingAttemptsWith } from '@/lib/data/payment-attempts.ts';
import {
  detachPaymentMethod,
  findPaymentMethod,
  listLeavingMethods,
  planDetachment,
} from '@/lib/data/payment-methods.ts';
import { type Cause, tellOfChange } from '@/lib/data/tell-of-change.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import { billingNow } from '@/lib/domain/customer.ts';
import { dutiesOf } from '@/lib/domain/method-duties.ts';
import type { PaymentMethod } from '@/lib/domain/payment-method.ts';
import { wirePaymentMethod } from '@/lib/domain/wire-payment-method.ts';
import type { Runtime } from '@/lib/runtime.ts';

const batch = 100;

/**
 * Removes methods whose moment has come, up to 100, and answers how many. One that is needed again, because an end was
 * taken back or something new is charged on it, stays, and its removal is off.
 */
export async function detachLeavingMethods(on: Runtime): Promise<number> {
  const leaving = await listLeavingMethods(on.read, on.now(), batch);
  let count = 0;
  for (const method of leaving) {
    if (await on.write((tx) => detachOne(on, tx, method))) count += 1;
  }
  return count;
}

async function detachOne(on: Runtime, tx: Writer, seen: PaymentMethod): Promise<boolean> {
  const now = on.now();
  const customer = await holdCustomer(tx, seen);
  const workspace = await findWorkspace(tx, seen);
  const method = await findPaymentMethod(tx, seen, seen.id);
  if (customer === null || workspace === null || method === null) return false;
  const billing = billingNow(customer, now);
  if (method.status === 'detached' || method.detachAt === null || method.detachAt > billing) return false;
  const cause: Cause = {
    actor: 'job:detach-leaving-methods',
    source: 'job',
    extras: { origin: 'portal', customerId: customer.id },
  };
  const facts = await readPayingFacts(tx, seen, customer, workspace);
  const isNeeded = dutiesOf(method, facts, billing).length > 0;
  if (isNeeded || (await listWaitingAttemptsWith(tx, seen, method.id)).length > 0) {
    if (!isNeeded) return false;
    await planDetachment(tx, seen, method.id, null, now);
    const change = { act: 'payment_method.detach_undone', object: method.id, detail: { reason: 'needed' } };
    await tellOfChange(tx, seen, cause, change, now, on.random);
    return true;
  }
  const isDefault = customer.defaultPaymentMethodId === method.id;
  const after = isDefault ? await changeDefault(tx, customer, null, cause, now, on.random) : customer;
  const gone = await detachPaymentMethod(tx, seen, method.id, billing, now);
  if (gone === null) return false;
  const object = wirePaymentMethod(gone, after, billing);
  const event = { what: 'payment_method.detached', of: 'payment_method', object };
  await tellOfChange(tx, seen, cause, { act: 'payment_method.detached', object: gone.id, event }, now, on.random);
  return true;
}
