import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openSqlite } from '@/lib/data/db.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of this run's database files. Its `template.db` is migrated and has no rows. */
    sqliteFolder: string;
  }
}

/** Makes the folder of this run's databases; Vitest calls the returned function at its end, whatever happened. */
export async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'billing-portal-sqlite-'));
  const template = openSqlite(join(folder, 'template.db'));
  await template.migrate();
  await template.close();
  project.provide('sqliteFolder', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
