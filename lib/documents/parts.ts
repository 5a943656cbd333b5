import type { BilledTo } from '@/lib/domain/invoice.ts';
import type { Words } from '@/lib/i18n/words.ts';
import { readPicture } from './picture.ts';
import { area, type Block, type Column, ink, type Look, type Sheet, type Tag } from './sheet.ts';
import { widthOf } from './text-runs.ts';

/** Names of persons and places are bounded; so are all other texts, less tightly. */
const most = { name: 300, address: 1_000, fact: 600 } as const;

const label: Look = { size: 8.5, colour: ink.quiet };
const body: Look = { size: 10 };
const strong: Look = { size: 10, weight: 'bold' };

/** Who stands behind a document: frozen on receipts and certificates, as it is now on invoices. */
export type DocumentMerchant = {
  readonly brandName: string;
  readonly legalName: string | null;
  readonly address: string | null;
  readonly taxId: string | null;
  readonly country: string | null;
};

/** The look of a merchant's documents. The logo's bytes are as stored: any type, perhaps damaged. */
export type Letterhead = { readonly accentColour: string | null; readonly logo: Uint8Array | null };

/** Logo or name at the left, what this is and its number at the right, the accent across. */
export function drawHead(
  sheet: Sheet,
  head: { brandName: string; logo: Uint8Array | null; kind: string; number: string; isTest: boolean },
): void {
  const top = sheet.y;
  const nameWidth = area.width * 0.36;
  const picture = head.logo === null ? null : readPicture(head.logo);
  let bottom = top;
  if (picture !== null) {
    bottom = top + sheet.picture(picture, head.brandName, area.left, { width: 170, height: 44 });
  } else {
    const look: Look = { size: 16, weight: 'bold' };
    sheet.columns([{ x: area.left, width: nameWidth, blocks: [text(sheet, 'P', shorten(head.brandName, 90), look)] }]);
    bottom = sheet.y;
  }
  sheet.y = top;
  const title = sheet.tag('H1');
  sheet.columns([
    {
      x: area.left + nameWidth + 20,
      width: area.width - nameWidth - 20,
      blocks: [
        { tag: title, name: 'H1', text: head.kind, look: { size: 20, weight: 'bold', align: 'right' } },
        {
          tag: title,
          name: 'H1',
          text: shorten(head.number, 60),
          look: { size: 10.5, colour: ink.quiet, align: 'right' },
        },
      ],
    },
  ]);
  sheet.y = Math.max(bottom, sheet.y) + 12;
  sheet.rule(sheet.accent, 2.5);
  sheet.y += 14;
  if (head.isTest) {
    const look: Look = { size: 9, weight: 'bold', colour: ink.test };
    sheet.columns([
      { x: area.left, width: area.width, blocks: [text(sheet, 'P', sheet.words.t('documents.testLine'), look)] },
    ]);
    sheet.y += 8;
  }
}

/** Who bills and who is billed, side by side. */
export function drawParties(
  sheet: Sheet,
  from: { title: string; merchant: DocumentMerchant },
  to: { title: string; customer: BilledTo },
): void {
  const { merchant } = from;
  const { customer } = to;
  const taxId = (id: string | null) => (id === null ? null : taxIdText(sheet.words, merchant.country, id));
  const width = area.width / 2 - 14;
  sheet.columns([
    {
      x: area.left,
      width,
      blocks: party(sheet, from.title, [
        merchant.legalName ?? merchant.brandName,
        merchant.legalName === null || merchant.legalName === merchant.brandName ? null : merchant.brandName,
        merchant.address,
        taxId(merchant.taxId),
      ]),
    },
    {
      x: area.left + width + 28,
      width,
      blocks: party(sheet, to.title, [
        customer.legalName ?? customer.name ?? customer.email,
        customer.legalName === null ? null : customer.name,
        customer.legalName === null && customer.name === null ? null : customer.email,
        customer.address,
        taxId(customer.taxId),
      ]),
    },
  ]);
  sheet.y += 20;
}

function taxIdText(words: Words, country: string | null, taxId: string): string {
  return words.t(country === 'ID' ? 'documents.taxIdId' : 'documents.taxId', { taxId: shorten(taxId, 64) });
}

function party(sheet: Sheet, title: string, lines: readonly (string | null)[]): Block[] {
  const given = lines.filter((line) => line !== null && line.trim() !== '');
  return [
    text(sheet, 'H2', title, label),
    ...given.map((line, at) =>
      text(
        sheet,
        'P',
        shorten(line ?? '', at === 0 ? most.name : most.address),
        at === 0 ? strong : body,
        at === 0 ? 2 : 0,
      ),
    ),
  ];
}

/** Facts as a table of terms and values. */
export function drawFacts(sheet: Sheet, facts: readonly (readonly [string, string | null])[]): void {
  const table = sheet.tag('Table');
  const termWidth = 130;
  for (const [term, value] of facts) {
    if (value === null || value.trim() === '') continue;
    const row = sheet.tag('TR', table);
    const termTag = sheet.tag('TH', row, { scope: 'Row' });
    const valueTag = sheet.tag('TD', row);
    sheet.columns([
      {
        x: area.left,
        width: termWidth,
        blocks: [{ tag: termTag, name: 'TH', text: term, look: { size: 9.5, colour: ink.quiet } }],
      },
      {
        x: area.left + termWidth + 10,
        width: area.width - termWidth - 10,
        blocks: [{ tag: valueTag, name: 'TD', text: shorten(value, most.fact), look: { size: 9.5 } }],
      },
    ]);
    sheet.y += 3;
  }
  sheet.y += 14;
}

