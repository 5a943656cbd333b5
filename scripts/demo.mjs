/**
 * The portal on this machine in test mode: builds it if need be, starts it on the embedded database with sample data
 * and prints the address. Ctrl-C stops it; removing the folder data starts it afresh.
 */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { choosePort, loadSample, prepareDemoEnvironment } from './demo-environment.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const next = path.join(root, 'node_modules/next/dist/bin/next');
const logFile = path.join(root, 'data/demo.log');

const built = spawnSync(process.execPath, [path.join(root, 'scripts/build.mjs'), '--if-stale'], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
});
if (built.status !== 0) process.exit(built.status ?? 1);

const port = await choosePort();
const env = prepareDemoEnvironment(port);
loadSample(env);
const log = openSync(logFile, 'w', 0o600);
const server = spawn(process.execPath, [next, 'start', '-p', String(port), '-H', 'localhost'], {
  cwd: root,
  stdio: ['ignore', log, log],
  env,
  // A group of its own: a Ctrl-C reaches the server once, through us, and the second one ends it at once.
  detached: process.platform !== 'win32',
});
closeSync(log);

let interrupted = 0;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    interrupted += 1;
    server.kill(interrupted === 1 ? 'SIGINT' : 'SIGKILL');
  });
}
server.once('exit', (code) => {
  if (interrupted > 0) process.exit(0);
  console.error(readFileSync(logFile, 'utf8').trimEnd());
  console.error('The portal ended by itself; its log stands above.');
  process.exit(code || 1);
});

await waitUntilReady(`${env.PORTAL_ORIGIN}/readyz`);
console.log(`
The portal runs in test mode:  ${env.PORTAL_ORIGIN}/test
Its log is data/demo.log. Ctrl-C stops it.`);

/** @param {string} address */
async function waitUntilReady(address) {
  for (const end = Date.now() + 60_000; Date.now() < end; ) {
    try {
      const answer = await fetch(address, { signal: AbortSignal.timeout(5000) });
      if (answer.ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  console.error(`${address} is not ready after a minute; see data/demo.log.`);
  server.kill('SIGKILL');
}
