import type { Font } from 'fontkit';
import PDFDocument from 'pdfkit';
import { fitAccent, readColour } from '@/lib/domain/colour.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { Words } from '@/lib/i18n/words.ts';
import { type FaceName, isJoined } from './faces.ts';
import type { Picture } from './picture.ts';
import { breakLines, cleanText, stretchesOf, type Weight, widthOf } from './text-runs.ts';

declare global {
  // biome-ignore lint/style/noNamespace: what pdfkit takes and its types leave out can only be added where they are.
  namespace PDFKit.Mixins {
    interface PDFFont {
      registerFont(name: string, font: Font): this;
    }
    interface StructureElementOptions {
      scope?: 'Column' | 'Row';
      bbox?: [number, number, number, number];
      placement?: string;
    }
  }
}

/** A tag of the structure a screen reader walks through. */
export type Tag = PDFKit.PDFStructureElement;

export type Look = {
  readonly size: number;
  readonly weight?: Weight;
  readonly colour?: string;
  readonly align?: 'left' | 'right';
};

/** Text to be placed: its tag is made by the caller and gets the text as its content. */
export type Block = {
  readonly tag: Tag;
  readonly name: string;
  readonly text: string;
  readonly look: Look;
  readonly before?: number;
};

/** Blocks stacked in one column. */
export type Column = { readonly x: number; readonly width: number; readonly blocks: readonly Block[] };

export const ink = { text: '#16191d', quiet: '#565d66', line: '#d5d9de', red: '#b3261e', test: '#8a5300' } as const;

const pageSize = { width: 595.28, height: 841.89 } as const;
const margin = { side: 54, top: 50, bottom: 68 } as const;

/** Left edge and width of what is drawn. */
export const area = {
  left: margin.side,
  width: pageSize.width - 2 * margin.side,
  right: pageSize.width - margin.side,
} as const;

const ownAccent = '#0f5c4d';

/** A tagged PDF in the making: a cursor that runs down the pages, and nothing drawn without a tag or a mark as artifact. */
export class Sheet {
  readonly words: Words;
  readonly accent: string;
  readonly root: Tag;
  /** Where the next thing goes, from the top of the page. */
  y: number = margin.top;
  readonly #doc: PDFKit.PDFDocument;
  readonly #chunks: Uint8Array[] = [];
  readonly #isTest: boolean;
  readonly #footer: string;
  readonly #registered = new Set<FaceName>();

