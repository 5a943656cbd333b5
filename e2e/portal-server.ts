import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { isBuilt } from '@/scripts/build.mjs';
import { findFreePort } from '@/scripts/demo-environment.mjs';
import { start as startPostgres } from '@/scripts/postgres.mjs';

const root = path.resolve(import.meta.dirname, '..');

export type PortalOptions = {
  readonly engine?: 'sqlite' | 'postgres';
  /** Environment variables over the default ones: test mode, test tools, fresh keys, fresh database. */
  readonly environment?: Readonly<Record<string, string>>;
  /** PostgreSQL commits reach the disk, for specs that kill the database itself; default no. */
  readonly durable?: boolean;
  /** A folder that holds a copy of the standalone output, to be started there; default: `next start` in the project. */
  readonly output?: string;
};

/** A portal of its own: `next start` on a free port, with a fresh database that goes with it. */
export type PortalServer = {
  /** What the browser sees, such as http://localhost:41234. */
  readonly origin: string;
  /** The whole environment of the server, for running the operator's commands beside it. */
  readonly environment: Readonly<Record<string, string>>;
  /** The server's process, for measurements. */
  pid(): number;
  /** Everything the server has written so far. */
  log(): string;
  /** Ends the process at once, as a crash or a power cut would; the database stays. */
  kill(): Promise<void>;
  /** Asks the process to stop, as a deployment does, and answers its exit code. */
  terminate(): Promise<number | null>;
  /** Starts the process again on the same port and database. */
  restart(): Promise<void>;
  /** Runs an operator's command (`npm run portal -- …`) on the server's database and answers what it prints. */
  operate(...args: string[]): Promise<string>;
  /** Stops the process and removes the database. */
  stop(): Promise<void>;
};

/** Starts a portal from the build in .next and waits until it is ready. */
export async function startPortal(options: PortalOptions = {}): Promise<PortalServer> {
  if (!isBuilt()) throw new Error('The build in .next is missing or older than the sources: run npm run build first.');
  const folder = mkdtempSync(path.join(tmpdir(), 'billing-portal-e2e-'));
  const logFile = path.join(folder, 'portal.log');
  appendFileSync(logFile, '');
  const database = options.engine === 'postgres' ? await makePostgres(options.durable === true) : null;
  const port = await findFreePort();
  const environment: Record<string, string> = {
    ...inheritedEnvironment(),
    NEXT_TELEMETRY_DISABLED: '1',
    PORTAL_ORIGIN: `http://localhost:${port}`,
    PORTAL_MODES: 'test',
    PORTAL_TEST_TOOLS: '1',
    PORTAL_KEYS: `1:${randomBytes(32).toString('base64')}`,
    PORTAL_DATABASE_FILE: path.join(folder, 'portal.db'),
    DATABASE_URL: database?.url ?? '',
    ...options.environment,
  };
  let child = await launch(port, environment, logFile, options.output);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  };
  return {
    origin: `http://localhost:${port}`,
    environment,
    pid: () => child.pid ?? 0,
    log: () => readFileSync(logFile, 'utf8'),
    kill: () => end('SIGKILL'),
    async terminate() {
      await end('SIGTERM');
      return child.exitCode;
    },
    async restart() {
      await end('SIGKILL');
      child = await launch(port, environment, logFile, options.output);
    },
    operate: (...args) => operate(environment, ...args),
    async stop() {
      await end('SIGKILL');
      await database?.stop();
      const kept = path.join(root, '.cache/e2e');
      mkdirSync(kept, { recursive: true });
      appendFileSync(path.join(kept, 'portal.log'), readFileSync(logFile));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function launch(
  port: number,
  environment: Record<string, string>,
  logFile: string,
  output: string | undefined,
): Promise<ChildProcess> {
  const next = path.join(root, 'node_modules/next/dist/bin/next');
  const words = output === undefined ? [next, 'start', '-p', String(port), '-H', 'localhost'] : ['server.js'];
  const child = spawn(process.execPath, words, {
    cwd: output ?? root,
    env: {
      ...environment,
      NODE_ENV: 'production',
      ...(output === undefined ? {} : { PORT: String(port), HOSTNAME: 'localhost' }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => appendFileSync(logFile, bytes));
  for (const deadline = performance.now() + 60_000; performance.now() < deadline; ) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    const answer = await fetch(`http://localhost:${port}/readyz`).catch(() => null);
    if (answer?.ok === true) return child;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGKILL');
  throw new Error(`The portal did not get ready.\n${readFileSync(logFile, 'utf8').slice(-4000)}`);
}

async function makePostgres(durable: boolean): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = await startPostgres({ durable });
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query('create database portal');
  await admin.end();
  return { url: server.urlOf('portal'), stop: server.stop };
}

/** What a process needs to run at all; nothing of the caller's configuration. */
function inheritedEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LANG'];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

/** Runs an operator's command in the given environment and answers what it prints. */
export function operate(environment: Readonly<Record<string, string>>, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', './scripts/ts-alias.mjs', 'scripts/portal.ts', ...args], {
      cwd: root,
      env: { ...environment, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let complaint = '';
    child.stdout.on('data', (bytes) => {
      output += bytes;
    });
    child.stderr.on('data', (bytes) => {
      complaint += bytes;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`portal ${args.join(' ')} ended with ${code}.\n${output}${complaint}`));
    });
  });
}
