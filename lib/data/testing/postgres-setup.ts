import type { TestProject } from 'vitest/node';
import { start } from '@/scripts/postgres.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the server's maintenance database, for making one database per test file. */
    postgresUrl: string;
  }
}

/** Starts one PostgreSQL for the whole run; Vitest calls the returned function at its end, whatever happened. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await start();
  project.provide('postgresUrl', server.url);
  return server.stop;
}
