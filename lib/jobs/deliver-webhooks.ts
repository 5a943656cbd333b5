import { openSealedText } from '@/lib/crypto/sealed-box.ts';
import { signWebhook } from '@/lib/crypto/webhook-signature.ts';
import { listDueEndpoints } from '@/lib/data/webhook-queue.ts';
import { secondMs } from '@/lib/domain/time.ts';
import type { WebhookDelivery } from '@/lib/domain/webhook-delivery.ts';
import type { WebhookEndpoint } from '@/lib/domain/webhook-endpoint.ts';
import { errorFields } from '@/lib/log.ts';
import { handOutEvents } from '@/lib/operations/hand-out-events.ts';
import { settleDelivery } from '@/lib/operations/settle-delivery.ts';
import type { TakenDeliveries } from '@/lib/operations/take-deliveries.ts';
import { takeDeliveries } from '@/lib/operations/take-deliveries.ts';
import type { Runtime } from '@/lib/runtime.ts';
import type { Job } from './job.ts';
import type { PostWebhook } from './post-webhook.ts';
import { makePostWebhook } from './post-webhook.ts';

/** Attempts under way at once: in all, at one endpoint, and in all at endpoints whose last attempt failed. */
const most = { all: 32, endpoint: 4, failing: 16 } as const;

/** Transactions of deliveries at once: merchants' and buyers' writes never wait for more. */
const mostTransactions = 4;

const dueBatch = 500;

/**
 * Makes the job that hands waiting events out and sends what is due. Runs on every instance: each delivery is leased by
 * one of them. A run starts attempts and does not wait for their end; an endpoint that has failed gets one at a time, so
 * that receivers that hang hold up nobody else.
 */
export function makeDeliverWebhooks(post: PostWebhook): Job {
  const sending = new Map<string, { count: number; isFailing: boolean }>();
  const underWay = new Set<Promise<void>>();
  const inTurn = makeTurnstile(mostTransactions);
  let filling: Promise<number> | null = null;
  let goOn = true;
  let after = '';

  const countOf = (which: (one: { isFailing: boolean }) => boolean): number =>
    [...sending.values()].filter(which).reduce((sum, one) => sum + one.count, 0);

  const roomFor = (endpoint: WebhookEndpoint): number => {
    const isFailing = endpoint.consecutiveFailures > 0;
    const free = most.all - countOf(() => true);
    const own = (isFailing ? 1 : most.endpoint) - (sending.get(endpoint.id)?.count ?? 0);
    return Math.min(free, own, isFailing ? most.failing - countOf((one) => one.isFailing) : free);
  };

  const start = (on: Runtime, endpoint: WebhookEndpoint, taken: TakenDeliveries, delivery: WebhookDelivery): void => {
    const before = sending.get(endpoint.id)?.count ?? 0;
    sending.set(endpoint.id, { count: before + 1, isFailing: endpoint.consecutiveFailures > 0 });
    const attempt = sendOne(on, post, taken, delivery, inTurn)
      .catch((thrown: unknown) =>
        on.log('error', 'webhook.attempt_broken', { ...namesOf(delivery), ...errorFields(thrown) }),
      )
      .finally(() => {
        const now = sending.get(endpoint.id);
        if (now !== undefined && now.count > 1) sending.set(endpoint.id, { ...now, count: now.count - 1 });
        else sending.delete(endpoint.id);
        underWay.delete(attempt);
        if (goOn) void fill(on).catch(() => undefined);
      });
    underWay.add(attempt);
  };

  const fillOnce = async (on: Runtime): Promise<number> => {
    const due = await listDueEndpoints(on.read, on.now(), after, dueBatch);
    after = due.length < dueBatch ? '' : (due.at(-1)?.id ?? '');
    let started = 0;
    for (const endpoint of due) {
      const room = roomFor(endpoint);
      if (room <= 0 || !on.config.modes.has(endpoint.mode)) continue;
      const taken = await inTurn(() => takeDeliveries(on, endpoint, room));
      for (const delivery of taken?.deliveries ?? []) {
        if (taken !== null) start(on, endpoint, taken, delivery);
        started += 1;
      }
    }
    return started;
  };
  const fill = (on: Runtime): Promise<number> => {
    filling ??= fillOnce(on).finally(() => {
      filling = null;
    });
    return filling;
  };

  return {
    name: 'deliver-webhooks',
    everyMs: secondMs,
    onEveryInstance: true,
    async run(on) {
      const handedOut = await inTurn(() => handOutEvents(on));
      return handedOut + (await fill(on));
    },
    async finish() {
      goOn = false;
      await filling?.catch(() => undefined);
      while (underWay.size > 0) await Promise.all(underWay);
      goOn = true;
    },
  };
}

/** Hands events out and sends them to the merchants' servers. */
export const deliverWebhooks: Job = makeDeliverWebhooks(makePostWebhook());

async function sendOne(
  on: Runtime,
  post: PostWebhook,
  taken: TakenDeliveries,
  delivery: WebhookDelivery,
  inTurn: Turnstile,
): Promise<void> {
  const secret = openSealedText(on.config.rootKeys, taken.secretSealed, delivery.endpointId);
  // The lease runs out and it is tried again: a root key that is missing is nothing the receiver did wrong.
  if (secret === null) throw new Error('The secret of the endpoint cannot be opened: its root key is not configured.');
  const startedAt = on.now();
  // Too late to be sure that nobody else has it: it is taken again.
  if (startedAt >= taken.leaseUntil - 30 * secondMs) return;
  const signature = signWebhook(secret, Math.floor(startedAt / 1_000), delivery.body);
  const outcome = await post({
    url: taken.url,
    rules: { mode: delivery.mode, allowLoopback: on.config.webhookLoopback },
    headers: {
      'content-type': 'application/json',
      'user-agent': 'billing-portal-webhooks/1',
      'x-plugipay-signature': signature,
      'plugipay-signature': signature,
    },
    body: delivery.body,
  });
  const durationMs = on.now() - startedAt;
  const settled = await inTurn(() => settleDelivery(on, delivery, taken.lease, startedAt, { ...outcome, durationMs }));
  on.log('info', 'webhook.attempted', {
    ...namesOf(delivery),
    ...(outcome.responseCode === null ? {} : { status: outcome.responseCode }),
    ...(outcome.error === null ? {} : { reason: outcome.error }),
    code: settled,
    durationMs,
  });
}

function namesOf(delivery: WebhookDelivery) {
  const { workspaceId, mode, id, endpointId, eventId } = delivery;
  return { workspaceId, mode, deliveryId: id, webhookEndpointId: endpointId, eventId };
}

type Turnstile = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets so many works run at once; the others wait in the order they came. */
function makeTurnstile(atOnce: number): Turnstile {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return async (work) => {
    if (inside >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else inside += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) inside -= 1;
      else next();
    }
  };
}
