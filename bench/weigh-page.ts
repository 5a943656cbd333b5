import type { Agent } from 'node:http';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { send } from '@/e2e/raw-http.ts';

export type Weight = { readonly raw: number; readonly gzip: number; readonly brotli: number };

/** What a browser fetches for a page, and what of it stands before the content. */
export type WeighedPage = {
  readonly html: Weight;
  readonly styles: Weight;
  readonly scripts: Weight;
  readonly fonts: number;
  readonly headers: number;
  /** The page and what must be there before it can be drawn. */
  readonly requests: number;
  readonly rounds: number;
  readonly bytes: Uint8Array;
};

const nothing: Weight = { raw: 0, gzip: 0, brotli: 0 };

/** Fetches a page as a browser without a cache does, and weighs each part; brotli at 5, as proxies pack what is made afresh. */
export async function weighPage(agent: Agent, origin: string, target: string, cookie: string): Promise<WeighedPage> {
  const fetchText = (one: string) => send(agent, origin, { target: one, headers: { Cookie: cookie } });
  const page = await fetchText(target);
  if (page.status !== 200) throw new Error(`${target} answered ${page.status}`);
  const html = page.body;
  const tags = [...html.matchAll(/<(script|link|img)\b[^>]*>/g)].map(([tag]) => tag);
  const addressOf = (tag: string): string => (/\b(?:src|href)="([^"]+)"/.exec(tag)?.[1] ?? '').replaceAll('&amp;', '&');
  const scripts = tags.filter((tag) => tag.startsWith('<script') && addressOf(tag) !== '');
  const sheets = tags.filter((tag) => /rel="stylesheet"/.test(tag));
  const waitedFor = scripts.filter((tag) => !/\b(?:defer|async|type="module")/.test(tag)).length + sheets.length;
  const weighAll = async (of: readonly string[]): Promise<Weight> => {
    let sum = nothing;
    for (const tag of of) sum = add(sum, weigh((await fetchText(addressOf(tag))).body));
    return sum;
  };
  const inlined = [...html.matchAll(/<style\b[^>]*>([\s\S]*?)<\/style>/g)].map(([, text = '']) => text).join('');
  const styles = add(weigh(inlined), await weighAll(sheets));
  const headers =
    Object.entries(page.headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('').length + 17;
  return {
    html: weigh(html),
    styles,
    scripts: await weighAll(scripts),
    fonts: (html.match(/@font-face|\.woff2?/g) ?? []).length,
    headers,
    requests: 1 + waitedFor,
    rounds: waitedFor === 0 ? 1 : 2,
    bytes: Buffer.from(html),
  };
}

export function weigh(text: string): Weight {
  const bytes = Buffer.from(text);
  if (bytes.length === 0) return nothing;
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
  return { raw: bytes.length, gzip: gzipSync(bytes).length, brotli: brotliCompressSync(bytes, quality).length };
}

function add(one: Weight, other: Weight): Weight {
  return { raw: one.raw + other.raw, gzip: one.gzip + other.gzip, brotli: one.brotli + other.brotli };
}
