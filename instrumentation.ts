/** Runs once when the server starts, before the first request: configuration, guard, database, graceful stop. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { startServer } = await import('@/lib/api/server.ts');
  await startServer();
}
