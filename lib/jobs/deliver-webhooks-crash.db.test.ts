import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failAtStatement } from '@/lib/data/testing/fail-at-statement.ts';
import { testEngine } from '@/lib/data/testing/test-runtime.ts';
import { dayMs, minuteMs, secondMs } from '@/lib/domain/time.ts';
import { updateWebhookEndpoint } from '@/lib/operations/update-webhook-endpoint.ts';
import { makeDeliverWebhooks } from './deliver-webhooks.ts';
import type { PostOutcome } from './post-webhook.ts';
import type { HookSide } from './testing/hook-side.ts';
import { aReceiver, broke, byMerchant, leaseOverMs, openHookSide, took } from './testing/hook-side.ts';
import { runOut } from './testing/run-out.ts';

class Broken extends Error {
  override name = 'Broken';
}

const bodiesOf = (posts: readonly { readonly body: string }[]) => {
  const bodies = new Map<string, Set<string>>();
  for (const { body } of posts) {
    const { id } = JSON.parse(body);
    bodies.set(id, (bodies.get(id) ?? new Set()).add(body));
  }
  return bodies;
};

/** Breaks the delivery at each step in turn, until one comes through; then another instance goes on. Answers the steps. */
async function sweep(act: (side: HookSide, breakAt: number) => Promise<boolean>): Promise<number> {
  const { test } = await openHookSide();
  for (let nth = 1; nth < 200; nth += 1) {
    const hasFailed = await act(await openHookSide(test), nth);
    if (!hasFailed) return nth - 1;
  }
  throw new Error('There is no end of steps.');
}

async function deliverBroken(
  side: HookSide,
  nth: number,
  post: ReturnType<typeof aReceiver>['post'],
): Promise<boolean> {
  const failing = failAtStatement(side.test.runtime, nth, () => new Broken('on purpose'));
  const job = makeDeliverWebhooks(post);
  await runOut(job, failing.runtime).catch((thrown) => {
    if (!(thrown instanceof Broken)) throw thrown;
  });
  await job.finish?.();
  side.pass(leaseOverMs);
  return failing.failed() !== null;
}

describe('whichever statement of a delivery fails', () => {
  it('no event is lost, none is told under another id, and each is noted as delivered once', async () => {
    const steps = await sweep(async (side, nth) => {
      await side.addEndpoint('https://a.example.com/');
      await side.addEndpoint('https://b.example.com/', ['plugipay.invoice.paid.v1']);
      const events = [await side.raise('inv_1', 1), await side.raise('inv_1', 2), await side.raise('inv_2', 3)];
      const receiver = aReceiver();
      const hasFailed = await deliverBroken(side, nth, receiver.post);
      await runOut(makeDeliverWebhooks(receiver.post), side.test.runtime);
      const deliveries = await side.deliveries();
      expect(deliveries).toHaveLength(6);
      expect(deliveries.every((one) => one.status === 'succeeded')).toBe(true);
      const bodies = bodiesOf(receiver.posts);
      expect([...bodies.keys()].sort()).toEqual(events.map(({ id }) => id).sort());
      expect([...bodies.values()].every((texts) => texts.size === 1)).toBe(true);
      expect(receiver.posts.length).toBeLessThanOrEqual(7);
      const firstOf = (url: string, note: number) =>
        receiver.posts.findIndex((post) => post.url === url && post.body.includes(`"note":${note}`));
      for (const url of ['https://a.example.com/', 'https://b.example.com/']) {
        expect(firstOf(url, 1)).toBeLessThan(firstOf(url, 2));
      }
      const left = await side.test.runtime.read
        .selectFrom('outbox')
        .select('id')
        .where('publishedAt', 'is', null)
        .execute();
      expect(left).toEqual([]);
      return hasFailed;
    });
    expect(steps).toBeGreaterThan(20);
  }, 240_000);

  it('an endpoint that failed too often is switched off once, with one event and nothing left queued', async () => {
    const steps = await sweep(async (side, nth) => {
      const endpoint = await side.addEndpoint('https://down.example.com/');
      await side.test.runtime.write((tx) =>
        tx
          .updateTable('webhookEndpoints')
          .set({ consecutiveFailures: 19, failingSince: side.test.runtime.now() - dayMs })
          .where('id', '=', endpoint.id)
          .execute(),
      );
      await side.raise('inv_1', 1);
      await side.raise('inv_1', 2);
      const receiver = aReceiver(() => broke);
      const hasFailed = await deliverBroken(side, nth, receiver.post);
      await runOut(makeDeliverWebhooks(receiver.post), side.test.runtime);
      expect(await side.endpoint(endpoint.id)).toMatchObject({ status: 'errored', consecutiveFailures: 20 });
      expect((await side.deliveries()).map((one) => one.status)).toEqual(['failed', 'failed']);
      const told = await side.test.runtime.read
        .selectFrom('outbox')
        .select('id')
        .where('aggregateId', '=', endpoint.id)
        .where('type', '=', 'plugipay.webhook_endpoint.disabled.v1')
        .execute();
      expect(told).toHaveLength(1);
      return hasFailed;
    });
    expect(steps).toBeGreaterThan(15);
  }, 240_000);
});

