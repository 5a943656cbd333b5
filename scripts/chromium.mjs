/**
 * Finds a Chromium for the browser tests, or installs one: PORTAL_CHROMIUM, then chromium, chromium-browser or
 * google-chrome on PATH, then the one Playwright has downloaded before; else apt-get as root on Debian and Ubuntu,
 * else `playwright install chromium`.
 *
 *   node scripts/chromium.mjs    prints the path of a Chromium that runs
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Flags every start needs: no traffic of its own, and no sandbox for root, where Chromium refuses one. */
export const chromiumFlags = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * The Chromium of this machine, or null. Starts nothing.
 * @returns {string | null}
 */
export function findChromium() {
  const chosen = process.env.PORTAL_CHROMIUM;
  if (chosen !== undefined && chosen !== '') return chosen;
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
      const file = path.join(folder, name);
      if (folder !== '' && isExecutable(file)) return file;
    }
  }
  const downloaded = chromium.executablePath();
  return downloaded !== '' && existsSync(downloaded) ? downloaded : null;
}

/**
 * A Chromium that runs, installed if need be.
 * @returns {string}
 * @throws {Error} naming the four ways to get one
 */
function ensureChromium() {
  const tried = [];
  const present = findChromium();
  if (present !== null) {
    if (runs(present)) return present;
    tried.push(`${present} does not run`);
    if (process.env.PORTAL_CHROMIUM) throw new Error(explain(tried));
  }
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.error('Installing Chromium with apt-get …');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    if (
      attempt('apt-get', ['update', '-q'], env) &&
      attempt('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], env)
    ) {
      const installed = findChromium();
      if (installed !== null && runs(installed)) return installed;
    }
    tried.push('apt-get did not bring one that runs');
  }
  console.error("Installing Playwright's Chromium …");
  const withDependencies = process.getuid?.() === 0 ? ['--with-deps'] : [];
  if (
    attempt(process.execPath, [
      path.join(root, 'node_modules/@playwright/test/cli.js'),
      'install',
      ...withDependencies,
      'chromium',
    ])
  ) {
    const downloaded = chromium.executablePath();
    if (existsSync(downloaded) && runs(downloaded)) return downloaded;
  }
  tried.push('playwright install did not bring one that runs');
  throw new Error(explain(tried));
}

/** @param {string[]} tried */
function explain(tried) {
  return [
    `No Chromium for the browser tests (${tried.join('; ')}). Any one of these helps:`,
    '  1. set PORTAL_CHROMIUM to the path of a Chromium or Chrome;',
    '  2. put chromium, chromium-browser or google-chrome on PATH;',
    '  3. run the tests as root on Debian or Ubuntu, where apt-get install chromium works;',
    '  4. run npx playwright install --with-deps chromium.',
  ].join('\n');
}

/** @param {string} file */
function runs(file) {
  const result = spawnSync(file, ['--version', ...chromiumFlags], { stdio: 'ignore', timeout: 30_000 });
  return result.status === 0;
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function attempt(command, args, env = process.env) {
  const result = spawnSync(command, args, { stdio: ['ignore', 2, 2], env, timeout: 600_000 });
  return result.status === 0;
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(ensureChromium());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
