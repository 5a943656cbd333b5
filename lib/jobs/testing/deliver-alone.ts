import { randomBytes } from 'node:crypto';
import { readConfig } from '@/lib/config.ts';
import { makeDeliverWebhooks } from '@/lib/jobs/deliver-webhooks.ts';
import { makePostWebhook } from '@/lib/jobs/post-webhook.ts';
import { makeRuntime, openDatabase } from '@/lib/runtime.ts';
import { runOut } from './run-out.ts';

/**
 * A process of its own that delivers what is due and ends: what a test kills. Configured like the portal; its one
 * argument is the time its clock stands at.
 */
const now = Number(process.argv[2]);
const config = readConfig();
const runtime = await makeRuntime({
  config,
  database: openDatabase(config),
  wallClock: () => now,
  random: (bytes) => new Uint8Array(randomBytes(bytes)),
  writeLog: () => undefined,
});
await runOut(makeDeliverWebhooks(makePostWebhook()), runtime);
await runtime.close();
