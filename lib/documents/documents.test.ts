import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Certificate } from '@/lib/domain/certificate.ts';
import type { Invoice, Refund } from '@/lib/domain/invoice.ts';
import type { Receipt } from '@/lib/domain/receipt.ts';
import type { Brand } from '@/lib/domain/workspace.ts';
import { makeWords } from '@/lib/i18n/words.ts';
import { renderCertificatePdf } from './cancellation-certificate-pdf.ts';
import { renderInvoicePdf } from './invoice-pdf.ts';
import { readPicture } from './picture.ts';
import { renderReceiptPdf } from './receipt-pdf.ts';
import { renderInTurn } from './render-in-turn.ts';
import { hasTool, runTool, unpack } from './testing/pdf-tools.ts';
import { cleanText } from './text-runs.ts';

const at = Date.UTC(2026, 2, 1, 4, 0, 5);
const words = makeWords('en', 'Asia/Jakarta');
const billedTo = {
  name: 'Dewi Lestari',
  legalName: 'PT Maju Terus',
  email: 'dewi@example.com',
  address: 'Jl. Sudirman 5\nJakarta 10210',
  taxId: '02.345.678.9-012.000',
};
const brand: Brand = {
  name: 'Kopi Senja',
  logoPath: null,
  accentColor: '#7A4B2A',
  legalName: 'PT Kopi Senja Abadi',
  address: 'Jl. Braga 12, Bandung',
  taxId: '01.234.567.8-901.000',
  email: null,
  phone: null,
  country: 'ID',
  receipt: {
    showTax: true,
    taxLabel: 'PPN',
    taxRateBasisPoints: 1_100,
    thankYouText: 'Thank you!',
    footerText: null,
    showMerchantAddress: true,
    merchantAddress: null,
    merchantTaxId: null,
  },
};
const invoice = {
  mode: 'live',
  status: 'paid',
  number: 'INV-2026-0042',
  currency: 'IDR',
  subtotal: 149_000,
  discount: 0,
  tax: 16_390,
  total: 165_390,
  amountPaid: 165_390,
  dueAt: at,
  issuedAt: at,
  createdAt: at,
  periodStart: null,
  periodEnd: null,
  billedTo,
} as unknown as Invoice;
const lines = [{ description: 'Roaster Club, March 2026', quantity: 1, unitAmount: 149_000, amount: 149_000 }];
const receipt = {
  mode: 'live',
  number: 'RCP-2026-0042',
  amount: 5_550_000,
  currency: 'IDR',
  method: { type: 'card', brand: 'visa', last4: '4242', label: null },
  providerReference: 'simch_8d1f20',
  issuedAt: at,
  body: {
    invoiceNumber: 'INV-2026-0042',
    merchant: { ...brand, brandName: brand.name },
    customer: billedTo,
    lines: [{ description: 'Roaster Club, a year', quantity: 2, unitAmount: 2_500_000, amount: 5_000_000 }],
    subtotal: 5_000_000,
    discount: 0,
    tax: 550_000,
    total: 5_550_000,
    template: brand.receipt,
    stampDutyNumber: 'MTR-7788',
  },
} as unknown as Receipt;
const certificate = {
  mode: 'live',
  number: 'CC-2026-0001',
  hash: 'ab12'.repeat(16),
  issuedAt: at,
  takenBackAt: null,
  body: {
    merchant: { ...brand, brandName: brand.name },
    customer: billedTo,
    subscriptionId: 'sub_01KGBNQ1G0E55KRZP28K05WEKM',
    planName: 'Roaster Club',
    quantity: 3,
    declared: 'period_end',
    receivedAt: at,
    timeZone: 'Asia/Jakarta',
    endsAt: Date.UTC(2026, 2, 31, 17),
    owed: { amount: 99_000, currency: 'IDR', terms: 'stop_collection' },
    locale: 'en',
  },
} as unknown as Certificate;

const invoicePdf = (
  change: { invoice?: object; lines?: typeof lines; brand?: object; logo?: Uint8Array | null } = {},
) =>
  renderInvoicePdf({
    words,
    invoice: { ...invoice, ...change.invoice },
    lines: change.lines ?? lines,
    status: 'Paid',
    brand: { ...brand, ...change.brand },
    logo: change.logo ?? null,
  });
