import type { Customer } from './customer.ts';
import type { PaymentMethodId, SubscriptionId } from './ids.ts';
import { amountDue, type Invoice } from './invoice.ts';
import { nextPaymentOf } from './next-payment.ts';
import { payerOf } from './payer.ts';
import { isUsable, type PaymentMethod } from './payment-method.ts';
import type { PlannedSubscription } from './planned-subscription.ts';
import { isEnded } from './subscription-standing.ts';
import type { Instant } from './time.ts';
import { isOffered, type PortalConfiguration } from './workspace.ts';

/** What is needed to say which method pays what. */
export type PayingFacts = {
  readonly customer: Pick<Customer, 'defaultPaymentMethodId'>;
  readonly methods: readonly PaymentMethod[];
  readonly subscriptions: readonly PlannedSubscription[];
  readonly configuration: Pick<PortalConfiguration, 'features'>;
};

/** Has the customer no default that works? Then a method that is added becomes the default. */
export function lacksDefault({ customer, methods }: Pick<PayingFacts, 'customer' | 'methods'>): boolean {
  return !methods.some((one) => one.id === customer.defaultPaymentMethodId && one.status === 'active');
}

/** Subscriptions that are charged by themselves and have not ended. */
export function chargedSubscriptions(facts: PayingFacts, now: Instant): PlannedSubscription[] {
  return facts.subscriptions.filter(
    ({ subscription }) => subscription.collectionMethod === 'charge_automatically' && !isEnded(subscription, now),
  );
}

/** What a method is charged for as things stand; ended subscriptions never. */
export function dutiesOf(
  method: Pick<PaymentMethod, 'id'>,
  facts: PayingFacts,
  now: Instant,
): readonly PlannedSubscription[] {
  return chargedSubscriptions(facts, now).filter(
    ({ subscription }) => payerOf(subscription, facts.customer, facts.methods)?.id === method.id,
  );
}

/** May the buyer change which method pays this subscription? */
export function isMovable(
  { plan }: Pick<PlannedSubscription, 'plan'>,
  facts: Pick<PayingFacts, 'configuration'>,
): boolean {
  return isOffered('updatePaymentMethod', plan.portalFeatures, facts.configuration as PortalConfiguration);
}

/**
 * Which subscriptions get a method of their own when `to` takes over the chosen ones and the default may change: the
 * chosen get `to`, and the others that would slide along with the default keep what pays them now. Subscriptions whose
 * method cannot be changed here never move.
 */
export function assignPayers(
  facts: PayingFacts,
  to: PaymentMethodId,
  chosen: ReadonlySet<SubscriptionId>,
  newDefault: PaymentMethodId | null,
  now: Instant,
): ReadonlyMap<SubscriptionId, PaymentMethodId> {
  const assigned = new Map<SubscriptionId, PaymentMethodId>();
  for (const planned of chargedSubscriptions(facts, now)) {
    const { subscription } = planned;
    if (chosen.has(subscription.id) && isMovable(planned, facts)) {
      if (subscription.defaultPaymentMethodId !== to) assigned.set(subscription.id, to);
      continue;
    }
    const before = payerOf(subscription, facts.customer, facts.methods);
    const after = payerOf(subscription, { defaultPaymentMethodId: newDefault }, facts.methods);
    if (before !== null && before.id !== after?.id) assigned.set(subscription.id, before.id);
  }
  return assigned;
}

/** Other methods that can take over: usable and not about to leave, the default first, then as they were added. */
export function othersThan(method: Pick<PaymentMethod, 'id'>, facts: PayingFacts, now: Instant): PaymentMethod[] {
  const isDefault = (one: PaymentMethod) => Number(one.id === facts.customer.defaultPaymentMethodId);
  return facts.methods
    .filter((one) => one.id !== method.id && isUsable(one, now) && one.detachAt === null)
    .sort((one, other) => isDefault(other) - isDefault(one) || one.createdAt - other.createdAt);
}

/** What removing a method meets. */
export type Removal =
  | { readonly is: 'gone' }
  | { readonly is: 'leaving'; readonly at: Instant }
  | { readonly is: 'on_its_way' }
  /** It pays something whose method only the merchant changes. */
  | { readonly is: 'held'; readonly duties: readonly PlannedSubscription[] }
  | { readonly is: 'unused' }
  | {
      readonly is: 'replaceable';
      readonly duties: readonly PlannedSubscription[];
      readonly others: readonly PaymentMethod[];
    }
  | {
      readonly is: 'needed';
      readonly duties: readonly PlannedSubscription[];
      /** When the last of what it pays ends, if all of it ends and nothing is charged before; else null. */
      readonly endsAt: Instant | null;
    };

/** Page and write ask the same. `isOnItsWay`: a payment with this method waits for the provider or the bank. */
export function judgeRemoval(method: PaymentMethod, facts: PayingFacts, isOnItsWay: boolean, now: Instant): Removal {
  if (method.status === 'detached') return { is: 'gone' };
  if (method.detachAt !== null) return { is: 'leaving', at: method.detachAt };
  if (isOnItsWay) return { is: 'on_its_way' };
  const duties = dutiesOf(method, facts, now);
  if (duties.length === 0) return { is: 'unused' };
  const held = duties.filter((one) => !isMovable(one, facts) && lastChargeOver(one, now) === null);
  if (held.length > 0) return { is: 'held', duties: held };
  const others = othersThan(method, facts, now);
  if (others.length > 0) return { is: 'replaceable', duties, others };
  const ends = duties.map((one) => lastChargeOver(one, now));
  const all = ends.filter((one) => one !== null);
  return { is: 'needed', duties, endsAt: all.length === ends.length ? Math.max(...all) : null };
}

/** The end of a subscription that ends without being charged again, or null when it goes on or is charged once more. */
export function lastChargeOver(planned: PlannedSubscription, now: Instant): Instant | null {
  const { cancelAt } = planned.subscription;
  return cancelAt !== null && nextPaymentOf(planned, 0, now) === null ? cancelAt : null;
}

/** Unpaid invoices that are charged to this method and still collected, oldest first. */
export function owedOn(
  method: Pick<PaymentMethod, 'id'>,
  facts: PayingFacts,
  unpaid: readonly Invoice[],
  now: Instant,
): Invoice[] {
  const duties = new Set<string>(dutiesOf(method, facts, now).map(({ subscription }) => subscription.id));
  return unpaid.filter(
    (invoice) =>
      invoice.subscriptionId !== null &&
      duties.has(invoice.subscriptionId) &&
      invoice.collectionStoppedAt === null &&
      amountDue(invoice) > 0,
  );
}

/**
 * What a buyer is asked to pay along with a change of methods: the named invoice, else the oldest one that is overdue or
 * of a subscription whose payment failed, and still collected. Null when nothing is.
 */
export function owedNow(
  facts: Pick<PayingFacts, 'subscriptions'>,
  unpaid: readonly Invoice[],
  named: string | null,
  now: Instant,
): Invoice | null {
  const owed = unpaid.filter((invoice) => amountDue(invoice) > 0);
  const wanted = named === null ? undefined : owed.find((invoice) => invoice.id === named);
  if (wanted !== undefined) return wanted;
  const failed = new Set<string | null>(
    facts.subscriptions
      .filter(({ subscription }) => subscription.status === 'past_due')
      .map(({ subscription }) => subscription.id),
  );
  return (
    owed.find(
      (invoice) =>
        invoice.collectionStoppedAt === null &&
        (failed.has(invoice.subscriptionId) || (invoice.dueAt !== null && invoice.dueAt < now)),
    ) ?? null
  );
}
