import type { Face, FaceName } from './faces.ts';
import { isJoined, loadFace } from './faces.ts';

export type Weight = 'regular' | 'bold';

/** A stretch of one line in one font, in the order of the eye. */
export type Run = {
  readonly face: Face;
  readonly text: string;
};

/** A run with the text as it reads, where its glyphs alone would copy as another; else null. */
export type Stretch = { readonly run: Run; readonly actual: string | null };

/** Characters no document draws: direction controls, invisible joiners of nothing, variation selectors, tags. */
const invisible =
  /\u034F|[\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\p{VS}\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E0FFF}]/gu;

/** Emoji: a picture or a flag with all that changes it. */
const emoji =
  /(?:\p{Extended_Pictographic}|[\u{1F1E6}-\u{1F1FF}\u{1F3FB}-\u{1F3FF}])(?:\p{VS}|\u20E3|[\u{1F3FB}-\u{1F3FF}]|\u200D\p{Extended_Pictographic})*|\u20E3/gu;

/** What stands for a character no font has. */
const replacement = '□';

/**
 * Text as a document draws it: composed, in one line unless it has line breaks, without controls, direction marks and
 * emoji, and never longer than `most` characters. A character no font has becomes a box.
 */
export function cleanText(text: string, most = 12_000): string {
  const plain = text
    .slice(0, most * 4)
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    // Signs such as © are pictures to Unicode too; what the font has is text.
    .replace(emoji, (found) => (loadFace('regular').has(found.codePointAt(0) ?? 0) ? ([...found][0] ?? '') : ''))
    .replace(invisible, '')
    .replace(/(?<![\p{Script=Arabic}\p{Script=Devanagari}\p{M}])[\u200C\u200D]/gu, '')
    .replace(/[^\P{Cc}\n]/gu, ' ')
    .replace(/[^\S\n\u00A0\u202F\u2007]+/g, ' ')
    .replace(/ *\n */g, '\n')
    .trim();
  const chars = [...plain];
  const bounded = chars.length <= most ? chars : [...chars.slice(0, most - 1), '…'];
  return bounded.map(drawable).join('');
}

/** The character, or what it stands for where only that has glyphs ("ﬁ" is "fi"), or a box. */
function drawable(char: string): string {
  if (isDrawable(char)) return char;
  const plain = char.normalize('NFKC');
  return plain !== char && [...plain].every(isDrawable) ? plain : replacement;
}

function isDrawable(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  if (code <= 0x7e || /[\s\u00A0]/.test(char) || isJoiner(char)) return true;
  return loadFace('regular').has(code) || (otherFace(char)?.has(code) ?? false);
}

/** Joiners shape the letters beside them and draw nothing themselves. */
function isJoiner(char: string): boolean {
  return char === '\u200C' || char === '\u200D';
}

const scripts: readonly (readonly [FaceName, RegExp])[] = [
  ['arabic', /[\p{Script_Extensions=Arabic}]/u],
  ['thai', /[\p{Script=Thai}]/u],
  ['devanagari', /[\p{Script_Extensions=Devanagari}]/u],
  ['hangul', /[\p{Script=Hangul}]/u],
  [
    'han',
    /[\p{Script_Extensions=Han}\p{Script_Extensions=Hiragana}\p{Script_Extensions=Katakana}\p{Script_Extensions=Bopomofo}\u3000-\u303F\uFF00-\uFFEF]/u,
  ],
];

function otherFace(char: string): Face | null {
  const found = scripts.find(([, pattern]) => pattern.test(char));
  return found === undefined ? null : loadFace(found[0]);
}

function faceOf(char: string, weight: Weight, before: Face | null): Face {
  const own = loadFace(weight);
  const code = char.codePointAt(0) ?? 0;
  // What belongs to no script (spaces, marks, joiners, most punctuation) stays with the letters before it.
  const isShared = /[\p{Script=Common}\p{Script=Inherited}]/u.test(char) && !/[\p{N}]/u.test(char);
  if (isShared && before !== null && before !== own && (before.has(code) || isJoiner(char))) return before;
  if (own.has(code)) return own;
  return otherFace(char) ?? own;
}

/** Width of a text at a size in points, in the fonts it needs. */
export function widthOf(text: string, weight: Weight, size: number): number {
  let width = 0;
  for (const { face, text: part } of splitFaces(drawnSpaces(text), weight)) width += face.widthOf(part, size);
  return width;
}