it('instances that deliver at the same time send each event to each endpoint once, those of an object in order', async () => {
  const side = await openHookSide();
  const { runtime } = side.test;
  const urls = ['https://a.example.com/', 'https://b.example.com/', 'https://c.example.com/'];
  for (const url of urls) await side.addEndpoint(url);
  const others = testEngine === 'postgres' ? [await side.test.openAnother(), await side.test.openAnother()] : [];
  const instances = [runtime, ...others];
  const receiver = aReceiver();
  const jobs = [0, 1, 2].map(
    (at) => [makeDeliverWebhooks(receiver.post), instances[at % instances.length] ?? runtime] as const,
  );
  for (let round = 0; round < 4; round += 1) {
    await Promise.all(Array.from({ length: 20 }, (_, at) => side.raise(`inv_${at % 5}`, round * 20 + at)));
    await Promise.all(jobs.map(([job, on]) => job.run(on)));
  }
  for (let rounds = 0; rounds < 200 && receiver.posts.length < 240; rounds += 1) {
    await Promise.all(jobs.map(([job, on]) => job.run(on)));
  }
  await Promise.all(jobs.map(([job]) => job.finish?.()));
  for (const [job, on] of jobs) await runOut(job, on);
  const names = receiver.posts.map((post) => `${post.url} ${JSON.parse(post.body).id}`);
  expect(names).toHaveLength(240);
  expect(new Set(names).size).toBe(240);
  const rows = await runtime.read.selectFrom('outbox').select(['id', 'sequence']).execute();
  const placeOf = new Map(rows.map((row) => [row.id, row.sequence]));
  for (const url of urls) {
    for (let object = 0; object < 5; object += 1) {
      const places = receiver.posts
        .map((post) => ({ url: post.url, ...JSON.parse(post.body) }))
        .filter((one) => one.url === url && one.data.aggregateId === `inv_${object}`)
        .map((one) => placeOf.get(one.id));
      expect(places).toEqual(Array.from({ length: 16 }, (_, at) => at + 1));
    }
  }
});

