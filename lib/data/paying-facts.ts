import type { Customer } from '@/lib/domain/customer.ts';
import type { PayingFacts } from '@/lib/domain/method-duties.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import type { Reader } from './db.ts';
import { listPaymentMethods } from './payment-methods.ts';
import { listSubscriptions } from './subscriptions.ts';

/** Everything that decides which method of a customer pays what. */
export async function readPayingFacts(
  read: Reader,
  scope: CustomerScope,
  customer: Customer,
  workspace: Workspace,
): Promise<PayingFacts> {
  const [methods, subscriptions] = [await listPaymentMethods(read, scope), await listSubscriptions(read, scope)];
  return { customer, methods, subscriptions, configuration: workspace.configuration };
}
