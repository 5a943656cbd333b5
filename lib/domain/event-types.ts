/** Events every endpoint without a list of its own gets: the published ones. Names without prefix and version. */
const published = [
  'checkout_session.completed',
  'checkout_session.expired',
  'customer.created',
  'customer.updated',
  'customer.deleted',
  'plan.created',
  'plan.updated',
  'plan.archived',
  'subscription.created',
  'subscription.updated',
  'subscription.paused',
  'subscription.resumed',
  'subscription.canceled',
  'subscription.renewed',
  'invoice.created',
  'invoice.finalized',
  'invoice.sent',
  'invoice.paid',
  'invoice.voided',
  'invoice.pending',
  'invoice.failed',
  'refund.issued',
  'refund.failed',
  'payout.created',
  'payout.in_transit',
  'payout.paid',
  'payout.failed',
  'payout.cancelled',
  'gift_card.issued',
  'gift_card.redeemed',
  'gift_card.topped_up',
  'gift_card.voided',
  'webhook_endpoint.disabled',
] as const;

/** Events of ours beside the published ones: only endpoints that name them get them. */
const extensions = [
  'payment_method.attached',
  'payment_method.detached',
  'payment_method.detach_scheduled',
  'portal_session.created',
  'portal_session.burned',
  'portal_session.expired',
  'portal_session.revoked',
  'portal_session.reuse_refused',
  'portal_configuration.updated',
  'portal_flow.completed',
  'portal_flow.abandoned',
  'browser_session.started',
  'browser_session.ended',
  'invoice.correction_requested',
  'receipt.emailed',
  'subscription.cancel_scheduled',
  'subscription.cancel_undone',
  'subscription.cancel_feedback',
  'subscription.pause_scheduled',
  'subscription.change_scheduled',
  'subscription.change_undone',
  'customer.email_change_requested',
  'customer.export_requested',
  'customer.deletion_requested',
  'withdrawal.received',
  'cancellation_notice.received',
] as const;

/** Names other documents have for published events. */
const otherSpellings: Readonly<Record<string, string>> = {
  'invoice.payment_failed': 'invoice.failed',
  'subscription.cancelled': 'subscription.canceled',
  'refund.succeeded': 'refund.issued',
};

/** The wire name of an event: `invoice.paid` becomes `plugipay.invoice.paid.v1`. */
export function wireEventType(what: string): string {
  return `plugipay.${what}.v1`;
}

/** The name without prefix and version: `plugipay.invoice.paid.v1` becomes `invoice.paid`. */
export function bareEventType(type: string): string {
  return /^plugipay\.([a-z_.]+)\.v1$/.exec(type)?.[1] ?? type;
}

/** The 33 published types by their wire names, in the order of the reference. */
export const publishedEventTypes: readonly string[] = published.map(wireEventType);

const isPublished: ReadonlySet<string> = new Set(publishedEventTypes);
const known: ReadonlySet<string> = new Set([...publishedEventTypes, ...extensions.map(wireEventType)]);

/** Reads the name of a type in any spelling that is taken, or null: with or without prefix and version, or another document's. */
export function readEventType(text: string): string | null {
  const bare = bareEventType(text);
  const type = wireEventType(Object.hasOwn(otherSpellings, bare) ? (otherSpellings[bare] ?? bare) : bare);
  return known.has(type) ? type : null;
}

/** What an endpoint listens to: `*` for every published type, and types by their wire names. */
export type WantedEvents = readonly string[];

/**
 * Reads the list of an endpoint: each type once, in the order of the reference; beside `*` only extension types have a
 * meaning. Answers the first name that is none.
 */
export function readWantedEvents(
  names: readonly string[],
): { readonly ok: true; readonly wanted: WantedEvents } | { readonly ok: false; readonly unknown: string } {
  const types = new Set<string>();
  for (const name of names) {
    const type = name === '*' ? name : readEventType(name);
    if (type === null) return { ok: false, unknown: name };
    types.add(type);
  }
  const all = types.has('*');
  const inOrder = [...known].filter((type) => types.has(type) && !(all && isPublished.has(type)));
  return { ok: true, wanted: all ? ['*', ...inOrder] : inOrder };
}

/** Does an endpoint with this list get events of this type? */
export function wantsEvent(wanted: WantedEvents, type: string): boolean {
  return wanted.includes(type) || (isPublished.has(type) && wanted.includes('*'));
}
