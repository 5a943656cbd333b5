import { openSealedText } from '@/lib/crypto/sealed-box.ts';
import { newestKeyNumber, type RootKeys } from '@/lib/crypto/secret.ts';
import { findBrokenAuditLine } from '@/lib/data/audit-lines.ts';
import type { Database, Reader } from '@/lib/data/db.ts';
import { countUndelivered, listLeaseEnds, measureFile, proveWritable } from '@/lib/data/health.ts';
import { readHighWater } from '@/lib/data/meta.ts';
import { type SealedPage, staleLists } from '@/lib/data/sealed-values.ts';
import { listWorkspaces } from '@/lib/data/workspaces.ts';
import { hourMs, type Instant, minuteMs, secondMs } from '@/lib/domain/time.ts';
import type { Deployment } from '@/lib/runtime.ts';

/** What was looked at, how it is, and what to do about it; `todo` is null where nothing has to be done. */
export type Finding = {
  readonly level: 'ok' | 'warn' | 'FAIL';
  readonly about: string;
  readonly said: string;
  readonly todo: string | null;
};

/** From here on instances and the database disagree about what is over: the same bound makes an instance not ready. */
const mostClockMs = 5 * secondMs;
const longSilenceMs = 5 * minuteMs;
const [littleSpace, noSpace] = [1_073_741_824, 104_857_600];

/**
 * Looks at a deployment as it stands, on a database that was opened and not migrated. Changes nothing. `jobNames` are
 * the jobs that some instance must be running.
 */
export async function examineDeployment(
  on: Deployment,
  database: Database,
  jobNames: readonly string[],
): Promise<readonly Finding[]> {
  const { config } = on;
  const file = config.database.engine === 'sqlite' ? examineFile(config.database.file) : [];
  const shape = await examineShape(database);
  // Tables that are missing or strange cannot be asked anything.
  if (shape.level === 'FAIL') return [...file, shape];
  const now = on.wallClock();
  return [
    shape,
    ...file,
    await examineClock(database, now),
    await examineSeals(database.read, config.rootKeys),
    await examineAudit(database.read),
    await examineJobs(database.read, jobNames, now),
    await examineBacklog(database.read, now),
  ];
}

function ok(about: string, said: string): Finding {
  return { level: 'ok', about, said, todo: null };
}

async function examineShape(database: Database): Promise<Finding> {
  const about = 'database';
  if (!(await database.migrated())) {
    const todo = 'start the portal: it brings them up to date';
    return { level: 'FAIL', about, said: 'the tables are not up to date', todo };
  }
  const strange = await database.unknownMigrations();
  if (strange.length > 0) {
    const said = `a newer version of the portal has changed the tables (${strange.join(', ')})`;
    return { level: 'FAIL', about, said, todo: 'run that version, or restore a backup from before' };
  }
  try {
    await database.write(proveWritable);
  } catch (thrown) {
    const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
    const said = `cannot be written: ${cause instanceof Error ? cause.message : 'unknown'}`;
    return { level: 'FAIL', about, said, todo: 'see that it is not read-only, full or held by another program' };
  }
  return ok(about, `${database.engine}, reachable and writable, tables up to date`);
}

function examineFile(file: string): Finding[] {
  const facts = measureFile(file);
  if (facts === null) return [];
  const { bytes, freeBytes, openToOthers } = facts;
  const free = `${mebibytes(freeBytes)} free beside a database of ${mebibytes(bytes)}`;
  const space: Finding =
    freeBytes < littleSpace
      ? { level: freeBytes < noSpace ? 'FAIL' : 'warn', about: 'disk', said: free, todo: 'make room' }
      : ok('disk', free);
  const rights: Finding = openToOthers
    ? { level: 'warn', about: 'file', said: `others may read ${file}`, todo: `chmod 600 ${file}` }
    : ok('file', `${file}, for its owner alone`);
  return [space, rights];
}

async function examineClock(database: Database, now: Instant): Promise<Finding> {
  const behind = (await readHighWater(database.read)) - now;
  const todo = 'set the clock, and keep it right by NTP';
  if (behind > mostClockMs) {
    const said = `${seconds(behind)} behind what the database has seen`;
    return { level: 'FAIL', about: 'clock', said, todo };
  }
  const server = await database.serverTime();
  const apart = server === null ? 0 : Math.abs(server - now);
  if (apart > secondMs) {
    const said = `${seconds(apart)} apart from the clock of the database’s server`;
    return { level: apart > mostClockMs ? 'FAIL' : 'warn', about: 'clock', said, todo };
  }
  return ok('clock', server === null ? 'not behind the database' : 'agrees with the database’s server');
}

/** Asks every sealed value of record whether a configured key opens it. */
async function examineSeals(read: Reader, rootKeys: RootKeys): Promise<Finding> {
  const about = 'secrets';
  const newest = newestKeyNumber(rootKeys);
  let [all, old, shut] = [0, 0, 0];
  for (const list of staleLists) {
    for (let after: string | null = ''; after !== null; ) {
      // No key has the number -1: nothing is under it, and so every value is listed.
      const page: SealedPage = await list(read, -1, after, 500);
      for (const { sealed, id } of page.values) {
        all += 1;
        if (openSealedText(rootKeys, sealed, id) === null) shut += 1;
        else if (!sealed.startsWith(`${newest}.`)) old += 1;
      }
      after = page.last;
    }
  }
  if (shut > 0) {
    const said = `no configured key opens ${shut} of ${all} sealed values`;
    return { level: 'FAIL', about, said, todo: 'put the key they were sealed with back into PORTAL_KEYS' };
  }
  if (old > 0) {
    const said = `${old} of ${all} sealed values are under an older key`;
    return { level: 'warn', about, said, todo: 'run secrets reseal before the older key is taken out' };
  }
  return ok(about, `all ${all} sealed values open with key ${newest}`);
}

async function examineAudit(read: Reader): Promise<Finding> {
  const broken: string[] = [];
  for (const { id } of await listWorkspaces(read)) {
    for (const mode of ['live', 'test'] as const) {
      const position = await findBrokenAuditLine(read, { workspaceId: id, mode });
      if (position !== null) broken.push(`${id}, ${mode} mode, line ${position}`);
    }
  }
  if (broken.length === 0) return ok('audit', 'no line was edited or removed');
  const todo = 'compare with a backup: somebody changed the database past the portal';
  return { level: 'FAIL', about: 'audit', said: `broken at ${broken.join('; ')}`, todo };
}

async function examineJobs(read: Reader, names: readonly string[], now: Instant): Promise<Finding> {
  const ends = await listLeaseEnds(read);
  const silent = names.filter((name) => (ends.get(name) ?? 0) < now - longSilenceMs);
  if (silent.length === 0) return ok('jobs', 'every job ran lately');
  const said = `not run for five minutes or more: ${silent.join(', ')}`;
  return { level: 'warn', about: 'jobs', said, todo: 'see that the portal runs, and look for job.failed in its log' };
}

async function examineBacklog(read: Reader, now: Instant): Promise<Finding> {
  const { events, deliveries } = await countUndelivered(read, now - hourMs);
  if (events + deliveries === 0) return ok('webhooks', 'nothing has waited for more than an hour');
  const said = `waiting for more than an hour: ${events} events to be handed out, ${deliveries} deliveries`;
  const todo = events > 0 ? 'see that the portal runs' : 'ask the merchants whose endpoints do not answer';
  return { level: 'warn', about: 'webhooks', said, todo };
}

function seconds(milliseconds: number): string {
  return `${Math.ceil(milliseconds / secondMs)} s`;
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_048_576)} MiB`;
}
