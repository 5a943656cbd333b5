/**
 * Checks the house: the rules of scripts/house that Biome cannot see, then knip for what nobody uses.
 * Prints one line per violation: `file:line rule what to do`.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { findViolations } from './house/rules.mjs';
import { listUnused } from './house/unused.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const skipped = new Set([
  'node_modules',
  '.git',
  '.next',
  '.cache',
  'data',
  'test-results',
  'playwright-report',
  'public/assets',
]);

/** @type {Map<string, string>} */
const files = new Map();
collect('');
const violations = [...findViolations(files), ...runKnip()];
for (const { file, line, rule, advice } of violations) console.log(`${file}:${line} ${rule} ${advice}`);
if (violations.length > 0) process.exitCode = 1;

function runKnip() {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(root, 'node_modules/knip/bin/knip.js'), '--no-progress', '--reporter', 'json'],
    { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 * 1024 * 1024 },
  );
  if (status !== 0 && !stdout.trimStart().startsWith('{')) {
    throw new Error(`knip did not run: ${stderr.trim() || stdout.trim()}`);
  }
  return listUnused(JSON.parse(stdout));
}

/** @param {string} folder from the root; empty: the root itself */
function collect(folder) {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!skipped.has(name) && !name.startsWith('.next')) collect(name);
    } else if (
      entry.isFile() &&
      /\.(tsx?|m?js|svg|jsonc?|css|md|ya?ml|html|sh|txt)$|^\.ci\/|^\.(env\.example|npmrc|gitignore)$/.test(name) &&
      name !== 'package-lock.json' &&
      !name.endsWith('.tsbuildinfo') &&
      !name.includes('.tmp.') &&
      name !== 'next-env.d.ts'
    )
      files.set(name, readFileSync(path.join(root, name), 'utf8'));
  }
}