/** One sold thing, its figures already in words. */
export type TableLine = {
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly amount: string;
};

const quantityWidth = 56;
const gap = 12;

/** Columns of description, quantity, unit price and amount; amounts get the room the longest one needs. */
function placesFor(lines: readonly TableLine[]) {
  const widest = Math.max(
    0,
    ...lines.flatMap((line) => [
      widthOf(line.unitPrice, 'regular', body.size),
      widthOf(line.amount, 'regular', body.size),
    ]),
  );
  const money = Math.min(Math.max(86, Math.ceil(widest) + 2), 130);
  const description = area.width - quantityWidth - 2 * money - 3 * gap;
  return [
    { x: area.left, width: description, align: 'left' },
    { x: area.left + description + gap, width: quantityWidth, align: 'right' },
    { x: area.right - 2 * money - gap, width: money, align: 'right' },
    { x: area.right - money, width: money, align: 'right' },
  ] as const;
}

/** The lines of a sale. The head is repeated on each page it runs over. */
export function drawLines(sheet: Sheet, lines: readonly TableLine[]): void {
  const { t } = sheet.words;
  const heads = [t('documents.description'), t('documents.quantity'), t('documents.unitPrice'), t('documents.amount')];
  const headLook: Look = { size: 8.5, weight: 'bold', colour: ink.quiet };
  const places = placesFor(lines);
  sheet.keepTogether(70);
  const table = sheet.tag('Table');
  const headRow = sheet.tag('TR', sheet.tag('THead', table));
  sheet.columns(
    places.map((place, at): Column => {
      const tag = sheet.tag('TH', headRow, { scope: 'Column' });
      return {
        ...place,
        blocks: [{ tag, name: 'TH', text: heads[at] ?? '', look: { ...headLook, align: place.align } }],
      };
    }),
  );
  sheet.y += 4;
  sheet.rule(ink.text, 1);
  sheet.y += 7;
  const repeatHead = () => {
    for (const [at, place] of places.entries()) {
      sheet.repeat(heads[at] ?? '', place.x, place.width, { ...headLook, align: place.align });
    }
    sheet.y += 8.5 * 1.45 + 4;
    sheet.rule(ink.text, 1);
    sheet.y += 7;
  };
  const rows = sheet.tag('TBody', table);
  for (const line of lines) {
    const row = sheet.tag('TR', rows);
    const cells = [line.description, line.quantity, line.unitPrice, line.amount];
    const columns = places.map((place, at): Column => {
      const tag = sheet.tag('TD', row);
      return { ...place, blocks: [{ tag, name: 'TD', text: cells[at] ?? '', look: { ...body, align: place.align } }] };
    });
    if (!sheet.fits(Math.min(sheet.heightOf(columns), 120))) {
      sheet.newPage();
      repeatHead();
    }
    sheet.columns(columns, repeatHead);
    sheet.y += 6;
    sheet.rule();
    sheet.y += 7;
  }
}

/** Sums under the lines: term and amount; the last one is what counts. */
export function drawTotals(
  sheet: Sheet,
  totals: readonly (readonly [string, string])[],
  after: readonly (readonly [string, string])[] = [],
): void {
  const width = 260;
  const x = area.right - width;
  const all = [...totals, ...after];
  sheet.keepTogether(all.length * 20 + 24);
  const table = sheet.tag('Table');
  for (const [at, [term, value]] of all.entries()) {
    const isTotal = at === totals.length - 1;
    const look: Look = isTotal ? { size: 12, weight: 'bold' } : { size: 10 };
    if (isTotal) {
      sheet.y += 2;
      sheet.rule(sheet.accent, 1.5, x, width);
      sheet.y += 7;
    }
    const row = sheet.tag('TR', table);
    const termTag = sheet.tag('TH', row, { scope: 'Row' });
    const valueTag = sheet.tag('TD', row);
    sheet.columns([
      {
        x,
        width: width * 0.5,
        blocks: [
          { tag: termTag, name: 'TH', text: shorten(term, 60), look: isTotal ? look : { ...look, colour: ink.quiet } },
        ],
      },
      {
        x: x + width * 0.5,
        width: width * 0.5,
        blocks: [{ tag: valueTag, name: 'TD', text: value, look: { ...look, align: 'right' } }],
      },
    ]);
    sheet.y += isTotal ? 7 : 4;
  }
  sheet.y += 12;
}

/** A sentence or a few under a small heading, or without one. */
export function drawNote(sheet: Sheet, title: string | null, lines: readonly string[], look: Look = body): void {
  const given = lines.filter((line) => line.trim() !== '');
  if (given.length === 0) return;
  const blocks = [
    ...(title === null ? [] : [text(sheet, 'H2', title, label)]),
    ...given.map((line, at) => text(sheet, 'P', line, look, at === 0 ? 2 : 3)),
  ];
  const columns = [{ x: area.left, width: area.width, blocks }];
  sheet.keepTogether(Math.min(sheet.heightOf(columns), 90));
  sheet.columns(columns);
  sheet.y += 14;
}

function text(sheet: Sheet, name: string, content: string, look: Look, before = 0): Block {
  const tag: Tag = sheet.tag(name);
  return { tag, name, text: content, look, before };
}

/** Text of at most so many characters; a cut is shown. */
function shorten(content: string, length: number): string {
  const chars = [...content];
  return chars.length <= length ? content : `${chars.slice(0, length - 1).join('')}…`;
}
