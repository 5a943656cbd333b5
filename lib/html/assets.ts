import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const cached = new Map<string, { text: string; version: string }>();

/** The portal's stylesheet, made by `npm run styles`; it stands in each page, so that a page is one request. */
export function portalStyles(): string {
  return readAsset('assets/portal.css').text;
}

/** Address of the portal's own small script, with its version, so that it may be kept for ever. */
export function portalScriptPath(): string {
  return `/portal.js?v=${readAsset('portal.js').version}`;
}

function readAsset(name: string): { text: string; version: string } {
  const known = cached.get(name);
  if (known !== undefined) return known;
  const text = readFileSync(join(/* turbopackIgnore: true */ process.cwd(), 'public', name), 'utf8').trim();
  const made = { text, version: createHash('sha256').update(text).digest('hex').slice(0, 12) };
  cached.set(name, made);
  return made;
}
