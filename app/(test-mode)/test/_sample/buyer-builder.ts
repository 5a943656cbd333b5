import type {
  AttemptRecord,
  BillingRecord,
  CustomerRecord,
  InvoiceRecord,
  PaymentMethodRecord,
  SubscriptionRecord,
} from '@/lib/domain/billing-record.ts';
import type { RefusalReason } from '@/lib/domain/invoice.ts';
import { taxOnTop } from '@/lib/domain/money.ts';
import type { Instant } from '@/lib/domain/time.ts';
import { addInterval, dayMs, minuteMs } from '@/lib/domain/time.ts';
import { fingerprintOfLooks, type Play } from '@/lib/providers/simulated/test-numbers.ts';
import type { SamplePlan } from './sample-plans.ts';
import { planId, priceId } from './sample-plans.ts';

/** Collects one buyer's records, filling in ids, sums, dates and numbers. `block` keeps document numbers of buyers apart. */
export type BuyerBuilder = {
  readonly customerId: string;
  method(slug: string, more: MethodWish): string;
  subscription(slug: string, plan: SamplePlan, more: SubscriptionWish): string;
  /** One invoice of a subscription for the period that begins at `start`. The answer is its id. */
  invoice(subscriptionSlug: string, plan: SamplePlan, start: Instant, more?: InvoiceWish): string;
  refund(invoiceId: string, plan: SamplePlan, amount: number, at: Instant): void;
  finish(): BillingRecord[];
};

type MethodWish = Partial<
  Pick<PaymentMethodRecord, 'brand' | 'last4' | 'expMonth' | 'expYear' | 'label' | 'isDefault'>
> & {
  readonly type?: 'card' | 'ewallet';
  /** What charging it does at the simulated provider; it succeeds when nothing is said. */
  readonly play?: Play;
};

type SubscriptionWish = Partial<Omit<SubscriptionRecord, 'object' | 'id'>> & { readonly currentPeriodStart: Instant };

type InvoiceWish = {
  readonly quantity?: number;
  readonly discount?: { readonly amount: number };
  /** Slug of the method that paid or was tried. */
  readonly method?: string;
  readonly status?: 'paid' | 'open' | 'void';
  readonly refusal?: RefusalReason;
  readonly nextAttemptAt?: Instant;
};

export function startBuyer(
  slug: string,
  block: number,
  now: Instant,
  customer: Partial<Omit<CustomerRecord, 'object' | 'id'>>,
): BuyerBuilder {
  const customerId = `cus_sample_${slug}`;
  const methods: PaymentMethodRecord[] = [];
  const subscriptions: SubscriptionRecord[] = [];
  const invoices: InvoiceRecord[] = [];
  const refunds: BillingRecord[] = [];
  const since = customer.createdAt ?? addInterval(now, 'month', -15);
  const idOf = (prefix: string, part: string | number): string => `${prefix}_sample_${slug}_${part}`;

  return {
    customerId,
    method(part, { play = 'succeeds', type = 'card', isDefault = false, ...shown }) {
      const id = idOf('pt', part);
      const facts = { brand: null, last4: null, expMonth: null, expYear: null, label: null, ...shown };
      const stamps = { createdAt: since + 5 * minuteMs, updatedAt: since + 5 * minuteMs };
      methods.push({
        object: 'payment_method',
        id,
        customerId,
        type,
        adapter: 'simulated',
        providerToken: `simtok_${play}_sample_${slug}_${part}`,
        fingerprint: fingerprintOfLooks(facts),
        ...facts,
        status: 'active',
        isDefault,
        metadata: null,
        ...stamps,
        detachedAt: null,
      });
      return id;
    },
    subscription(part, plan, more) {
      const id = idOf('sub', part);
      const startedAt = more.startedAt ?? more.currentPeriodStart;
      subscriptions.push({
        object: 'subscription',
        id,
        customerId,
        planId: planId(plan),
        priceId: priceId(plan),
        status: 'active',
        quantity: 1,
        startedAt,
        currentPeriodEnd: addInterval(more.currentPeriodStart, plan.interval, 1, startedAt),
        trialEnd: null,
        cancelAt: null,
        canceledAt: null,
        canceledReason: null,
        endedAt: null,
        pausedAt: null,
        resumeAt: null,
        defaultPaymentTokenId: null,
        discountCouponId: null,
        discount: null,
        collectionMethod: 'charge_automatically',
        metadata: null,
        createdAt: startedAt,
        updatedAt: more.currentPeriodStart,
        ...more,
      });
      return id;
    },
    invoice(part, plan, start, more = {}) {
      const count = invoices.length + 1;
      invoices.push(
        makeInvoice({
          id: idOf('inv', count),
          lineId: idOf('il', count),
          attemptId: idOf('pa', count),
          chargeId: `simch_sample_${slug}_${count}`,
          customerId,
          subscriptionId: idOf('sub', part),
          methodId: more.method === undefined ? null : idOf('pt', more.method),
          number: `INV-${new Date(start).getUTCFullYear()}-${String(block * 100 + count).padStart(4, '0')}`,
          plan,
          start,
          wish: more,
        }),
      );
      return idOf('inv', count);
    },
    refund(invoiceId, plan, amount, at) {
      const invoice = invoices.find((one) => one.id === invoiceId);
      refunds.push({
        object: 'refund',
        id: idOf('rf', refunds.length + 1),
        chargeId: invoice?.chargeId ?? '',
        invoiceId,
        amount,
        currency: plan.currency,
        reason: 'requested_by_customer',
        status: 'succeeded',
        failureCode: null,
        failureMessage: null,
        metadata: null,
        createdAt: at,
        updatedAt: at,
      });
    },
    finish() {
      const record: CustomerRecord = {
        object: 'customer',
        id: customerId,
        externalId: `shop-${slug}`,
        email: `${slug}@example.com`,
        name: null,
        phone: null,
        taxId: null,
        legalName: null,
        address: null,
        defaultPaymentTokenId: null,
        metadata: null,
        createdAt: since,
        updatedAt: since,
        ...customer,
      };
      const receipts = invoices.filter((one) => one.status === 'paid').map((one) => receiptOf(one));
      return [record, ...methods, ...subscriptions, ...invoices, ...receipts, ...refunds];
    },
  };
}

