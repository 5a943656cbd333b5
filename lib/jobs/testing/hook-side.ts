import { appendEvent } from '@/lib/data/outbox.ts';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import { openTestRuntime } from '@/lib/data/testing/test-runtime.ts';
import type { BillingEvent } from '@/lib/domain/event.ts';
import type { MerchantAct } from '@/lib/domain/merchant-act.ts';
import { secondMs } from '@/lib/domain/time.ts';
import type { WorkspaceScope } from '@/lib/domain/viewer.ts';
import type { WebhookEndpoint } from '@/lib/domain/webhook-endpoint.ts';
import type { PostOutcome, WebhookPost } from '@/lib/jobs/post-webhook.ts';
import { createWebhookEndpoint } from '@/lib/operations/create-webhook-endpoint.ts';
import { createWorkspace } from '@/lib/operations/create-workspace.ts';
import type { Runtime } from '@/lib/runtime.ts';

export const byMerchant: MerchantAct = { keyName: 'ak_test', requestId: 'req_test', idempotencyKey: null };

/** A merchant of its own with endpoints and events, on the database under test, in test mode with loopback let. */
export type HookSide = {
  readonly test: TestRuntime;
  readonly scope: WorkspaceScope;
  addEndpoint(url?: string, events?: readonly string[]): Promise<WebhookEndpoint & { readonly secretText: string }>;
  /** Raises an event of an object; `note` stands in it. */
  raise(aggregateId: string, note?: number, on?: Runtime): Promise<BillingEvent>;
  deliveries(): Promise<Delivery[]>;
  endpoint(id: string): Promise<{ status: string; consecutiveFailures: number; failingSince: number | null }>;
  /** Moves the clock. */
  pass(ms: number): void;
};

type Delivery = {
  readonly id: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly aggregateId: string;
  readonly sequence: number;
  readonly status: string;
  readonly attempts: number;
  readonly nextAttemptAt: number | null;
  readonly responseCode: number | null;
  readonly lastError: string | null;
  readonly body: string;
};

export async function openHookSide(beside?: TestRuntime): Promise<HookSide> {
  const test = beside ?? (await openTestRuntime({ PORTAL_MODES: 'test', PORTAL_WEBHOOK_LOOPBACK: '1' }));
  const { runtime } = test;
  const made = await createWorkspace(runtime, { name: 'Kopi Senja' });
  if (!made.ok) throw new Error(made.failure.message);
  const scope = { workspaceId: made.value.workspaceId, mode: 'test' } as const;
  return {
    test,
    scope,
    async addEndpoint(url = 'https://shop.example.com/hooks', events = ['*']) {
      const created = await createWebhookEndpoint(runtime, scope, byMerchant, { url, events, description: null });
      if (!created.ok) throw new Error(created.failure.message);
      const { secret, ...endpoint } = created.value;
      return { ...endpoint, secretText: secret.reveal() };
    },
    raise: (aggregateId, note = 0, on = runtime) => {
      const object = { id: aggregateId, note };
      const told = { what: 'invoice.paid', aggregateType: 'invoice', aggregateId, object, source: 'job' };
      return on.write((tx) => appendEvent(tx, scope, told, on.now(), on.random));
    },
    deliveries: () =>
      runtime.read
        .selectFrom('webhookDeliveries')
        .select(['id', 'endpointId', 'eventId', 'aggregateId', 'sequence', 'status', 'attempts'])
        .where('workspaceId', '=', scope.workspaceId)
        .select(['nextAttemptAt', 'responseCode', 'lastError', 'body'])
        .orderBy('createdAt')
        .orderBy('aggregateId')
        .orderBy('sequence')
        .execute(),
    endpoint: (id) =>
      runtime.read
        .selectFrom('webhookEndpoints')
        .select(['status', 'consecutiveFailures', 'failingSince'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow(),
    pass: (ms) => test.setTime(runtime.now() + ms),
  };
}

/** A receiver that answers by a function and remembers what it was sent. */
export function aReceiver(answer: (post: WebhookPost, nth: number) => PostOutcome | Promise<PostOutcome> = () => took) {
  const posts: WebhookPost[] = [];
  return {
    posts,
    /** The notes of the events, in the order they came. */
    notes: () => posts.map((post) => JSON.parse(post.body).data.object.note as number),
    post: async (post: WebhookPost): Promise<PostOutcome> => {
      posts.push(post);
      return answer(post, posts.length);
    },
  };
}

export const took: PostOutcome = { responseCode: 200, error: null };
export const broke: PostOutcome = { responseCode: 500, error: 'The receiver answered 500.' };

/** Longer than a lease. */
export const leaseOverMs = 61 * secondMs;
