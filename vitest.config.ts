import path from 'node:path';
import { defineConfig } from 'vitest/config';

const root = import.meta.dirname;
const databaseTests = '{app,components,lib,scripts}/**/*.db.test.{ts,tsx}';

/** One project for pure tests, one for each database: both database projects run the same files. */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^@\//, replacement: `${root}/` },
      { find: /^server-only$/, replacement: path.join(root, 'node_modules/server-only/empty.js') },
    ],
  },
  test: {
    env: { TZ: 'Asia/Kathmandu' },
    maxWorkers: 2,
    // Generous: generated tests on a busy machine. What hangs is ended all the same.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{app,components,lib,scripts,bench,e2e}/**/*.test.{ts,tsx}', '*.test.ts'],
          exclude: ['**/*.db.test.*', '**/node_modules/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'sqlite',
          include: [databaseTests],
          env: { PORTAL_TEST_DATABASE: 'sqlite' },
          globalSetup: ['./lib/data/testing/sqlite-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: [databaseTests],
          env: { PORTAL_TEST_DATABASE: 'postgres' },
          globalSetup: ['./lib/data/testing/postgres-setup.ts'],
        },
      },
    ],
  },
});