type InvoiceParts = {
  readonly id: string;
  readonly lineId: string;
  readonly attemptId: string;
  readonly chargeId: string;
  readonly customerId: string;
  readonly subscriptionId: string;
  readonly methodId: string | null;
  readonly number: string;
  readonly plan: SamplePlan;
  readonly start: Instant;
  readonly wish: InvoiceWish;
};

function makeInvoice(parts: InvoiceParts): InvoiceRecord {
  const { plan, start, wish } = parts;
  const { quantity = 1, status = 'paid' } = wish;
  const end = addInterval(start, plan.interval, 1);
  const subtotal = plan.unitAmount * quantity;
  const discount = wish.discount?.amount ?? 0;
  const tax = plan.taxMode === 'exclusive' ? taxOnTop(subtotal - discount, 1_100) : 0;
  const total = subtotal - discount + tax;
  const isPaid = status === 'paid';
  const attempts = attemptsOf(parts, total);
  return {
    object: 'invoice',
    id: parts.id,
    customerId: parts.customerId,
    subscriptionId: parts.subscriptionId,
    status,
    number: parts.number,
    currency: plan.currency,
    subtotal,
    discount,
    tax,
    total,
    amountPaid: isPaid ? total : 0,
    amountDue: null,
    dueAt: start + 5_000,
    issuedAt: start + 5_000,
    paidAt: isPaid ? start + 9_000 : null,
    voidedAt: status === 'void' ? start + dayMs : null,
    chargeId: isPaid ? parts.chargeId : null,
    collectionAttempts: attempts.length,
    nextAttemptAt: wish.nextAttemptAt ?? null,
    periodStart: start,
    periodEnd: end,
    billedTo: null,
    lines: [
      {
        id: parts.lineId,
        description: `${plan.name}, ${monthText(start)}`,
        quantity,
        unitAmount: plan.unitAmount,
        amount: subtotal,
        priceId: priceId(plan),
        metadata: null,
      },
    ],
    attempts,
    metadata: null,
    createdAt: start + 5_000,
    updatedAt: isPaid ? start + 9_000 : start + 7_000,
  };
}

function attemptsOf({ attemptId, methodId, chargeId, start, wish }: InvoiceParts, amount: number): AttemptRecord[] {
  if (methodId === null || wish.status === 'void') return [];
  const isRefused = wish.refusal !== undefined;
  return [
    {
      id: attemptId,
      paymentTokenId: methodId,
      method: null,
      adapter: 'simulated',
      amount,
      status: isRefused ? 'refused' : 'succeeded',
      reason: wish.refusal ?? null,
      providerReference: isRefused ? null : chargeId,
      payBefore: null,
      createdAt: start + 7_000,
      finishedAt: start + 9_000,
    },
  ];
}

/** Receipts keep the count of their invoice, so that loading one buyer again gives the same numbers. */
function receiptOf(invoice: InvoiceRecord): BillingRecord {
  return {
    object: 'receipt',
    id: invoice.id.replace(/^inv_/, 'rcpt_'),
    number: invoice.number.replace(/^INV-/, 'RCP-'),
    sourceType: 'invoice',
    sourceId: invoice.id,
    customerId: invoice.customerId,
    amount: invoice.total,
    currency: invoice.currency,
    method: invoice.attempts.length === 0 ? 'manual' : null,
    adapter: null,
    issuedAt: invoice.paidAt ?? invoice.createdAt,
    emailedAt: null,
    emailedTo: null,
    providerReference: invoice.chargeId,
    // Above Rp 5,000,000 an Indonesian document carries stamp duty.
    stampDutyNumber: invoice.currency === 'IDR' && invoice.total > 5_000_000 ? '6GHX-0091-2233-SAMPLE' : null,
  };
}

const monthFormat = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'Asia/Jakarta' });

function monthText(instant: Instant): string {
  return monthFormat.format(instant);
}
