import { Worker } from 'node:worker_threads';

/** Copies what stands in the write-ahead log into the file itself, beside the thread that answers requests. */
export type Checkpoints = {
  /** To be called after each commit; now and then it has the log copied. Never waits and never throws. */
  noteCommit(): void;
  /** Resolves when nothing holds the file any more. */
  stop(): Promise<void>;
};

/** Commits between two copies: some 1,000 pages, as SQLite itself would do on the thread of the commit. */
const commitsBetween = 64;

/**
 * The thread: a connection of its own, a copy for each message. Passive: it never holds a writer up. As text, for it
 * must run alike from the sources and from any bundle.
 */
const thread = `
const { parentPort, workerData } = require('node:worker_threads');
const { DatabaseSync } = require('node:sqlite');
const db = new DatabaseSync(workerData);
db.exec('pragma busy_timeout = 5000; pragma synchronous = full');
const copy = db.prepare('pragma wal_checkpoint(passive)');
parentPort.on('message', (message) => {
  if (message === 'stop') {
    db.close();
    parentPort.close();
  } else parentPort.postMessage(copy.get());
});
`;

/**
 * Checkpoints of a file by a thread of their own, begun at the first need. A thread that dies is replaced at the next
 * one; until then the log grows, and at its bound a commit copies it by itself (`sqlite-file.ts`).
 */
export function startCheckpoints(file: string): Checkpoints {
  let commits = 0;
  let busy = false;
  let stopped = false;
  let worker: Worker | null = null;
  const start = (): Worker => {
    const started = new Worker(thread, { eval: true, workerData: file, name: 'checkpoints' });
    started.unref();
    const over = (): void => {
      if (worker === started) worker = null;
      busy = false;
    };
    started.on('message', () => {
      busy = false;
    });
    started.on('error', over);
    started.on('exit', over);
    return started;
  };
  return {
    noteCommit() {
      commits += 1;
      if (commits < commitsBetween || busy || stopped) return;
      commits = 0;
      busy = true;
      worker ??= start();
      worker.postMessage('copy');
    },
    async stop() {
      stopped = true;
      const last = worker;
      if (last === null) return;
      worker = null;
      const gone = new Promise<void>((resolve) => last.once('exit', () => resolve()));
      last.ref();
      last.postMessage('stop');
      await gone;
    },
  };
}
