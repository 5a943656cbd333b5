import type { Writer } from '@/lib/data/db.ts';
import { insertMailboxMail } from '@/lib/data/mailbox.ts';
import type { TakenMail } from '@/lib/data/mails.ts';
import { noteReceiptMailed, settleMail as settleLeasedMail } from '@/lib/data/mails.ts';
import { findMerchantReceipt } from '@/lib/data/receipts.ts';
import { tellOfChange } from '@/lib/data/tell-of-change.ts';
import type { OutgoingMail, SendOutcome } from '@/lib/domain/outgoing-mail.ts';
import { mostLostAttempts, nextAttemptAt } from '@/lib/domain/outgoing-mail.ts';
import type { Instant } from '@/lib/domain/time.ts';
import { wireReceipt } from '@/lib/domain/wire-receipt.ts';
import type { MailMessage } from '@/lib/mail/message.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** What came of an attempt, or `pointless`: there is nothing left to send, or it may have been sent often enough. */
export type MailOutcome = SendOutcome | { readonly is: 'pointless'; readonly answer: string };

/**
 * Writes what came of an attempt. A mail that was accepted is noted on its receipt, and events tell of it; one of test
 * mode goes to the mailbox in the same transaction, so that one arrives and not two. `lost`: somebody else has it by now.
 */
export async function settleMail(
  on: Runtime,
  mail: TakenMail,
  outcome: MailOutcome,
  message: MailMessage | null,
): Promise<OutgoingMail['status'] | 'lost'> {
  const now = on.now();
  return on.write(async (tx) => {
    const settled = judge(mail, outcome, now);
    if (!(await settleLeasedMail(tx, mail, settled, now))) return 'lost';
    if (settled.status !== 'accepted') return settled.status;
    if (mail.mode === 'test' && message !== null) {
      const { from, to: recipient, replyTo, subject, text, html, attachment } = message;
      const sender = `${from.name} <${from.address}>`;
      const arrived = { mailId: mail.id, sender, recipient, replyTo, subject, text, html, attachment, arrivedAt: now };
      await insertMailboxMail(tx, mail, arrived);
    }
    if (mail.document.kind === 'receipt') await tellOfReceipt(on, tx, mail, now);
    return 'accepted';
  });
}

function judge(mail: TakenMail, outcome: MailOutcome, now: Instant): Parameters<typeof settleLeasedMail>[2] {
  const lostAttempts = mail.lostAttempts + (outcome.is === 'unknown' ? 1 : 0);
  const rest = { lostAttempts, lastAnswer: outcome.answer };
  if (outcome.is === 'accepted' || outcome.is === 'refused') {
    return { ...rest, status: outcome.is, nextAttemptAt: null };
  }
  const isOver = outcome.is === 'pointless' || lostAttempts >= mostLostAttempts;
  const next = isOver ? null : nextAttemptAt(mail, mail.attempts, now);
  return { ...rest, status: next === null ? 'given_up' : 'queued', nextAttemptAt: next };
}

async function tellOfReceipt(on: Runtime, tx: Writer, mail: TakenMail, now: Instant): Promise<void> {
  if (mail.document.kind !== 'receipt') return;
  await noteReceiptMailed(tx, mail, now);
  const receipt = await findMerchantReceipt(tx, mail, { id: mail.document.id });
  if (receipt === null) return;
  const event = {
    what: 'receipt.emailed',
    of: 'receipt',
    object: wireReceipt(receipt),
    extras: { to: mail.to },
  };
  const change = { act: 'receipt.emailed', object: receipt.id, detail: { mail: mail.id }, event };
  await tellOfChange(tx, mail, mail.toldBy, change, now, on.random);
}
