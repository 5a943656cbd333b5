import { fingerprintHash, sealProviderReference } from '@/lib/crypto/provider-reference.ts';
import type { Writer } from '@/lib/data/db.ts';
import { insertPaymentMethod } from '@/lib/data/payment-methods.ts';
import type { TestRuntime } from '@/lib/data/testing/test-runtime.ts';
import {
  type BrowserSessionId,
  type CustomerId,
  type InvoiceId,
  newId,
  type PaymentMethodId,
  type PortalSessionId,
  type SubscriptionId,
  type WorkspaceId,
} from '@/lib/domain/ids.ts';
import type { PortalFeatures } from '@/lib/domain/plan.ts';
import type { Subscription } from '@/lib/domain/subscription.ts';
import { dayMs, type Instant, minuteMs } from '@/lib/domain/time.ts';
import type { Viewer } from '@/lib/domain/viewer.ts';
import type { ConfigurationSettings } from '@/lib/domain/workspace-settings.ts';
import type { Play } from '@/lib/providers/simulated/test-numbers.ts';

/** A buyer in a workspace of their own, with a subscription whose payment failed and the open invoice of it. */
export type SeededBuyer = {
  readonly viewer: Viewer;
  readonly subscriptionId: SubscriptionId;
  readonly invoiceId: InvoiceId;
  /** Saves a method that plays this part when it is charged. */
  addMethod(
    play: Play,
    more?: { isDefault?: boolean; expMonth?: number; expYear?: number; adapter?: string; fingerprint?: string },
  ): Promise<PaymentMethodId>;
  addInvoice(): Promise<InvoiceId>;
  addSubscription(more?: Partial<Subscription>, features?: Partial<PortalFeatures>): Promise<SubscriptionId>;
  configure(settings: ConfigurationSettings): Promise<void>;
  receipts(): Promise<{ number: string; amount: number }[]>;
  eventTypes(): Promise<string[]>;
};

export async function aBuyer(test: TestRuntime, now: Instant): Promise<SeededBuyer> {
  const { runtime } = test;
  const id = (kind: Parameters<typeof newId>[0]) => newId(kind, now, runtime.random);
  const scope = {
    workspaceId: id('workspace') as WorkspaceId,
    mode: 'test' as const,
    customerId: id('customer') as CustomerId,
  };
  const browserSessionId = id('browserSession') as BrowserSessionId;
  const portalSessionId = id('portalSession') as PortalSessionId;
  await runtime.write(async (tx) => {
    await insertPlace(tx, scope, now);
    await insertSessions(tx, scope, { browserSessionId, portalSessionId }, now);
  });
  const addSubscription = async (more: Partial<Subscription> = {}, features: Partial<PortalFeatures> = {}) => {
    const subscriptionId = id('subscription') as SubscriptionId;
    await runtime.write((tx) =>
      insertSubscription(tx, scope, subscriptionId, id('plan'), id('price'), more, features, now),
    );
    return subscriptionId;
  };
  const subscriptionId = await addSubscription({ status: 'past_due' });
  let invoices = 0;
  const addInvoice = async () => {
    const invoiceId = id('invoice') as InvoiceId;
    invoices += 1;
    const number = `INV-2026-${String(invoices).padStart(4, '0')}`;
    await runtime.write((tx) =>
      insertInvoice(tx, scope, { invoiceId, number, subscriptionId, lineId: id('invoiceLine') }, now),
    );
    return invoiceId;
  };
  return {
    // Tests stand in for the gate of lib/session.
    viewer: { ...scope, browserSessionId, portalSessionId, now } as unknown as Viewer,
    subscriptionId,
    invoiceId: await addInvoice(),
    addSubscription,
    addInvoice,
    async addMethod(play, more = {}) {
      const methodId = id('paymentMethod') as PaymentMethodId;
      const token = `simtok_${play}_${methodId}`;
      await runtime.write(async (tx) => {
        await insertPaymentMethod(
          tx,
          {
            ...scope,
            id: methodId,
            type: 'card',
            adapter: more.adapter ?? 'simulated',
            brand: 'visa',
            last4: '4242',
            expMonth: more.expMonth ?? 8,
            expYear: more.expYear ?? 2030,
            label: null,
            status: 'active',
            detachAt: null,
            metadata: null,
            detachedAt: null,
            createdAt: now,
            updatedAt: now,
          },
          sealProviderReference(runtime.config.rootKeys, methodId, token, runtime.random),
          more.fingerprint === undefined ? null : fingerprintHash(scope, more.adapter ?? 'simulated', more.fingerprint),
        );
        if (more.isDefault === true) {
          await tx
            .updateTable('customers')
            .set({ defaultPaymentMethodId: methodId })
            .where('id', '=', scope.customerId)
            .execute();
        }
      });
      return methodId;
    },
    async configure(settings) {
      await runtime.write((tx) =>
        tx
          .updateTable('workspaceModes')
          .set({ configuration: JSON.stringify(settings) })
          .where('workspaceId', '=', scope.workspaceId)
          .execute(),
      );
    },
    receipts: () =>
      runtime.read
        .selectFrom('receipts')
        .select(['number', 'amount'])
        .where('customerId', '=', scope.customerId)
        .orderBy('number')
        .execute(),
    async eventTypes() {
      const rows = await runtime.read
        .selectFrom('outbox')
        .select('type')
        .where('workspaceId', '=', scope.workspaceId)
        .orderBy('id')
        .execute();
      return rows.map((row) => row.type);
    },
  };
}

