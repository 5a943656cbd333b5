import { spawnSync } from 'node:child_process';
import { inflateSync } from 'node:zlib';

/** Everything a PDF of ours holds, unpacked by nothing but Node: for checks that run wherever tests run. */
export type Unpacked = {
  /** The file with every compressed stream replaced by its content, one byte a character. */
  readonly whole: string;
  readonly pages: number;
  /** The text that is drawn, as its glyphs and their spoken replacements say. */
  readonly text: string;
};

/** Unpacks a PDF written by our own documents; throws where the file does not hold together. */
export function unpack(bytes: Uint8Array): Unpacked {
  const file = Buffer.from(bytes).toString('latin1');
  if (!file.startsWith('%PDF-1.7') || !file.trimEnd().endsWith('%%EOF')) throw new Error('not a whole PDF');
  checkTable(file);
  const objects = new Map<string, string>();
  let whole = '';
  for (const [, id = '', body = ''] of file.matchAll(/^(\d+) 0 obj\n([\s\S]*?)\nendobj$/gm)) {
    const found = /^([\s\S]*?)\nstream\n([\s\S]*)\nendstream$/.exec(body);
    const isPacked = found?.[1]?.includes('/FlateDecode') === true && !found[1].includes('/Subtype /Image');
    const stream =
      found === null
        ? ''
        : isPacked
          ? inflateSync(Buffer.from(found[2] ?? '', 'latin1')).toString('latin1')
          : (found[2] ?? '');
    const object = found === null ? body : `${found[1]}\n${stream}`;
    objects.set(id, object);
    whole += `${id} 0 obj\n${object}\nendobj\n`;
  }
  const pages = [...objects.values()].filter((object) => object.startsWith('<<\n/Type /Page\n'));
  return { whole, pages: pages.length, text: pages.map((page) => textOf(page, objects)).join('\n') };
}

/** Every entry of the cross-reference table points at its object. */
function checkTable(file: string): void {
  const start = Number(/startxref\n(\d+)/.exec(file)?.[1]);
  const rows = [...file.slice(start).matchAll(/^(\d{10}) (\d{5}) ([nf]) $/gm)];
  if (rows.length < 2) throw new Error('no table of objects');
  for (const [at, row] of rows.entries()) {
    if (row[3] === 'n' && !file.startsWith(`${at} 0 obj`, Number(row[1])))
      throw new Error(`object ${at} is not where it should be`);
  }
}

/** The text of a page by the maps its fonts carry; a span with a spoken text counts as that. */
function textOf(page: string, objects: ReadonlyMap<string, string>): string {
  const fonts = new Map<string, Map<string, string>>();
  const resources = referred(page, 'Resources', objects);
  for (const [, name = '', id = ''] of (/\/Font <<([\s\S]*?)>>/.exec(resources)?.[1] ?? '').matchAll(
    /\/(F\d+) (\d+) 0 R/g,
  )) {
    fonts.set(name, readMap(referred(objects.get(id) ?? '', 'ToUnicode', objects)));
  }
  const content = referred(page, 'Contents', objects);
  let text = '';
  let font = new Map<string, string>();
  let silent = 0;
  const tokens =
    /\/(F\d+) [\d.]+ Tf|\/Span <<\s*\/ActualText \(((?:\\[\s\S]|[^\\)])*)\)\s*>> BDC|(\bB[DM]C\b)|(\bEMC\b)|\[([^\]]*)\] TJ|(\bET\b)/g;
  for (const [, name, spoken, opens, closes, shown, ended] of content.matchAll(tokens)) {
    if (name !== undefined) font = fonts.get(name) ?? font;
    else if (spoken !== undefined) {
      text += spokenText(spoken);
      silent += 1;
    } else if (opens !== undefined && silent > 0) silent += 1;
    else if (closes !== undefined && silent > 0) silent -= 1;
    else if (shown !== undefined && silent === 0) {
      for (const [, hex = ''] of shown.matchAll(/<([0-9a-f]+)>/g)) {
        for (const glyph of hex.match(/.{4}/g) ?? []) text += font.get(glyph) ?? '\uFFFD';
      }
    } else if (ended !== undefined && silent === 0) text += '\u0001';
  }
  return text.replaceAll('\u0001', ' ');
}

function referred(object: string, key: string, objects: ReadonlyMap<string, string>): string {
  const id = new RegExp(`/${key} (\\d+) 0 R`).exec(object)?.[1];
  return id === undefined ? '' : (objects.get(id) ?? '');
}

function readMap(cmap: string): Map<string, string> {
  const map = new Map<string, string>();
  for (const [, from = '', list = ''] of cmap.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/g)) {
    for (const [at, [, codes = '']] of [...list.matchAll(/<([0-9a-f ]*)>/g)].entries()) {
      const units = codes.split(' ').filter((unit) => unit !== '');
      const glyph = (Number.parseInt(from, 16) + at).toString(16).padStart(4, '0');
      map.set(glyph, String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16))));
    }
  }
  return map;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function spokenText(escaped: string): string {
  const raw = escaped.replace(/\\([\s\S])/g, (_, char: string) => escapes[char] ?? char);
  if (!raw.startsWith('\u00FE\u00FF')) return raw;
  return new TextDecoder('utf-16be').decode(Buffer.from(raw.slice(2), 'latin1'));
}

/** Is a command of poppler or qpdf here? */
export function hasTool(name: string): boolean {
  return spawnSync(name, ['--version']).error === undefined;
}

/** Runs a tool on a file and answers what it wrote; throws when it fails. */
export function runTool(name: string, ...options: string[]): string {
  const { status, stdout, stderr } = spawnSync(name, options, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} answered ${status}: ${stderr}${stdout}`);
  return stdout;
}
