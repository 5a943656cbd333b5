import { type BillingStep, nextBillingStep } from '@/lib/domain/billing-step.ts';
import { billingNow, type Customer } from '@/lib/domain/customer.ts';
import type { ProviderVisitId } from '@/lib/domain/ids.ts';
import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import type { Subscription } from '@/lib/domain/subscription.ts';
import { resumeMove } from '@/lib/domain/subscription-moves.ts';
import type { Instant } from '@/lib/domain/time.ts';
import type { CustomerScope } from '@/lib/domain/viewer.ts';
import { wireSubscription } from '@/lib/domain/wire-subscription.ts';
import { beginCollection, type Charging } from './begin-collection.ts';
import { findCustomer, holdCustomer } from './customers.ts';
import type { Reader, Writer } from './db.ts';
import { endSubscription } from './end-subscription.ts';
import { listInvoicesToCollect } from './invoices.ts';
import { moveSubscription } from './move-subscription.ts';
import { type Billing, renewSubscription } from './renew-subscription.ts';
import { findSubscription, listRunningSubscriptions } from './subscriptions.ts';
import { type Cause, tellOfChange } from './tell-of-change.ts';
import { findWorkspace } from './workspaces.ts';

/** A step that was taken. `charge`: a charge was noted and is to be sent now. */
export type TakenStep = { readonly is: BillingStep['is']; readonly charge: ProviderVisitId | null };

type Tools = Charging & { readonly cause: Cause; readonly now: Instant; random(bytes: number): Uint8Array };

/**
 * Does the earliest thing that is due in a customer's billing: ends, resumes or renews a subscription, or begins to
 * collect an invoice. One step is one transaction, and the customer is held for it: two instances take two steps one
 * after the other. Null when nothing is due, the workspace is suspended, or somebody else changed what was due meanwhile.
 */
export async function takeBillingStep(tx: Writer, scope: CustomerScope, tools: Tools): Promise<TakenStep | null> {
  const customer = await holdCustomer(tx, scope);
  const workspace = customer === null ? null : await findWorkspace(tx, scope);
  if (customer === null || workspace === null || workspace.suspended) return null;
  const { cause, now, random } = tools;
  const billing = { workspace, customer, cause, billing: billingNow(customer, now), now, random };
  const step = await readNextStep(tx, scope);
  if (step === null || step.at > billing.billing) return null;
  if (step.is === 'collect') {
    return { is: step.is, charge: await beginCollection(tx, scope, step.invoiceId, billing, tools) };
  }
  const planned = await findSubscription(tx, scope, step.subscriptionId);
  if (planned === null) throw new Error('A subscription of this customer has no plan.');
  const isTaken = await takeStepOf(tx, step.is, planned, billing);
  return isTaken ? { is: step.is, charge: null } : null;
}

/** When something is due next in a customer's billing, which may be in the past; null when nothing ever is. */
export async function findNextDue(read: Reader, scope: CustomerScope): Promise<Instant | null> {
  const customer: Customer | null = await findCustomer(read, scope);
  return customer === null ? null : ((await readNextStep(read, scope))?.at ?? null);
}

async function readNextStep(read: Reader, scope: CustomerScope): Promise<BillingStep | null> {
  const subscriptions = await listRunningSubscriptions(read, scope);
  return nextBillingStep({ subscriptions, invoices: await listInvoicesToCollect(read, scope) });
}

async function takeStepOf(
  tx: Writer,
  step: Exclude<BillingStep['is'], 'collect'>,
  planned: PlannedSubscription,
  billing: Billing,
): Promise<boolean> {
  const { subscription } = planned;
  const { cancelAt, resumeAt } = subscription;
  if (step === 'renew') return (await renewSubscription(tx, planned, billing)) !== null;
  if (step === 'end' && cancelAt !== null) {
    return endSubscription(tx, { ...subscription, cancelAt }, billing.cause, billing.now, billing.random);
  }
  return resumeAt !== null && (await resumeSubscription(tx, subscription, resumeAt, billing)) !== null;
}

/**
 * Ends a pause at `at`, with audit and event. Where no paid time was left, the next step is the renewal. Null when it is
 * not paused any more.
 */
export async function resumeSubscription(
  tx: Writer,
  subscription: Subscription,
  at: Instant,
  { cause, now, random }: Pick<Billing, 'cause' | 'now' | 'random'>,
): Promise<Subscription | null> {
  const move = resumeMove(subscription, at);
  const resumed = move.can ? await moveSubscription(tx, subscription, move.changes, now) : null;
  if (resumed === null) return null;
  const object = wireSubscription(resumed);
  const extras = { customerId: resumed.customerId };
  const event = { what: 'subscription.resumed', of: 'subscription', object, extras };
  await tellOfChange(tx, resumed, cause, { act: 'subscription.resumed', object: resumed.id, event }, now, random);
  return resumed;
}