type Place = { workspaceId: WorkspaceId; mode: 'test'; customerId: CustomerId };

async function insertPlace(tx: Writer, { workspaceId, mode, customerId }: Place, now: Instant): Promise<void> {
  const stamps = { createdAt: now, updatedAt: now };
  await tx
    .insertInto('workspaces')
    .values({ id: workspaceId, name: 'Kopi Senja', suspendedAt: null, ...stamps })
    .execute();
  await tx
    .insertInto('workspaceModes')
    .values({
      workspaceId,
      mode,
      brand: '{}',
      logoType: null,
      logoBase64: null,
      logoHash: null,
      configuration: '{}',
      configurationVersion: 1,
      updatedAt: now,
    })
    .execute();
  await tx
    .insertInto('customers')
    .values({
      id: customerId,
      workspaceId,
      mode,
      externalId: null,
      email: 'dewi@example.com',
      name: 'Dewi',
      phone: null,
      taxId: null,
      legalName: null,
      address: null,
      defaultPaymentMethodId: null,
      metadata: null,
      clockAheadMs: 0,
      deletedAt: null,
      ...stamps,
    })
    .execute();
}

async function insertSessions(
  tx: Writer,
  { workspaceId, mode, customerId }: Place,
  ids: { browserSessionId: BrowserSessionId; portalSessionId: PortalSessionId },
  now: Instant,
): Promise<void> {
  await tx
    .insertInto('portalSessions')
    .values({
      id: ids.portalSessionId,
      workspaceId,
      mode,
      customerId,
      tokenHash: ids.portalSessionId,
      returnUrl: 'https://shop.example.com/',
      flow: null,
      mintedByKeyId: null,
      createdAt: now,
      expiresAt: now + 10 * minuteMs,
      burnedAt: now,
      burnedNonceHash: null,
      browserSessionId: ids.browserSessionId,
      revokedAt: null,
      epoch: 1,
    })
    .execute();
  await tx
    .insertInto('browserSessions')
    .values({
      id: ids.browserSessionId,
      idHash: ids.browserSessionId,
      portalSessionId: ids.portalSessionId,
      workspaceId,
      mode,
      customerId,
      returnUrl: 'https://shop.example.com/',
      agent: '|',
      enteredAt: now,
      lastSeenAt: now,
      endedAt: null,
      endedReason: null,
      contestedAt: null,
      binding: 'none',
      bindingId: null,
      publicJwk: null,
      alg: null,
      boundHash: null,
      boundUntil: null,
      previousBoundHash: null,
      previousBoundUntil: null,
      lastProofAt: null,
      stepAskedAt: null,
      stepProofAt: null,
      epoch: 1,
    })
    .execute();
}

