import MailComposer from 'nodemailer/lib/mail-composer';
import { headerText } from './header-text.ts';
import type { MailMessage } from './message.ts';

/**
 * The bytes of a mail: text and HTML beside each other, the document attached. Nothing is fetched for it and nothing
 * leads out of it. Names and subject are cleaned and encoded; addresses were read as one plain address each.
 */
export function makeMime(message: MailMessage): Promise<Buffer> {
  const { attachment } = message;
  const composer = new MailComposer({
    messageId: `<${message.id}@${message.from.address.split('@')[1] ?? 'localhost'}>`,
    date: new Date(message.date),
    from: { name: headerText(message.from.name), address: message.from.address },
    to: { name: '', address: message.to },
    ...(message.replyTo === null ? {} : { replyTo: { name: '', address: message.replyTo } }),
    subject: headerText(message.subject),
    text: message.text,
    html: message.html,
    // No holiday answers to a machine.
    headers: { 'Auto-Submitted': 'auto-generated' },
    attachments: [
      {
        filename: attachment.name.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, 100),
        contentType: attachment.type,
        content: Buffer.from(attachment.bytes),
      },
    ],
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}
