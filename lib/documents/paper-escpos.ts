import type { Paper } from './paper.ts';

/** Columns of font A on rolls of these widths, in millimetres. */
export const rollColumns = { 58: 32, 80: 48 } as const;

export type RollWidth = keyof typeof rollColumns;

const esc = 0x1b;
const gs = 0x1d;

/** A document as the bytes of an ESC/POS receipt printer: font A, plain ASCII, no line wider than the roll, a cut at its end. */
export function paperEscpos(paper: Paper, roll: RollWidth): Uint8Array {
  const columns: number = rollColumns[roll];
  const bytes: number[] = [esc, 0x40];
  const put = (line: string) => {
    for (const sign of line) bytes.push(sign.charCodeAt(0));
    bytes.push(0x0a);
  };
  const text = (content: string, width: number = columns) => {
    for (const line of wrap(content, width)) put(line);
  };
  const centre = (on: boolean) => bytes.push(esc, 0x61, on ? 1 : 0);
  const bold = (on: boolean) => bytes.push(esc, 0x45, on ? 1 : 0);
  const double = (on: boolean) => bytes.push(gs, 0x21, on ? 0x11 : 0);
  const rule = () => put('-'.repeat(columns));

  centre(true);
  double(true);
  text(paper.brandName, columns / 2);
  double(false);
  bold(true);
  text(`${paper.kind} ${paper.number}`);
  bold(false);
  if (paper.testLine !== null) text(paper.testLine);
  centre(false);
  rule();
  for (const { title, lines } of paper.parties) {
    bold(true);
    text(title);
    bold(false);
    for (const line of lines) text(line);
  }
  rule();
  for (const [term, value] of paper.facts) for (const line of pair(`${term}:`, value, columns)) put(line);
  rule();
  for (const { description, quantity, unitPrice, amount } of paper.lines) {
    text(description);
    for (const line of pair(`  ${quantity} x ${unitPrice}`, amount, columns)) put(line);
  }
  rule();
  for (const { term, value, isTotal } of paper.sums) {
    bold(isTotal);
    for (const line of pair(term, value, columns)) put(line);
    bold(false);
  }
  for (const { title, lines } of paper.notes) {
    rule();
    if (title !== null) text(`${title}:`);
    for (const line of lines) text(line);
  }
  // Four lines past the head, then a cut that leaves one point.
  bytes.push(esc, 0x64, 4, gs, 0x56, 1);
  return new Uint8Array(bytes);
}

/** Two texts at both ends of a line; where they do not fit beside each other, the second stands right on lines of its own. */
export function pair(left: string, right: string, columns: number): string[] {
  const [start, end] = [plain(left), plain(right).trim()];
  if (start.length + 1 + end.length <= columns) return [start + end.padStart(columns - start.length)];
  return [...wrap(start, columns), ...wrap(end, columns).map((line) => line.padStart(columns))];
}

/** Breaks text into lines of at most so many columns, between words where it can. */
export function wrap(content: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of plain(content).split(' ')) {
    let rest = word;
    if (line !== '' && line.length + 1 + rest.length > columns) {
      lines.push(line);
      line = '';
    }
    while (rest.length > columns) {
      lines.push(rest.slice(0, columns));
      rest = rest.slice(columns);
    }
    line = line === '' ? rest : `${line} ${rest}`;
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}

const signs: Readonly<Record<string, string>> = {
  '\u2212': '-',
  '\u2013': '-',
  '\u2014': '-',
  '\u2018': "'",
  '\u2019': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u2022': '*',
  '\u00b7': '-',
  '\u00d7': 'x',
  '\u2026': '...',
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  ø: 'o',
  Ø: 'O',
  '\u20ac': 'EUR',
};

/** Text in the signs every printer has: accents go, spaces are plain, what has no likeness is a question mark. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}|\p{Cf}/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[^\x20-\x7e]/gu, (sign) => signs[sign] ?? '?');
}
