import { findCustomer } from '@/lib/data/customers.ts';
import { queueMail } from '@/lib/data/mails.ts';
import { causeOfMerchant, tellOfChange } from '@/lib/data/tell-of-change.ts';
import type { MerchantInvoice } from '@/lib/data/workspace-invoices.ts';
import { findMerchantInvoice } from '@/lib/data/workspace-invoices.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import type { InvoiceId } from '@/lib/domain/ids.ts';
import { newId } from '@/lib/domain/ids.ts';
import { invoiceStatus } from '@/lib/domain/invoice.ts';
import type { MailAddress } from '@/lib/domain/mail-address.ts';
import { chooseRecipient, mailNotOffered } from '@/lib/domain/mail-recipient.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { wireInvoice } from '@/lib/domain/wire-invoice.ts';
import { documentLocale } from '@/lib/i18n/locale.ts';
import type { Runtime } from '@/lib/runtime.ts';

export type MailedInvoice = { readonly invoice: MerchantInvoice; readonly to: MailAddress };

/**
 * Queues an invoice for the mail: to the address given, else the customer's. `tells`: and the event `invoice.sent` says
 * so. Fails with `not_found`, with `conflict` for a draft or a void one, with `validation_error` where there is no
 * address, and with `service_unavailable` where live mail is not set up.
 */
export async function mailInvoice(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  id: InvoiceId,
  order: { readonly to: string | null; readonly tells: boolean },
): Promise<Result<MailedInvoice>> {
  const now = on.now();
  return on.write(async (tx) => {
    const found = await findMerchantInvoice(tx, scope, id, now);
    const workspace = await findWorkspace(tx, scope);
    if (found === null || workspace === null) return fail('not_found', 'There is no such invoice.');
    const { invoice, lines, billing } = found;
    const status = invoiceStatus(invoice, billing);
    if (status === 'draft') return fail('conflict', 'Finalize this draft first.', { details: { status } });
    if (status === 'void')
      return fail('conflict', 'This invoice is void: nobody is to get it.', { details: { status } });
    const customer = await findCustomer(tx, invoice);
    const to = chooseRecipient(order.to, customer?.email ?? null);
    if (!to.ok) return to;
    if (!on.mail.offers(scope.mode)) return mailNotOffered;
    const cause = causeOfMerchant(by);
    const mail = newId('mail', now, on.random);
    await queueMail(
      tx,
      {
        workspaceId: scope.workspaceId,
        mode: scope.mode,
        customerId: invoice.customerId,
        id: mail,
        document: { kind: 'invoice', id },
        to: to.value,
        locale: documentLocale(customer?.metadata?.locale, workspace.configuration.defaultLocale),
        cause: `request:${by.requestId}`,
        askedBy: 'merchant',
        toldBy: cause,
      },
      now,
    );
    const detail = { mail };
    const object = wireInvoice(invoice, lines, billing);
    const change = order.tells
      ? {
          act: 'invoice.sent',
          object: id,
          detail,
          event: { what: 'invoice.sent', of: 'invoice', object, extras: { to: to.value } },
        }
      : { act: 'invoice.mail_asked', object: id, detail };
    await tellOfChange(tx, scope, cause, change, now, on.random);
    return succeed({ invoice: found, to: to.value });
  });
}
