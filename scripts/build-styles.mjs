/**
 * Builds the one stylesheet of the portal: app/globals.css through Tailwind into public/assets/portal.css, minified.
 *
 *   node scripts/build-styles.mjs [--watch]
 */
import { existsSync, mkdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import tailwind from '@tailwindcss/postcss';
import postcss from 'postcss';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = path.join(root, 'app/globals.css');
const target = path.join(root, 'public/assets/portal.css');

await build();
if (process.argv.includes('--watch')) watchSources();

async function build() {
  const processor = postcss([tailwind({ base: root, optimize: { minify: true } })]);
  const { css } = await processor.process(readFileSync(source, 'utf8'), { from: source, to: target });
  if (existsSync(target) && readFileSync(target, 'utf8') === css) return;
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, css);
  console.log(`public/assets/portal.css: ${css.length} bytes`);
}

function watchSources() {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  for (const folder of ['app', 'components', 'lib']) {
    const place = path.join(root, folder);
    if (!existsSync(place)) continue;
    watch(place, { recursive: true }, (_event, name) => {
      if (name === null || !/\.(css|tsx?)$/.test(name)) return;
      clearTimeout(timer);
      timer = setTimeout(() => void build().catch((error) => console.error(error)), 80);
    });
  }
}
