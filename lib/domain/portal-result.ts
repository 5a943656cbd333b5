import type { BrowserSession } from './browser-session.ts';
import type { PortalFlow } from './portal-flow.ts';
import type { Instant } from './time.ts';
import { isoText } from './time.ts';

/** What a portal session came to, for the site the buyer goes back to: a hint to refresh, never a permission. */
export type PortalResult = {
  readonly v: 1;
  readonly ses: string;
  readonly flow: PortalFlow['type'] | null;
  readonly outcome: 'completed' | 'unchanged' | 'abandoned' | 'expired';
  /** The newest changes, up to 20: id of the object and what happened to it. No personal data. */
  readonly changed: readonly { readonly id: string; readonly what: string }[];
  readonly at: string;
};

type SessionAct = { readonly act: string; readonly object: string | null };

/** Acts of a buyer that change something of the merchant's, and the word for each. */
const changes: Readonly<Record<string, string>> = {
  'subscription.cancel_scheduled': 'cancel_scheduled',
  'subscription.cancel_undone': 'cancel_undone',
  'subscription.canceled': 'canceled',
  'subscription.method_changed': 'method_changed',
  'customer.default_method_changed': 'default_method_changed',
  'payment_method.attached': 'attached',
  'payment_method.detached': 'detached',
  'payment_method.detach_scheduled': 'detach_scheduled',
  'payment_method.detach_undone': 'detach_undone',
  'invoice.payment_begun': 'payment_begun',
  'invoice.paid': 'paid',
};

/** What finishes a flow; flows of reading are finished by being opened. */
const finishing: Readonly<Record<PortalFlow['type'], readonly string[] | null>> = {
  payment_method_update: ['attached', 'paid', 'payment_begun'],
  invoice: null,
  receipt: null,
  invoice_pay: ['paid', 'payment_begun'],
  subscription: null,
  subscription_cancel: ['cancel_scheduled', 'canceled'],
};

const mostChanges = 20;

/** The result of a browser session from its acts, oldest first. `isOver`: it closed before the buyer went back. */
export function resultOf(
  session: Pick<BrowserSession, 'portalSessionId' | 'flow'>,
  acts: readonly SessionAct[],
  isOver: boolean,
  now: Instant,
): PortalResult {
  const changed = acts.flatMap(({ act, object }) => {
    const what = changes[act];
    return what === undefined || object === null ? [] : [{ id: object, what }];
  });
  const { flow } = session;
  return {
    v: 1,
    ses: session.portalSessionId,
    flow: flow?.type ?? null,
    outcome: isOver ? 'expired' : outcomeOf(flow, changed),
    changed: changed.slice(-mostChanges),
    at: isoText(now),
  };
}

function outcomeOf(flow: PortalFlow | null, changed: PortalResult['changed']): PortalResult['outcome'] {
  if (flow === null) return changed.length > 0 ? 'completed' : 'unchanged';
  const needed = finishing[flow.type];
  if (needed === null || changed.some(({ what }) => needed.includes(what))) return 'completed';
  return changed.length > 0 ? 'unchanged' : 'abandoned';
}

/** A return address with the result in its query, in place of an older one; everything else stays as it was written. */
export function addResult(returnUrl: string, result: string): string {
  const [address = '', fragment] = splitAt(returnUrl, '#');
  const [place = '', query = ''] = splitAt(address, '?');
  const others = query.split('&').filter((part) => part !== '' && !/^portal_result(=|$)/.test(part));
  const joined = [...others, `portal_result=${result}`].join('&');
  return `${place}?${joined}${fragment === undefined ? '' : `#${fragment}`}`;
}

function splitAt(text: string, mark: string): [string, string?] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
