import { randomBytes } from 'node:crypto';
import type { Instant } from '@/lib/domain/time.ts';
import { addInterval, dayMs, hourMs, minuteMs } from '@/lib/domain/time.ts';

/** A saved method of a buyer. The token decides what charging it does at the simulated provider. */
export type MethodWish = {
  readonly brand?: string;
  readonly last4?: string;
  /** `not_enough_money`, `asks`, … as the simulated provider knows them; left out: charging succeeds. */
  readonly play?: string;
  readonly expYear?: number;
  /** The provider that keeps it; left out: the simulated one. */
  readonly adapter?: string;
};

export type SubscriptionWish = {
  readonly plan?: string;
  readonly amount?: number;
  readonly currency?: 'IDR' | 'USD';
  /** Invoices of the past, each paid; default 2. */
  readonly paidMonths?: number;
  /** The newest invoice is open after a refused attempt. */
  readonly isPastDue?: boolean;
  /** Free until so many days from now. */
  readonly trialDays?: number;
  readonly includes?: readonly string[];
  readonly features?: Readonly<Record<string, boolean>>;
  /** Which of the buyer's methods pays, by its place; left out: the default. */
  readonly method?: number;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly lineText?: string;
};

export type BuyerWish = {
  readonly name?: string;
  readonly email?: string;
  readonly legalName?: string;
  readonly address?: string;
  readonly taxId?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** The first is the default. Left out: one Visa. */
  readonly methods?: readonly MethodWish[];
  /** Left out: one, running. */
  readonly subscriptions?: readonly SubscriptionWish[];
};

/** What the specs need to know of a buyer they had brought in. Ids of parts are in the order of the wish. */
export type Buyer = {
  readonly customerId: string;
  readonly email: string;
  readonly methods: readonly string[];
  readonly subscriptions: readonly LaidSubscription[];
};

export type LaidSubscription = {
  readonly id: string;
  readonly plan: string;
  readonly amount: number;
  readonly periodEnd: Instant;
  /** Oldest first; the last one is open when the subscription is past due. */
  readonly invoices: readonly { readonly id: string; readonly number: string }[];
};

/**
 * The wire-shaped lines of one buyer, as a merchant's export has them. `own` keeps ids apart (`newOwn`).
 * Plans and prices belong to the buyer, so that specs do not meet in one.
 */
export function buyerLines(own: string, now: Instant, wish: BuyerWish): { lines: string[]; buyer: Buyer } {
  const records: Record<string, unknown>[] = [];
  const customerId = `cus_${own}`;
  const email = wish.email ?? `dewi.${own}@example.com`;
  const began = iso(addInterval(now, 'month', -15));
  const { methods = [{}], subscriptions = [{}], metadata, ...person } = wish;
  records.push({
    object: 'customer',
    id: customerId,
    name: 'Dewi Lestari',
    ...person,
    email,
    ...(metadata === undefined ? {} : { metadata }),
    createdAt: began,
  });
  const methodIds = methods.map((_, place) => `pt_${own}_${place}`);
  for (const [place, method] of methods.entries()) {
    records.push({
      object: 'payment_method',
      id: methodIds[place],
      customerId,
      type: 'card',
      adapter: method.adapter ?? 'simulated',
      providerToken: `simtok_${method.play ?? 'succeeds'}_${own}_${place}`,
      brand: method.brand ?? 'visa',
      last4: method.last4 ?? '4242',
      expMonth: 9,
      expYear: method.expYear ?? new Date(now).getUTCFullYear() + 3,
      isDefault: place === 0,
      createdAt: began,
    });
  }
  const laid = subscriptions.map((one, place) => pushSubscription(records, { own, place, now, methodIds }, one));
  return {
    lines: records.map((record) => JSON.stringify(record)),
    buyer: { customerId, email, methods: methodIds, subscriptions: laid },
  };
}

type Place = {
  readonly own: string;
  readonly place: number;
  readonly now: Instant;
  readonly methodIds: readonly string[];
};

