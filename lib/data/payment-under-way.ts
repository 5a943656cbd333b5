import type { InvoiceId } from '@/lib/domain/ids.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Reader } from './db.ts';
import { hasWaitingAttempt } from './payment-attempts.ts';
import { listWaitingVisitsOfInvoice } from './provider-visits.ts';

/** May money for this invoice still arrive: from a charge, a transfer, or a page that is open at the provider? */
export async function isPaymentUnderWay(read: Reader, scope: WorkspaceScope, id: InvoiceId): Promise<boolean> {
  return (await hasWaitingAttempt(read, scope, id)) || (await listWaitingVisitsOfInvoice(read, scope, id)).length > 0;
}
