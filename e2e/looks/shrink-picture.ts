import { crc32, deflateSync, inflateSync } from 'node:zlib';

type Pixels = { readonly width: number; readonly height: number; readonly rgb: Uint8Array };

const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

/** So many colours are kept to the bit: surfaces and plain text. The rest of the palette is for blurred edges. */
const exactColours = 64;

/**
 * Draws a PNG of a browser (8 bits a channel, not interlaced) with a palette of 256 colours: a quarter of the bytes, and
 * the same bytes each time.
 */
export function shrinkPicture(png: Buffer): Buffer {
  const { width, height, rgb } = decode(png);
  const colourAt = (at: number): number => ((rgb[at] ?? 0) << 16) | ((rgb[at + 1] ?? 0) << 8) | (rgb[at + 2] ?? 0);
  const counts = new Map<number, number>();
  for (let at = 0; at < rgb.length; at += 3) {
    const colour = colourAt(at);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const ranked = rank(counts);
  const kept = ranked.slice(0, exactColours);
  const coarse = new Map<number, number>();
  for (const colour of ranked.slice(exactColours)) {
    coarse.set(colour & 0xf0f0f0, (coarse.get(colour & 0xf0f0f0) ?? 0) + (counts.get(colour) ?? 0));
  }
  const palette = [...kept, ...rank(coarse).map((colour) => colour | 0x080808)].slice(0, 256);
  const places = new Map(kept.map((colour, place) => [colour, place]));
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour = colourAt((y * width + x) * 3);
      let place = places.get(colour);
      if (place === undefined) {
        place = nearest(palette, colour >> 16, (colour >> 8) & 255, colour & 255);
        places.set(colour, place);
      }
      rows[y * (width + 1) + 1 + x] = place;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Colours, the most frequent first. */
function rank(counts: ReadonlyMap<number, number>): number[] {
  return [...counts].sort((one, other) => other[1] - one[1] || one[0] - other[0]).map(([colour]) => colour);
}

function nearest(palette: readonly number[], red: number, green: number, blue: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [place, colour] of palette.entries()) {
    const away = (red - (colour >> 16)) ** 2 + (green - ((colour >> 8) & 255)) ** 2 + (blue - (colour & 255)) ** 2;
    if (away < least) [best, least] = [place, away];
  }
  return best;
}

function decode(png: Buffer): Pixels {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const channels = png[25] === 6 ? 4 : 3;
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const data = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const rgb = new Uint8Array(width * height * 3);
  let before = new Uint8Array(stride);
  for (let y = 0; y < height; y += 1) {
    const start = y * (stride + 1);
    const row = unfilter(data[start] ?? 0, data.subarray(start + 1, start + 1 + stride), before, channels);
    for (let x = 0; x < width; x += 1) {
      for (let channel = 0; channel < 3; channel += 1)
        rgb[(y * width + x) * 3 + channel] = row[x * channels + channel] ?? 0;
    }
    before = row;
  }
  return { width, height, rgb };
}

/** One row of a PNG as it was before it was filtered. */
function unfilter(filter: number, line: Uint8Array, above: Uint8Array, channels: number): Uint8Array<ArrayBuffer> {
  const row = new Uint8Array(line.length);
  for (let at = 0; at < line.length; at += 1) {
    const left = at >= channels ? (row[at - channels] ?? 0) : 0;
    const up = above[at] ?? 0;
    const corner = at >= channels ? (above[at - channels] ?? 0) : 0;
    const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
    row[at] = (line[at] ?? 0) + guess;
  }
  return row;
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [fromLeft, fromUp, fromCorner] = [left, up, corner].map((one) => Math.abs(estimate - one)) as [
    number,
    number,
    number,
  ];
  if (fromLeft <= fromUp && fromLeft <= fromCorner) return left;
  return fromUp <= fromCorner ? up : corner;
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(named, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}
