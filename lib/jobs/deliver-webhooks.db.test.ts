import { beforeEach, expect, it } from 'vitest';
import { signWebhook } from '@/lib/crypto/webhook-signature.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '@/lib/domain/time.ts';
import type { WebhookDeliveryId } from '@/lib/domain/webhook-delivery.ts';
import { retryDelivery } from '@/lib/operations/retry-delivery.ts';
import { updateWebhookEndpoint } from '@/lib/operations/update-webhook-endpoint.ts';
import { makeDeliverWebhooks } from './deliver-webhooks.ts';
import type { PostOutcome } from './post-webhook.ts';
import { aReceiver, broke, byMerchant, type HookSide, leaseOverMs, openHookSide, took } from './testing/hook-side.ts';
import { runOut } from './testing/run-out.ts';

/** For a busy machine. */
const patient = { timeout: 30_000 };

let side: HookSide;
beforeEach(async () => {
  side = await openHookSide();
});

it('an event reaches the endpoint once, signed, and counts as handed out', async () => {
  const endpoint = await side.addEndpoint();
  const event = await side.raise('inv_1', 7);
  const receiver = aReceiver();
  const job = makeDeliverWebhooks(receiver.post);
  await runOut(job, side.test.runtime);
  await runOut(job, side.test.runtime);
  expect(receiver.posts).toHaveLength(1);
  const [post] = receiver.posts;
  const signature = signWebhook(endpoint.secretText, Math.floor(side.test.runtime.now() / 1_000), post?.body ?? '');
  expect(post).toMatchObject({
    url: endpoint.url,
    rules: { mode: 'test', allowLoopback: true },
    headers: { 'x-plugipay-signature': signature, 'plugipay-signature': signature, 'content-type': 'application/json' },
  });
  expect(JSON.parse(post?.body ?? '')).toMatchObject({ id: event.id, data: { object: { note: 7 } } });
  expect(await side.deliveries()).toMatchObject([
    { eventId: event.id, status: 'succeeded', attempts: 1, responseCode: 200 },
  ]);
  const row = await side.test.runtime.read.selectFrom('outbox').select('publishedAt').executeTakeFirstOrThrow();
  expect(row.publishedAt).toBe(side.test.runtime.now());
});

it('attempts after a failure have the same body, a signature of their own and growing gaps, and end as failed', async () => {
  await side.addEndpoint();
  await side.raise('inv_1');
  const receiver = aReceiver(() => broke);
  const job = makeDeliverWebhooks(receiver.post);
  const times: number[] = [];
  for (let at = side.test.runtime.now(), end = at + 5 * dayMs; at < end; ) {
    side.test.setTime(at);
    const before = receiver.posts.length;
    await runOut(job, side.test.runtime);
    if (receiver.posts.length > before) times.push(at);
    const [delivery] = await side.deliveries();
    if (delivery?.nextAttemptAt === null) break;
    at = delivery?.nextAttemptAt ?? end;
  }
  expect(receiver.posts).toHaveLength(14);
  expect(new Set(receiver.posts.map((post) => post.body)).size).toBe(1);
  expect(new Set(receiver.posts.map((post) => post.headers['x-plugipay-signature'])).size).toBe(14);
  const whole = (times.at(-1) ?? 0) - (times[0] ?? 0);
  expect(whole).toBeGreaterThan(2.4 * dayMs);
  expect(whole).toBeLessThan(3.6 * dayMs);
  expect(await side.deliveries()).toMatchObject([{ status: 'failed', attempts: 14, lastError: broke.error }]);
  const log = await side.test.runtime.read.selectFrom('webhookAttempts').selectAll().orderBy('attemptNumber').execute();
  expect(log.map((one) => one.attemptNumber)).toEqual(times.map((_, at) => at + 1));
  expect(log.map((one) => one.attemptedAt)).toEqual(times);
  expect(log.map((one) => one.nextRetryAt)).toEqual([...times.slice(1), null]);
});

it('later events of an object wait for an earlier one, events of others do not', async () => {
  await side.addEndpoint();
  for (const note of [1, 2, 3]) await side.raise('inv_1', note);
  await side.raise('inv_2', 9);
  let isUp = false;
  const receiver = aReceiver((post) => (isUp || post.body.includes('"inv_2"') ? took : broke));
  const job = makeDeliverWebhooks(receiver.post);
  await runOut(job, side.test.runtime);
  expect(receiver.notes().sort()).toEqual([1, 9]);
  isUp = true;
  await side.raise('inv_1', 4);
  await runOut(job, side.test.runtime);
  expect(receiver.posts).toHaveLength(2);
  side.pass(minuteMs);
  await runOut(job, side.test.runtime);
  expect(receiver.notes().slice(2)).toEqual([1, 2, 3, 4]);
});

