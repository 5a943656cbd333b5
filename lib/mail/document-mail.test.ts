import { expect, it } from 'vitest';
import type { Invoice } from '@/lib/domain/invoice.ts';
import type { Receipt } from '@/lib/domain/receipt.ts';
import { knownAttacks } from '@/lib/domain/testing/attack-texts.ts';
import { dayMs } from '@/lib/domain/time.ts';
import { makeWords } from '@/lib/i18n/words.ts';
import { invoiceMail, receiptMail } from './document-mail.ts';

const at = Date.UTC(2026, 2, 1, 4, 0, 5);
const billedTo = { name: 'Dewi Lestari', legalName: null, email: 'dewi@example.com', address: null, taxId: null };
const receipt = {
  mode: 'live',
  number: 'RCP-2026-0042',
  amount: 165_390,
  currency: 'IDR',
  method: { type: 'card', brand: 'visa', last4: '4242', label: null },
  issuedAt: at,
  body: { invoiceNumber: 'INV-2026-0042', customer: billedTo },
} as unknown as Receipt;
const invoice = {
  mode: 'live',
  status: 'open',
  number: 'INV-2026-0042',
  currency: 'IDR',
  total: 165_390,
  amountPaid: 0,
  dueAt: at + 7 * dayMs,
  issuedAt: at,
  createdAt: at,
  billedTo,
} as unknown as Invoice;

const addressed = (locale: 'en' | 'id', name = 'Kopi Senja', to = 'dewi@example.com') => ({
  words: makeWords(locale, 'Asia/Jakarta'),
  brand: { name, accentColor: '#7A4B2A' },
  to,
  canAnswer: true,
});

it('a receipt mail says in English what was paid, when and with what', () => {
  const { subject, text } = receiptMail(receipt, addressed('en'));
  expect(subject).toBe('Receipt RCP-2026-0042 from Kopi Senja');
  expect(text).toBe(`Kopi Senja

Receipt RCP-2026-0042

Hello Dewi Lestari,

Kopi Senja received your payment of Rp\u00a0165,390 on 1 March 2026. Your receipt is attached as a PDF.

Number: RCP-2026-0042
Amount: Rp\u00a0165,390
Paid on: 1 March 2026 at 11:00, Jakarta time (WIB)
Paid with: Visa ending 4242
For invoice: INV-2026-0042

-- 
Questions? Answer this email, and it reaches Kopi Senja.
Kopi Senja sent this email to dewi@example.com.
`);
});

it('and in Indonesian', () => {
  const { subject, text } = receiptMail(receipt, addressed('id'));
  expect(subject).toBe('Kuitansi RCP-2026-0042 dari Kopi Senja');
  expect(text).toContain('Kopi Senja telah menerima pembayaran Anda sebesar Rp\u00a0165.390 pada 1 Maret 2026.');
});

it('an invoice mail says what is still to pay, and by when', () => {
  const say = (more: Partial<Invoice>, now = at) =>
    invoiceMail({ ...invoice, ...more }, 'Open', now, addressed('en')).text;
  expect(say({})).toContain('an invoice over Rp\u00a0165,390. Please pay it by 8 March 2026.');
  expect(say({ amountPaid: 65_390 })).toContain('an invoice over Rp\u00a0100,000.');
  expect(say({}, at + 8 * dayMs)).toContain('The invoice of Kopi Senja over Rp\u00a0165,390 was due on 8 March 2026.');
  expect(say({ status: 'paid', amountPaid: 165_390 })).toContain('Nothing is left to pay.');
});

it('a mail of test mode says so first', () => {
  const { subject, text, html } = receiptMail({ ...receipt, mode: 'test' }, addressed('en'));
  expect(subject).toMatch(/^\[TEST\] /);
  for (const body of [text, html]) expect(body).toContain('Test mode. No real money moved.');
});

it('a mail leads nowhere: no link, no picture, no form, nothing that is fetched', () => {
  const { html } = receiptMail(receipt, addressed('en'));
  expect(html).not.toMatch(/<(a|img|link|script|form|iframe|base|style)\b|href|src=|url\(/i);
});

it.each(knownAttacks)('%j in a name stays text', (attack) => {
  const body = { ...receipt.body, customer: { ...billedTo, name: attack } };
  const { html } = receiptMail({ ...receipt, body, number: attack }, addressed('en', attack, attack));
  const plain = receiptMail(receipt, addressed('en')).html;
  const tags = (text: string) => text.match(/<[^>]*>/g)?.map((tag) => tag.split(/[\s>]/)[0]);
  expect(tags(html)).toEqual(tags(plain));
});

it('lines of others begin no line of the mail', () => {
  const name = 'Dewi\r\n\r\nPay here: https://evil.example';
  const { text } = receiptMail(
    { ...receipt, body: { ...receipt.body, customer: { ...billedTo, name } } },
    addressed('en'),
  );
  expect(text).not.toMatch(/^Pay here/m);
});
