import { crc32, deflateSync } from 'node:zlib';

type Colour = readonly [red: number, green: number, blue: number, alpha: number];

const size = 96;
const brown: Colour = [0x7a, 0x4b, 0x2a, 255];
const cream: Colour = [0xff, 0xf6, 0xea, 255];
const sunset: Colour = [0xf2, 0xa6, 0x5a, 255];
const clear: Colour = [0, 0, 0, 0];

/** The mark of the sample shop as a PNG of 96 by 96 pixels: a cup in front of a setting sun. The same bytes each time. */
export function drawLogo(): Uint8Array {
  const rows = Buffer.alloc(size * (1 + size * 4));
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      rows.set(smoothColourAt(x, y), y * (1 + size * 4) + 1 + x * 4);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  // 8 bits a channel, colour with alpha, no interlacing.
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  return new Uint8Array(
    Buffer.concat([
      signature,
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(rows, { level: 9 })),
      chunk('IEND', Buffer.alloc(0)),
    ]),
  );
}

/** Colours of 4 by 4 points in a pixel, mixed. */
function smoothColourAt(x: number, y: number): number[] {
  const sum = [0, 0, 0, 0];
  for (let part = 0; part < 16; part += 1) {
    const colour = colourAt(x + ((part % 4) + 0.5) / 4, y + (Math.floor(part / 4) + 0.5) / 4);
    const weight = colour[3] / 255;
    for (const channel of [0, 1, 2] as const) sum[channel] = (sum[channel] ?? 0) + colour[channel] * weight;
    sum[3] = (sum[3] ?? 0) + weight;
  }
  const [red = 0, green = 0, blue = 0, weight = 0] = sum;
  if (weight === 0) return [0, 0, 0, 0];
  return [red / weight, green / weight, blue / weight, (weight / 16) * 255].map(Math.round);
}

function colourAt(x: number, y: number): Colour {
  if (isInCup(x, y)) return cream;
  if (distance(x, y, 48, 40) < 22 && y < 54) return sunset;
  return isInTile(x, y) ? brown : clear;
}

function isInCup(x: number, y: number): boolean {
  const body = y > 46 && y < 74 && Math.abs(x - 46) < 22 - Math.max(0, y - 60) * 0.5;
  const ring = distance(x, y, 68, 57);
  const handle = ring < 9 && ring > 5 && x > 66;
  const saucer = y > 77 && y < 81 && Math.abs(x - 48) < 28;
  return body || handle || saucer;
}

/** A square with round corners. */
function isInTile(x: number, y: number): boolean {
  const radius = 20;
  const nearX = Math.min(Math.max(x, radius), size - radius);
  const nearY = Math.min(Math.max(y, radius), size - radius);
  return distance(x, y, nearX, nearY) <= radius;
}

function distance(x: number, y: number, otherX: number, otherY: number): number {
  return Math.hypot(x - otherX, y - otherY);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(named, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}