it('the wait for an earlier event has an end after an hour', async () => {
  await side.addEndpoint();
  for (const note of [1, 2]) await side.raise('inv_1', note);
  const receiver = aReceiver((post) => (post.body.includes('"note":1') ? broke : took));
  const job = makeDeliverWebhooks(receiver.post);
  for (let minutes = 0; minutes <= 60; minutes += 1) {
    await runOut(job, side.test.runtime);
    side.pass(minuteMs);
  }
  expect(receiver.notes()).toContain(2);
  expect(receiver.notes().filter((note) => note === 2)).toHaveLength(1);
  expect(receiver.notes().indexOf(2)).toBeGreaterThan(3);
});

it('an event lets the next one go when it has failed for good', async () => {
  await side.addEndpoint();
  for (const note of [1, 2]) await side.raise('inv_1', note);
  const receiver = aReceiver((post) => (post.body.includes('"note":1') ? broke : took));
  const job = makeDeliverWebhooks(receiver.post);
  await runOut(job, side.test.runtime);
  const { runtime } = side.test;
  await runtime.write((tx) =>
    tx.updateTable('webhookDeliveries').set({ attempts: 13 }).where('sequence', '=', 1).execute(),
  );
  side.pass(12 * secondMs);
  await runOut(job, side.test.runtime);
  expect(receiver.notes()).toEqual([1, 1, 2]);
});

it('twenty failures in a row over a day switch an endpoint off, once, and the others hear of it', async () => {
  const endpoint = await side.addEndpoint('https://down.example.com/');
  const other = await side.addEndpoint('https://up.example.com/');
  for (let at = 0; at < 25; at += 1) await side.raise(`inv_${at}`, at);
  const receiver = aReceiver((post) => (post.url === other.url ? took : broke));
  const job = makeDeliverWebhooks(receiver.post);
  await runOut(job, side.test.runtime);
  expect(await side.endpoint(endpoint.id)).toMatchObject({ status: 'active', consecutiveFailures: 25 });
  for (let hours = 0; hours < 30; hours += 1) {
    side.pass(hourMs);
    await runOut(job, side.test.runtime);
  }
  expect(await side.endpoint(endpoint.id)).toMatchObject({ status: 'errored' });
  expect(await side.endpoint(other.id)).toMatchObject({ status: 'active', consecutiveFailures: 0 });
  const mine = (await side.deliveries()).filter((one) => one.endpointId === endpoint.id);
  expect(mine.every((one) => one.status === 'failed' && one.nextAttemptAt === null)).toBe(true);
  const told = receiver.posts.filter((post) => post.body.includes('webhook_endpoint.disabled'));
  expect(told.map((post) => post.url)).toEqual([other.url]);
  expect(JSON.parse(told[0]?.body ?? '').data.object).toEqual({
    id: endpoint.id,
    url: endpoint.url,
    mode: 'test',
    active: false,
    disabledAt: expect.any(String),
    disabledReason: 'too_many_failures',
    consecutiveFailures: expect.any(Number),
    failingSince: expect.any(String),
  });
  const on = await updateWebhookEndpoint(side.test.runtime, side.scope, byMerchant, endpoint.id, { active: true });
  expect(on).toMatchObject({ value: { status: 'active', consecutiveFailures: 0, failingSince: null } });
});

it('one success ends a streak', async () => {
  const endpoint = await side.addEndpoint();
  const receiver = aReceiver((_, nth) => (nth === 3 ? took : broke));
  const job = makeDeliverWebhooks(receiver.post);
  for (let at = 0; at < 3; at += 1) {
    await side.raise(`inv_${at}`);
    await runOut(job, side.test.runtime);
  }
  expect(await side.endpoint(endpoint.id)).toMatchObject({ consecutiveFailures: 0, failingSince: null });
});

