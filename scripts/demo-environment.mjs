/** What the demo and the development server run with: test mode, test tools, an embedded database, keys of their own. */

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const keyFile = path.join(root, 'data/demo.env');

/**
 * Does this environment configure a deployment of its own, wholly or in part? Then the demo's is none of its business.
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @returns {boolean}
 */
export function isDeployment(environment) {
  return Object.entries(environment).some(
    ([name, value]) => (name === 'DATABASE_URL' || name.startsWith('PORTAL_')) && value !== undefined && value !== '',
  );
}

/**
 * The environment of a portal in test mode on this machine. Makes data/ and the keys in data/demo.env if missing.
 * @param {number} port
 * @returns {NodeJS.ProcessEnv}
 */
export function prepareDemoEnvironment(port) {
  mkdirSync(path.dirname(keyFile), { recursive: true, mode: 0o700 });
  if (!existsSync(keyFile)) {
    writeFileSync(keyFile, `PORTAL_KEYS=1:${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  }
  const keys = /^PORTAL_KEYS=(.+)$/m.exec(readFileSync(keyFile, 'utf8'))?.[1];
  if (keys === undefined)
    throw new Error('data/demo.env holds no PORTAL_KEYS: remove the folder data and start again.');
  return {
    ...process.env,
    NEXT_TELEMETRY_DISABLED: '1',
    PORT: String(port),
    PORTAL_ORIGIN: `http://localhost:${port}`,
    PORTAL_MODES: 'test',
    PORTAL_TEST_TOOLS: '1',
    PORTAL_WEBHOOK_LOOPBACK: '1',
    PORTAL_KEYS: keys,
    PORTAL_DATABASE_FILE: 'data/demo.db',
    DATABASE_URL: '',
    PORTAL_TRUSTED_PROXIES: '',
  };
}

/**
 * Puts the sample shop into the database of this environment; ends this process when that fails.
 * @param {NodeJS.ProcessEnv} env
 */
export function loadSample(env) {
  const words = ['--import', './scripts/ts-alias.mjs', 'scripts/portal.ts', 'sample', 'load'];
  const loaded = spawnSync(process.execPath, words, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], env });
  if (loaded.status !== 0) process.exit(loaded.status ?? 1);
}

/**
 * The port to listen on: PORT or 3000, or a free one when something answers there already (and says so).
 * @returns {Promise<number>}
 */
export async function choosePort() {
  const wanted = Number(process.env.PORT ?? 3000);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 65_535) {
    throw new Error(`PORT is ${process.env.PORT}: it must be a number from 1 to 65535.`);
  }
  if (await isFree(wanted)) return wanted;
  const other = await findFreePort();
  console.log(`Port ${wanted} is taken: using ${other}.`);
  return other;
}

/** @returns {Promise<number>} */
export function findFreePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, 'localhost', () => {
      const address = probe.address();
      probe.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}

/**
 * Free on both loopback addresses: a browser may try either for localhost.
 * @param {number} port
 * @returns {Promise<boolean>}
 */
async function isFree(port) {
  for (const host of ['127.0.0.1', '::1', '0.0.0.0']) {
    const taken = await new Promise((resolve) => {
      const probe = net.createServer();
      probe.once('error', (error) => resolve('code' in error && error.code === 'EADDRINUSE'));
      probe.listen(port, host, () => probe.close(() => resolve(false)));
    });
    if (taken) return false;
  }
  return true;
}
