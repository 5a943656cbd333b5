/**
 * The development server: Next with the stylesheet rebuilt as files change. Configuration comes from .env or .env.local
 * when there is one, else it is that of the demo.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { choosePort, loadSample, prepareDemoEnvironment } from './demo-environment.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const port = await choosePort();
const configured =
  process.env.PORTAL_KEYS !== undefined || ['.env', '.env.local'].some((name) => existsSync(path.join(root, name)));
const env = configured ? { ...process.env, NEXT_TELEMETRY_DISABLED: '1' } : prepareDemoEnvironment(port);
if (!configured) loadSample(env);

const commands = [
  ['scripts/build-styles.mjs', '--watch'],
  ['node_modules/next/dist/bin/next', 'dev', '-p', String(port), '-H', 'localhost'],
];
const children = commands.map((command) => spawn(process.execPath, command, { cwd: root, stdio: 'inherit', env }));
for (const child of children) {
  child.once('exit', (code) => {
    for (const other of children) other.kill('SIGTERM');
    process.exitCode = code ?? 1;
  });
}
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
  });
}
