import { billingNow } from '@/lib/domain/customer.ts';
import type { CustomerId, InvoiceId, PaymentMethodId } from '@/lib/domain/ids.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope, WorkspaceScope } from '@/lib/domain/viewer.ts';
import { wireCustomer } from '@/lib/domain/wire-customer.ts';
import { wireInvoice } from '@/lib/domain/wire-invoice.ts';
import { wirePaymentMethod } from '@/lib/domain/wire-payment-method.ts';
import { wireSubscription } from '@/lib/domain/wire-subscription.ts';
import { findCustomer } from './customers.ts';
import type { Reader } from './db.ts';
import { findNewestEvent } from './events.ts';
import { listInvoiceLines, toInvoice } from './invoices.ts';
import { findPaymentMethod } from './payment-methods.ts';
import { toSubscription } from './subscriptions.ts';

type WireObject = Readonly<Record<string, unknown>>;

/**
 * An object of the workspace as it stands on the wire now, by the word events have for its kind; for kinds without a
 * reader here, as its newest event showed it. Null: there is none of that kind and id.
 */
export async function findWireObject(
  read: Reader,
  scope: WorkspaceScope,
  kind: string,
  id: string,
  now: Instant,
): Promise<WireObject | null> {
  const find = Object.hasOwn(readers, kind) ? readers[kind] : undefined;
  if (find !== undefined) return find(read, scope, id, now);
  const object = (await findNewestEvent(read, scope, kind, id))?.data.object;
  return typeof object === 'object' && object !== null ? { ...object } : null;
}

type Find = (read: Reader, scope: WorkspaceScope, id: string, now: Instant) => Promise<WireObject | null>;

const readers: Readonly<Record<string, Find>> = {
  async customer(read, scope, id) {
    const found = await findCustomer(read, { ...scope, customerId: id as CustomerId });
    return found === null ? null : wireCustomer(found);
  },
  async subscription(read, { workspaceId, mode }, id) {
    const row = await read
      .selectFrom('subscriptions')
      .selectAll()
      .where('workspaceId', '=', workspaceId)
      .where('mode', '=', mode)
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? null : wireSubscription(toSubscription(row));
  },
  async invoice(read, scope, id, now) {
    const row = await read
      .selectFrom('invoices')
      .selectAll()
      .where('workspaceId', '=', scope.workspaceId)
      .where('mode', '=', scope.mode)
      .where('id', '=', id)
      .executeTakeFirst();
    const customer = row === undefined ? null : await findCustomer(read, ofCustomer(scope, row.customerId));
    if (row === undefined || customer === null) return null;
    const lines = await listInvoiceLines(read, customer, id as InvoiceId);
    return wireInvoice(toInvoice(row), lines, billingNow(customer, now));
  },
  async payment_method(read, scope, id, now) {
    const row = await read
      .selectFrom('paymentMethods')
      .select('customerId')
      .where('workspaceId', '=', scope.workspaceId)
      .where('mode', '=', scope.mode)
      .where('id', '=', id)
      .executeTakeFirst();
    const customer = row === undefined ? null : await findCustomer(read, ofCustomer(scope, row.customerId));
    const method = customer === null ? null : await findPaymentMethod(read, customer, id as PaymentMethodId);
    return method === null || customer === null ? null : wirePaymentMethod(method, customer, billingNow(customer, now));
  },
};

function ofCustomer(scope: WorkspaceScope, customerId: string): CustomerScope {
  return { workspaceId: scope.workspaceId, mode: scope.mode, customerId: customerId as CustomerId };
}
