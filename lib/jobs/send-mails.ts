import type { TakenMail } from '@/lib/data/mails.ts';
import { mostLostAttempts } from '@/lib/domain/outgoing-mail.ts';
import { secondMs } from '@/lib/domain/time.ts';
import { errorFields } from '@/lib/log.ts';
import type { MailMessage } from '@/lib/mail/message.ts';
import { longestSendMs } from '@/lib/mail/smtp.ts';
import { composeMail } from '@/lib/operations/compose-mail.ts';
import { makeInvoiceDocument, makeReceiptDocument } from '@/lib/operations/make-document.ts';
import type { MailOutcome } from '@/lib/operations/settle-mail.ts';
import { settleMail } from '@/lib/operations/settle-mail.ts';
import { takeMails } from '@/lib/operations/take-mails.ts';
import type { Runtime } from '@/lib/runtime.ts';
import type { Job } from './job.ts';

/** Mails a run sends, all at once. */
const atOnce = 8;

/**
 * Sends what is queued, or in test mode puts it into the mailbox. Each mail is leased by one instance. SMTP has no id by
 * which a server could know a mail again: when a sender dies between the server's yes and its own note of it, the mail
 * goes out a second time, under the same Message-ID; never a third time.
 */
export const sendMails: Job = {
  name: 'send-mails',
  everyMs: secondMs,
  onEveryInstance: true,
  async run(on: Runtime) {
    const taken = await takeMails(on, atOnce);
    await Promise.all(taken.map((mail) => sendOne(on, mail)));
    return taken.length;
  },
};

async function sendOne(on: Runtime, mail: TakenMail): Promise<void> {
  const { workspaceId, mode, id, customerId } = mail;
  const names = { workspaceId, mode, mailId: id, customerId };
  try {
    const { outcome, message } = await attempt(on, mail);
    const settled = await settleMail(on, mail, outcome, message);
    const reason = outcome.answer.replace(/\S+@\S+/g, '[address]');
    on.log(settled === 'accepted' ? 'info' : 'warn', 'mail.attempted', { ...names, code: settled, reason });
  } catch (thrown) {
    // Its lease runs out, and it is taken again.
    on.log('error', 'mail.attempt_broken', { ...names, ...errorFields(thrown) });
  }
}

async function attempt(
  on: Runtime,
  mail: TakenMail,
): Promise<{ readonly outcome: MailOutcome; readonly message: MailMessage | null }> {
  if (mail.mode === 'live' && mail.lostAttempts >= mostLostAttempts) {
    return { outcome: { is: 'pointless', answer: 'Nobody knows how the last attempts ended.' }, message: null };
  }
  const message = await makeMessage(on, mail);
  if (message === null) return { outcome: { is: 'pointless', answer: 'The document is gone.' }, message };
  if (mail.mode === 'test') return { outcome: { is: 'accepted', answer: 'In the mailbox of test mode.' }, message };
  // Too late to be sure that nobody else has it: it is taken again when it is due.
  if (on.now() >= mail.leaseUntil - 2 * longestSendMs) {
    return { outcome: { is: 'failed', answer: 'The document took too long to make.' }, message };
  }
  return { outcome: await on.mail.send(message), message };
}

async function makeMessage(on: Runtime, mail: TakenMail): Promise<MailMessage | null> {
  const { document, locale } = mail;
  const wish = { form: 'pdf', width: 80, locale } as const;
  const made =
    document.kind === 'invoice'
      ? await makeInvoiceDocument(on, mail, document.id, wish)
      : await makeReceiptDocument(on, mail, document.id, wish);
  return made.ok ? composeMail(on, mail, made.value) : null;
}
