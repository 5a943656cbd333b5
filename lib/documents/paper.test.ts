import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Refund } from '@/lib/domain/invoice.ts';
import type { Receipt } from '@/lib/domain/receipt.ts';
import { makeWords } from '@/lib/i18n/words.ts';
import type { Paper } from './paper.ts';
import { receiptPaper } from './paper.ts';
import { pair, paperEscpos, rollColumns, wrap } from './paper-escpos.ts';
import { paperHtml, paperStyles } from './paper-html.ts';

const text = fc.string({ unit: 'binary', maxLength: 80 });
const hostile = fc.oneof(
  text,
  fc.constantFrom('<script>alert(1)</script>', '"><img src=x onerror=y>', '</style>&amp;', "'--"),
);
const paper: fc.Arbitrary<Paper> = fc.record({
  locale: fc.constantFrom('en', 'id'),
  brandName: hostile,
  kind: fc.constant('Invoice'),
  number: hostile,
  testLine: fc.option(fc.constant('Test mode.')),
  parties: fc.array(fc.record({ title: hostile, lines: fc.array(hostile, { maxLength: 3 }) }), { maxLength: 2 }),
  facts: fc.array(fc.tuple(hostile, hostile), { maxLength: 3 }),
  heads: fc.constant({ description: 'Description', quantity: 'Quantity', unitPrice: 'Unit price', amount: 'Amount' }),
  lines: fc.array(fc.record({ description: hostile, quantity: hostile, unitPrice: hostile, amount: hostile }), {
    maxLength: 4,
  }),
  sums: fc.array(fc.record({ term: hostile, value: hostile, isTotal: fc.boolean() }), { maxLength: 4 }),
  notes: fc.array(fc.record({ title: fc.option(hostile), lines: fc.array(hostile, { maxLength: 2 }) }), {
    maxLength: 2,
  }),
});

/** The elements a document's page is made of; anything else came out of a text. */
const known =
  /^<(\/?(html|head|title|style|body|header|h1|h2|p|bdi|div|section|table|thead|tbody|tr|th|td)|meta|!doctype)( [a-z]+="[^"<>]*")*( html)?>$/;

describe('a page', () => {
  it('holds no element and no attribute that came from a text', () => {
    fc.assert(
      fc.property(paper, (one) => {
        const html = paperHtml(one).replace(paperStyles, '');
        for (const [element] of html.matchAll(/<[^>]*>?/g)) expect(element).toMatch(known);
      }),
      { numRuns: 300 },
    );
  });

  it('shows every text again once its entities are read', () => {
    const shown = paperHtml({
      locale: 'id',
      brandName: `Kopi & "Senja" <b>'s`,
      kind: 'Faktur',
      number: 'INV-1',
      testLine: null,
      parties: [],
      facts: [],
      heads: { description: 'd', quantity: 'q', unitPrice: 'u', amount: 'a' },
      lines: [],
      sums: [],
      notes: [],
    });
    expect(shown).toContain('<bdi>Kopi &amp; &quot;Senja&quot; &lt;b&gt;&#39;s</bdi>');
    expect(shown).toContain('<html lang="id">');
  });
});

/** The printed lines of a roll: what stands between commands and line feeds. */
function printedLines(bytes: Uint8Array): string[] {
  const lines: string[] = [];
  let line = '';
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x1b) at += bytes[at + 1] === 0x40 ? 1 : 2;
    else if (byte === 0x1d) at += 2;
    else if (byte === 0x0a) {
      lines.push(line);
      line = '';
    } else line += String.fromCharCode(byte);
  }
  return lines;
}