it('an attempt by hand is made at once, is one alone, and holds up no other event', async () => {
  await side.addEndpoint();
  await side.raise('inv_1', 1);
  let answer = took;
  const receiver = aReceiver(() => answer);
  const job = makeDeliverWebhooks(receiver.post);
  await runOut(job, side.test.runtime);
  const [first] = await side.deliveries();
  const again = () =>
    retryDelivery(side.test.runtime, side.scope, { actor: 'operator' }, first?.id as WebhookDeliveryId);
  expect(await again()).toMatchObject({ value: { delivery: { status: 'pending' } } });
  await side.raise('inv_1', 2);
  answer = broke;
  await runOut(job, side.test.runtime);
  expect(receiver.notes().sort()).toEqual([1, 1, 2]);
  expect(await side.deliveries()).toMatchObject([
    { status: 'failed', attempts: 2 },
    { status: 'pending', attempts: 1 },
  ]);
});

it('what a dead sender had taken is sent by another one when its lease is over, with the same id and body', async () => {
  await side.addEndpoint();
  await side.raise('inv_1');
  const dead = aReceiver(() => new Promise<PostOutcome>(() => undefined));
  await makeDeliverWebhooks(dead.post).run(side.test.runtime);
  await expect.poll(() => dead.posts.length, patient).toBe(1);
  const receiver = aReceiver();
  const job = makeDeliverWebhooks(receiver.post);
  await runOut(job, side.test.runtime);
  expect(receiver.posts).toHaveLength(0);
  side.pass(leaseOverMs);
  await runOut(job, side.test.runtime);
  expect(receiver.posts.map((post) => post.body)).toEqual(dead.posts.map((post) => post.body));
});

it('a sender that comes back after its lease changes nothing', async () => {
  await side.addEndpoint();
  await side.raise('inv_1');
  let answer: (outcome: PostOutcome) => void = () => undefined;
  const slow = aReceiver(() => new Promise<PostOutcome>((resolve) => (answer = resolve)));
  const late = makeDeliverWebhooks(slow.post);
  await late.run(side.test.runtime);
  await expect.poll(() => slow.posts.length, patient).toBe(1);
  side.pass(leaseOverMs);
  await runOut(makeDeliverWebhooks(aReceiver().post), side.test.runtime);
  answer(broke);
  await late.finish?.();
  expect(await side.deliveries()).toMatchObject([{ status: 'succeeded', attempts: 1 }]);
});

it('a receiver that hangs holds up nobody else, and gets one attempt at a time', async () => {
  const slow = await side.addEndpoint('https://slow.example.com/');
  const quick = await side.addEndpoint('https://quick.example.com/');
  const { runtime } = side.test;
  await runtime.write((tx) =>
    tx
      .updateTable('webhookEndpoints')
      .set({ consecutiveFailures: 1, failingSince: 1 })
      .where('id', '=', slow.id)
      .execute(),
  );
  for (let at = 0; at < 200; at += 1) await side.raise(`inv_${at}`);
  const gates: (() => void)[] = [];
  const receiver = aReceiver((post) =>
    post.url === quick.url ? took : new Promise<PostOutcome>((resolve) => gates.push(() => resolve(broke))),
  );
  const job = makeDeliverWebhooks(receiver.post);
  await job.run(runtime);
  const countOf = (url: string) => receiver.posts.filter((post) => post.url === url).length;
  await expect.poll(() => job.run(runtime).then(() => countOf(quick.url)), patient).toBe(200);
  expect(countOf(slow.url)).toBe(1);
  for (const open of gates) open();
  await job.finish?.();
});

it('a pause while an attempt is under way lets it end, and starts no other', async () => {
  const endpoint = await side.addEndpoint();
  await side.raise('inv_1', 1);
  await side.raise('inv_1', 2);
  let answer: (outcome: PostOutcome) => void = () => undefined;
  const receiver = aReceiver(() => new Promise<PostOutcome>((resolve) => (answer = resolve)));
  const job = makeDeliverWebhooks(receiver.post);
  await job.run(side.test.runtime);
  await expect.poll(() => receiver.posts.length, patient).toBe(1);
  await updateWebhookEndpoint(side.test.runtime, side.scope, byMerchant, endpoint.id, { active: false });
  answer(took);
  await job.finish?.();
  await runOut(job, side.test.runtime);
  expect(await side.deliveries()).toMatchObject([
    { sequence: 1, status: 'succeeded' },
    { sequence: 2, status: 'failed', attempts: 0 },
  ]);
  expect(receiver.posts).toHaveLength(1);
});
