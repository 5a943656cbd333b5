import { expect } from 'vitest';
import { sealProviderReference } from '@/lib/crypto/provider-reference.ts';
import { findBrokenAuditLine } from '@/lib/data/audit-lines.ts';
import { insertPaymentMethod } from '@/lib/data/payment-methods.ts';
import { aCustomer, aWorkspace } from '@/lib/data/testing/builders.ts';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import {
  type CustomerId,
  newId,
  type PaymentMethodId,
  type PlanId,
  type PriceId,
  type SubscriptionId,
  type WorkspaceId,
} from '@/lib/domain/ids.ts';
import { defaultPortalFeatures } from '@/lib/domain/plan.ts';
import { createPlan } from '@/lib/operations/create-plan.ts';
import { createSubscription, type SubscriptionOrder } from '@/lib/operations/create-subscription.ts';
import type { Play } from '@/lib/providers/simulated/test-numbers.ts';
import type { Runtime } from '@/lib/runtime.ts';

/** A merchant's test mode with one plan, and ways to make customers who subscribe to it. */
export type SubscribedPlace = {
  readonly scope: { readonly workspaceId: WorkspaceId; readonly mode: 'test' };
  readonly planId: PlanId;
  readonly priceId: PriceId;
  addCustomer(): Promise<CustomerId>;
  /** Saves a method that plays this part when it is charged, and makes it the default. */
  addMethod(customerId: CustomerId, play: Play): Promise<PaymentMethodId>;
  /** Creates a subscription without doing its billing; by default it takes a trial of three days. */
  subscribe(customerId: CustomerId, more?: Partial<SubscriptionOrder>, on?: Runtime): Promise<SubscriptionId>;
};

export const merchantAct = { keyName: 'ak_test', requestId: 'req_test', idempotencyKey: null } as const;

/** Rp150.000 for `every` days or months, 11 % on top. */
export async function aSubscribedPlace(
  test: TestRuntime,
  plan: { interval?: 'day' | 'month'; intervalCount?: number; metadata?: Record<string, string> } = {},
): Promise<SubscribedPlace> {
  const { runtime } = test;
  const receipt = { showTax: true, taxLabel: 'PPN', taxRateBasisPoints: 1_100, thankYouText: null, footerText: null };
  const workspaceId = await aWorkspace(runtime, { brand: { receipt } });
  const scope = { workspaceId, mode: 'test' } as const;
  const made = await createPlan(runtime, scope, merchantAct, {
    plan: {
      name: 'Roaster Club',
      description: null,
      interval: plan.interval ?? 'month',
      intervalCount: plan.intervalCount ?? 1,
      trialDays: 0,
      portalFeatures: defaultPortalFeatures,
      usageAggregate: null,
      meteredUnit: null,
      dunningPolicyId: null,
      active: true,
      metadata: plan.metadata ?? null,
    },
    prices: [{ currency: 'IDR', model: 'flat', unitAmount: 150_000, tiers: null, taxMode: 'exclusive', active: true }],
  });
  const priceId = made.ok ? made.value.prices[0]?.id : undefined;
  if (!made.ok || priceId === undefined) throw new Error('No plan was made.');
  const planId = made.value.plan.id;
  return {
    scope,
    planId,
    priceId,
    addCustomer: () => aCustomer(runtime, workspaceId),
    async addMethod(customerId, play) {
      const now = runtime.now();
      const id = newId('paymentMethod', now, runtime.random);
      const reference = sealProviderReference(runtime.config.rootKeys, id, `simtok_${play}_${id}`, runtime.random);
      await runtime.write(async (tx) => {
        await insertPaymentMethod(
          tx,
          {
            ...scope,
            customerId,
            id,
            type: 'card',
            adapter: 'simulated',
            brand: 'visa',
            last4: '4242',
            expMonth: 12,
            expYear: 2199,
            label: null,
            metadata: null,
            status: 'active',
            detachAt: null,
            detachedAt: null,
            createdAt: now,
            updatedAt: now,
          },
          reference,
          null,
        );
        const of = tx.updateTable('customers').where('id', '=', customerId);
        await of.set({ defaultPaymentMethodId: id }).execute();
      });
      return id;
    },
    async subscribe(customerId, more = {}, on = runtime) {
      const terms = { paymentMethodId: null, couponId: null, initialDiscount: null, metadata: null, startAt: null };
      const order = { customerId, planId, priceId, trialDays: 3, collectionMethod: 'charge_automatically', ...terms };
      const created = await createSubscription(
        on,
        scope,
        merchantAct,
        { ...order, ...more } as SubscriptionOrder,
        null,
      );
      if (!created.ok) throw new Error(created.failure.message);
      return created.value.id;
    },
  };
}

