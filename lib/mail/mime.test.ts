import fc from 'fast-check';
import addressparser from 'nodemailer/lib/addressparser';
import { expect, it } from 'vitest';
import { readMailAddress } from '@/lib/domain/mail-address.ts';
import { attackTexts } from '@/lib/domain/testing/attack-texts.ts';
import { headerText } from './header-text.ts';
import { makeMime } from './mime.ts';

const to = readMailAddress('dewi@example.com');
const from = readMailAddress('billing@portal.example.com');
if (to === null || from === null) throw new Error('These are addresses.');

const injections = [
  'Kopi\r\nBcc: thief@example.net',
  'Kopi\nBcc: thief@example.net',
  'Kopi\rBcc: thief@example.net',
  'Kopi\r\n\r\n<script>alert(1)</script>',
  'Kopi\u2028Bcc: thief@example.net',
  'Kopi\u0085Bcc: thief@example.net',
  'Kopi\0Bcc: thief@example.net',
  'Kopi\r\n Bcc: thief@example.net',
  '"Kopi" <thief@example.net>, Senja',
  'Kopi <thief@example.net>',
  '=?utf-8?Q?Kopi=0D=0ABcc:_thief=40example.net?=',
  '\u202eajneS ipoK',
  `${'K'.repeat(5_000)}\r\nBcc: thief@example.net`,
  'Kopi \ud800 Senja',
];

/** The headers of a mail by name, unfolded; and what stands before its first part. */
async function headersOf(text: string): Promise<Map<string, string>> {
  const mime = await makeMime({
    id: 'mail_1',
    date: 0,
    from: { name: text, address: from as NonNullable<typeof from> },
    to: to as NonNullable<typeof to>,
    replyTo: null,
    subject: text,
    text,
    html: '<p></p>',
    attachment: { name: `${text}.pdf`, type: 'application/pdf', bytes: new Uint8Array([1]) },
  });
  const head = mime.toString('latin1').split('\r\n\r\n')[0] ?? '';
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  return new Map(lines.map((line) => [line.split(':')[0] ?? '', line.slice(line.indexOf(':') + 1).trim()]));
}

const names = ['Message-ID', 'Date', 'From', 'To', 'Subject', 'Auto-Submitted', 'MIME-Version', 'Content-Type'].sort();

it.each([...injections, ...attackTexts])('%j in a name and a subject adds no header and no recipient', async (text) => {
  const headers = await headersOf(text);
  expect([...headers.keys()].sort()).toEqual(names);
  expect(headers.get('To')).toBe('dewi@example.com');
  const senders = addressparser(headers.get('From') ?? '', { flatten: true });
  expect(senders.map(({ address }) => address)).toEqual(['billing@portal.example.com']);
});

it('no text makes a mail with other headers', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
      // What is nothing but control characters leaves no subject.
      const found = new Set([...(await headersOf(text)).keys(), 'Subject']);
      expect([...found].sort()).toEqual(names);
    }),
    { numRuns: 100 },
  );
});

it('a text for a header is one short line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const plain = headerText(text);
      expect(plain).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect([...plain].length).toBeLessThanOrEqual(150);
    }),
  );
});
