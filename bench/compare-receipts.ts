import { readFileSync } from 'node:fs';
import { create } from 'fontkit';
import PDFDocument from 'pdfkit';
import type { LaidMerchant } from '@/e2e/portal-data.ts';
import { listReceiptPage } from '@/lib/data/receipts.ts';
import { renderReceiptPdf } from '@/lib/documents/receipt-pdf.ts';
import type { Receipt } from '@/lib/domain/receipt.ts';
import { makeWords } from '@/lib/i18n/words.ts';
import type { Runtime } from '@/lib/runtime.ts';
import type { Figure } from './report.ts';
import { spreadOf } from './timing.ts';

const rounds = 5;
const pdfsARound = 20;

/** One text as it stood on the page: font, size and place. */
type Placed = {
  readonly bold: boolean;
  readonly size: number;
  readonly text: string;
  readonly x: number;
  readonly y: number;
};

/**
 * A receipt as the portal makes it, against pdfkit alone with fonts parsed beforehand: the same texts in the same fonts
 * at the same places, each with its tag, without looking where they go or what is in them.
 */
export async function compareReceipts(on: Runtime, { scope, customers }: LaidMerchant): Promise<Figure[]> {
  const [customerId] = customers;
  if (customerId === undefined) return [];
  const { receipts } = await listReceiptPage(on.read, { ...scope, customerId }, null, 1);
  const [receipt] = receipts;
  if (receipt === undefined) return [];
  const words = makeWords('en', 'Asia/Jakarta');
  let made = 0;
  const own = () => {
    made += 1;
    const another = anotherReceipt(receipt, made);
    return renderReceiptPdf({ words, receipt: another, refunds: [], accentColour: '#7A4B2A', logo: null });
  };
  const texts = await noteTexts(own);
  const fonts = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'].map((file) =>
    create(readFileSync(`node_modules/@expo-google-fonts/inter/${file}`)),
  );
  const alone = () => setAlone(fonts, texts);
  await Promise.all([own(), alone()]);
  const [ours, bare, ratio]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await timeEach(own));
    bare.push(await timeEach(alone));
    ratio.push((ours.at(-1) ?? Number.NaN) / (bare.at(-1) ?? Number.NaN));
  }
  return [
    { id: 'P12', what: 'receipt PDF', value: spreadOf(ours), unit: 'ms' },
    { id: 'P12', what: 'pdfkit alone, fonts parsed, the same texts and tags', value: spreadOf(bare), unit: 'ms' },
    { id: 'P12', what: 'receipt PDF against pdfkit alone', value: spreadOf(ratio), unit: 'x', budget: 1.2 },
  ];
}

/** Another buyer's receipt: what the portal keeps of texts it has set before helps with the labels alone. */
function anotherReceipt(receipt: Receipt, index: number): Receipt {
  const { body } = receipt;
  const total = body.total + index * 137;
  return {
    ...receipt,
    number: `${receipt.number}-${index}`,
    body: {
      ...body,
      customer: { ...body.customer, name: `Dewi Lestari ${index}`, email: `dewi${index}@example.com` },
      lines: body.lines.map((line) => ({ ...line, unitAmount: total, amount: total })),
      subtotal: total,
      total,
    },
  };
}

async function timeEach(make: () => Promise<Uint8Array>): Promise<number> {
  const from = performance.now();
  for (let index = 0; index < pdfsARound; index += 1) await make();
  return (performance.now() - from) / pdfsARound;
}

/** What the portal hands to pdfkit while it makes its document. */
async function noteTexts(make: () => Promise<Uint8Array>): Promise<Placed[]> {
  const texts: Placed[] = [];
  const { font, fontSize, text } = PDFDocument.prototype;
  let [bold, size] = [false, 10];
  Object.assign(PDFDocument.prototype, {
    font(this: PDFKit.PDFDocument, name: string) {
      bold = name === 'bold';
      return font.call(this, name);
    },
    fontSize(this: PDFKit.PDFDocument, points: number) {
      size = points;
      return fontSize.call(this, points);
    },
    text(this: PDFKit.PDFDocument, line: string, x: number, y: number, options: PDFKit.Mixins.TextOptions) {
      texts.push({ bold, size, text: line, x, y });
      return text.call(this, line, x, y, options);
    },
  });
  await make();
  Object.assign(PDFDocument.prototype, { font, fontSize, text });
  return texts;
}

function setAlone(fonts: readonly ReturnType<typeof create>[], texts: readonly Placed[]): Promise<Uint8Array> {
  return new Promise((resolve) => {
    const settings: PDFKit.PDFDocumentOptions = { size: 'A4', margin: 0, tagged: true, lang: 'en', pdfVersion: '1.7' };
    const document = new PDFDocument(Object.assign(settings, { subset: 'PDF/UA' as const }));
    const parts: Uint8Array[] = [];
    document.on('data', (part: Uint8Array) => parts.push(part));
    document.on('end', () => resolve(Buffer.concat(parts)));
    for (const [index, font] of fonts.entries()) document.registerFont(`own${index}`, font as never);
    const root = document.struct('Document');
    document.addStructure(root);
    for (const { bold, size, text, x, y } of texts) {
      const tag = document.struct('P');
      root.add(tag);
      tag.add(document.markStructureContent('P'));
      document
        .font(bold ? 'own1' : 'own0')
        .fontSize(size)
        .fillColor('#16191d')
        .text(text, x, y, { lineBreak: false, baseline: 'alphabetic' });
      document.endMarkedContent();
    }
    root.end();
    document.end();
  });
}
