/** A colour as its three channels, 0 to 255. */
type Channels = readonly [number, number, number];

/** How a workspace's accent is used on one background: as a surface with ink on it, and as text on the page. */
export type Accent = { readonly surface: string; readonly ink: '#000000' | '#ffffff'; readonly text: string };

/** Reads `#RRGGBB`, or null. Nothing else is a colour here. */
export function readColour(text: unknown): string | null {
  return typeof text === 'string' && /^#[0-9a-fA-F]{6}$/.test(text) ? text.toLowerCase() : null;
}

/**
 * Makes an accent readable on a page of the given colour: the surface keeps 3:1 and the text 4.5:1 against the page, by
 * moving lightness with the hue kept; ink on the surface is black or white, whichever contrasts more.
 */
export function fitAccent(accent: string, page: string): Accent {
  const surface = moveUntil(accent, page, 3);
  const ink = contrast(surface, '#000000') >= contrast(surface, '#ffffff') ? '#000000' : '#ffffff';
  return { surface, ink, text: moveUntil(accent, page, 4.5) };
}

/** WCAG contrast ratio of two `#RRGGBB` colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const a = luminance(channels(one));
  const b = luminance(channels(other));
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

function moveUntil(colour: string, page: string, ratio: number): string {
  const darker = luminance(channels(page)) > 0.5;
  const [hue, saturation, start] = toHsl(channels(colour));
  for (let lightness = start; lightness >= 0 && lightness <= 1; lightness += darker ? -0.01 : 0.01) {
    const moved = toHex(fromHsl(hue, saturation, lightness));
    if (contrast(moved, page) >= ratio) return moved;
  }
  return darker ? '#000000' : '#ffffff';
}

function channels(hex: string): Channels {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Channels;
}

function toHex(all: Channels): string {
  return `#${all.map((one) => Math.round(one).toString(16).padStart(2, '0')).join('')}`;
}

function luminance(all: Channels): number {
  const [r, g, b] = all.map((one) => {
    const share = one / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Channels;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function toHsl([red, green, blue]: Channels): [number, number, number] {
  const [r, g, b] = [red / 255, green / 255, blue / 255];
  const max = Math.max(r, g, b);
  const min = Math.min(r, g, b);
  const lightness = (max + min) / 2;
  const span = max - min;
  if (span === 0) return [0, 0, lightness];
  const saturation = span / (1 - Math.abs(2 * lightness - 1));
  const hue = max === r ? ((g - b) / span + 6) % 6 : max === g ? (b - r) / span + 2 : (r - g) / span + 4;
  return [hue, saturation, lightness];
}

function fromHsl(hue: number, saturation: number, lightness: number): Channels {
  const chroma = (1 - Math.abs(2 * lightness - 1)) * saturation;
  const second = chroma * (1 - Math.abs((hue % 2) - 1));
  const base = lightness - chroma / 2;
  const sectors: Channels[] = [
    [chroma, second, 0],
    [second, chroma, 0],
    [0, chroma, second],
    [0, second, chroma],
    [second, 0, chroma],
    [chroma, 0, second],
  ];
  const [r, g, b] = sectors[Math.floor(hue) % 6] ?? [0, 0, 0];
  return [(r + base) * 255, (g + base) * 255, (b + base) * 255];
}
