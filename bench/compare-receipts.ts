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

/** A receipt as the portal makes it, against pdfkit alone with fonts parsed beforehand and as many words to set. */
export async function compareReceipts(on: Runtime, { scope, customers }: LaidMerchant): Promise<Figure[]> {
  const [customerId] = customers;
  if (customerId === undefined) return [];
  const { receipts } = await listReceiptPage(on.read, { ...scope, customerId }, null, 1);
  const [receipt] = receipts;
  if (receipt === undefined) return [];
  const words = makeWords('en', 'Asia/Jakarta');
  const own = () => renderReceiptPdf({ words, receipt, refunds: [], accentColour: '#7A4B2A', logo: null });
  const texts = textsOf(receipt);
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
    { id: 'P12', what: 'pdfkit alone, fonts parsed, as many words', value: spreadOf(bare), unit: 'ms' },
    { id: 'P12', what: 'receipt PDF against pdfkit alone', value: spreadOf(ratio), unit: 'x', budget: 1.2 },
  ];
}

async function timeEach(make: () => Promise<Uint8Array>): Promise<number> {
  const from = performance.now();
  for (let index = 0; index < pdfsARound; index += 1) await make();
  return (performance.now() - from) / pdfsARound;
}

/** Every text of the frozen receipt, and labels for as many. */
function textsOf(receipt: Receipt): string[] {
  const texts: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === 'string' || typeof value === 'number') texts.push(String(value), 'A label of it');
    else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) collect(one);
  };
  collect(receipt.body);
  return texts;
}

function setAlone(fonts: readonly ReturnType<typeof create>[], texts: readonly string[]): Promise<Uint8Array> {
  return new Promise((resolve) => {
    const document = new PDFDocument({ size: 'A4', margin: 54, tagged: true, lang: 'en' });
    const parts: Uint8Array[] = [];
    document.on('data', (part: Uint8Array) => parts.push(part));
    document.on('end', () => resolve(Buffer.concat(parts)));
    for (const [index, font] of fonts.entries()) document.registerFont(`own${index}`, font as never);
    for (const [index, text] of texts.entries()) {
      const y = 50 + (index % 40) * 18;
      document
        .font(`own${index % 2}`)
        .fontSize(10)
        .text(text, 54 + (index % 3) * 170, y, { lineBreak: false });
    }
    document.end();
  });
}
