import type { PortalFlow } from '@/lib/domain/portal-flow.ts';
import type { ProviderReach } from '@/lib/domain/provider-reach.ts';
import type { Failure } from '@/lib/domain/result.ts';
import { fail } from '@/lib/domain/result.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import { isOffered } from '@/lib/domain/workspace.ts';
import type { Reader } from './db.ts';
import { findInvoice } from './invoices.ts';
import { findReceipt } from './receipts.ts';
import { findSubscription } from './subscriptions.ts';

/**
 * Why a flow cannot be minted for this customer, or null: `not_found` for an object that is not the customer's,
 * `validation_error` for an act this portal does not offer.
 */
export async function refuseFlow(
  read: Reader,
  customer: CustomerScope,
  workspace: Workspace,
  reach: ProviderReach,
  flow: PortalFlow,
): Promise<Failure<'not_found' | 'validation_error'> | null> {
  const { configuration } = workspace;
  if ('receiptId' in flow) {
    if ((await findReceipt(read, customer, flow.receiptId)) === null) return unknown('receiptId', 'receipt');
    return configuration.receipts.view ? null : notOffered;
  }
  const invoiceId = 'invoiceId' in flow ? flow.invoiceId : null;
  if (invoiceId !== null && (await findInvoice(read, customer, invoiceId)) === null) {
    return unknown('invoiceId', 'invoice');
  }
  const subscriptionId = 'subscriptionId' in flow ? flow.subscriptionId : null;
  const planned = subscriptionId === null ? null : await findSubscription(read, customer, subscriptionId);
  if (subscriptionId !== null && planned === null) return unknown('subscriptionId', 'subscription');
  switch (flow.type) {
    case 'payment_method_update':
      return configuration.paymentMethods.add && reach.savesMethods ? null : notOffered;
    case 'invoice':
      return configuration.invoices.view ? null : notOffered;
    case 'invoice_pay':
      return configuration.invoices.view && configuration.invoices.pay ? null : notOffered;
    case 'subscription':
      return configuration.subscriptions.view ? null : notOffered;
    case 'subscription_cancel': {
      const plan = planned?.plan.portalFeatures;
      const isOn = plan !== undefined && isOffered('selfServeCancel', plan, configuration);
      return configuration.subscriptions.view && isOn ? null : notOffered;
    }
  }
}

const notOffered = fail('validation_error', 'flow: this portal does not offer that.', { field: 'flow' }).failure;

function unknown(field: string, noun: string) {
  return fail('not_found', `There is no such ${noun} of this customer.`, { field: `flow.${field}` }).failure;
}
