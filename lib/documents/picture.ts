import { createHash } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import { readLogoType } from '@/lib/domain/logo.ts';

/** A picture a document can hold: the bytes of a PNG without transparency, or of a JPEG. */
export type Picture = { readonly bytes: Uint8Array; readonly width: number; readonly height: number };

const mostPixels = 4_000_000;

const known = new Map<string, Picture | null>();

/**
 * Reads a logo for a document, or null where it is neither PNG nor JPEG, damaged, too large, or of a kind we do not
 * draw. A PNG is decoded here and written anew on white: pdfkit decodes transparency after it has returned, and damaged
 * bytes would then end the process.
 */
export function readPicture(bytes: Uint8Array): Picture | null {
  const key = createHash('sha256').update(bytes).digest('hex');
  const cached = known.get(key);
  if (cached !== undefined) return cached;
  const type = readLogoType(bytes);
  let picture: Picture | null = null;
  try {
    picture = type === 'image/png' ? rewritePng(bytes) : type === 'image/jpeg' ? measureJpeg(bytes) : null;
  } catch {
    // Damaged bytes give a document without a logo, not no document.
  }
  if (known.size >= 50) known.clear();
  known.set(key, picture);
  return picture;
}

/** Samples a pixel of each PNG colour type: grey, RGB, palette, grey and alpha, RGB and alpha. */
const samples: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

function rewritePng(bytes: Uint8Array): Picture | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = new Map<string, Uint8Array[]>();
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (at + 12 + length > bytes.length) return null;
    chunks.set(name, [...(chunks.get(name) ?? []), bytes.subarray(at + 8, at + 8 + length)]);
    at += 12 + length;
  }
  const head = chunks.get('IHDR')?.[0];
  if (head === undefined || head.length < 13) return null;
  const size = new DataView(head.buffer, head.byteOffset, 13);
  const [width, height] = [size.getUint32(0), size.getUint32(4)];
  const perPixel = samples[head[9] ?? -1];
  const isPlain = head[8] === 8 && head[12] === 0 && perPixel !== undefined;
  if (!isPlain || width === 0 || height === 0 || width * height > mostPixels) return null;
  const stride = width * perPixel;
  const raw = inflateSync(Buffer.concat(chunks.get('IDAT') ?? []), { maxOutputLength: (stride + 1) * height });
  if (raw.length !== (stride + 1) * height) return null;
  const pixels = unfilter(raw, stride, height, perPixel);
  const palette = chunks.get('PLTE')?.[0] ?? new Uint8Array();
  const clear = chunks.get('tRNS')?.[0] ?? new Uint8Array();
  const flat = flatten(pixels, head[9] ?? 0, width * height, palette, clear);
  return { bytes: writePng(flat, width, height), width, height };
}

/** Undoes the filters of PNG rows. Throws on an unknown one. */
function unfilter(raw: Uint8Array, stride: number, height: number, perPixel: number): Uint8Array {
  const out = new Uint8Array(stride * height);
  for (let row = 0; row < height; row += 1) {
    const filter = raw[row * (stride + 1)] ?? 0;
    if (filter > 4) throw new Error('unknown filter');
    for (let i = 0; i < stride; i += 1) {
      const at = row * stride + i;
      const left = i >= perPixel ? (out[at - perPixel] ?? 0) : 0;
      const up = row > 0 ? (out[at - stride] ?? 0) : 0;
      const corner = row > 0 && i >= perPixel ? (out[at - stride - perPixel] ?? 0) : 0;
      const guess =
        filter === 1
          ? left
          : filter === 2
            ? up
            : filter === 3
              ? (left + up) >> 1
              : filter === 4
                ? paeth(left, up, corner)
                : 0;
      out[at] = (raw[row * (stride + 1) + 1 + i] ?? 0) + guess;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

/** Pixels of any colour type as RGB on white, the paper's colour. */
function flatten(pixels: Uint8Array, type: number, count: number, palette: Uint8Array, clear: Uint8Array): Uint8Array {
  const out = new Uint8Array(count * 3);
  const perPixel = samples[type] ?? 1;
  for (let pixel = 0; pixel < count; pixel += 1) {
    const at = pixel * perPixel;
    const value = pixels[at] ?? 0;
    let colours: readonly [number, number, number] = [value, value, value];
    let opacity = 255;
    if (type === 2 || type === 6) colours = [value, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0];
    if (type === 3) {
      colours = [palette[value * 3] ?? 0, palette[value * 3 + 1] ?? 0, palette[value * 3 + 2] ?? 0];
      opacity = clear[value] ?? 255;
    }
    if (type === 4) opacity = pixels[at + 1] ?? 255;
    if (type === 6) opacity = pixels[at + 3] ?? 255;
    for (const [channel, colour] of colours.entries()) {
      out[pixel * 3 + channel] = Math.round((colour * opacity + 255 * (255 - opacity)) / 255);
    }
  }
  return out;
}

function writePng(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let row = 0; row < height; row += 1) {
    rows.set(rgb.subarray(row * width * 3, (row + 1) * width * 3), row * (width * 3 + 1) + 1);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A PNG chunk. Its checksum stays zero: pdfkit takes the data alone into the document. */
function chunk(name: string, data: Uint8Array): Buffer {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(name, 4, 'latin1');
  out.set(data, 8);
  return out;
}

/** The size of a JPEG by its frame header, or null. Only grey and RGB ones: print colours would need a profile. */
function measureJpeg(bytes: Uint8Array): Picture | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 9 < bytes.length; at += 2 + view.getUint16(at + 2)) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (!isFrame) continue;
    const [height, width, components] = [view.getUint16(at + 5), view.getUint16(at + 7), bytes[at + 9]];
    const isDrawable =
      width > 0 && height > 0 && width * height <= mostPixels && (components === 1 || components === 3);
    return isDrawable ? { bytes, width, height } : null;
  }
  return null;
}