const receiptPdf = (change: object = {}, refunds: readonly Refund[] = []) =>
  renderReceiptPdf({ words, receipt: { ...receipt, ...change }, refunds, accentColour: '#7A4B2A', logo: null });
const certificatePdf = (change: object = {}) =>
  renderCertificatePdf({ certificate: { ...certificate, ...change }, accentColour: null, logo: null });

/** Text without what a line break or a page changes. */
const flat = (text: string) => text.replace(/\s+/g, ' ').trim();
const squeezed = (text: string) => text.replace(/\s+/g, '');
const textOf = (bytes: Uint8Array) => flat(unpack(bytes).text);

describe('what a document says', () => {
  it('stamp duty without a number is told as that, and never as a number', async () => {
    const text = textOf(await receiptPdf({ body: { ...receipt.body, stampDutyNumber: null } }));
    expect(text).toContain('Stamp duty (meterai) Rp 10,000. No e-meterai number is recorded on this document.');
  });

  it('no document puts brackets into brackets', async () => {
    for (const bytes of [await invoicePdf(), await receiptPdf(), await certificatePdf()]) {
      expect(textOf(bytes)).not.toMatch(/\([^)]*\(/);
    }
  });

  it('an invoice has both parties, its facts, lines, sums and the amount in words', async () => {
    const text = textOf(await invoicePdf());
    for (const part of [
      'Invoice INV-2026-0042',
      'PT Kopi Senja Abadi',
      'NPWP: 01.234.567.8-901.000',
      'PT Maju Terus',
      'Jl. Sudirman 5',
      'Issued 1 March 2026',
      'Roaster Club, March 2026',
      'Subtotal Rp 149,000',
      'PPN 11% Rp 16,390',
      'Total Rp 165,390',
      'To pay Rp 0',
      'One hundred and sixty-five thousand three hundred and ninety rupiah',
      'Page 1 of 1',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('a receipt has when, with what and for which invoice, stamp duty and refunds that arrived', async () => {
    const refund = { amount: 50_000, status: 'succeeded', updatedAt: at } as Refund;
    const text = textOf(await receiptPdf({}, [refund, { ...refund, amount: 7, status: 'failed' } as Refund]));
    for (const part of [
      'Receipt RCP-2026-0042',
      'Paid on 1 March 2026 at 11:00, Jakarta time (WIB)',
      'Paid with Visa ending 4242',
      'Payment reference simch_8d1f20',
      'For invoice INV-2026-0042',
      'Total Rp 5,550,000',
      'Five million five hundred and fifty thousand rupiah',
      'Stamp duty (meterai) Rp 10,000, number MTR-7788',
      'Refunded Rp 50,000 on 1 March 2026.',
      'Thank you!',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('Rp 7 ');
  });

  it('outside Indonesia there is no NPWP, no amount in words and no stamp duty', async () => {
    const merchant = { ...receipt.body.merchant, country: 'SG' };
    const text = textOf(await receiptPdf({ body: { ...receipt.body, merchant } }));
    expect(text).toContain('Tax number: 01.234.567.8-901.000');
    for (const word of ['NPWP', 'Amount in words', 'meterai']) expect(text).not.toContain(word);
  });

  it('a period ends on the day before the next one begins', async () => {
    const period = { periodStart: Date.UTC(2026, 10, 19, 3), periodEnd: Date.UTC(2026, 11, 19, 3) };
    expect(textOf(await invoicePdf({ invoice: period }))).toContain('19 November 2026 to 18 December 2026');
  });

  it('a certificate says what was declared, when it came and what follows, in the language it was issued in', async () => {
    const text = textOf(await certificatePdf());
    for (const part of [
      'Certificate of cancellation CC-2026-0001',
      'Roaster Club, 3 units',
      'sub_01KGBNQ1G0E55KRZP28K05WEKM',
      'Received 1 March 2026 at 11:00, Jakarta time (WIB)',
      'Ends At the end of 31 March 2026',
      'Rp 99,000. We stop trying to collect it. Kopi Senja may still ask for it.',
    ]) {
      expect(text).toContain(part);
    }
    expect(squeezed(text)).toContain('ab12'.repeat(16));
    const taken = textOf(
      await certificatePdf({ takenBackAt: at + 86_400_000, body: { ...certificate.body, locale: 'id' } }),
    );
    expect(taken).toContain('Ditarik kembali pada 2 Maret 2026');
    expect(taken).toContain('Surat bukti pembatalan CC-2026-0001');
  });

  it('test mode is written across every page, live mode never says it', async () => {
    const many = Array.from({ length: 60 }, () => lines[0]).filter((line) => line !== undefined);
    const test = unpack(await invoicePdf({ invoice: { mode: 'test' }, lines: many }));
    expect(test.pages).toBeGreaterThan(1);
    expect(test.text.match(/\bTEST\b/g)).toHaveLength(test.pages);
    expect(flat(test.text)).toContain('Test mode. No real money moved.');
    expect(textOf(await invoicePdf())).not.toMatch(/TEST|Test mode/);
  });

  it('every page of a long invoice has its number and the heads of the table, and no line is lost', async () => {
    const many = Array.from({ length: 90 }, (_, n) => ({
      description: `Seat ${n + 1} of ninety`,
      quantity: n,
      unitAmount: 1,
      amount: n,
    }));
    const { text, pages } = unpack(await invoicePdf({ lines: many }));
    for (const { description } of many) expect(flat(text)).toContain(description);
    for (let page = 1; page <= pages; page += 1) expect(flat(text)).toContain(`Page ${page} of ${pages}`);
    expect(text.match(/Description/g)?.length).toBeGreaterThanOrEqual(pages - 1);
  });
});

describe('the same value gives the same bytes', () => {
  it('whatever was rendered before, and beside it', async () => {
    const first = [await invoicePdf(), await receiptPdf(), await certificatePdf()];
    await invoicePdf({
      lines: [{ description: 'АВС Α ﬁ \u2011 \u00A0 ２３ 陈 محمد', quantity: 1, unitAmount: 1, amount: 1 }],
    });
    const again = await Promise.all([invoicePdf(), receiptPdf(), certificatePdf()]);
    for (const [which, bytes] of first.entries())
      expect(Buffer.compare(bytes, again[which] ?? new Uint8Array())).toBe(0);
  });

  it('and its dates are those of the record, never of the clock', async () => {
    const { whole } = unpack(await invoicePdf());
    expect(whole.match(/D:\d{14}Z/g)).toEqual(['D:20260301040005Z', 'D:20260301040005Z']);
  });
});

describe('a reader who listens', () => {
  it('finds title, language, headings, paragraphs and tables with heads, and decoration marked as such', async () => {
    const { whole } = unpack(await invoicePdf({ invoice: { mode: 'test' } }));
    expect(whole).toContain('/Marked true');
    expect(whole).toContain('/Lang (en)');
    expect(whole).toContain('/DisplayDocTitle true');
    expect(whole).toContain('(Invoice INV-2026-0042)');
    for (const tag of ['Document', 'H1', 'H2', 'P', 'Table', 'THead', 'TBody', 'TR', 'TH', 'TD']) {
      expect(whole, tag).toMatch(new RegExp(`/S /${tag}\\n`));
    }
    expect(whole).toContain('/Scope /Column');
    expect(whole).toContain('/Scope /Row');
    expect(whole).toMatch(/\/Artifact <<\s*\/Type \/Page\s*>> BDC/);
    expect(whole).toMatch(/\/Artifact <<\s*\/Type \/Pagination\s*>> BDC/);
  });

  it('is told of everything that is drawn: each text stands in a tag or in an artifact', async () => {
    const { whole } = unpack(await receiptPdf());
    let open = 0;
    for (const [token] of whole.matchAll(/\b(?:BDC|BMC|EMC|BT)\b/g)) {
      if (token === 'BDC' || token === 'BMC') open += 1;
      else if (token === 'EMC') open -= 1;
      else expect(open).toBeGreaterThan(0);
    }
    expect(open).toBe(0);
  });

  it('gets fonts that are in the file, with the letters their glyphs stand for', async () => {
    const { whole } = unpack(await invoicePdf());
    expect(whole.match(/\/Type \/Font\n/g)?.length).toBe(
      whole.match(/\/FontFile2/g)?.length === undefined ? -1 : whole.match(/\/Type \/Font\n/g)?.length,
    );
    expect(whole).not.toContain('/BaseFont /Helvetica');
    expect(whole.match(/\/ToUnicode/g)?.length).toBe(whole.match(/\/FontFile2/g)?.length);
  });
});

/** Texts that try to be something else than text. */
const hostile: readonly string[] = [
  ') ( \\ % ) Tj ET Q endstream endobj',
  '\\) \\( \\\\ \\101 %%EOF << /S /JavaScript /JS (app.alert(1)) >>',
  '/JS (app.alert(1)) /URI (https://evil.example) /OpenAction /Launch /AA',
  '<</Type/Annot/Subtype/Link/A<</S/URI/URI(https://evil.example)>>>>',
  'https://evil.example javascript:alert(1) mailto:x@evil.example',
  '<script>alert(1)</script> & <![CDATA[x]]> </rdf:li> <?xpacket',
  'Total: Rp 1\u202E000.000.1 pR \u2066hidden\u2069 \u200F\u061C',
  'Coffee ☕ 👩‍👩‍👧‍👦 🇮🇩 1️⃣ ❤️ beans 👍🏽 © ™',
  'NUL\u0000 BEL\u0007 ESC\u001B[31m tab\tend\u0085\u2028\u2029',
  'lone \uD83D surrogate \uDE00 end \uFFFE \uFFFF',
  '(((((((((((((((((((((((((((((((((((((((((((\\\\\\\\\\\\\\\\\\',
  'Zalgo Z̴̧̛͚̯͖͌̓a̵̡̛l̷̨̧g̵o',
  'ﬁ ﬂ ﬀ Å Å é é ① ２３',
];

const names: readonly string[] = [
  'Łukasz Żółć-Ąćęń',
  'Nguyễn Thị Ánh Ước',
  'Αλέξανδρος Παπαδόπουλος',
  'Александр Щербаков',
  'محمد عبد الله',
  'Ali (عضو 123) Khan',
  'สมชาย ใจดี',
  'देवेंद्र शर्मा',
  '陈伟 張偉 山田太郎 カタカナ ひらがな',
  '김민수',
];

/** Texts whose letters share glyphs, all in one document. */
const arabicTexts: readonly string[] = ['نادي القهوة', 'فهد', 'مبنى', 'عضو', 'پنج', 'قفص', 'يثبت'];
const arabicReceipt = {
  body: {
    ...receipt.body,
    lines: arabicTexts.map((description) => ({ description, quantity: 1, unitAmount: 1, amount: 1 })),
  },
};

describe('text of any kind', () => {
  it('is only text: no link, script or action comes of it, and the file holds together', async () => {
    for (const text of hostile) {
      const bytes = await invoicePdf({
        invoice: { number: text, billedTo: { ...billedTo, name: text, legalName: text, address: text, taxId: text } },
        lines: [{ description: text, quantity: 1, unitAmount: 1, amount: 1 }],
        brand: {
          name: text,
          legalName: text,
          address: text,
          receipt: { ...brand.receipt, taxLabel: text, footerText: text },
        },
      });
      const { whole } = unpack(bytes);
      // Content streams draw glyphs by number, so none of these can stand in the file unless it means it.
      const outside = whole
        .replace(/<\?xpacket[\s\S]*?<\?xpacket end/g, '')
        .replace(/\((?:\\[\s\S]|[^\\()])*\)/g, '()');
      for (const name of [
        '/JavaScript',
        '/JS ',
        '/URI',
        '/Launch',
        '/OpenAction',
        '/AA ',
        '/Annots',
        '/SubmitForm',
        '/EmbeddedFile',
      ]) {
        expect(outside, `${name} of ${text}`).not.toContain(name);
      }
    }
  });

  it('is copied as it was written, but for controls, direction marks and emoji', async () => {
    for (const text of [...hostile, ...names].filter((one) => !/[\u0600-\u06FF\uFDFA]/.test(one))) {
      const copied = unpack(
        await invoicePdf({ lines: [{ description: text, quantity: 1, unitAmount: 1, amount: 1 }] }),
      ).text;
      expect(squeezed(copied), text).toContain(squeezed(cleanText(text)));
    }
  });

  it('that runs from right to left is drawn from the right, letter by letter', async () => {
    const description = 'Ali (عضو 123) Khan';
    const copied = unpack(await invoicePdf({ lines: [{ description, quantity: 1, unitAmount: 1, amount: 1 }] })).text;
    // From left to right: the number, then the word from its last letter to its first.
    expect(squeezed(copied)).toContain(`Ali(123${[...'عضو'].reverse().join('')})Khan`);
  });

  it('has its own letters, though the font draws several of them with one glyph', async () => {
    const { text } = unpack(await receiptPdf(arabicReceipt));
    for (const written of arabicTexts) {
      const drawn = written.split(' ').map((word) => [...word].reverse().join(''));
      for (const word of drawn) expect(squeezed(text), written).toContain(word);
    }
  });

  it('keeps letters of other scripts: nobody becomes boxes', () => {
    for (const name of names) expect(cleanText(name)).toBe(name.normalize('NFC'));
  });

  it('loses direction marks and emoji, and shows a box for what no font has', () => {
    expect(cleanText('Rp 1\u202E000')).toBe('Rp 1000');
    expect(cleanText('Coffee ☕ 👩‍👩‍👧‍👦🇮🇩👍🏽 beans')).toBe('Coffee beans');
    expect(cleanText('1️⃣ © ™ #')).toBe('1 © ™ #');
    expect(cleanText('ᚠᛇᚻ')).toBe('□□□');
    expect(cleanText('ﬁne')).toBe('fine');
    expect(cleanText('a\u0000b\u001Bc')).toBe('a b c');
    expect(cleanText('lone \uD83D end')).toBe('lone □ end');
  });

  it('of ten thousand characters is all there, over as many pages as it needs', async () => {
    const sentence = 'The quick brown fox (jumps) over 12 lazy dogs \\ 100%. ';
    const text = sentence.repeat(200).slice(0, 10_000).trim();
    const spaceless = 'x'.repeat(4_999) + 'Ω'.repeat(5_001);
    for (const long of [text, spaceless]) {
      const { text: copied, pages } = unpack(
        await invoicePdf({ lines: [{ description: long, quantity: 1, unitAmount: 1, amount: 1 }] }),
      );
      expect(pages).toBeGreaterThan(2);
      const letters = (from: string) => [...squeezed(from)].filter((char) => /[xΩTqbjlz\\%]/.test(char)).length;
      expect(letters(copied)).toBeGreaterThanOrEqual(letters(long));
    }
  });

  it('is bounded: a hundred thousand characters make a document all the same', async () => {
    const endless = 'Wort '.repeat(20_000);
    const { pages } = unpack(
      await invoicePdf({
        invoice: { number: endless, billedTo: { ...billedTo, address: endless } },
        brand: { name: endless },
      }),
    );
    expect(pages).toBeLessThan(10);
  });

  it('of any code points at all gives a whole file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
        const { text: copied } = unpack(
          await invoicePdf({
            invoice: { billedTo: { ...billedTo, legalName: text } },
            lines: [{ description: text, quantity: 1, unitAmount: 1, amount: 1 }],
          }),
        );
        expect(copied).not.toContain('\uFFFD');
      }),
      { numRuns: 40 },
    );
  });
});

/** A PNG of one colour type with the rows given; checksums are left zero. */
function png(
  type: number,
  width: number,
  rows: readonly (readonly number[])[],
  more: { depth?: number; idat?: Buffer } = {},
): Buffer {
  const chunk = (name: string, data: Buffer) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length, 0);
    head.write(name, 4, 'latin1');
    return Buffer.concat([head, data, Buffer.alloc(4)]);
  };
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(rows.length, 4);
  size.set([more.depth ?? 8, type, 0, 0, 0], 8);
  const data = more.idat ?? deflateSync(Buffer.from(rows.flat()));
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', size),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('a logo', () => {
  const opaque = png(6, 2, [[0, 255, 0, 0, 255, 0, 0, 255, 128]]);

  it('stands in the document with the brand as its description, transparency laid on white', async () => {
    const { whole } = unpack(await invoicePdf({ logo: opaque }));
    expect(whole).toContain('/Subtype /Image');
    expect(whole).toContain('/Alt (Kopi Senja)');
    expect(whole).not.toContain('/SMask');
  });

  it('that is damaged, too large or of another kind leaves the name in text, and the process alive', async () => {
    const bad: Buffer[] = [
      png(6, 2, [[0, 1, 2, 3, 4]]),
      png(6, 2, [[9, 0, 0, 0, 0, 0, 0, 0, 0]]),
      png(6, 60_000, [[0]]),
      png(2, 1, [[0, 0, 0, 0]], { depth: 16 }),
      png(2, 1, [[0, 0, 0, 0]], { idat: Buffer.from('no zlib') }),
      opaque.subarray(0, 40),
      Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 2, 0xff, 0xd9]),
      Buffer.from('RIFF\u0000\u0000\u0000\u0000WEBPVP8 ', 'latin1'),
      Buffer.from('<svg onload="alert(1)"/>'),
      Buffer.alloc(0),
    ];
    for (const bytes of bad) {
      expect(readPicture(bytes)).toBeNull();
      expect(textOf(await invoicePdf({ logo: bytes }))).toContain('Kopi Senja Invoice');
    }
  });
});