async function insertSubscription(
  tx: Writer,
  { workspaceId, mode, customerId }: Place,
  id: SubscriptionId,
  planId: string,
  priceId: string,
  more: Partial<Subscription>,
  features: Partial<PortalFeatures>,
  now: Instant,
): Promise<void> {
  const stamps = { createdAt: now, updatedAt: now };
  await tx
    .insertInto('plans')
    .values({
      id: planId,
      workspaceId,
      mode,
      name: 'Roaster Club',
      description: null,
      interval: 'month',
      intervalCount: 1,
      trialDays: 0,
      portalFeatures: JSON.stringify(features),
      usageAggregate: null,
      meteredUnit: null,
      dunningPolicyId: null,
      active: 1,
      archivedAt: null,
      metadata: null,
      ...stamps,
    })
    .execute();
  await tx
    .insertInto('prices')
    .values({
      id: priceId,
      workspaceId,
      mode,
      planId,
      currency: 'IDR',
      model: 'flat',
      unitAmount: 149_000,
      tiers: null,
      taxMode: 'exclusive',
      active: 1,
      createdAt: now,
    })
    .execute();
  await tx
    .insertInto('subscriptions')
    .values({
      id,
      workspaceId,
      mode,
      customerId,
      planId,
      priceId,
      status: more.status ?? 'active',
      quantity: 1,
      startedAt: now - 40 * dayMs,
      currentPeriodStart: now - 10 * dayMs,
      currentPeriodEnd: now + 20 * dayMs,
      trialEnd: null,
      cancelAt: more.cancelAt ?? null,
      canceledAt: more.canceledAt ?? null,
      canceledReason: more.canceledReason ?? null,
      endedAt: null,
      pausedAt: null,
      resumeAt: null,
      defaultPaymentMethodId: more.defaultPaymentMethodId ?? null,
      collectionMethod: more.collectionMethod ?? 'charge_automatically',
      discount: null,
      discountCouponId: null,
      metadata: null,
      ...stamps,
    })
    .execute();
}

async function insertInvoice(
  tx: Writer,
  { workspaceId, mode, customerId }: Place,
  of: { invoiceId: InvoiceId; number: string; subscriptionId: SubscriptionId; lineId: string },
  now: Instant,
): Promise<void> {
  await tx
    .insertInto('invoices')
    .values({
      id: of.invoiceId,
      workspaceId,
      mode,
      customerId,
      subscriptionId: of.subscriptionId,
      status: 'open',
      number: of.number,
      currency: 'IDR',
      subtotal: 149_000,
      discount: 0,
      tax: 16_390,
      total: 165_390,
      amountPaid: 0,
      dueAt: now - dayMs,
      issuedAt: now - 2 * dayMs,
      paidAt: null,
      voidedAt: null,
      chargeId: null,
      collectionAttempts: 0,
      nextAttemptAt: now + dayMs,
      collectionStoppedAt: null,
      stoppedAttemptAt: null,
      periodStart: null,
      periodEnd: null,
      billedTo: JSON.stringify({ name: 'Dewi', legalName: null, email: null, address: null, taxId: null }),
      metadata: null,
      createdAt: now,
      updatedAt: now,
    })
    .execute();
  await tx
    .insertInto('invoiceLines')
    .values({
      id: of.lineId,
      invoiceId: of.invoiceId,
      position: 0,
      description: 'Roaster Club',
      quantity: 1,
      unitAmount: 149_000,
      amount: 149_000,
      priceId: null,
      metadata: null,
    })
    .execute();
}
