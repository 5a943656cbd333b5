import { listWaitingVisitsOfInvoice } from '@/lib/data/provider-visits.ts';
import type { InvoiceId } from '@/lib/domain/ids.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { carryOutPayment } from '@/lib/operations/carry-out-payment.ts';
import { settleProviderVisit } from '@/lib/operations/settle-provider-visit.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Closes what a buyer has open at the provider for an invoice, so that it cannot be paid there any more: pages, transfers
 * that are waited for, charges the bank still asks about. What is already charged, or gives no answer, stays under way.
 */
export async function stopPayments(on: Runtime, scope: WorkspaceScope, id: InvoiceId): Promise<void> {
  for (const visit of await listWaitingVisitsOfInvoice(on.read, scope, id)) {
    if (visit.purpose === 'confirm_payment') await carryOutPayment(on, visit, visit.id, { how: 'cancel' });
    // A page that is being opened right now has no name yet: it cannot be closed, so it is only asked for.
    else await settleProviderVisit(on, visit, { how: visit.providerReference === null ? 'ask' : 'close' });
  }
}
