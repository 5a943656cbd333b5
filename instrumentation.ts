/** Runs once when the server starts, before the first request: configuration, guard, database, jobs, graceful stop. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { startServer } = await import('@/lib/api/server.ts');
  const { startJobs } = await import('@/lib/jobs/runner.ts');
  const server = await startServer();
  const jobs = startJobs(server.runtime);
  server.onStop(() => jobs.stop());
}
