/**
 * Completes package-lock.json for the platforms whose packages the registry did not offer when it was written: npm
 * leaves such optional packages out, and `npm ci` then refuses the lockfile as incomplete. Each is added with its
 * version and its platform, read from its name, and without a hash (npm checks what it installs on that platform
 * against the registry's own). Also removes any `resolved` address, so that the lockfile works with every registry.
 *
 *   node scripts/complete-lockfile.mjs [lockfile] [--check]   (--check: change nothing, fail if something is missing)
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {{ version?: string, resolved?: string, integrity?: string, os?: string[], cpu?: string[], libc?: string[],
 *   dev?: boolean, optional?: boolean, dependencies?: Record<string, string>,
 *   optionalDependencies?: Record<string, string> }} LockEntry
 * @typedef {{ packages: Record<string, LockEntry> }} Lockfile
 */

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/**
 * Completes the lockfile in place and says what was changed, one line each.
 * @param {Lockfile} lock
 * @returns {string[]}
 */
export function completeLockfile(lock) {
  const changes = [];
  const packages = lock.packages;
  for (const [place, entry] of Object.entries(packages)) {
    if (entry.resolved !== undefined) {
      delete entry.resolved;
      changes.push(`${place}: resolved address removed`);
    }
    if (place === '') continue;
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isPresent(packages, place, name)) continue;
      if (!/^\d+\.\d+\.\d+/.test(range)) continue;
      const { cpu, libc, os } = readPlatform(name);
      // In the order npm writes, so that its next run changes nothing.
      packages[`node_modules/${name}`] = {
        version: range,
        ...(cpu.length > 0 ? { cpu } : {}),
        ...(entry.dev === true ? { dev: true } : {}),
        ...(libc.length > 0 ? { libc } : {}),
        optional: true,
        ...(os.length > 0 ? { os } : {}),
      };
      changes.push(`${name} ${range}: added`);
    }
  }
  if (changes.length > 0) {
    lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
  }
  return changes;
}

/**
 * Whether Node would find the package `name` from the package installed at `place`.
 * @param {Record<string, LockEntry>} packages
 * @param {string} place
 * @param {string} name
 */
function isPresent(packages, place, name) {
  for (let base = place; ; ) {
    if (packages[`${base}${base === '' ? '' : '/'}node_modules/${name}`] !== undefined) return true;
    if (base === '') return false;
    const cut = base.lastIndexOf('node_modules/');
    base = base.slice(0, Math.max(cut - 1, 0));
  }
}

/**
 * The platform in a package's name: `@next/swc-darwin-arm64` → darwin, arm64.
 * @param {string} name
 * @returns {{ cpu: string[], libc: string[], os: string[] }} empty: any
 */
function readPlatform(name) {
  const words = name.split(/[/-]/).map((word) => (word === 'windows' ? 'win32' : word));
  const os = systems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) => words.includes(processor));
  const musl = words.some((word) => word.startsWith('musl'));
  const glibc = words.some((word) => word === 'gnu' || word.startsWith('gnueabi'));
  const libc = os.includes('linux') && (musl || glibc) ? [musl ? 'musl' : 'glibc'] : [];
  return { cpu, libc, os };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
  const file =
    process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? path.join(root, 'package-lock.json');
  const lock = /** @type {Lockfile} */ (JSON.parse(readFileSync(file, 'utf8')));
  const changes = completeLockfile(lock);
  if (process.argv.includes('--check')) {
    for (const change of changes) console.error(change);
    process.exitCode = changes.length > 0 ? 1 : 0;
  } else if (changes.length > 0) {
    writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
    console.log(`package-lock.json: ${changes.length} entries completed`);
  }
}
