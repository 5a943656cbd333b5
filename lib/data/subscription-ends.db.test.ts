import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dueEnds } from './subscription-ends.ts';
import type { TestRuntime } from './testing/test-runtime.ts';
import { openTestRuntime, testNow } from './testing/test-runtime.ts';

let test: TestRuntime;
beforeAll(async () => {
  test = await openTestRuntime();
});
afterAll(() => test.close());

it('due ends are found by their index', async () => {
  const plan = await test.runtime.write(async (tx) => {
    if (test.runtime.engine === 'sqlite') return dueEnds(tx, testNow, 200).explain(undefined, sql`query plan`);
    // A planner that has seen few rows reads them all; what counts is that the index can serve the query.
    await sql`set local enable_seqscan = off`.execute(tx);
    return dueEnds(tx, testNow, 200).explain();
  });
  const text = JSON.stringify(plan);
  expect(text).toContain('subscriptions_ending');
  expect(text).not.toMatch(/SCAN subscriptions"|Seq Scan|TEMP B-TREE|Sort/);
});
