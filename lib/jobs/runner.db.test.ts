import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { openTestRuntime, testNow } from '@/lib/data/testing/test-runtime.ts';
import { minuteMs, secondMs } from '@/lib/domain/time.ts';
import type { Job } from './job.ts';
import { runDueJobs, startJobs } from './runner.ts';

let test: TestRuntime;
let now = testNow;
beforeAll(async () => {
  test = await openTestRuntime();
});
afterAll(() => test.close());

function counting(name: string, everyMs = minuteMs): Job & { runs: number } {
  const job = {
    name,
    everyMs,
    runs: 0,
    async run() {
      job.runs += 1;
      return 1;
    },
  };
  return job;
}

it('several instances run a job once in its time', async () => {
  const job = counting('once');
  for (const holder of ['one', 'two', 'three']) await runDueJobs(test.runtime, [job], holder);
  expect(job.runs).toBe(1);
  now += minuteMs;
  test.setTime(now);
  await runDueJobs(test.runtime, [job], 'two');
  expect(job.runs).toBe(2);
});

it('a job whose instance died is taken over when its lease is over', async () => {
  const job = counting('orphan');
  const dying: Job = { ...job, run: () => new Promise(() => undefined) };
  void runDueJobs(test.runtime, [dying], 'dead');
  await expect
    .poll(() => test.runtime.read.selectFrom('jobLeases').select('name').where('name', '=', 'orphan').execute())
    .toHaveLength(1);
  await runDueJobs(test.runtime, [job], 'alive');
  expect(job.runs).toBe(0);
  now += 3 * minuteMs;
  test.setTime(now);
  await runDueJobs(test.runtime, [job], 'alive');
  expect(job.runs).toBe(1);
});

it('a job that fails is logged, and the others run all the same', async () => {
  const broken: Job = { name: 'broken', everyMs: secondMs, run: () => Promise.reject(new Error('no luck')) };
  const job = counting('after');
  await runDueJobs(test.runtime, [broken, job], 'one');
  expect(job.runs).toBe(1);
  expect(test.logLines.some((line) => line.includes('job.failed') && line.includes('no luck'))).toBe(true);
});

it('one process starts its jobs once', async () => {
  const first = startJobs(test.runtime, []);
  expect(startJobs(test.runtime, [])).toBe(first);
  await first.stop();
  const second = startJobs(test.runtime, []);
  expect(second).not.toBe(first);
  await second.stop();
});
