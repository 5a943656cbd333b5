/**
 * The operator's command line: `npm run portal -- --help`. Each command is a thin shell over one operation.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { readConfig } from '@/lib/config.ts';
import type { Deployment, Runtime } from '@/lib/runtime.ts';
import { makeRuntime, openMigratedDatabase } from '@/lib/runtime.ts';
import { isDeployment, prepareDemoEnvironment } from './demo-environment.mjs';
import { runPortalCommand } from './portal/run-portal-command.ts';

for (const file of ['.env.local', '.env']) if (existsSync(file)) process.loadEnvFile(file);

process.exitCode = await runPortalCommand(process.argv.slice(2), {
  open,
  deployment,
  say: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
});

/** This deployment, or that of the demo where nothing is configured. */
function deployment(): Deployment {
  const isConfigured = isDeployment(process.env);
  const config = readConfig(isConfigured ? process.env : prepareDemoEnvironment(Number(process.env.PORT ?? 3000)));
  if (!isConfigured) process.stderr.write('Nothing is configured: this is the database of the demo.\n');
  return { config, wallClock: () => Date.now(), random: (bytes) => new Uint8Array(randomBytes(bytes)) };
}

/** The runtime on its database. What is logged goes to stderr. */
async function open(): Promise<Runtime> {
  const parts = deployment();
  const database = await openMigratedDatabase(parts.config);
  return makeRuntime({ ...parts, database, writeLog: (line) => void process.stderr.write(`${line}\n`) });
}
