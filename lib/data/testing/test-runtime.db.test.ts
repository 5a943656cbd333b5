import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestRuntime } from './test-runtime.ts';
import { openTestRuntime, testNow } from './test-runtime.ts';

let test: TestRuntime;
beforeAll(async () => {
  test = await openTestRuntime();
});
afterAll(() => test.close());

it('a test runtime stands on a migrated, writable database of its own', async () => {
  expect(await test.runtime.readiness()).toBeNull();
  expect(test.runtime.engine).toBe(process.env.PORTAL_TEST_DATABASE);
});

it('the clock of a test runtime moves forward only', () => {
  test.setTime(testNow + 5_000);
  expect(test.runtime.now()).toBe(testNow + 5_000);
  test.setTime(testNow);
  expect(test.runtime.now()).toBe(testNow + 5_000);
});
