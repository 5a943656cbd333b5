import type { ListedAct } from '@/lib/data/audit-lines.ts';
import type { BrowserSession } from '@/lib/domain/browser-session.ts';
import type { Words } from '@/lib/i18n/words.ts';

const plainActs: Readonly<Record<string, `sessions.acts.${PlainAct}`>> = {
  'payment_method.attached': 'sessions.acts.methodAdded',
  'payment_method.detached': 'sessions.acts.methodRemoved',
  'payment_method.detach_scheduled': 'sessions.acts.methodRemoved',
  'payment_method.detach_undone': 'sessions.acts.methodKept',
  'customer.default_method_changed': 'sessions.acts.methodMoved',
  'subscription.method_changed': 'sessions.acts.methodMoved',
  'invoice.paid': 'sessions.acts.paid',
  'invoice.payment_begun': 'sessions.acts.paymentBegun',
};

type PlainAct = 'methodAdded' | 'methodRemoved' | 'methodKept' | 'methodMoved' | 'paid' | 'paymentBegun';

const planActs: Readonly<
  Record<string, 'sessions.acts.cancelled' | 'sessions.acts.undone' | 'sessions.acts.feedback'>
> = {
  'subscription.cancel_scheduled': 'sessions.acts.cancelled',
  'subscription.canceled': 'sessions.acts.cancelled',
  'subscription.cancel_undone': 'sessions.acts.undone',
  'subscription.cancel_feedback': 'sessions.acts.feedback',
};

/** One act of a session in words with its time, or null for what a buyer need not read. */
export function actText(
  words: Words,
  act: ListedAct,
  session: Pick<BrowserSession, 'id'>,
  plans: ReadonlyMap<string, string>,
): string | null {
  const time = words.time(act.at);
  const ofPlan = planActs[act.act];
  if (ofPlan !== undefined) {
    const plan = plans.get(act.object ?? '');
    return plan === undefined ? null : words.t(ofPlan, { plan, time });
  }
  if (act.act === 'browser_session.ended') {
    return words.t(act.object === session.id ? 'sessions.acts.signedOut' : 'sessions.acts.endedSession', { time });
  }
  const plain = plainActs[act.act];
  return plain === undefined ? null : words.t(plain, { time });
}
