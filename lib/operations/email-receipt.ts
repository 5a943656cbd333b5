import { holdCustomer } from '@/lib/data/customers.ts';
import { settleForm, spendForm } from '@/lib/data/form-outcomes.ts';
import { listBuyerMails, queueMail } from '@/lib/data/mails.ts';
import { findReceipt } from '@/lib/data/receipts.ts';
import { causeOf, tellOfChange } from '@/lib/data/tell-of-change.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import type { ReceiptId } from '@/lib/domain/ids.ts';
import { newId } from '@/lib/domain/ids.ts';
import { chooseRecipient } from '@/lib/domain/mail-recipient.ts';
import { buyerMailAt, canEmailReceipt } from '@/lib/domain/outgoing-mail.ts';
import type { Result } from '@/lib/domain/result.ts';
import { fail, succeed } from '@/lib/domain/result.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import type { Runtime } from '@/lib/runtime.ts';

export type EmailOrder = {
  readonly formId: string;
  readonly receiptId: ReceiptId;
  /** What the buyer typed; looked at only where the workspace lets a receipt go to any address. */
  readonly to: string | null;
  /** Language of the page, where the customer has none of their own. */
  readonly locale: 'en' | 'id';
};

/**
 * Mails a receipt again as its buyer asks. Failures: `not_found`; `not_offered` (the workspace, or mail itself);
 * `validation_error` on `to`; `rate_limited` with `at`, when an hour has seen enough of them.
 */
export async function emailReceipt(
  on: Runtime,
  viewer: Viewer,
  order: EmailOrder,
): Promise<Result<'sent', 'not_found' | 'not_offered' | 'validation_error' | 'rate_limited'>> {
  const now = on.now();
  return on.write(async (tx) => {
    const spent = await spendForm(tx, viewer, order.formId, 'email_receipt', now);
    if (spent !== null) return succeed('sent');
    const customer = await holdCustomer(tx, viewer);
    const receipt = await findReceipt(tx, viewer, order.receiptId);
    const workspace = await findWorkspace(tx, viewer);
    if (customer === null || receipt === null || workspace === null) return fail('not_found', 'No such receipt.');
    const { receipts } = workspace.configuration;
    if (!canEmailReceipt(receipts, customer.email) || !on.mail.offers(viewer.mode)) {
      return fail('not_offered', 'Receipts are not mailed from here.');
    }
    const to = chooseRecipient(receipts.emailTo === 'any' ? (order.to ?? '') : null, customer.email);
    if (!to.ok) return to;
    const at = buyerMailAt(await listBuyerMails(tx, viewer, now), now);
    if (at !== null) return fail('rate_limited', 'That is enough for now.', { facts: { at } });
    const id = newId('mail', now, on.random);
    const cause = causeOf(viewer);
    const { workspaceId, mode, customerId } = viewer;
    await queueMail(
      tx,
      {
        workspaceId,
        mode,
        customerId,
        id,
        document: { kind: 'receipt', id: receipt.id },
        to: to.value,
        locale: order.locale,
        cause: `form:${viewer.browserSessionId}:${order.formId}`,
        askedBy: 'buyer',
        toldBy: cause,
      },
      now,
    );
    const change = { act: 'receipt.mail_asked', object: receipt.id, detail: { mail: id } };
    await tellOfChange(tx, viewer, cause, change, now, on.random);
    await settleForm(tx, viewer, order.formId, { code: 'receipt_emailed', facts: { email: to.value } });
    return succeed('sent');
  });
}
