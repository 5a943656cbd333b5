import { withStanding } from '@/lib/data/invoice-standings.ts';
import { findMerchantReceipt } from '@/lib/data/receipts.ts';
import { findMerchantInvoice } from '@/lib/data/workspace-invoices.ts';
import { findWorkspace } from '@/lib/data/workspaces.ts';
import { readMailAddress } from '@/lib/domain/mail-address.ts';
import type { OutgoingMail } from '@/lib/domain/outgoing-mail.ts';
import type { Workspace } from '@/lib/domain/workspace.ts';
import { invoiceStatusWords } from '@/lib/i18n/invoice-status.ts';
import { makeWords } from '@/lib/i18n/words.ts';
import { invoiceMail, receiptMail } from '@/lib/mail/document-mail.ts';
import type { MailMessage } from '@/lib/mail/message.ts';
import type { Runtime } from '@/lib/runtime.ts';

/**
 * Makes the mail that brings a document: whose it is, what it says, and the document as it was made for it. Null when
 * the document or its workspace is gone.
 */
export async function composeMail(
  on: Runtime,
  mail: OutgoingMail,
  made: { readonly name: string; readonly bytes: Uint8Array },
): Promise<MailMessage | null> {
  const workspace = await findWorkspace(on.read, mail);
  const worded = workspace === null ? null : await wordMail(on, mail, workspace);
  if (workspace === null || worded === null) return null;
  return {
    id: mail.id,
    date: mail.createdAt,
    from: { name: workspace.brand.name, address: on.mail.from },
    to: mail.to,
    replyTo: answersTo(workspace),
    ...worded,
    attachment: { name: `${made.name}.pdf`, type: 'application/pdf', bytes: made.bytes },
  };
}

async function wordMail(
  on: Runtime,
  mail: OutgoingMail,
  workspace: Workspace,
): Promise<Pick<MailMessage, 'subject' | 'text' | 'html'> | null> {
  const { brand, configuration } = workspace;
  const words = makeWords(mail.locale, configuration.timeZone);
  const addressed = { words, brand, to: mail.to, canAnswer: answersTo(workspace) !== null };
  if (mail.document.kind === 'receipt') {
    const receipt = await findMerchantReceipt(on.read, mail, { id: mail.document.id });
    return receipt === null ? null : receiptMail(receipt, addressed);
  }
  const found = await findMerchantInvoice(on.read, mail, mail.document.id, on.now());
  if (found === null) return null;
  const { invoice, billing } = found;
  const [standing] = await withStanding(on.read, invoice, [invoice]);
  const status = standing === undefined ? '' : invoiceStatusWords(words, brand.name, standing, billing).word;
  return invoiceMail(invoice, status, billing, addressed);
}

/** Where answers go: the merchant's support, else its business address; null where it has none that mail can go to. */
function answersTo({ brand, configuration }: Workspace): MailMessage['replyTo'] {
  return readMailAddress(configuration.supportEmail ?? '') ?? readMailAddress(brand.email ?? '');
}