describe('a sender that is killed', () => {
  /** Starts a process that delivers; it finds the database under test by the variables of a deployment. */
  function startSender(side: HookSide): ChildProcess {
    return spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        '--import',
        './scripts/ts-alias.mjs',
        join(import.meta.dirname, 'testing/deliver-alone.ts'),
        String(side.test.runtime.now()),
      ],
      { env: { ...side.test.environment, NODE_ENV: 'test' }, stdio: ['ignore', 'ignore', 'inherit'] },
    );
  }

  it.each([
    ['before the receiver answered', false],
    ['between the answer and the note of it', true],
  ])('%s: the event comes again under its id, and none is lost', async (_when, answers) => {
    const side = await openHookSide();
    const seen: { body: string }[] = [];
    let child: ChildProcess | null = null;
    let killsLeft = 2;
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        seen.push({ body: Buffer.concat(chunks).toString() });
        if (killsLeft > 0 && seen.length % 3 === 2) {
          killsLeft -= 1;
          if (answers) response.writeHead(200).flushHeaders();
          child?.kill('SIGKILL');
          return;
        }
        response.writeHead(200).end();
      });
    });
    await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
    try {
      await side.addEndpoint(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const events = [];
      for (let at = 0; at < 8; at += 1) events.push(await side.raise(`inv_${at % 3}`, at));
      const ends: (NodeJS.Signals | number | null)[] = [];
      for (let round = 0; round < 10 && ends.at(-1) !== 0; round += 1) {
        const sender = startSender(side);
        child = sender;
        ends.push(await new Promise((done) => sender.on('exit', (code, signal) => done(signal ?? code))));
        side.pass(leaseOverMs);
      }
      expect(ends).toEqual(['SIGKILL', 'SIGKILL', 0]);
      expect((await side.deliveries()).every((one) => one.status === 'succeeded')).toBe(true);
      const bodies = bodiesOf(seen);
      expect([...bodies.keys()].sort()).toEqual(events.map(({ id }) => id).sort());
      expect([...bodies.values()].every((texts) => texts.size === 1)).toBe(true);
      expect(seen.length).toBeGreaterThan(8);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

describe('any history of events, pauses, faults, dead senders and time', () => {
  type Model = { active: boolean; up: boolean; waiting: string[]; owed: Set<string> };
  type Real = {
    side: HookSide;
    endpointId: Awaited<ReturnType<HookSide['addEndpoint']>>['id'];
    received: ReturnType<typeof aReceiver>;
    isUp: boolean;
  };
  type Step = fc.AsyncCommand<Model, Real>;

  /** What is handed out goes to the endpoint when that is on, and to nobody otherwise. */
  const handOut = (model: Model): void => {
    if (model.active) for (const id of model.waiting) model.owed.add(id);
    model.waiting = [];
  };
  const step = (name: string, run: (model: Model, real: Real) => Promise<void>): Step => ({
    check: () => true,
    run,
    toString: () => name,
  });
  const deliver = step('deliver', async (model, real) => {
    handOut(model);
    await runOut(makeDeliverWebhooks(real.received.post), real.side.test.runtime);
  });
  const dieWhileDelivering = step('die while delivering', async (model, real) => {
    handOut(model);
    const dead = makeDeliverWebhooks((post) => {
      if (real.isUp) real.received.posts.push(post);
      return new Promise<PostOutcome>(() => undefined);
    });
    await dead.run(real.side.test.runtime);
  });
  const switchTo = (active: boolean) =>
    step(active ? 'switch on' : 'pause', async (model, real) => {
      const { side, endpointId, received } = real;
      await updateWebhookEndpoint(side.test.runtime, side.scope, byMerchant, endpointId, { active });
      model.active = active;
      // What was queued has failed; what a dead sender holds may still come.
      if (!active) for (const id of model.owed) if (!bodiesOf(received.posts).has(id)) model.owed.delete(id);
    });
  const steps = [
    fc
      .constantFrom('inv_1', 'inv_2')
      .map((id) => step(`raise ${id}`, async (model, { side }) => void model.waiting.push((await side.raise(id)).id))),
    fc.constant(deliver),
    fc.constant(dieWhileDelivering),
    fc.boolean().map(switchTo),
    fc.boolean().map((up) =>
      step(up ? 'receiver up' : 'receiver down', async (model, real) => {
        model.up = up;
        real.isUp = up;
      }),
    ),
    fc
      .integer({ min: 1, max: 4 })
      .map((minutes) => step(`${minutes} min pass`, async (_model, { side }) => side.pass(minutes * minuteMs))),
  ];

  it('ends with every event that an endpoint was owed told to it, in the order of its object, under one id', async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(steps, { maxCommands: 12, size: 'max' }), async (commands) => {
        const side = await openHookSide();
        const endpoint = await side.addEndpoint();
        const posts: ReturnType<typeof aReceiver>['posts'] = [];
        const real: Real = {
          side,
          endpointId: endpoint.id,
          isUp: true,
          received: {
            posts,
            notes: () => [],
            post: async (post) => {
              if (!real.isUp) return broke;
              posts.push(post);
              return took;
            },
          },
        };
        const model: Model = { active: true, up: true, waiting: [], owed: new Set() };
        await fc.asyncModelRun(() => ({ model, real }), commands);
        handOut(model);
        real.isUp = true;
        for (let round = 0; round < 8; round += 1) {
          await runOut(makeDeliverWebhooks(real.received.post), side.test.runtime);
          side.pass(10 * minuteMs + secondMs);
        }
        const bodies = bodiesOf(posts);
        for (const id of model.owed) expect(bodies.has(id)).toBe(true);
        for (const texts of bodies.values()) expect(texts.size).toBe(1);
        const deliveries = await side.deliveries();
        expect(deliveries.some((one) => one.status === 'pending')).toBe(false);
        expect(new Set(deliveries.map((one) => one.eventId)).size).toBe(deliveries.length);
        for (const object of ['inv_1', 'inv_2']) {
          const places = deliveries.filter((one) => one.aggregateId === object).map((one) => one.eventId);
          const firsts = [...bodies.keys()].filter((id) => places.includes(id));
          expect(firsts).toEqual(places.filter((id) => firsts.includes(id)));
        }
        await side.test.close();
      }),
      { numRuns: testEngine === 'postgres' ? 8 : 40, endOnFailure: false },
    );
  }, 240_000);
});