/** Spaces that must not break are drawn as plain ones. */
function drawnSpaces(text: string): string {
  return text.replace(/[\u00A0\u202F\u2007]/g, ' ');
}

function splitFaces(text: string, weight: Weight): { face: Face; text: string }[] {
  const parts: { face: Face; text: string }[] = [];
  let before: Face | null = null;
  for (const char of text) {
    const face = faceOf(char, weight, before);
    const last = parts.at(-1);
    if (last !== undefined && last.face === face) last.text += char;
    else parts.push({ face, text: char });
    before = face;
  }
  return parts;
}

/** Breaks clean text into lines no wider than `width`, at spaces, else between the words of scripts without them, else anywhere. */
export function breakLines(text: string, weight: Weight, size: number, width: number): string[] {
  return text.split('\n').flatMap((part) => breakParagraph(part, weight, size, width));
}

function breakParagraph(text: string, weight: Weight, size: number, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const put = (piece: string, wide: number): void => {
    if (line !== '' && used + wide > width + 0.01) {
      lines.push(line.trimEnd());
      line = '';
      used = 0;
    }
    if (line === '' && piece === ' ') return;
    line += piece;
    used += wide;
  };
  for (const piece of piecesOf(text)) {
    const wide = widthOf(piece, weight, size);
    if (wide <= width) put(piece, wide);
    else for (const { segment } of graphemes.segment(piece)) put(segment, widthOf(segment, weight, size));
  }
  if (line !== '' || lines.length === 0) lines.push(line.trimEnd());
  return lines;
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
const wordsOf = new Intl.Segmenter('und', { granularity: 'word' });

function piecesOf(text: string): string[] {
  return text
    .split(/( )/)
    .filter((piece) => piece !== '')
    .flatMap((piece) =>
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(piece)
        ? [...wordsOf.segment(piece)].map((one) => one.segment)
        : [piece],
    );
}

/** What one line is drawn of, from left to right; the line as a whole reads left to right. */
export function stretchesOf(line: string, weight: Weight): Stretch[] {
  const text = drawnSpaces(line);
  const inOrder = (part: string): Stretch[] => splitFaces(part, weight).map((run) => ({ run, actual: actualOf(run) }));
  if (!rightToLeft.test(text)) return inOrder(text);
  return splitDirections(text).flatMap((stretch) => {
    if (!stretch.isRightToLeft) return inOrder(stretch.text);
    // Numbers inside keep their own order; everything else runs from right to left. No spoken text is added: readers turn
    // what runs right to left around by themselves, and some would turn the spoken text around as well.
    const parts = stretch.text.match(numberInside) ?? [];
    const runs = parts.flatMap((part) => splitFaces(mirrored(part), weight)).reverse();
    return runs.map((run) => ({ run, actual: null }));
  });
}

const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;
const numberInside =
  /[0-9\u0660-\u0669\u06F0-\u06F9](?:[0-9\u0660-\u0669\u06F0-\u06F9.,:/-]*[0-9\u0660-\u0669\u06F0-\u06F9])?|[^0-9\u0660-\u0669\u06F0-\u06F9]+/g;

/** Cuts a text where its direction turns; what stands between letters that run right to left goes with them, numbers after them too. */
function splitDirections(text: string): { isRightToLeft: boolean; text: string }[] {
  const stretches: { isRightToLeft: boolean; text: string }[] = [];
  const pattern =
    /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC](?:[^\p{L}]*[0-9\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC])*/gu;
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) stretches.push({ isRightToLeft: false, text: text.slice(at, match.index) });
    stretches.push({ isRightToLeft: true, text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < text.length) stretches.push({ isRightToLeft: false, text: text.slice(at) });
  return stretches;
}

const mirrors: Readonly<Record<string, string>> = {
  '(': ')',
  ')': '(',
  '[': ']',
  ']': '[',
  '{': '}',
  '}': '{',
  '<': '>',
  '>': '<',
  '«': '»',
  '»': '«',
};

function mirrored(text: string): string {
  return text.replace(/[()[\]{}<>«»]/g, (char) => mirrors[char] ?? char);
}

/** Text a reader must be told, because shaping that moves or joins letters would make it copy as another. */
function actualOf({ face, text }: Run): string | null {
  return isJoined(face.name) ? text : null;
}
