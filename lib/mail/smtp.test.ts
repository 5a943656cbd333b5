import { afterEach, beforeEach, expect, it } from 'vitest';
import { Secret } from '@/lib/crypto/secret.ts';
import { readMailAddress } from '@/lib/domain/mail-address.ts';
import type { MailMessage } from './message.ts';
import { makeMail } from './smtp.ts';
import type { SmtpServer } from './testing/smtp-server.ts';
import { openSmtpServer } from './testing/smtp-server.ts';

let server: SmtpServer;
beforeEach(async () => {
  server = await openSmtpServer();
});
afterEach(() => server.close());

function address(text: string) {
  const read = readMailAddress(text);
  if (read === null) throw new Error(`${text} is no address.`);
  return read;
}

const message: MailMessage = {
  id: 'mail_1',
  date: Date.UTC(2026, 2, 3, 8),
  from: { name: 'Kopi Senja', address: address('billing@portal.example.com') },
  to: address('dewi@example.com'),
  replyTo: address('halo@kopisenja.example'),
  subject: 'Receipt RCP-2026-0042',
  text: 'Hello.\n.\nA line that is one dot ends nothing.\n',
  html: '<p>Hello.</p>',
  attachment: { name: 'receipt.pdf', type: 'application/pdf', bytes: new Uint8Array([37, 80, 68, 70]) },
};

const limits = { connectMs: 500, silenceMs: 500, totalMs: 1_000 };

function send(host = '127.0.0.1', auth = '') {
  const url = new Secret(`smtp://${auth}${host}:${server.port}`);
  return makeMail({ url, from: message.from.address }, limits).send(message);
}

it('a mail goes to one address, with everything it holds', async () => {
  expect(await send()).toEqual({ is: 'accepted', answer: '250 2.0.0 taken as 4F2A' });
  const [mail] = server.arrived;
  expect(server.arrived).toHaveLength(1);
  expect(mail?.from).toMatch(/^<billing@portal\.example\.com>/);
  expect(mail?.to).toEqual(['<dewi@example.com>']);
  const headers = mail?.message.split('\r\n\r\n')[0] ?? '';
  expect(headers).toContain('From: Kopi Senja <billing@portal.example.com>');
  expect(headers).toContain('To: dewi@example.com');
  expect(headers).toContain('Reply-To: halo@kopisenja.example');
  expect(headers).toContain('Subject: Receipt RCP-2026-0042');
  expect(headers).toContain('Message-ID: <mail_1@portal.example.com>');
  expect(headers).toContain('Date: Tue, 03 Mar 2026 08:00:00 +0000');
  expect(mail?.message).toContain('A line that is one dot ends nothing.');
  expect(mail?.message).toContain('Content-Disposition: attachment; filename=receipt.pdf');
});

it('name and password of the address are said to the server, decoded', async () => {
  expect((await send('127.0.0.1', 'portal%40example.com:p%3Ass@')).is).toBe('accepted');
  const plain = Buffer.from('\0portal@example.com\0p:ss').toString('base64');
  expect(server.commands).toContain(`AUTH PLAIN ${plain}`);
});

it('over a network nothing is said in the clear: a server without TLS gets no mail', async () => {
  // Loopback as well, and no name this machine is known by.
  const outcome = await send('127.0.0.2', 'portal:secret@');
  expect(outcome.is).toBe('failed');
  expect(server.commands.filter((line) => /^(AUTH|MAIL|RCPT|DATA)/.test(line))).toEqual([]);
});

it.each([
  ['RCPT', '550 5.1.1 no such mailbox', 'refused'],
  ['BODY', '554 5.7.1 refused as spam', 'refused'],
  ['RCPT', '450 4.2.0 come again later', 'failed'],
  ['BODY', '451 4.3.0 try again', 'failed'],
  ['MAIL', '550 5.7.1 not your domain', 'failed'],
  ['AUTH', '535 5.7.8 wrong password', 'failed'],
  ['EHLO', 'hangUp', 'failed'],
  ['RCPT', 'hangUp', 'failed'],
  ['RCPT', 'silence', 'failed'],
  ['BODY', 'hangUp', 'unknown'],
  ['BODY', 'silence', 'unknown'],
] as const)('a server that answers %s with "%s" leaves the mail %s', async (command, answer, is) => {
  server.script = { [command]: answer };
  expect((await send('127.0.0.1', 'portal:secret@')).is).toBe(is);
  expect(server.arrived).toEqual([]);
});

it('a server that is not there leaves the mail for later', async () => {
  await server.close();
  expect((await send()).is).toBe('failed');
});

it('without a server only test mode has mail', () => {
  const mail = makeMail(null);
  expect([mail.offers('test'), mail.offers('live')]).toEqual([true, false]);
  expect(() => mail.send(message)).toThrow('no mail server');
});
