import { listUnpaidInvoices } from '@/lib/data/invoices.ts';
import { listSubscriptions } from '@/lib/data/subscriptions.ts';
import { planCancellation, promiseOf } from '@/lib/domain/cancellation.ts';
import { newId } from '@/lib/domain/ids.ts';
import { succeed } from '@/lib/domain/result.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import { burnPortalLink } from '@/lib/operations/burn-portal-link.ts';
import { cancelSubscription } from '@/lib/operations/cancel-subscription.ts';
import { endBrowserSession } from '@/lib/operations/end-browser-session.ts';
import { mintPortalSession } from '@/lib/operations/mint-portal-session.ts';
import type { Runtime } from '@/lib/runtime.ts';
import { writeSealedCookie } from '@/lib/session/cookie.ts';
import { findPresence } from '@/lib/session/viewer.ts';

/**
 * Goes a buyer's whole way through the operations: a link is minted and burned, everything that can end with its period
 * is cancelled, and the session is ended. What a buyer leaves behind is then there: certificate, audit line, events.
 */
export async function cancelAsBuyer(on: Runtime, scope: CustomerScope): Promise<void> {
  const { workspace, viewer, session } = await enterAs(on, scope);
  const { configuration } = workspace;
  const invoices = await listUnpaidInvoices(on.read, viewer);
  for (const planned of await listSubscriptions(on.read, viewer)) {
    const plan = planCancellation({ ...planned, invoices, configuration }, viewer.now);
    const option = plan.can ? plan.options.find(({ timing }) => timing === 'period_end') : undefined;
    if (option === undefined) continue;
    const cancelled = await cancelSubscription(on, viewer, {
      formId: makeNonce(on),
      subscriptionId: planned.subscription.id,
      timing: option.timing,
      promised: promiseOf(option),
      locale: 'en',
    });
    if (!cancelled.ok) throw new Error(`The sample cannot be cancelled: ${cancelled.failure.message}`);
  }
  await endBrowserSession(on, viewer, session.id, 'signed_out', session.id);
}

async function enterAs(on: Runtime, scope: CustomerScope) {
  const { customerId } = scope;
  const minted = await mintPortalSession(on, scope, {
    customerId,
    returnUrl: `${on.config.origin}/test/shop`,
    flow: null,
    by: { keyName: 'sample', requestId: newId('request', on.now(), on.random), idempotencyKey: null },
    admit: () => succeed(null),
  });
  if (!minted.ok) throw new Error(`The sample cannot be entered: ${minted.failure.message}`);
  const burned = await burnPortalLink(on, {
    token: minted.value.url.reveal().split('/p/')[1] ?? '',
    nonce: makeNonce(on),
    formerSecret: null,
    maySwitch: false,
    arrival: 'warm',
    agent: 'Chrome|Android',
    binding: 'none',
  });
  if (!burned.ok) throw new Error(`The sample cannot be entered: ${burned.failure.message}`);
  const cookie = (await writeSealedCookie(on, 'session', { id: burned.value.secret })).split(';')[0] ?? '';
  const presence = await findPresence(on, new Request(on.config.origin, { headers: { cookie } }));
  if (presence.state !== 'live') throw new Error('The sample cannot be entered.');
  return presence;
}

function makeNonce(on: Runtime): string {
  return Buffer.from(on.random(16)).toString('base64url');
}
