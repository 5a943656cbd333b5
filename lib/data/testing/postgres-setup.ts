import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openPostgres } from '@/lib/data/db.ts';
import { start } from '@/scripts/postgres.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the server's maintenance database. Its database `template_portal` is migrated and has no rows. */
    postgresUrl: string;
  }
}

/** Starts one PostgreSQL for the whole run; Vitest calls the returned function at its end, whatever happened. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await start();
  try {
    const admin = new pg.Client(server.url);
    await admin.connect();
    await admin.query('create database template_portal');
    await admin.end();
    const template = openPostgres(server.urlOf('template_portal'), 1);
    await template.migrate();
    await template.close();
  } catch (error) {
    await server.stop();
    throw error;
  }
  project.provide('postgresUrl', server.url);
  return server.stop;
}
