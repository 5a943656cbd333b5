import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startCheckpoints } from './checkpoints.ts';
import { openSqliteFile, type SqliteFile } from './sqlite-file.ts';

let folder: string;
let name: string;
let file: SqliteFile;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'checkpoints-'));
  name = path.join(folder, 'test.db');
  file = openSqliteFile(name);
  file.run('create table notes (id integer primary key, text text) strict');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Commits of a few pages each. */
function write(count: number, noteCommit: () => void): void {
  for (let at = 0; at < count; at += 1) {
    file.run('insert into notes (text) values (?)', ['x'.repeat(8_000)]);
    noteCommit();
  }
}

it('copies the log into the file beside the commits, and after a stop nothing holds the file', async () => {
  const checkpoints = startCheckpoints(name);
  const before = statSync(name).size;
  write(64, checkpoints.noteCommit);
  await vi.waitUntil(() => statSync(name).size > before + 64 * 8_000, { timeout: 20_000 });
  await checkpoints.stop();
  write(64, checkpoints.noteCommit);
  file.run('insert into notes (text) values (?)', ['last']);
  file.close();
  expect(existsSync(`${name}-wal`)).toBe(false);
  const again = new DatabaseSync(name);
  expect(again.prepare('select count(*) as count from notes').get()).toEqual({ count: 129 });
  again.close();
});

it('a thread that dies harms no write, and the next need starts another one', async () => {
  const ended = vi.spyOn(Worker.prototype, 'postMessage').mockImplementationOnce(function (this: Worker) {
    void this.terminate();
  });
  const checkpoints = startCheckpoints(name);
  const before = statSync(name).size;
  write(64, checkpoints.noteCommit);
  ended.mockRestore();
  await vi.waitUntil(
    () => {
      write(64, checkpoints.noteCommit);
      return statSync(name).size > before + 64 * 8_000;
    },
    { timeout: 20_000 },
  );
  await checkpoints.stop();
  expect(file.run('pragma integrity_check').rows).toEqual([{ integrityCheck: 'ok' }]);
  file.close();
});

it('a log nobody copies is bounded: at 64 MiB a commit copies it by itself', () => {
  const before = statSync(name).size;
  file.run('pragma synchronous = off');
  for (let at = 0; at < 80; at += 1) file.run('insert into notes (text) values (?)', ['x'.repeat(1_000_000)]);
  expect(statSync(name).size).toBeGreaterThan(before + 60_000_000);
  expect(statSync(`${name}-wal`).size).toBeLessThan(70_000_000);
  file.close();
});