describe('many at once', () => {
  it('are made one after the other, and a failing one does not hold up the next', async () => {
    let busy = 0;
    let most = 0;
    const render = async () => {
      busy += 1;
      most = Math.max(most, busy);
      await Promise.resolve();
      busy -= 1;
      return busy;
    };
    const failing = renderInTurn(() => Promise.reject(new Error('no')));
    const all = Promise.all(Array.from({ length: 20 }, () => renderInTurn(render)));
    await expect(failing).rejects.toThrow('no');
    expect(await all).toHaveLength(20);
    expect(most).toBe(1);
  });
});

const missing = ['qpdf', 'pdfinfo', 'pdftotext'].filter((name) => !hasTool(name));

describe.skipIf(missing.length > 0)(
  `other people's tools agree${missing.length > 0 ? ` (not here: ${missing.join(', ')})` : ''}`,
  () => {
    let folder = '';
    beforeAll(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'documents-'));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    const put = (bytes: Uint8Array): string => {
      const file = path.join(folder, 'document.pdf');
      writeFileSync(file, bytes);
      return file;
    };

    it('the file is sound, tagged and without actions, whatever the text', async () => {
      for (const text of [...hostile, ...names]) {
        const file = put(
          await invoicePdf({
            invoice: { number: text, billedTo: { ...billedTo, name: text } },
            lines: [{ description: text, quantity: 1, unitAmount: 1, amount: 1 }],
            brand: { name: text },
          }),
        );
        expect(runTool('qpdf', '--check', file), text).toContain('No syntax or stream encoding errors found');
        expect(runTool('pdfinfo', '-js', file).trim(), text).toBe('');
        expect(runTool('pdfinfo', '-url', file).trim().split('\n').length, text).toBe(1);
        expect(runTool('pdfinfo', file)).toMatch(/Tagged:\s+yes/);
      }
    });

    it('letters that share a glyph are copied as themselves', async () => {
      const copied = runTool('pdftotext', put(await receiptPdf(arabicReceipt)), '-');
      const plain = copied.replace(/[\u202A-\u202E\u2066-\u2069]/g, '');
      for (const written of arabicTexts) expect(plain, written).toContain(written);
    });

    it('what is copied out of it is what was written', async () => {
      for (const text of [...hostile, ...names.filter((name) => name !== 'Ali (عضو 123) Khan')]) {
        const file = put(await invoicePdf({ lines: [{ description: text, quantity: 1, unitAmount: 1, amount: 1 }] }));
        // In the order of drawing, but for what runs from right to left: that the tool turns around only without -raw.
        const isTurned = /[\u0600-\u06FF\uFDFA]/.test(text);
        const copied = runTool('pdftotext', ...(isTurned ? [] : ['-raw']), file, '-').replace(
          /[\u202A-\u202E\u2066-\u2069]/g,
          '',
        );
        const comparable = (from: string) => squeezed(from).normalize('NFKC');
        expect(comparable(copied), text).toContain(comparable(cleanText(text)));
      }
    });
  },
);
