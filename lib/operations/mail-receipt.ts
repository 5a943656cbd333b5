import { findCustomer } from '@/lib/data/customers.ts';
import { queueMail } from '@/lib/data/mails.ts';
import { findMerchantReceipt } from '@/lib/data/receipts.ts';
import { causeOfMerchant, tellOfChange } from '@/lib/data/tell-of-change.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import type { ReceiptId } from '@/lib/domain/ids.ts';
import { newId } from '@/lib/domain/ids.ts';
import type { MailAddress } from '@/lib/domain/mail-address.ts';
import { chooseRecipient, mailNotOffered } from '@/lib/domain/mail-recipient.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import { documentLocale } from '@/lib/i18n/locale.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Queues a receipt for the mail: to the address given, else the customer's. The receipt and its event tell of it once
 * the mail server has taken it. Fails with `not_found`, with `validation_error` where there is no address, and with
 * `service_unavailable` where live mail is not set up.
 */
export async function mailReceipt(
  on: Runtime,
  scope: WorkspaceScope,
  by: MerchantAct,
  id: ReceiptId,
  asked: string | null,
): Promise<Result<{ readonly to: MailAddress }>> {
  const now = on.now();
  return on.write(async (tx) => {
    const receipt = await findMerchantReceipt(tx, scope, { id });
    const workspace = await findWorkspace(tx, scope);
    if (receipt === null || workspace === null) return fail('not_found', 'There is no such receipt.');
    const customer = await findCustomer(tx, receipt);
    const to = chooseRecipient(asked, customer?.email ?? null);
    if (!to.ok) return to;
    if (!on.mail.offers(scope.mode)) return mailNotOffered;
    const cause = causeOfMerchant(by);
    const mail = newId('mail', now, on.random);
    await queueMail(
      tx,
      {
        workspaceId: scope.workspaceId,
        mode: scope.mode,
        customerId: receipt.customerId,
        id: mail,
        document: { kind: 'receipt', id },
        to: to.value,
        locale: documentLocale(customer?.metadata?.locale, workspace.configuration.defaultLocale),
        cause: `request:${by.requestId}`,
        askedBy: 'merchant',
        toldBy: cause,
      },
      now,
    );
    const change = { act: 'receipt.mail_asked', object: id, detail: { mail } };
    await tellOfChange(tx, scope, cause, change, now, on.random);
    return succeed({ to: to.value });
  });
}
