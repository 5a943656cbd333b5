import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Font, Glyph, GlyphRun, Subset } from 'fontkit';
import { create } from 'fontkit';

declare module 'fontkit' {
  interface Subset {
    /** What the types leave out: the glyphs of the subset, by their number in the whole font. */
    readonly glyphs: number[];
  }
}

/** The fonts of documents: one family for Latin, Greek and Cyrillic in two weights, and one for each other script. */
export type FaceName = 'regular' | 'bold' | 'arabic' | 'thai' | 'devanagari' | 'han' | 'hangul';

const files: Readonly<Record<FaceName, string>> = {
  regular: 'inter/400Regular/Inter_400Regular.ttf',
  bold: 'inter/600SemiBold/Inter_600SemiBold.ttf',
  arabic: 'noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf',
  thai: 'noto-sans-thai/400Regular/NotoSansThai_400Regular.ttf',
  devanagari: 'noto-sans-devanagari/400Regular/NotoSansDevanagari_400Regular.ttf',
  han: 'chocolate-classical-sans/400Regular/ChocolateClassicalSans_400Regular.ttf',
  hangul: 'gowun-dodum/400Regular/GowunDodum_400Regular.ttf',
};

/** A font as documents use it: parsed once for the life of the process, its measures kept. */
export type Face = {
  readonly name: FaceName;
  /** What pdfkit draws with: lays text out with the features below, whatever it is asked. */
  readonly font: Font;
  has(codePoint: number): boolean;
  /** Width of a text at a size in points. */
  widthOf(text: string, size: number): number;
};

const faces = new Map<FaceName, Face>();

const afterBlank = /(?<= )/;

/** Letters of these faces join or reorder across a whole text; those of Inter are laid out word by word, and kept. */
export function isJoined(name: FaceName): boolean {
  return name !== 'regular' && name !== 'bold';
}

/** The face of a name; its file is read when a document first needs it. */
export function loadFace(name: FaceName): Face {
  const known = faces.get(name);
  if (known !== undefined) return known;
  const made = makeFace(name);
  faces.set(name, made);
  return made;
}

function makeFace(name: FaceName): Face {
  const path = join(/* turbopackIgnore: true */ process.cwd(), 'node_modules/@expo-google-fonts', files[name]);
  const parsed = create(readFileSync(path));
  if (!('layout' in parsed)) throw new Error(`${path} is a collection of fonts, not one font`);
  const font = withOwnLayout(parsed, name);
  const widths = new Map<string, number>();
  const coverage = new Map<number, boolean>();
  return {
    name,
    font,
    has(codePoint) {
      const known = coverage.get(codePoint);
      if (known !== undefined) return known;
      const has = parsed.hasGlyphForCodePoint(codePoint);
      coverage.set(codePoint, has);
      return has;
    },
    widthOf(text, size) {
      let sum = 0;
      for (const word of isJoined(name) ? [text] : text.split(afterBlank)) {
        let width = widths.get(word);
        if (width === undefined) {
          width = font.layout(word).advanceWidth / font.unitsPerEm;
          if (widths.size > 20_000) widths.clear();
          widths.set(word, width);
        }
        sum += width;
      }
      return sum * size;
    },
  };
}

const proportional = { calt: false, liga: false, clig: false, frac: false };
const tabular = { ...proportional, tnum: true };
const isFigure = /^\p{Sc}?[\d.,]+ ?$/u;

/**
 * Figures of one width in amounts, so that columns line up; and no contextual changes of Inter, which would
 * draw "->" as an arrow and make copied text differ from what was written. Arabic letters run right to left. A glyph
 * says which characters it was laid out for this time: fontkit keeps those of the first time a process saw it, and the
 * same document would then come out differently the next time.
 */
function withOwnLayout(parsed: Font, name: FaceName): Font {
  const own: Font = Object.create(parsed);
  own.getGlyph = (id, codePoints = []) =>
    Object.assign(Object.create(parsed.getGlyph(id)), {
      codePoints,
      isMark: codePoints.length > 0 && codePoints.every((one) => /\p{M}/u.test(String.fromCodePoint(one))),
      isLigature: codePoints.length > 1,
    });
  const shape = (text: string): GlyphRun => {
    const layout = parsed.layout.bind(own);
    if (!isJoined(name)) return layout(text, isFigure.test(text) ? tabular : proportional);
    if (name !== 'arabic') return layout(text);
    return layout(text, undefined, undefined, undefined, /\p{L}/u.test(text) ? 'rtl' : 'ltr');
  };
  const numberOf = makeGlyphNumbers();
  const layOut = (text: string): GlyphRun => {
    const run = shape(text);
    run.glyphs = run.glyphs.map((glyph) => Object.assign(Object.create(glyph), { id: numberOf(glyph) }));
    return run;
  };
  own.createSubset = () => withCopies(parsed.createSubset());
  const runs = new Map<string, GlyphRun>();
  own.layout = (text) => {
    let run = runs.get(text);
    if (run === undefined) {
      run = layOut(text);
      if (runs.size > 5_000) runs.clear();
      if (text.length <= 24) runs.set(text, run);
    }
    // pdfkit scales positions where they stand, so each caller gets its own.
    return Object.assign(Object.create(run), { positions: run.positions.map((one) => ({ ...one })) });
  };
  return own;
}

/** Glyphs of a TrueType font have numbers of 16 bits; above them stands which of its meanings a glyph has. */
const glyphBits = 0x1_0000;

/**
 * Gives a glyph a number of its own for each text it is drawn for. Letters share glyphs (the bowl of beh, noon and yeh,
 * the A of three alphabets), and a PDF keeps one text for each glyph: under one number they would copy as each other.
 */
function makeGlyphNumbers(): (glyph: Pick<Glyph, 'id' | 'codePoints'>) => number {
  const meanings = new Map<number, Map<string, number>>();
  return ({ id, codePoints }) => {
    const known = meanings.get(id) ?? new Map<string, number>();
    meanings.set(id, known);
    const text = codePoints.join(' ');
    const which = known.get(text) ?? known.size;
    known.set(text, which);
    return which * glyphBits + id;
  };
}

/** A subset that holds a glyph once for each number it was given. */
function withCopies(subset: Subset): Subset {
  const places = new Map<number, number>([[0, 0]]);
  return Object.assign(subset, {
    includeGlyph(number: number): number {
      let place = places.get(number);
      if (place === undefined) {
        place = subset.glyphs.push(number % glyphBits) - 1;
        places.set(number, place);
      }
      return place;
    },
  });
}
