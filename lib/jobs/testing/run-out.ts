import type { Job } from '@/lib/jobs/job.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** Runs the job until it finds nothing more to do at this moment. */
export async function runOut(job: Job, on: Runtime): Promise<void> {
  for (let round = 0; round < 100; round += 1) {
    const count = await job.run(on);
    await job.finish?.();
    if (count === 0) return;
  }
  throw new Error('The job never comes to an end.');
}
