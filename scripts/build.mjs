/**
 * Builds the portal: the stylesheet, then Next. Notes what it was built from, so that the demo and the end-to-end tests
 * can tell a stale build.
 *
 *   node scripts/build.mjs [--if-stale]
 *
 * With PORTAL_STANDALONE=1 it also makes .next/standalone: everything a server needs, to be copied to an empty place.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const stamp = path.join(root, '.next/built-from');
const standalone = path.join(root, '.next/standalone');
const sources = [
  'app',
  'components',
  'lib',
  'public',
  'instrumentation.ts',
  'proxy.ts',
  'next.config.mjs',
  'package-lock.json',
  'tsconfig.json',
];

/** Whether .next holds a whole build of the sources as they are now. */
export function isBuilt() {
  return (
    existsSync(path.join(root, 'public/assets/portal.css')) &&
    existsSync(path.join(root, '.next/BUILD_ID')) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === hashSources()
  );
}

/** Where the build to copy stands, or null when .next was built without one or from other sources. */
export function findStandalone() {
  return isBuilt() && existsSync(path.join(standalone, 'server.js')) ? standalone : null;
}

/** A hash over everything that goes into the build; tests do not. */
function hashSources() {
  const hash = createHash('sha256');
  /** @param {string} name */
  const add = (name) => {
    const place = path.join(root, name);
    if (!existsSync(place) || name === 'public/assets' || /\.test\.tsx?$|\/testing$/.test(name)) return;
    if (statSync(place).isDirectory()) {
      for (const entry of readdirSync(place).sort()) add(`${name}/${entry}`);
      return;
    }
    const bytes = readFileSync(place);
    hash.update(`${name}\n${bytes.length}\n`).update(bytes);
  };
  for (const name of sources) add(name);
  return `${hash.digest('hex')}\n`;
}

function build() {
  rmSync(stamp, { force: true });
  const from = hashSources();
  const steps = [
    [path.join(root, 'scripts/build-styles.mjs')],
    [path.join(root, 'node_modules/next/dist/bin/next'), 'build'],
  ];
  for (const step of steps) {
    const { status } = spawnSync(process.execPath, step, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    if (status !== 0) process.exit(status ?? 1);
  }
  if (process.env.PORTAL_STANDALONE === '1') completeStandalone();
  writeFileSync(stamp, from);
}

/** Next leaves out what a server of files could serve in its place; here the portal serves everything itself. */
function completeStandalone() {
  cpSync(path.join(root, '.next/static'), path.join(standalone, '.next/static'), { recursive: true });
  cpSync(path.join(root, 'public'), path.join(standalone, 'public'), { recursive: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes('--if-stale')) build();
  else if (!isBuilt()) {
    console.log('Building the portal …');
    build();
  }
}
