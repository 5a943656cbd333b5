import { sampleScope } from '@/app/(test-mode)/test/_sample/sample-workspace.ts';
import { byTestTools, testAct, testPage } from '@/app/(test-mode)/test/_tools/test-tools.ts';
import { createWebhookEndpoint } from '@/lib/operations/create-webhook-endpoint.ts';
import { drawWebhooks, type HooksNote } from './_components/webhooks-page.tsx';

const told: ReadonlySet<string> = new Set<HooksNote & string>([
  'removed',
  'queued',
  'already_queued',
  'endpoint_disabled',
  'not_found',
]);

/** What was sent to the webhook endpoints of the sample shop, for a merchant's developer. */
export const GET = testPage((on, request) => {
  const done = new URL(request.url).searchParams.get('done');
  return drawWebhooks(on, request, done !== null && told.has(done) ? (done as HooksNote) : null);
});

/** Adds an endpoint. The answer is the page itself: its secret is shown this once and stands in no address. */
export const POST = testAct(async (on, form, request) => {
  const url = (form.get('url') ?? '').trim();
  const order = { url, events: ['*'], description: null };
  const made = await createWebhookEndpoint(on, sampleScope, byTestTools, order);
  return drawWebhooks(on, request, made.ok ? { secret: made.value.secret.reveal() } : 'bad_url');
});