describe('a paper roll', () => {
  it.each([58, 80] as const)('of %i mm has no line wider than it, and nothing but plain signs', (roll) => {
    fc.assert(
      fc.property(paper, (one) => {
        for (const line of printedLines(paperEscpos(one, roll))) {
          expect(line.length).toBeLessThanOrEqual(rollColumns[roll]);
          expect(line).toMatch(/^[\x20-\x7e]*$/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('begins with a reset and ends with a cut', () => {
    fc.assert(
      fc.property(paper, (one) => {
        const bytes = [...paperEscpos(one, 58)];
        expect(bytes.slice(0, 2)).toEqual([0x1b, 0x40]);
        expect(bytes.slice(-6)).toEqual([0x1b, 0x64, 4, 0x1d, 0x56, 1]);
      }),
    );
  });

  it('puts two texts at both ends of a line that is exactly full, or the second on a line of its own', () => {
    expect(pair('Total', 'Rp\u00A0165.390', 32)).toEqual([`Total${' '.repeat(17)}Rp 165.390`]);
    expect(pair('A long description', 'Rp 999.999.999.999', 32)).toEqual([
      'A long description',
      'Rp 999.999.999.999'.padStart(32),
    ]);
    fc.assert(
      fc.property(text, text, (left, right) => {
        for (const line of pair(left, right, 32)) expect(line.length).toBeLessThanOrEqual(32);
      }),
    );
  });

  it('loses no word, and breaks only what is longer than a line', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,40}$/), { minLength: 1, maxLength: 20 }), (words) => {
        const lines = wrap(words.join(' '), 32);
        expect(lines.join('').replaceAll(' ', '')).toBe(words.join(''));
        if (words.every((word) => word.length <= 32)) expect(lines.join(' ')).toBe(words.join(' '));
      }),
    );
  });

  it('writes accents and dashes in plain signs', () => {
    expect(wrap('Café “Senja” – −5 €', 32)).toEqual(['Cafe "Senja" - -5 EUR']);
  });
});

describe('a receipt in words', () => {
  const at = Date.UTC(2026, 2, 1, 4);
  const receipt = {
    mode: 'live',
    number: 'RCP-2026-0042',
    currency: 'IDR',
    method: { type: 'card', brand: 'visa', last4: '4242', label: null },
    providerReference: 'simch_8d1f20',
    issuedAt: at,
    body: {
      invoiceNumber: 'INV-2026-0042',
      merchant: {
        brandName: 'Kopi Senja',
        legalName: null,
        address: 'Jl. Braga 12\nBandung',
        taxId: '01.2',
        country: 'ID',
      },
      customer: { name: 'Dewi', legalName: null, email: 'dewi@example.com', address: null, taxId: null },
      lines: [{ description: 'A year', quantity: 2, unitAmount: 2_500_000, amount: 5_000_000 }],
      subtotal: 5_000_000,
      discount: 0,
      tax: 550_000,
      total: 5_550_000,
      template: {
        showTax: true,
        taxLabel: 'PPN',
        taxRateBasisPoints: 1_100,
        thankYouText: 'Thanks!',
        footerText: null,
      },
      stampDutyNumber: 'MTR-7788',
    },
  } as unknown as Receipt;
  const refund = (status: Refund['status'], amount: number) =>
    ({ status, amount, currency: 'IDR', createdAt: at, updatedAt: at }) as unknown as Refund;

  it('names the tax by its rate, the total in words, the stamp duty, and only what was given back', () => {
    const refunds = [refund('succeeded', 50_000), refund('failed', 70_000), refund('pending', 90_000)];
    const made = receiptPaper({ words: makeWords('en', 'Asia/Jakarta'), receipt, refunds });
    expect(made.testLine).toBeNull();
    expect(made.sums.map((sum) => sum.term)).toEqual(['Subtotal', 'PPN 11%', 'Total']);
    const notes = made.notes
      .flatMap(({ lines }) => lines)
      .join(' ')
      .replaceAll('\u00A0', ' ');
    expect(notes).toContain('MTR-7788');
    expect(notes).toContain('Refunded Rp 50,000 on 1 March 2026.');
    expect(notes).not.toMatch(/70,000|90,000/);
    expect(made.notes[0]?.title).toBe('Amount in words');
    expect(made.parties[0]?.lines).toEqual(['Kopi Senja', 'Jl. Braga 12', 'Bandung', 'NPWP: 01.2']);
    const indonesian = receiptPaper({ words: makeWords('id', 'Asia/Jakarta'), receipt, refunds: [] });
    expect(indonesian).toMatchObject({ kind: 'Kuitansi', locale: 'id' });
  });
});