  constructor(options: {
    words: Words;
    title: string;
    /** Date the document says it was made: that of the record, so that the same record gives the same bytes. */
    made: Instant;
    accentColour: string | null;
    isTest: boolean;
    /** Left of the page number. */
    footer: string;
  }) {
    this.words = options.words;
    this.#isTest = options.isTest;
    this.#footer = cleanText(options.footer, 90);
    this.accent = fitAccent(readColour(options.accentColour) ?? ownAccent, '#ffffff').surface;
    // The title also stands in the XML of the metadata, as it is.
    const title = cleanText(options.title, 200).replace(/[^\p{L}\p{M}\p{N}._/# -]/gu, ' ');
    const made = new Date(options.made);
    const settings: PDFKit.PDFDocumentOptions = {
      size: [pageSize.width, pageSize.height],
      margins: { left: 0, right: 0, top: 0, bottom: 0 },
      autoFirstPage: false,
      bufferPages: true,
      pdfVersion: '1.7',
      tagged: true,
      lang: options.words.locale,
      displayTitle: true,
      font: '',
      info: { Title: title, Producer: 'Billing portal', Creator: 'Billing portal', CreationDate: made, ModDate: made },
    };
    this.#doc = new PDFDocument(Object.assign(settings, { subset: 'PDF/UA' as const }));
    this.#doc.on('data', (chunk: Uint8Array) => this.#chunks.push(chunk));
    this.root = this.#doc.struct('Document');
    this.#doc.addStructure(this.root);
    this.newPage();
  }

  /** Adds a tag under another one (the document itself by default). */
  tag(name: string, parent: Tag = this.root, options: PDFKit.Mixins.StructureElementOptions = {}): Tag {
    const tag = this.#doc.struct(name, options);
    parent.add(tag);
    return tag;
  }

  newPage(): void {
    this.#doc.addPage();
    this.y = margin.top;
    if (this.#isTest) this.#drawTestMark();
  }

  /** Is there room for this height on this page? */
  fits(height: number): boolean {
    return this.y + height <= pageSize.height - margin.bottom;
  }

  /** Begins a new page where this height would not fit any more. */
  keepTogether(height: number): void {
    if (!this.fits(height)) this.newPage();
  }

  /** Draws blocks in columns side by side; what does not fit goes on at the top of the next page, after `onNewPage`. */
  columns(columns: readonly Column[], onNewPage: () => void = () => undefined): void {
    const waiting = columns.map((column) => ({
      column,
      lines: column.blocks.flatMap((block) => linesOf(block, column.width)),
    }));
    for (;;) {
      let lowest = this.y;
      for (const one of waiting) lowest = Math.max(lowest, this.#drawLines(one.column, one.lines));
      this.y = lowest;
      if (waiting.every((one) => one.lines.length === 0)) return;
      this.newPage();
      onNewPage();
    }
  }

  /** How high these columns would stand on an endless page. */
  heightOf(columns: readonly Column[]): number {
    const heights = columns.map((column) =>
      column.blocks
        .flatMap((block) => linesOf(block, column.width))
        .reduce((sum, line) => sum + line.before + line.height, 0),
    );
    return Math.max(0, ...heights);
  }

  /** Draws something that is only decoration, or said elsewhere: no reader is told of it. */
  artifact(draw: (doc: PDFKit.PDFDocument) => void, type: 'Pagination' | 'Layout' | 'Page' = 'Layout'): void {
    this.#doc.markContent('Artifact', { type });
    this.#doc.save();
    draw(this.#doc);
    this.#doc.restore();
    this.#doc.endMarkedContent();
  }

  /** A line across, from x over a width, at the cursor. */
  rule(colour: string = ink.line, thickness = 0.75, x: number = area.left, width: number = area.width): void {
    this.artifact((doc) => doc.rect(x, this.y, width, thickness).fill(colour));
  }

  /** Text that is repeated for the eye alone, such as the head of a table that goes on. */
  repeat(text: string, x: number, width: number, look: Look): void {
    this.artifact(() => {
      for (const line of linesOf({ text, look }, width)) this.#drawLine(line.text, look, x, width, this.y);
    }, 'Pagination');
  }

  /** Draws a picture with its description at the cursor, no larger than `most`; answers its height. */
  picture(picture: Picture, alt: string, x: number, most: { width: number; height: number }): number {
    const scale = Math.min(most.width / picture.width, most.height / picture.height, 1);
    const [width, height] = [picture.width * scale, picture.height * scale];
    const tag = this.tag('Figure', this.root, {
      alt: cleanText(alt, 200),
      bbox: [x, this.y, x + width, this.y + height],
      placement: 'Block',
    });
    tag.add(this.#doc.markStructureContent('Figure'));
    this.#doc.image(Buffer.from(picture.bytes), x, this.y, { width, height });
    this.#doc.endMarkedContent();
    return height;
  }

  /** Ends the document: numbers the pages, closes the tags, answers the bytes. */
  async finish(): Promise<Uint8Array> {
    const { count } = this.#doc.bufferedPageRange();
    for (let at = 0; at < count; at += 1) {
      this.#doc.switchToPage(at);
      this.#drawFooter(this.words.t('documents.page', { page: at + 1, pages: count }));
    }
    this.root.end();
    const ended = new Promise<void>((resolve, reject) => {
      this.#doc.on('end', resolve);
      this.#doc.on('error', reject);
    });
    this.#doc.end();
    await ended;
    return new Uint8Array(Buffer.concat(this.#chunks));
  }

  /** Draws what fits of these lines and takes it from the list; answers where it ended. */
  #drawLines(column: Column, lines: Line[]): number {
    const bottom = pageSize.height - margin.bottom;
    let y = this.y;
    let open: Tag | null = null;
    for (let line = lines[0]; line !== undefined; line = lines[0]) {
      const before = y === margin.top ? 0 : line.before;
      if (y + before + line.height > bottom) break;
      if (open !== line.tag) {
        if (open !== null) this.#doc.endMarkedContent();
        open = line.tag;
        line.tag.add(this.#doc.markStructureContent(line.name));
      }
      y += before;
      this.#drawLine(line.text, line.look, column.x, column.width, y);
      y += line.height;
      lines.shift();
    }
    if (open !== null) this.#doc.endMarkedContent();
    return y;
  }

  #drawLine(text: string, look: Look, x: number, width: number, y: number): void {
    const { size, weight = 'regular', colour = ink.text, align = 'left' } = look;
    const doc = this.#doc;
    let at = align === 'right' ? x + width - widthOf(text, weight, size) : x;
    const baseline = y + size * 1.08;
    doc.fillColor(colour).fontSize(size);
    for (const { run, actual } of stretchesOf(text, weight)) {
      const { face } = run;
      if (!this.#registered.has(face.name)) {
        doc.registerFont(face.name, face.font);
        this.#registered.add(face.name);
      }
      if (actual !== null) doc.markContent('Span', { actual });
      doc.font(face.name);
      // Letters that join are laid out as a whole; `features` keeps pdfkit from cutting them at blanks.
      const whole = isJoined(face.name) ? { features: [] } : {};
      doc.text(run.text, at, baseline, { lineBreak: false, baseline: 'alphabetic', ...whole });
      if (actual !== null) doc.endMarkedContent();
      at += face.widthOf(run.text, size);
    }
  }

  #drawFooter(page: string): void {
    const look: Look = { size: 8, colour: ink.quiet };
    const y = pageSize.height - margin.bottom + 26;
    this.artifact((doc) => {
      doc.rect(area.left, y - 8, area.width, 0.5).fill(ink.line);
      this.#drawLine(this.#footer, look, area.left, area.width, y);
      this.#drawLine(page, { ...look, align: 'right' }, area.left, area.width, y);
    }, 'Pagination');
  }

  /** The mark of test mode: large, pale, across the page, behind everything. */
  #drawTestMark(): void {
    const text = cleanText(this.words.t('documents.test'));
    const size = 150;
    const wide = widthOf(text, 'bold', size);
    this.artifact((doc) => {
      doc.rotate(-32, { origin: [pageSize.width / 2, pageSize.height / 2] });
      this.#drawLine(
        text,
        { size, weight: 'bold', colour: '#f1ece2' },
        (pageSize.width - wide) / 2,
        wide,
        pageSize.height / 2 - size / 2,
      );
    }, 'Page');
  }
}

type Line = {
  readonly tag: Tag;
  readonly name: string;
  readonly text: string;
  readonly look: Look;
  readonly height: number;
  readonly before: number;
};

function linesOf<T extends Pick<Block, 'text' | 'look' | 'before'>>(block: T, width: number) {
  const { size, weight = 'regular' } = block.look;
  const text = cleanText(block.text);
  if (text === '') return [];
  return breakLines(text, weight, size, width).map((line, at) => ({
    ...block,
    text: line,
    height: size * 1.45,
    before: at === 0 ? (block.before ?? 0) : 0,
  }));
}
