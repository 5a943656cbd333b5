import type { Writer } from '@/lib/data/db.ts';
import {
  deleteBrowserSessions,
  deleteEndedDeliveries,
  deleteFormOutcomes,
  deleteGoneEndpoints,
  deleteIdempotentAnswers,
  deleteOldEvents,
  deleteProviderVisits,
  deleteRequestSignatures,
  deleteUnusedPortalSessions,
  deleteUsedPortalSessions,
} from '@/lib/data/dead-rows.ts';
import { deleteMails } from '@/lib/data/mails.ts';
import { dayMs, hourMs, type Instant, minuteMs } from '@/lib/domain/time.ts';
import type { Runtime } from '@/lib/runtime.ts';
import type { Job } from './job.ts';

/** How long rows outlive their use. The ledger of sessions shows 90 days, so sessions and the links they came from are kept as long. */
const keptMs = {
  // A request signed 300 s ahead is good for 600 s and what is left of a second; its signature outlives that.
  requestSignatures: 11 * minuteMs,
  formOutcomes: dayMs,
  providerVisits: 30 * dayMs,
  mails: 30 * dayMs,
  browserSessions: 90 * dayMs,
  unusedPortalSessions: 30 * dayMs,
  webhookDeliveries: 30 * dayMs,
  events: 400 * dayMs,
} as const;

/** Rows a transaction deletes at most: a buyer never waits long for one. */
const batch = 500;
const mostBatches = 20;

type Step = (tx: Writer, now: Instant) => Promise<number>;

// What refers to a row goes before it.
const steps: readonly Step[] = [
  (tx, now) => deleteRequestSignatures(tx, now - keptMs.requestSignatures, batch),
  (tx, now) => deleteIdempotentAnswers(tx, now, batch),
  (tx, now) => deleteFormOutcomes(tx, now - keptMs.formOutcomes, batch),
  (tx, now) => deleteMails(tx, now - keptMs.mails, batch),
  (tx, now) => deleteProviderVisits(tx, now - keptMs.providerVisits, batch),
  (tx, now) => deleteBrowserSessions(tx, now - keptMs.browserSessions, batch),
  (tx, now) => deleteUnusedPortalSessions(tx, now - keptMs.unusedPortalSessions, batch),
  (tx, now) => deleteUsedPortalSessions(tx, now - keptMs.browserSessions, batch),
  (tx, now) => deleteEndedDeliveries(tx, now - keptMs.webhookDeliveries, batch),
  (tx) => deleteGoneEndpoints(tx, batch),
  (tx, now) => deleteOldEvents(tx, now - keptMs.events, batch),
];

/** Deletes rows that nothing needs any more, in batches. Bills, certificates, the audit log and what waits to be sent are never among them. */
export const purge: Job = {
  name: 'purge',
  everyMs: hourMs,
  async run(on: Runtime) {
    let deleted = 0;
    for (const step of steps) {
      for (let round = 0; round < mostBatches; round += 1) {
        const count = await on.write((tx) => step(tx, on.now()));
        deleted += count;
        if (count < batch) break;
      }
    }
    return deleted;
  },
};