function pushSubscription(records: Record<string, unknown>[], at: Place, wish: SubscriptionWish): LaidSubscription {
  const { own, place, now, methodIds } = at;
  const { plan = 'Roaster Club', amount = 149_000, currency = 'IDR', paidMonths = 2, isPastDue = false } = wish;
  const key = `${own}_${place}`;
  const isTrial = wish.trialDays !== undefined;
  // At half past, so that no moment is a midnight, which has words of its own.
  const start = now - (isTrial ? 5 : 10) * dayMs - (now % hourMs) + 30 * minuteMs;
  const end = isTrial ? start + (5 + (wish.trialDays ?? 0)) * dayMs : addInterval(start, 'month', 1);
  const months = isTrial ? 0 : paidMonths + (isPastDue ? 1 : 0);
  const began = addInterval(start, 'month', 1 - Math.max(months, 1));
  const metadata = { ...wish.metadata, ...(wish.includes === undefined ? {} : { includes: wish.includes.join('\n') }) };
  records.push(
    {
      object: 'plan',
      id: `pln_${key}`,
      name: plan,
      interval: 'month',
      prices: [
        {
          id: `prc_${key}`,
          planId: `pln_${key}`,
          currency,
          unitAmount: amount,
          taxMode: 'inclusive',
          createdAt: iso(began),
        },
      ],
      ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
      portalFeatures: { selfServeCancel: true, updatePaymentMethod: true, ...wish.features },
      createdAt: iso(began),
    },
    {
      object: 'subscription',
      id: `sub_${key}`,
      customerId: `cus_${own}`,
      planId: `pln_${key}`,
      priceId: `prc_${key}`,
      status: isTrial ? 'trialing' : isPastDue ? 'past_due' : 'active',
      currentPeriodStart: iso(start),
      currentPeriodEnd: iso(end),
      startedAt: iso(began),
      ...(isTrial ? { trialEnd: iso(end) } : {}),
      ...(wish.method === undefined ? {} : { defaultPaymentTokenId: methodIds[wish.method] }),
      createdAt: iso(began),
    },
  );
  const payer = methodIds[wish.method ?? 0];
  const invoices = Array.from({ length: months }, (_, index) => {
    const issued = addInterval(start, 'month', index + 1 - months);
    const isOpen = isPastDue && index === months - 1;
    const id = `inv_${key}_${index + 1}`;
    const number = `INV-${new Date(issued).getUTCFullYear()}-${numberBlock(own) + place * 100 + index + 1}`;
    records.push({
      object: 'invoice',
      id,
      customerId: `cus_${own}`,
      subscriptionId: `sub_${key}`,
      status: isOpen ? 'past_due' : 'paid',
      number,
      currency,
      subtotal: amount,
      total: amount,
      amountPaid: isOpen ? 0 : amount,
      dueAt: iso(issued),
      issuedAt: iso(issued),
      ...(isOpen
        ? { nextAttemptAt: iso(now + 2 * dayMs) }
        : { paidAt: iso(issued + minuteMs), chargeId: `simch_${key}_${index}` }),
      periodStart: iso(issued),
      periodEnd: iso(addInterval(issued, 'month', 1)),
      lines: [
        {
          id: `il_${key}_${index}`,
          description: wish.lineText ?? plan,
          quantity: 1,
          unitAmount: amount,
          amount,
          priceId: `prc_${key}`,
        },
      ],
      attempts:
        payer === undefined
          ? []
          : [
              {
                id: `pa_${key}_${index}`,
                paymentTokenId: payer,
                amount,
                ...(isOpen
                  ? { status: 'refused', reason: 'not_enough_money' }
                  : { status: 'succeeded', providerReference: `simch_${key}_${index}` }),
                createdAt: iso(issued + minuteMs),
                finishedAt: iso(issued + minuteMs),
              },
            ],
      createdAt: iso(issued),
    });
    return { id, number };
  });
  return { id: `sub_${key}`, plan, amount, periodEnd: end, invoices };
}

/** Twelve letters to keep one buyer's ids apart: digits by chance could look like a card number, which no record may hold. */
export function newOwn(): string {
  return Array.from(randomBytes(12), (byte) => 'abcdefghijklmnop'[byte % 16]).join('');
}

/** Numbers are taken once in a workspace: each buyer has a block of its own. */
function numberBlock(own: string): number {
  let block = 0;
  for (const letter of own) block = (block * 31 + letter.charCodeAt(0)) % 8_999;
  return (1 + block) * 1_000;
}

function iso(instant: Instant): string {
  return new Date(instant).toISOString();
}
