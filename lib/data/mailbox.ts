import type { MailAddress } from '@/lib/domain/mail-address.ts';
import type { MailId } from '@/lib/domain/outgoing-mail.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { Reader, Writer } from './db.ts';

/** A mail of test mode as it would have been sent. */
export type MailboxMail = {
  readonly mailId: MailId;
  readonly sender: string;
  readonly recipient: MailAddress;
  readonly replyTo: string | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachment: { readonly name: string; readonly type: string; readonly bytes: Uint8Array };
  readonly arrivedAt: Instant;
};

/** Puts a mail of test mode into the mailbox of its workspace. */
export async function insertMailboxMail(tx: Writer, scope: WorkspaceScope, mail: MailboxMail): Promise<void> {
  const { mailId, sender, recipient, replyTo, subject, attachment, arrivedAt } = mail;
  await tx
    .insertInto('mailboxMails')
    .values({
      mailId,
      workspaceId: scope.workspaceId,
      mode: scope.mode,
      sender,
      recipient,
      replyTo,
      subject,
      bodyText: mail.text,
      bodyHtml: mail.html,
      attachmentName: attachment.name,
      attachmentType: attachment.type,
      attachmentBase64: Buffer.from(attachment.bytes).toString('base64'),
      arrivedAt,
    })
    .execute();
}

/** The newest mails of a workspace's mailbox, without their contents. */
export async function listMailboxMails(
  read: Reader,
  { workspaceId, mode }: WorkspaceScope,
  limit: number,
): Promise<Pick<MailboxMail, 'mailId' | 'recipient' | 'subject' | 'arrivedAt'>[]> {
  const rows = await read
    .selectFrom('mailboxMails')
    .select(['mailId', 'recipient', 'subject', 'arrivedAt'])
    .where('workspaceId', '=', workspaceId)
    .where('mode', '=', mode)
    .orderBy('arrivedAt', 'desc')
    .orderBy('mailId', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, mailId: row.mailId as MailId, recipient: row.recipient as MailAddress }));
}

/** One mail of a workspace's mailbox, or null. */
export async function findMailboxMail(
  read: Reader,
  { workspaceId, mode }: WorkspaceScope,
  id: MailId,
): Promise<MailboxMail | null> {
  const row = await read
    .selectFrom('mailboxMails')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .where('mode', '=', mode)
    .where('mailId', '=', id)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    mailId: id,
    sender: row.sender,
    recipient: row.recipient as MailAddress,
    replyTo: row.replyTo,
    subject: row.subject,
    text: row.bodyText,
    html: row.bodyHtml,
    attachment: {
      name: row.attachmentName,
      type: row.attachmentType,
      bytes: new Uint8Array(Buffer.from(row.attachmentBase64, 'base64')),
    },
    arrivedAt: row.arrivedAt,
  };
}
