import { Readable } from 'node:stream';
import SmtpConnection from 'nodemailer/lib/smtp-connection';
import type { MailAddress } from '@/lib/domain/mail-address.ts';
import type { SendOutcome } from '@/lib/domain/outgoing-mail.ts';
import { secondMs } from '@/lib/domain/time.ts';
import type { Mode } from '@/lib/domain/viewer.ts';
import type { MailMessage } from './message.ts';
import { makeMime } from './mime.ts';

/** Where mail goes out: an address `smtp://` or `smtps://`, its password in it. */
export type MailServer = { readonly url: { reveal(): string }; readonly from: MailAddress };

/** What the product can do by mail. */
export type Mail = {
  /** Can mail be asked for in this mode? In test mode always: it goes to the mailbox. */
  offers(mode: Mode): boolean;
  /** The address mails of this host come from. */
  readonly from: MailAddress;
  /** Hands one mail to the server, over a connection of its own. Never throws for what a server says or does. */
  send(message: MailMessage): Promise<SendOutcome>;
};

/** What the library calls proving name and password. */
const signIn = 'login';

type Limits = { readonly connectMs: number; readonly silenceMs: number; readonly totalMs: number };

const ownLimits: Limits = { connectMs: 10 * secondMs, silenceMs: 30 * secondMs, totalMs: 90 * secondMs };

/** Longest time a send takes, composing aside. */
export const longestSendMs = ownLimits.totalMs;

/** Makes the mail of a deployment; without a server mail is offered in test mode alone. */
export function makeMail(server: MailServer | null, limits: Limits = ownLimits): Mail {
  return {
    offers: (mode) => mode === 'test' || server !== null,
    from: server?.from ?? ('billing@localhost' as MailAddress),
    send(message) {
      if (server === null) throw new Error('This deployment has no mail server.');
      return sendBySmtp(server, message, limits);
    },
  };
}

async function sendBySmtp(server: MailServer, message: MailMessage, limits: Limits): Promise<SendOutcome> {
  const mime = await makeMime(message);
  const url = new URL(server.url.reveal());
  const isSecure = url.protocol === 'smtps:';
  const connection = new SmtpConnection({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    secure: isSecure,
    // Never in the clear over a network; on this machine there is nobody in between.
    ...(isLocalHost(url.hostname) ? { ignoreTLS: true } : { requireTLS: !isSecure }),
    tls: { minVersion: 'TLSv1.2' },
    connectionTimeout: limits.connectMs,
    greetingTimeout: limits.connectMs,
    dnsTimeout: limits.connectMs,
    socketTimeout: limits.silenceMs,
    socketCloseTimeout: 0,
    maxResponseSize: 65_536,
    name: message.from.address.split('@')[1],
  });
  // The server asks for the body only once it has taken sender and recipient.
  let handedOver = false;
  const body = Readable.from(
    (function* () {
      handedOver = true;
      yield mime;
    })(),
    { objectMode: false },
  );
  const credentials =
    url.username === ''
      ? null
      : Object.fromEntries([
          ['user', decodeURIComponent(url.username)],
          ['pass', decodeURIComponent(url.password)],
        ]);
  return new Promise((resolve) => {
    // Closing tells of an end as well: the first outcome counts.
    const end = (outcome: SendOutcome): void => {
      clearTimeout(timer);
      resolve(outcome);
      connection.close();
    };
    const endBroken = (thrown: unknown): void => end(judge(thrown, handedOver));
    const timer = setTimeout(() => endBroken(new Error('The mail server took too long.')), limits.totalMs);
    const submit = (): void => {
      const envelope = { from: message.from.address, to: [message.to], size: mime.length };
      connection.send(envelope, body, (thrown, info) => {
        if (thrown !== null) return endBroken(thrown);
        end({ is: 'accepted', answer: short(info?.response ?? '') });
      });
    };
    connection.on('error', endBroken);
    connection.on('end', () => endBroken(new Error('The mail server closed the connection.')));
    connection.connect((thrown) => {
      if (thrown !== undefined && thrown !== null) return endBroken(thrown);
      if (credentials === null) return submit();
      connection[signIn](credentials, (refusal) => (refusal === null ? submit() : endBroken(refusal)));
    });
  });
}

/** What an error of a connection means for the mail. Only a refusal of recipient or message is final. */
function judge(thrown: unknown, handedOver: boolean): SendOutcome {
  const { responseCode, code, command, message } = readError(thrown);
  const answer = short(message);
  if (responseCode !== null) {
    const isFinal = responseCode >= 500 && (command === 'RCPT TO' || code === 'EMESSAGE');
    return { is: isFinal ? 'refused' : 'failed', answer };
  }
  return { is: handedOver ? 'unknown' : 'failed', answer };
}

function readError(thrown: unknown): { responseCode: number | null; code: string; command: string; message: string } {
  const facts = typeof thrown === 'object' && thrown !== null ? (thrown as Readonly<Record<string, unknown>>) : {};
  return {
    responseCode: typeof facts.responseCode === 'number' ? facts.responseCode : null,
    code: String(facts.code ?? ''),
    command: String(facts.command ?? ''),
    message: String(facts.response ?? facts.message ?? thrown),
  };
}

/** A server's words, bounded and on one line. */
function short(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 300);
}

/** Is this name of a server the machine itself? */
export function isLocalHost(name: string): boolean {
  return name === 'localhost' || name === '127.0.0.1' || name === '[::1]' || name === '::1';
}