/**
 * What must hold of a workspace's billing at any moment when nothing is on its way: every period billed once and none
 * left out, money conserved between provider, invoices and receipts, numbers without gaps, one event for each fact, and
 * an unbroken audit chain.
 */
export async function expectSoundBilling(on: Pick<Runtime, 'read'>, { scope }: SubscribedPlace): Promise<void> {
  const { workspaceId } = scope;
  const { read } = on;
  const of = <T extends 'invoices' | 'receipts' | 'paymentAttempts' | 'outbox' | 'subscriptions' | 'billedPeriods'>(
    table: T,
  ) =>
    read
      .selectFrom(table as 'invoices')
      .selectAll()
      .where('workspaceId', '=', workspaceId)
      .execute();
  const invoices = await of('invoices');
  const receipts = await read.selectFrom('receipts').selectAll().where('workspaceId', '=', workspaceId).execute();
  const attempts = await read
    .selectFrom('paymentAttempts')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .execute();
  const events = await read.selectFrom('outbox').selectAll().where('workspaceId', '=', workspaceId).execute();
  const periods = await read
    .selectFrom('billedPeriods')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .orderBy('periodStart')
    .execute();
  const subscriptions = await read
    .selectFrom('subscriptions')
    .selectAll()
    .where('workspaceId', '=', workspaceId)
    .execute();
  const charges = await read.selectFrom('simulatedCharges').selectAll().execute();
  const told = (what: string, id: string) =>
    events.filter((event) => event.type === `plugipay.${what}.v1` && event.aggregateId === id).length;

  // Every period once, one after the other, each with its invoice; the last one is where the subscription stands.
  for (const subscription of subscriptions) {
    const own = periods.filter((period) => period.subscriptionId === subscription.id);
    const billed = invoices.filter((invoice) => invoice.subscriptionId === subscription.id);
    expect(own.map((period) => period.invoiceId).sort()).toEqual(billed.map((invoice) => invoice.id).sort());
    for (const [index, period] of own.entries()) {
      const before = own[index - 1];
      if (before !== undefined) expect(period.periodStart).toBeGreaterThanOrEqual(before.periodEnd);
    }
    expect(told('subscription.created', subscription.id)).toBe(1);
    expect(told('subscription.canceled', subscription.id)).toBe(subscription.status === 'canceled' ? 1 : 0);
  }
  // Money: what the provider took is what the paid invoices say, each once, each with its receipt.
  for (const invoice of invoices) {
    const taken = attempts
      .filter((attempt) => attempt.invoiceId === invoice.id)
      .flatMap((attempt) => charges.filter((charge) => charge.idempotencyKey === attempt.idempotencyKey))
      .filter((charge) => charge.status === 'succeeded' || charge.settlesAs === 'succeeded');
    const proof = receipts.filter((receipt) => receipt.sourceId === invoice.id);
    const isPaid = invoice.status === 'paid';
    const isCharged = isPaid && invoice.chargeId !== null;
    expect(taken.map((charge) => [charge.id, charge.amount])).toEqual(
      isCharged ? [[invoice.chargeId, invoice.total]] : [],
    );
    expect(proof.map((receipt) => receipt.amount)).toEqual(isPaid ? [invoice.total] : []);
    expect(invoice.amountPaid).toBe(isPaid ? invoice.total : 0);
    expect(invoice.total).toBe(invoice.subtotal - invoice.discount + invoice.tax);
    expect([told('invoice.created', invoice.id), told('invoice.finalized', invoice.id)]).toEqual([1, 1]);
    expect(told('invoice.paid', invoice.id)).toBe(isPaid ? 1 : 0);
    const refused = attempts.filter((attempt) => attempt.invoiceId === invoice.id && attempt.status === 'refused');
    expect(told('invoice.failed', invoice.id)).toBeGreaterThanOrEqual(refused.length);
  }
  // Nothing was charged that no attempt of ours knows of.
  const keys = new Set(attempts.map((attempt) => attempt.idempotencyKey));
  const visits = await read.selectFrom('providerVisits').select('id').where('workspaceId', '=', workspaceId).execute();
  for (const visit of visits) expect(keys.has(visit.id)).toBe(true);
  // Numbers: 1, 2, 3 … in each year, of invoices and of receipts.
  for (const numbers of [invoices, receipts].map((rows) => rows.map((row) => row.number))) {
    const years = new Map<string, number[]>();
    for (const number of numbers) {
      const [, year = '', count] = number.split('-');
      years.set(year, [...(years.get(year) ?? []), Number(count)]);
    }
    for (const counts of years.values()) {
      expect(counts.sort((one, other) => one - other)).toEqual(counts.map((_, index) => index + 1));
    }
  }
  expect(await findBrokenAuditLine(read, scope)).toBeNull();
}
