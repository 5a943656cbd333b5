import type { Customer } from '@/lib/domain/customer.ts';
import { type Id, type IdKind, readId } from '@/lib/domain/ids.ts';
import type { Invoice, PaymentAttempt } from '@/lib/domain/invoice.ts';
import type { PaymentMethod } from '@/lib/domain/payment-method.ts';
import { defaultPortalFeatures, type Plan, type Price } from '@/lib/domain/plan.ts';
import type { PlannedSubscription } from '@/lib/domain/planned-subscription.ts';
import type { Subscription } from '@/lib/domain/subscription.ts';
import { dayMs, type Instant } from '@/lib/domain/time.ts';

/** 3 March 2026, 08:00 UTC: now, in tests of rules. */
export const ruleNow: Instant = Date.UTC(2026, 2, 3, 8);

/** Text as an id of the kind the caller names; throws when it is none. */
export function anId<K extends IdKind>(text: string): Id<K> {
  const id = readId<K>(text);
  if (id === null) throw new Error(`"${text}" is no id.`);
  return id;
}

const scope = { workspaceId: anId<'workspace'>('acc_1'), mode: 'test' } as const;
const stamps = { createdAt: ruleNow - 60 * dayMs, updatedAt: ruleNow - 60 * dayMs };

export function aSubscription(more: Partial<Subscription> = {}): Subscription {
  return {
    ...scope,
    id: anId('sub_1'),
    customerId: anId('cus_1'),
    planId: anId('pln_1'),
    priceId: anId('prc_1'),
    status: 'active',
    quantity: 1,
    startedAt: ruleNow - 60 * dayMs,
    currentPeriodStart: ruleNow - 10 * dayMs,
    currentPeriodEnd: ruleNow + 20 * dayMs,
    trialEnd: null,
    cancelAt: null,
    canceledAt: null,
    canceledReason: null,
    endedAt: null,
    pausedAt: null,
    resumeAt: null,
    defaultPaymentMethodId: null,
    collectionMethod: 'charge_automatically',
    discount: null,
    discountCouponId: null,
    billingAnchor: null,
    initialDiscount: null,
    metadata: null,
    ...stamps,
    ...more,
  };
}

export function aPlan(more: Partial<Plan> = {}): Plan {
  return {
    ...scope,
    id: anId('pln_1'),
    name: 'Roaster Club',
    description: null,
    interval: 'month',
    intervalCount: 1,
    trialDays: 0,
    portalFeatures: defaultPortalFeatures,
    usageAggregate: null,
    meteredUnit: null,
    dunningPolicyId: null,
    active: true,
    archivedAt: null,
    metadata: null,
    ...stamps,
    ...more,
  };
}

export function aPrice(more: Partial<Price> = {}): Price {
  return {
    ...scope,
    id: anId('prc_1'),
    planId: anId('pln_1'),
    currency: 'IDR',
    model: 'flat',
    unitAmount: 149_000,
    tiers: null,
    taxMode: 'exclusive',
    active: true,
    createdAt: stamps.createdAt,
    ...more,
  };
}

export function aPlanned(
  more: { subscription?: Partial<Subscription>; plan?: Partial<Plan>; price?: Partial<Price> | null } = {},
): PlannedSubscription {
  return {
    subscription: aSubscription(more.subscription),
    plan: aPlan(more.plan),
    price: more.price === null ? null : aPrice(more.price),
  };
}

export function anInvoice(more: Partial<Invoice> = {}): Invoice {
  return {
    ...scope,
    id: anId('inv_1'),
    customerId: anId('cus_1'),
    subscriptionId: anId('sub_1'),
    status: 'open',
    number: 'INV-2026-0001',
    currency: 'IDR',
    subtotal: 149_000,
    discount: 0,
    tax: 16_390,
    total: 165_390,
    amountPaid: 0,
    dueAt: ruleNow - dayMs,
    issuedAt: ruleNow - 2 * dayMs,
    paidAt: null,
    voidedAt: null,
    chargeId: null,
    collectionAttempts: 1,
    nextAttemptAt: ruleNow + dayMs,
    collectionStoppedAt: null,
    periodStart: ruleNow - 10 * dayMs,
    periodEnd: ruleNow + 20 * dayMs,
    billedTo: { name: 'Dewi', legalName: null, email: null, address: null, taxId: null },
    memo: null,
    templateId: null,
    metadata: null,
    ...stamps,
    ...more,
  };
}

export function anAttempt(more: Partial<PaymentAttempt> = {}): PaymentAttempt {
  return {
    id: anId('pa_1'),
    invoiceId: anId('inv_1'),
    paymentMethodId: anId('pt_1'),
    methodName: { type: 'card', brand: 'visa', last4: '4242', label: null },
    amount: 165_390,
    status: 'refused',
    reason: 'not_enough_money',
    providerReference: null,
    payBefore: null,
    createdAt: ruleNow - dayMs,
    finishedAt: ruleNow - dayMs,
    ...more,
  };
}

export function aMethod(more: Partial<PaymentMethod> = {}): PaymentMethod {
  return {
    ...scope,
    id: anId('pt_1'),
    customerId: anId('cus_1'),
    type: 'card',
    adapter: 'simulated',
    brand: 'visa',
    last4: '4242',
    expMonth: 9,
    expYear: 2028,
    label: null,
    status: 'active',
    detachAt: null,
    metadata: null,
    detachedAt: null,
    ...stamps,
    ...more,
  };
}

export function aCustomerRecord(more: Partial<Customer> = {}): Customer {
  return {
    ...scope,
    id: anId('cus_1'),
    customerId: anId('cus_1'),
    externalId: null,
    email: 'dewi@example.com',
    name: 'Dewi Lestari',
    phone: null,
    taxId: null,
    legalName: null,
    address: null,
    defaultPaymentMethodId: anId('pt_1'),
    metadata: null,
    clockAheadMs: 0,
    ...stamps,
    ...more,
  };
}
